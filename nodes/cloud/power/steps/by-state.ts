import { condition, isOffUnnoticed, type Server } from '../../api/server';
import { alreadyDone, failed, undone } from '../explain/not-there';
import type { Journey, Rules } from '../journey';
import { askAgain } from './ask-again';
import {
	askIfFit,
	askOnceMore,
	failIfBarred,
	isOutOfOrder,
	mayBegin,
	standBy,
} from './before-acceptance';
import { lastCall, mayStillBegin, QUEUE_GRACE_MS, readLater } from './records';
import { end, fail, FIND_EVIDENCE, LOOK_LATER, LOOK_SOON, type Next } from './step';
import type { Sign, Way } from './way';

type Recorded = Extract<Sign, { word: 'recorded' }>;

/**
 * For an action that ends in another state than it began in: a server that is seen there is proof
 * enough, and a second request does no harm.
 */
export const BY_STATE: Way = {
	afterDoubt: askAgain,
	afterFailedJob: (journey) => [journey, LOOK_SOON],
	// A guest that went off by itself is on nobody's way.
	beforeFirstRequest: (journey, server, rules, now) =>
		(isOffUnnoticed(server) ? undefined : ifThereOrOnTheWay(journey, server, rules, now)) ??
		askIfFit(journey, server, rules) ??
		beforeAcceptance(journey, server, rules),
	afterSight: (journey, server, rules, now) =>
		ifThereOrOnTheWay(journey, server, rules, now) ??
		(journey.accepted
			? afterAcceptance(journey, server, rules, now)
			: beforeAcceptance(journey, server, rules)),
	afterEvidence,
};

function ifThereOrOnTheWay(
	journey: Journey,
	server: Server,
	rules: Rules,
	now: number,
): Next | undefined {
	const is = condition(server);
	if (is === rules.action.wanted) return there(journey, rules);
	return is === rules.action.onTheWay ? onTheWay(journey, now) : undefined;
}

function there(journey: Journey, rules: Rules): Next {
	const { done, alreadyDone: outcome = done } = rules.action;
	if (journey.accepted || journey.mayBeTaken || journey.joined) return end(journey, done);
	if (rules.failIfAlreadyDone) return fail(journey, alreadyDone(journey, rules));
	return end(journey, outcome);
}

function onTheWay(journey: Journey, now: number): Next {
	// After a lost answer this shows that the cloud took the action; else somebody else's is at work.
	const accepted = journey.accepted ?? (journey.mayBeTaken ? { at: now } : undefined);
	const next = { ...journey, accepted, joined: accepted === undefined, seenOnTheWay: true };
	return journey.wait ? [next, LOOK_LATER] : end(next, 'accepted');
}

function beforeAcceptance(journey: Journey, server: Server, rules: Rules): Next {
	return (
		failIfBarred(journey, server, rules) ??
		askOnceMore(journey, server, rules) ??
		standBy(journey, rules)
	);
}

/** Neither there nor on its way: it may have fallen back, or not have begun. */
function afterAcceptance(journey: Journey, server: Server, rules: Rules, now: number): Next {
	const { accepted, seenOnTheWay, evidenceAt, recorded } = journey;
	const mayHaveBegunHere = mayBegin(server, rules.action);
	if (isOutOfOrder(server) && (seenOnTheWay || !mayHaveBegunHere)) {
		return fail(journey, failed(journey, rules));
	}
	if (!mayHaveBegunHere) return [journey, LOOK_LATER];
	// There is no time to read the record once more.
	if (recorded && now >= lastCall(journey)) return backAgain(journey, rules);

	const graceEnds = seenOnTheWay ? now : (accepted?.at ?? now) + QUEUE_GRACE_MS;
	const due = Math.max(evidenceAt, Math.min(graceEnds, lastCall(journey)));
	return [journey, now < due ? LOOK_LATER : FIND_EVIDENCE];
}

function afterEvidence(journey: Journey, sign: Sign, rules: Rules, now: number): Next {
	switch (sign.word) {
		case 'undone':
			return fail(journey, undone(journey, rules));
		case 'recorded':
			return onRecord(journey, sign, rules, now);
		case 'absent':
		case 'unread':
			return readLater(journey, now);
		case 'noRecords':
			if (mayStillBegin(journey)) return [journey, LOOK_LATER];
			return backAgain(journey, rules);
	}
}

/**
 * Nova sets the task before it writes the record, and clears it at the end: a server that shows none after
 * its action was on record has been through it.
 */
function onRecord(journey: Journey, sign: Recorded, rules: Rules, now: number): Next {
	const jobDone = sign.jobDone ?? journey.jobDone;
	if (journey.recorded) return backAgain({ ...journey, jobDone }, rules);
	return [{ ...journey, recorded: true, jobDone, evidenceAt: now }, LOOK_LATER];
}

/** Where it began, after its action has ended: only a job tells whether it was anywhere else in between. */
function backAgain(journey: Journey, rules: Rules): Next {
	return fail(journey, (journey.jobDone ? undone : failed)(journey, rules));
}
