import { condition, isOffUnnoticed, type Server } from '../../api/server';
import type { PowerAction } from '../actions/action';
import { busy, failed, wasBusy, wrongState } from '../explain/not-there';
import { locked, refused, triesUsedUp, wasLocked } from '../explain/not-taken';
import type { Journey, Rules } from '../journey';
import { askAgain } from './ask-again';
import { ASK, fail, LOOK_LATER, type Next } from './step';

/**
 * The server is not in the state that was asked for, and the cloud has not taken the action. Each of
 * these answers for some servers, and leaves the others to the next.
 */

/** Nothing was asked yet, and the server is fit for it. */
export function askIfFit(journey: Journey, server: Server, { action }: Rules): Next | undefined {
	if (server.locked || !(mayBegin(server, action) || isOffUnnoticed(server))) return undefined;
	return [{ ...journey, joined: false }, ASK];
}

/** No request helps: somebody has to do something about the server first. */
export function failIfBarred(journey: Journey, server: Server, rules: Rules): Next | undefined {
	if (isLocked(journey, server)) return fail(journey, locked(journey, rules));
	if (!isOutOfOrder(server)) return undefined;
	// The cloud takes the action of such a server, and the answer to it was lost.
	if (mayBegin(server, rules.action) && isWithoutAnswer(journey) && !isConflict(journey)) {
		return undefined;
	}
	const isFailure = condition(server) === 'broken' && journey.refusal?.byJob === 'failed';
	return fail(journey, (isFailure ? failed : wrongState)(journey, rules));
}

/** The server is where the action begins, so that what the cloud refused it for has ended. */
export function askOnceMore(journey: Journey, server: Server, rules: Rules): Next | undefined {
	if (!mayBegin(server, rules.action) || isHeldUp(journey, server)) return undefined;
	if (isBusy(journey)) return askWhenDue({ ...journey, joined: false }, rules, journey.seenAt);
	const { askedAgain } = journey;
	const mayBeTaken = isWithoutAnswer(journey);
	const triesLeft = journey.tries < rules.maxTries;
	if (!isConflict(journey) && !mayBeTaken) return fail(journey, refused(journey, rules));
	if (!triesLeft && isConflict(journey) && !askedAgain) {
		return fail(journey, (saysLocked(journey) ? wasLocked : wasBusy)(journey, rules));
	}
	if (!triesLeft || (askedAgain && !mayBeTaken)) {
		return fail(journey, triesUsedUp(journey, rules));
	}
	return [{ ...journey, joined: false, askedAgain: askedAgain || !mayBeTaken }, ASK];
}

/** "Try again 1 minute later" (ECS API reference, `Ecs.0603`). */
const BUSY_MS = 60_000;

/**
 * A server need not show what the cloud is busy with: its last try comes as late after the one before as the cloud
 * says, and each earlier one in half that time.
 */
export function askWhenDue(journey: Journey, rules: Rules, now = 0): Next {
	const { lastRequestAt = 0, tries } = journey;
	const left = rules.maxTries - tries;
	const isDue = now - lastRequestAt >= BUSY_MS / 2 ** (left - 1);
	return isDue || left <= 0 ? askAgain(journey, rules) : [journey, LOOK_LATER];
}

/** Something else is under way: its end is waited for, if there is a try left for the time after it. */
export function standBy(journey: Journey, rules: Rules): Next {
	const isWorthIt = journey.wait && journey.tries < rules.maxTries;
	return isWorthIt ? [journey, LOOK_LATER] : fail(journey, busy(journey, rules));
}

/** Nothing ends this by itself. */
export function isOutOfOrder(server: Server): boolean {
	const is = condition(server);
	return is === 'broken' || is === 'parked';
}

/** Whether the cloud may take the action of a server as it is. */
export function mayBegin(server: Server, { from, alsoFrom }: PowerAction): boolean {
	const is = condition(server);
	return is === from || alsoFrom.includes(is);
}

/** A snapshot does not keep a server from running, but from being stopped. */
function isHeldUp(journey: Journey, { task }: Server): boolean {
	return (isConflict(journey) || isBusy(journey)) && task !== undefined;
}

/** An answer was lost, and no job has told since what became of the request. */
function isWithoutAnswer({ mayBeTaken, refusal }: Journey): boolean {
	return mayBeTaken && !refusal?.byJob;
}

/** Refused because of a state that the server may have left since. */
function isConflict({ refusal }: Journey): boolean {
	return refusal?.reason === 'wrongState';
}

/** Refused for another command of the cloud's own. */
export function isBusy({ refusal }: Journey): boolean {
	return refusal?.reason === 'busy';
}

/** Before microversion 2.9 a server does not say that it is locked; then the refusal has to. */
function isLocked(journey: Journey, { locked: isShown }: Server): boolean {
	return isShown ?? saysLocked(journey);
}

function saysLocked({ refusal }: Journey): boolean {
	return refusal?.fault.code === 'Ecs.0605' || /\bis locked\b/.test(refusal?.fault.message ?? '');
}
