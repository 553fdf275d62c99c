import { GUEST_OFF_HINT, hintFor, tooLateHint, wayOut } from './hints';
import type { Fault, NotSent } from '../api/answer';
import type { Failure } from '../words/failure';
import { HINTS } from '../words/hints';
import type { Journey, Refusal, Rules } from './journey';
import { needsProof } from './actions/action';
import type { Reason } from '../api/reason';
import { type Condition, condition, isKnownStatus, type Server } from '../api/server';
import { meansCredential, quote, TROUBLE_WORDS } from '../words/quote';

/** Turns what happened to a server into a failure that says so, and what to do next. */

export function notSent(journey: Journey, { reason, fault }: NotSent, rules: Rules): Failure {
	const { verb } = rules.action.words;
	if (journey.firstRequestAt !== undefined) {
		const before = journey.refusal;
		if (reason !== 'timedOut' || !before) return gaveUp(journey, { reason, fault }, rules);
		return gaveUp(journey, before, rules);
	}
	const why = fault.explanation?.why ?? notSentWords(reason);
	const message = `${labelOf(journey)} was not asked to ${verb}, because ${why}`;
	return failure(journey, reason, message, { fault, hint: hintFor(reason, fault, rules) });
}

function notSentWords(reason: Reason): string {
	return `the cloud ${TROUBLE_WORDS[reason] ?? 'gave no answer'}`;
}

/** The cloud refused the action for good. */
export function refused(journey: Journey, rules: Rules): Failure {
	const { verb } = rules.action.words;
	const { reason, fault } = journey.refusal ?? NO_REFUSAL;
	const message = fault.explanation
		? `${labelOf(journey)} did not ${verb}: ${fault.explanation.why}`
		: refusalWords(journey, reason, verb, fault);
	return failure(journey, reason, message, { fault, hint: hintFor(reason, fault, rules) });
}

function refusalWords(journey: Journey, reason: Reason, verb: string, fault: Fault): string {
	switch (reason) {
		case 'notFound':
			return `${labelOf(journey)} was not found`;
		case 'unauthorized':
			return `${labelOf(journey)} did not ${verb}: the cloud refused the credential`;
		case 'forbidden':
			return `${labelOf(journey)} did not ${verb}: the user of the credential is not allowed to do that`;
		case 'quotaExceeded':
			return `${labelOf(journey)} did not ${verb}: the cloud has no capacity or no quota left for it`;
		case 'invalidInput':
			return `${labelOf(journey)} did not ${verb}: the cloud does not accept ${meansCredential(fault) ? 'the project or the endpoint of the credential' : 'the request'}`;
		case 'unreachable':
			return `${labelOf(journey)} did not ${verb}: the request did not get through to the cloud`;
		case 'startFailed':
		case 'stopFailed':
		case 'restartFailed':
			return `${labelOf(journey)} did not ${verb}: the cloud accepted the request, but it failed`;
		default:
			return `${labelOf(journey)} did not ${verb}: the cloud gave an answer that does not fit`;
	}
}

/** The cloud had its chances: it slowed us down, was out, or kept refusing a server that looks fine. */
export function triesUsedUp(journey: Journey, rules: Rules): Failure {
	if (journey.refusal?.reason === rules.action.failed) return refused(journey, rules);
	return gaveUp(journey, journey.refusal ?? NO_REFUSAL, rules);
}

function gaveUp(journey: Journey, { reason, fault }: Refusal, rules: Rules): Failure {
	const { verb } = rules.action.words;
	const why = fault.explanation?.why ?? `the cloud ${TROUBLE_WORDS[reason] ?? 'kept refusing'}`;
	const count = Math.max(journey.tries, journey.attempts);
	const tries = count <= 1 ? 'one try' : `${count} tries`;
	const message = `${labelOf(journey)} did not ${verb}: ${why} (${tries})`;
	const harmful = journey.mayBeTaken && needsProof(rules.action);
	return failure(journey, reason, message, {
		fault,
		hint: harmful ? LOOK_FIRST_HINT : hintFor(reason, fault, rules),
		end: mayBeTakenWords(journey, verb),
	});
}

const LOOK_FIRST_HINT =
	'Look in the cloud console whether it was restarted before you run this again';

function mayBeTakenWords({ mayBeTaken }: Journey, verb: string): string {
	return mayBeTaken ? `. The request to ${verb} may have been taken all the same` : '';
}

/** Locked against everybody but administrators. */
export function locked(journey: Journey, rules: Rules): Failure {
	const { verb } = rules.action.words;
	return failure(journey, 'locked', `${labelOf(journey)} did not ${verb} because it is locked`, {
		fault: journey.refusal?.fault,
		hint: HINTS.locked,
		quote: false,
	});
}

/** In a state in which the cloud does not take the action. */
export function wrongState(journey: Journey, rules: Rules): Failure {
	const { verb } = rules.action.words;
	const status = journey.seen?.status ?? 'in another state';
	const why = journey.seen?.fault ? ` (${journey.seen.fault})` : '';
	return failure(
		journey,
		'wrongState',
		`${labelOf(journey)} cannot ${verb} while it is ${status}${why}`,
		{
			fault: journey.refusal?.fault,
			hint:
				wayOut(status, rules) ??
				'Bring the server into another state in the cloud console, then run this again',
			quote: false,
			end: mayBeTakenWords(journey, verb),
		},
	);
}

/** There was nothing to do, and that counts as a failure. */
export function alreadyDone(journey: Journey, rules: Rules): Failure {
	const { wanted } = rules.action.words;
	return failure(journey, 'wrongState', `${labelOf(journey)} is already ${wanted}`, {
		fault: journey.refusal?.fault,
		hint: "Turn off 'Fail If Already Done' in Options if this is fine",
		quote: false,
	});
}

/** Something else is under way, and it is not ours to wait for. */
export function busy(journey: Journey, rules: Rules): Failure {
	const { verb } = rules.action.words;
	return failure(
		journey,
		'busy',
		`${labelOf(journey)} did not ${verb}, because it is ${doingWords(journey.seen, rules)}`,
		{ fault: journey.refusal?.fault, hint: busyHint(journey, rules), quote: false },
	);
}

/** Refused for something that was under way and has ended, and no try is left. */
export function wasBusy(journey: Journey, rules: Rules): Failure {
	const { verb } = rules.action.words;
	const status = journey.seen?.status ?? 'idle';
	return failure(
		journey,
		'busy',
		`${labelOf(journey)} did not ${verb}, because something else was under way when it was asked; by now it is ${status}`,
		{
			fault: journey.refusal?.fault,
			hint: "Run this again, or raise 'Max Tries' in Options",
			quote: false,
			end: mayBeTakenWords(journey, verb),
		},
	);
}

function busyHint({ wait, seen }: Journey, { action }: Rules): string {
	if (seen && isOffUnnoticed(seen)) return GUEST_OFF_HINT;
	if (seen && condition(seen) === action.onTheWay) {
		return 'Wait until it runs, and restart it then if it still needs that';
	}
	if (wait) return "Run this again in a moment, or raise 'Max Tries' in Options";
	return `Run this again in a moment, or turn on 'Wait Until ${capital(action.words.wanted)}' to wait for it`;
}

/** The cloud took the action, and it did not work. */
export function failed(journey: Journey, rules: Rules, recorded?: string): Failure {
	const { action } = rules;
	const status = journey.seen?.status ?? 'in its old state';
	const said = journey.seen?.fault ?? (recorded && recorded !== 'Error' ? recorded : undefined);
	const because = said ? `: ${said}` : '';
	const unproven = needsProof(action) && !said && recorded === undefined && status === 'ACTIVE';
	const how = unproven ? 'nothing shows that it did' : 'it failed';
	return failure(
		journey,
		action.failed,
		`${labelOf(journey)} did not ${action.words.verb}: the cloud accepted the request, but ${how} and the server is ${status}${because}`,
		{ hint: wayOut(status, rules) ?? action.words.failedHint },
	);
}

/** The action worked, and something brought the server back. */
export function undone(journey: Journey, rules: Rules): Failure {
	const { failed: reason, words } = rules.action;
	return failure(
		journey,
		reason,
		`${labelOf(journey)} did not stay ${words.wanted}: it is ${journey.seen?.status} again, because ${words.undone}`,
		{ hint: "Look at the server's console log and at its list of actions in the cloud console" },
	);
}

/** Deleted, or never there. */
export function gone(journey: Journey, rules: Rules): Failure {
	const { verb } = rules.action.words;
	const message = journey.seen
		? `${labelOf(journey)} was deleted before it could ${verb}`
		: `${labelOf(journey)} was not found`;
	return failure(journey, 'notFound', message, {
		fault: journey.refusal?.fault,
		hint: journey.seen ? 'If it is gone for good, take it out of the workflow' : HINTS.notFound,
	});
}

/** 401 or 403 on a look. */
export function mayNotLook(
	journey: Journey,
	{ reason, fault }: { reason: Reason; fault: Fault },
	rules: Rules,
): Failure {
	const { verb, wanted } = rules.action.words;
	const why =
		reason === 'unauthorized'
			? (fault.explanation?.why ?? 'the cloud no longer accepts the credential')
			: 'the user of the credential may not read servers';
	const hint =
		reason === 'unauthorized'
			? hintFor(reason, fault, rules)
			: `Allow the user to read servers (ecs:servers:get, ecs:servers:list), or turn off 'Wait Until ${capital(wanted)}'`;
	const state = journey.accepted
		? `was asked to ${verb}, and the cloud accepted, but whether it is ${wanted} cannot be told`
		: `may or may not ${verb}`;
	return failure(journey, reason, `${labelOf(journey)} ${state}: ${why}`, { fault, hint });
}

/** Wait Timeout is over. */
export function tooLate(journey: Journey, lastFault: Fault | undefined, rules: Rules): Failure {
	const { verb, wanted } = rules.action.words;
	const seconds = Math.round(rules.waitTimeoutMs / 1000);
	const { accepted, joined, refusal } = journey;
	const underWay = accepted !== undefined || joined || refusal?.reason === rules.action.failed;
	if (!underWay && journey.mayBeTaken) return triesUsedUp(journey, rules);

	const seen = journey.seen ? ` (last seen: ${stateWords(journey.seen)})` : '';
	const blind = lastFault ? `; the last look at it failed${quote(lastFault)}` : '';
	if (!underWay && !journey.seen) {
		const unseen = `${labelOf(journey)} could not be looked at within ${seconds} seconds${blind}`;
		return failure(journey, 'timedOut', `${unseen}, so whether it is ${wanted} is not known`, {
			fault: journey.refusal?.fault,
			hint: tooLateHint(rules),
			quote: false,
		});
	}
	if (journey.joined) {
		const other = `another request to ${verb} it is under way, but it is not ${wanted}`;
		const text = `${labelOf(journey)}: ${other} after ${seconds} seconds${seen}${blind}`;
		return failure(journey, 'timedOut', text, { hint: tooLateHint(rules) });
	}
	const message = underWay
		? `${labelOf(journey)} was asked to ${verb}, and the cloud accepted, but ${notYetWords(journey, rules)} after ${seconds} seconds${seen}${blind}`
		: `${labelOf(journey)} was still ${doingWords(journey.seen, rules)} after ${seconds} seconds${blind}, so it did not ${verb}`;
	const guestOff = journey.seen && isOffUnnoticed(journey.seen) && rules.action.name !== 'stop';
	return failure(journey, 'timedOut', message, {
		hint: guestOff ? GUEST_OFF_HINT : tooLateHint(rules),
	});
}

function notYetWords({ seen }: Journey, { action }: Rules): string {
	const unproven = needsProof(action) && seen && condition(seen) === action.wanted;
	return unproven ? 'nothing shows that it did' : `it is not ${action.words.wanted}`;
}

const NO_REFUSAL: Refusal = {
	reason: 'unexpectedResponse',
	fault: { message: '' },
};

interface Details {
	fault?: Fault;
	hint?: string;
	/** False where the cloud's own words would only repeat the message. */
	quote?: boolean;
	end?: string;
}

function failure(
	journey: Journey,
	reason: Reason,
	message: string,
	{ fault, hint = '', quote: quoted = true, end = '' }: Details,
): Failure {
	return {
		reason,
		message: `${message}${quoted && fault ? quote(fault) : ''}${end}`,
		hint,
		httpStatus: fault?.httpStatus,
		code: fault?.code,
		requestId: fault?.requestId ?? journey.accepted?.requestId,
		status: journey.seen?.status,
	};
}

function labelOf({ serverId, seen }: Journey): string {
	return seen?.name ? `Server '${seen.name}' (${serverId})` : `Server ${serverId}`;
}

function doingWords(server: Server | undefined, { action }: Rules): string {
	if (!server) return 'in an unknown state';
	if (isOffUnnoticed(server)) return 'ACTIVE although its guest is powered off';
	const is = condition(server);
	if (is === action.opposite) return action.words.opposite;
	return DOING[is] ?? `busy (${stateWords(server)})`;
}

const DOING: Partial<Record<Condition, string>> = {
	starting: 'being started',
	stopping: 'being stopped',
	rebooting: 'being restarted',
};

function stateWords(server: Server): string {
	const { status, task } = server;
	const guest = server.poweredOff && status === 'ACTIVE' && 'the guest is powered off';
	const unknown = !isKnownStatus(status) && 'a status that this node does not know';
	return [status, task, guest, unknown].filter(Boolean).join(', ');
}

/** The guest has gone off by itself, and the cloud has not noticed (yet). */
function isOffUnnoticed({ status, task, poweredOff }: Server): boolean {
	return poweredOff && status === 'ACTIVE' && task === undefined;
}

function capital(word: string): string {
	return word.charAt(0).toUpperCase() + word.slice(1);
}
