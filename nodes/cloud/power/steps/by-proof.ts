import { condition, type Server } from '../../api/server';
import { triesUsedUp } from '../explain/not-taken';
import { busy, failed, undone, unproven, wrongState } from '../explain/not-there';
import type { Journey, Rules } from '../journey';
import {
	askIfFit,
	askOnceMore,
	failIfBarred,
	isOutOfOrder,
	mayBegin,
	standBy,
} from './before-acceptance';
import { elapsed, mayStillBegin, QUEUE_GRACE_MS, readLater } from './records';
import { ASK, end, fail, FIND_EVIDENCE, LOOK_LATER, LOOK_SOON, type Next } from './step';
import type { Sign, Way } from './way';

/**
 * For an action that ends where it began: the end proves nothing. What proves it is that the server was
 * seen on its way after the cloud took it, or that the cloud has recorded it. A second one does harm, so
 * that whatever may have been taken is not asked for again.
 */
export const BY_PROOF: Way = {
	afterDoubt: (journey) => [journey, LOOK_SOON],
	// A job without parts has failed for some of its servers, and there is no end to tell whether for this one.
	afterFailedJob: (journey) => [{ ...journey, mayBeTaken: true }, LOOK_SOON],
	beforeFirstRequest: (journey, server, rules) =>
		askIfFit(journey, server, rules) ?? beforeAcceptance(journey, server, rules),
	afterSight(journey, server, rules, now) {
		if (journey.accepted) return afterAcceptance(journey, server, rules, now);
		if (!journey.mayBeTaken) return beforeAcceptance(journey, server, rules);
		// What is under way may be somebody else's.
		return [journey, now < journey.evidenceAt ? LOOK_LATER : FIND_EVIDENCE];
	},
	afterEvidence,
};

function beforeAcceptance(journey: Journey, server: Server, rules: Rules): Next {
	const next = failIfBarred(journey, server, rules) ?? askOnceMore(journey, server, rules);
	if (next) return next;
	const is = condition(server);
	// Somebody else's is no reason for another one after it.
	if (is === rules.action.onTheWay) return fail(journey, busy(journey, rules));
	if (is === 'stopped') return fail(journey, wrongState(journey, rules));
	return standBy(journey, rules);
}

function afterAcceptance(journey: Journey, server: Server, rules: Rules, now: number): Next {
	const { action } = rules;
	const { seenOnTheWay, evidenceAt, checked } = journey;
	const is = condition(server);
	if (is === action.onTheWay) return [{ ...journey, seenOnTheWay: true }, LOOK_LATER];
	if (is === action.wanted && seenOnTheWay) {
		// What was seen may have been the work of somebody else, and ours a failure.
		return checked ? end(journey, action.done) : [journey, FIND_EVIDENCE];
	}
	const mayHaveBegunHere = is === 'stopped' || mayBegin(server, action);
	if (isOutOfOrder(server) && (seenOnTheWay || !mayHaveBegunHere)) {
		return fail(journey, failed(journey, rules));
	}
	return [journey, !mayHaveBegunHere || now < evidenceAt ? LOOK_LATER : FIND_EVIDENCE];
}

function afterEvidence(journey: Journey, evidence: Sign, rules: Rules, now: number): Next {
	if (isBackAgain(journey, evidence, rules)) return end(journey, rules.action.done);
	switch (evidence.word) {
		case 'undone':
			return fail(journey, undone(journey, rules));
		case 'recorded':
			if (journey.checked) return withoutProof(journey, rules);
			return proven(journey, evidence.requestId, now);
		case 'absent':
			return journey.accepted ? readLater(journey, now) : notOnRecord(journey, rules, now);
		case 'unread':
			return readLater(journey, now);
		case 'noRecords':
			if (!journey.accepted) return fail(journey, triesUsedUp(journey, rules));
			if (mayStillBegin(journey)) return [journey, LOOK_LATER];
			return withoutProof(journey, rules);
	}
}

/** There again, and seen on its way after the cloud took the action, or on record with more after it. */
function isBackAgain(
	{ accepted, seenOnTheWay, seen }: Journey,
	{ word }: Sign,
	{ action }: Rules,
): boolean {
	if (seen === undefined || condition(seen) !== action.wanted) return false;
	return word === 'undone' || (accepted !== undefined && seenOnTheWay);
}

/** The record shows that the action is ours and has begun; the next look, whether it has ended. */
function proven(journey: Journey, requestId: string, now: number): Next {
	const accepted = journey.accepted ?? { at: now, requestId };
	const next: Journey = { ...journey, accepted, seenOnTheWay: true, checked: true };
	return journey.wait ? [next, LOOK_SOON] : end(next, 'accepted');
}

/** The answer was no clear one, and the cloud has no record of the action. */
function notOnRecord(journey: Journey, rules: Rules, now: number): Next {
	const { refusal, seen } = journey;
	if (seen && condition(seen) === rules.action.onTheWay) return readLater(journey, now);
	// An answered request is no longer on its way, so that a missing record is proof.
	const wasRefused = refusal?.fault.httpStatus === 503;
	if (wasRefused && journey.tries < rules.maxTries) {
		return [{ ...journey, mayBeTaken: false }, ASK];
	}
	const hasFailed = refusal?.byJob === 'failed';
	if (wasRefused || hasFailed || elapsed(journey, now) >= QUEUE_GRACE_MS) {
		return fail(journey, triesUsedUp(journey, rules));
	}
	return readLater(journey, now);
}

/** The cloud took the action, and nothing shows that it worked. */
function withoutProof(journey: Journey, rules: Rules): Next {
	const { seen } = journey;
	const looksWell = seen?.status === 'ACTIVE' && !seen.fault;
	return fail(journey, (looksWell ? unproven : failed)(journey, rules));
}
