import type { Fault, NotSent } from '../api/answer';
import type { BatchVerdict } from '../session/batches';
import type { Evidence } from '../api/evidence';
import * as explain from './explain';
import type { Failure } from '../words/failure';
import type { JobResult } from '../api/job';
import type { Journey, Refusal, Rules } from './journey';
import { needsProof, type Outcome } from './actions/action';
import { condition, type Server } from '../api/server';
import { reasonOfJobFault, type Verdict } from '../api/verdict';
import type { Look } from '../session/watcher';

/** What to do next for a server. */
export type Step =
	| { do: 'ask' }
	| { do: 'look'; soon: boolean }
	| { do: 'followJob'; jobId: string }
	| { do: 'findEvidence' }
	| { do: 'end'; outcome: Outcome }
	| { do: 'fail'; failure: Failure };

export type Next = readonly [Journey, Step];

const LOOK_SOON: Step = { do: 'look', soon: true };
const LOOK_LATER: Step = { do: 'look', soon: false };
const ASK: Step = { do: 'ask' };
const FIND_EVIDENCE: Step = { do: 'findEvidence' };
const fail = (failure: Failure): Step => ({ do: 'fail', failure });

/** An accepted action that a gateway still queues shows no task at first; before this it needs no proof. */
const QUEUE_GRACE_MS = 10_000;
/** A look this long before the time is up may be the last that leaves time to read the record. */
const LAST_CALL_MS = 2_000;
/** Where the cloud keeps no list of actions: unchanged and without a task for so long is a failure. */
const SILENCE_MS = 30_000;

/** What the answer to an action request leads to. */
export function afterAsk(
	journey: Journey,
	judged: BatchVerdict | NotSent,
	rules: Rules,
	now: number,
): Next {
	if ('kind' in judged) return [journey, fail(explain.notSent(journey, judged, rules))];
	if (judged.word === 'accepted') {
		const { requestId, jobId } = judged;
		const accepted = { at: now, requestId, jobId };
		return [{ ...journey, accepted, seenOnTheWay: false }, afterAcceptanceOf(journey, jobId)];
	}
	const { reason, fault } = judged;
	const refused: Journey = {
		...journey,
		attempts: journey.attempts - (isCounted(judged) ? 0 : 1),
		// The cloud took nothing and said when to come back: Wait Timeout bounds that.
		tries: journey.tries - (judged.word === 'retry' && judged.named ? 1 : 0),
		refusal: { reason, fault },
	};
	switch (judged.word) {
		case 'retry':
			return afterRetry(refused, !judged.unsent && mayHaveTaken(refused.refusal), rules);
		case 'recheck': {
			const mayBeTaken = journey.mayBeTaken || judged.taken === 'maybe';
			// A cloud that loses answers again and again is not asked in the same breath.
			const soon = judged.taken === 'no' || refused.tries === 1;
			return [{ ...refused, mayBeTaken }, soon ? LOOK_SOON : LOOK_LATER];
		}
		case 'fail':
			return [refused, fail(explain.refused(refused, rules))];
	}
}

/** A 503 is enough to ask for a start again; a second restart does harm, so that it needs proof. */
function afterRetry(refused: Journey, doubtful: boolean, rules: Rules): Next {
	const next = doubtful ? { ...refused, mayBeTaken: true } : refused;
	if (doubtful && needsProof(rules.action)) return [next, LOOK_SOON];
	if (next.tries < rules.maxTries) return [next, ASK];
	return [next, fail(explain.triesUsedUp(next, rules))];
}

/** What a 5xx comes from cannot tell whether the cloud behind it took the action. */
function mayHaveTaken(refusal: Refusal | undefined): boolean {
	return refusal?.reason === 'unavailable' && (refusal.fault.httpStatus ?? 0) >= 500;
}

function isDoubtful(fault: Fault | undefined, { action }: Rules): boolean {
	return needsProof(action) && fault?.httpStatus === 503;
}

/** Whether a request was sent, and not refused for its token. */
function isCounted(judged: Exclude<Verdict, { word: 'accepted' }>): boolean {
	if (judged.word === 'recheck') return true;
	return !judged.unsent && judged.reason !== 'unauthorized';
}

function afterAcceptanceOf({ wait }: Journey, jobId?: string): Step {
	if (!wait) return { do: 'end', outcome: 'accepted' };
	return jobId === undefined ? LOOK_LATER : { do: 'followJob', jobId };
}

/** What a job says of the server. A job that failed may have met a server that needed no action. */
export function afterJob(journey: Journey, result: JobResult, { action }: Rules): Next {
	// The job's word is the proof that a restart needs.
	if (result.word === 'done') {
		return [{ ...journey, seenOnTheWay: true, checked: true }, LOOK_LATER];
	}
	if (result.word === 'silent') return [journey, LOOK_SOON];
	const { fault } = result;
	const reason = reasonOfJobFault(fault);
	const refusal: Refusal = { reason: reason ?? action.failed, fault, byJob: true };
	// A job without parts has failed for some of its servers, and a restart has no end to be told by.
	const mayBeTaken = journey.mayBeTaken || (reason === undefined && needsProof(action));
	return [{ ...journey, accepted: undefined, mayBeTaken, refusal }, LOOK_SOON];
}

/** What a look at the server leads to. */
export function afterLook(journey: Journey, look: Look, rules: Rules, now: number): Next {
	if (journey.lastRequestAt === undefined) return beforeFirstRequest(journey, look, rules, now);
	switch (look.kind) {
		case 'seen':
			return decide({ ...journey, seen: look.server, seenAt: now }, look.server, rules, now);
		case 'gone':
			return [journey, fail(explain.gone(journey, rules))];
		case 'refused':
			return [journey, fail(explain.mayNotLook(journey, look, rules))];
		case 'tooLate':
			return [journey, fail(explain.tooLate(journey, look.fault, rules))];
	}
}

/**
 * What a look before the first request leads to: who needs no request gets none. Where the look could
 * not be had, the request goes out all the same.
 */
function beforeFirstRequest(before: Journey, look: Look, rules: Rules, now: number): Next {
	const { action } = rules;
	if (look.kind === 'gone') return [before, fail(explain.gone(before, rules))];
	if (look.kind === 'tooLate' && before.seen) {
		return [before, fail(explain.tooLate(before, look.fault, rules))];
	}
	if (look.kind !== 'seen') return [before, ASK];

	const { server } = look;
	const journey: Journey = { ...before, seen: server, seenAt: now };
	const is = condition(server);
	if (is === 'gone') return [journey, fail(explain.gone(journey, rules))];
	if (!needsProof(action) && is === action.wanted) return [journey, arrived(journey, rules)];
	if (!needsProof(action) && is === action.onTheWay) return onTheWay(journey, now);
	const mayBegin = is === action.from || action.alsoFrom.includes(is);
	if (mayBegin && !server.locked) return [{ ...journey, joined: false }, ASK];
	return beforeAcceptance(journey, server, rules);
}

function decide(journey: Journey, server: Server, rules: Rules, now: number): Next {
	const { action } = rules;
	const is = condition(server);
	if (is === 'gone') return [journey, fail(explain.gone(journey, rules))];
	if (needsProof(action)) return decideByProof(journey, server, rules, now);
	if (is === action.wanted) return [journey, arrived(journey, rules)];
	if (is === action.onTheWay) return onTheWay(journey, now);
	if (journey.accepted) return afterAcceptance(journey, server, rules, now);
	return beforeAcceptance(journey, server, rules);
}

function arrived(journey: Journey, rules: Rules): Step {
	const byAction = journey.accepted !== undefined || journey.mayBeTaken || journey.joined;
	if (byAction) return { do: 'end', outcome: rules.action.done };
	if (rules.failIfAlreadyDone) return fail(explain.alreadyDone(journey, rules));
	return { do: 'end', outcome: rules.action.alreadyDone ?? rules.action.done };
}

function onTheWay(journey: Journey, now: number): Next {
	// After a lost answer this shows that the cloud took the action; else somebody else's is at work.
	const accepted = journey.accepted ?? (journey.mayBeTaken ? { at: now } : undefined);
	const next = { ...journey, accepted, joined: accepted === undefined, seenOnTheWay: true };
	return [next, journey.wait ? LOOK_LATER : { do: 'end', outcome: 'accepted' }];
}

/**
 * For an action that ends where it began: the end proves nothing. What proves it is that the server was
 * seen on its way after the cloud took it, or that the cloud has recorded it.
 */
function decideByProof(journey: Journey, server: Server, rules: Rules, now: number): Next {
	const { accepted, mayBeTaken, seenOnTheWay, evidenceAt } = journey;
	if (!accepted && !mayBeTaken) return beforeAcceptance(journey, server, rules);
	// What is under way may be somebody else's.
	if (!accepted) return [journey, now < evidenceAt ? LOOK_LATER : FIND_EVIDENCE];

	const is = condition(server);
	if (is === rules.action.onTheWay) return onTheWay(journey, now);
	if (is === rules.action.wanted && seenOnTheWay) {
		// What was seen may have been the work of somebody else, and ours a failure.
		const { done } = rules.action;
		return [journey, journey.checked ? { do: 'end', outcome: done } : FIND_EVIDENCE];
	}
	return afterAcceptance(journey, server, rules, now);
}

function afterAcceptance(journey: Journey, server: Server, rules: Rules, now: number): Next {
	const { action } = rules;
	const { accepted, seenOnTheWay, evidenceAt, recorded } = journey;
	const is = condition(server);
	const isOff = needsProof(action) && is === 'stopped';
	const mayHaveBegunHere = is === action.from || isOff || action.alsoFrom.includes(is);
	if ((is === 'broken' || is === 'parked') && (seenOnTheWay || !mayHaveBegunHere)) {
		return [journey, fail(explain.failed(journey, rules))];
	}
	if (!mayHaveBegunHere) return [journey, LOOK_LATER];

	const graceMs = needsProof(action) ? 0 : QUEUE_GRACE_MS;
	const graceEnds = seenOnTheWay ? now : (accepted?.at ?? now) + graceMs;
	// There is no time to read the record once more.
	if (recorded && now >= lastCall(journey)) return [journey, fail(explain.failed(journey, rules))];
	const due = Math.max(evidenceAt, Math.min(graceEnds, lastCall(journey)));
	return [journey, now < due ? LOOK_LATER : FIND_EVIDENCE];
}

/** From then on a look that shows nothing has the record read, or there is no time for it. */
function lastCall({ deadline }: Journey): number {
	return deadline - LAST_CALL_MS;
}

/** A server seen where it began may have fallen back, or not have begun: only the cloud's records tell. */
export function afterEvidence(
	journey: Journey,
	evidence: Evidence,
	rules: Rules,
	now: number,
): Next {
	const elapsed = now - (journey.accepted?.at ?? journey.lastRequestAt ?? now);
	if (evidence.word === 'failed') {
		return [journey, fail(explain.failed(journey, rules, evidence.message))];
	}
	if (needsProof(rules.action) && isBackAgain(journey, evidence, rules)) {
		return [journey, { do: 'end', outcome: rules.action.done }];
	}
	switch (evidence.word) {
		case 'undone':
			return [journey, fail(explain.undone(journey, rules))];
		case 'recorded':
			if (!needsProof(rules.action)) return onRecord(journey, rules, now);
			if (journey.checked) return [journey, fail(explain.failed(journey, rules))];
			return proven(journey, evidence.requestId, now);
		case 'absent':
			if (journey.accepted) return waitForEvidence(journey, now, elapsed);
			return unproven(journey, rules, now, elapsed);
		case 'unread':
			return waitForEvidence(journey, now, elapsed);
		case 'noRecords':
			if (!journey.accepted) return [journey, fail(explain.triesUsedUp(journey, rules))];
			if (!journey.seenOnTheWay && silentFor(journey) < SILENCE_MS) return [journey, LOOK_LATER];
			return [journey, fail(explain.failed(journey, rules))];
	}
}

/**
 * Nova sets the task before it writes the record, and clears it at the end: a server that shows none after
 * its action was on record has been through it.
 */
function onRecord(journey: Journey, rules: Rules, now: number): Next {
	if (journey.recorded) return [journey, fail(explain.failed(journey, rules))];
	return [{ ...journey, recorded: true, evidenceAt: now }, LOOK_LATER];
}

/** There again, and seen on its way after the cloud took the action, or on record with more after it. */
function isBackAgain(
	{ accepted, seenOnTheWay, seen }: Journey,
	{ word }: Evidence,
	{ action }: Rules,
): boolean {
	if (seen === undefined || condition(seen) !== action.wanted) return false;
	return word === 'undone' || (accepted !== undefined && seenOnTheWay);
}

/** The record shows that the restart is ours and has begun; the next look, whether it has ended. */
function proven(journey: Journey, requestId: string, now: number): Next {
	const accepted = journey.accepted ?? { at: now, requestId };
	const next: Journey = { ...journey, accepted, seenOnTheWay: true, checked: true };
	return [next, journey.wait ? LOOK_SOON : { do: 'end', outcome: 'accepted' }];
}

/** The cloud has no record of a restart whose answer was no clear one. */
function unproven(journey: Journey, rules: Rules, now: number, elapsed: number): Next {
	// An answered request is no longer on its way, so that a missing record is proof.
	const wasRefused = isDoubtful(journey.refusal?.fault, rules);
	if (journey.seen && condition(journey.seen) === rules.action.onTheWay) {
		return waitForEvidence(journey, now, elapsed);
	}
	if (wasRefused && journey.tries < rules.maxTries) return [{ ...journey, mayBeTaken: false }, ASK];
	if (wasRefused || isFailedJob(journey, rules) || elapsed >= QUEUE_GRACE_MS) {
		return [journey, fail(explain.triesUsedUp(journey, rules))];
	}
	return waitForEvidence(journey, now, elapsed);
}

/** The longer nothing has happened, the rarer the records are worth a look. */
function waitForEvidence(journey: Journey, now: number, elapsed: number): Next {
	const last = lastCall(journey);
	const rarer = now < last ? Math.min(now + elapsed, last) : now + elapsed;
	return [{ ...journey, evidenceAt: journey.seenOnTheWay ? now : rarer }, LOOK_LATER];
}

/** How long a server had shown no sign of the action when it was last seen, in milliseconds. */
function silentFor({ accepted, seenAt }: Journey): number {
	return accepted && seenAt !== undefined ? seenAt - accepted.at : 0;
}

/** The server is not in the state that was asked for, and the cloud has not taken the action. */
function beforeAcceptance(journey: Journey, server: Server, rules: Rules): Next {
	const { action, maxTries } = rules;
	const { askedAgain } = journey;
	const mayBeTaken = journey.mayBeTaken && !journey.refusal?.byJob;
	const is = condition(server);
	if (isLocked(journey, server)) return [journey, fail(explain.locked(journey, rules))];
	if (is === 'broken' && isFailedJob(journey, rules)) {
		return [journey, fail(explain.failed(journey, rules))];
	}
	if (is === 'broken' || is === 'parked') {
		return [journey, fail(explain.wrongState(journey, rules))];
	}

	const triesLeft = journey.tries < maxTries;
	const isOff = is === 'stopped' && action.alsoFrom.includes(is);
	// A snapshot does not keep a server from running, but from being stopped.
	const isHeldUp = isConflict(journey) && server.task !== undefined;
	if ((is === action.from || isOff) && !isHeldUp) {
		if (!isConflict(journey) && !mayBeTaken)
			return [journey, fail(explain.refused(journey, rules))];
		// What it was refused for has ended since.
		if (!triesLeft && isConflict(journey) && !askedAgain) {
			return [journey, fail(explain.wasBusy(journey, rules))];
		}
		if (!triesLeft || (askedAgain && !mayBeTaken)) {
			return [journey, fail(explain.triesUsedUp(journey, rules))];
		}
		return [{ ...journey, joined: false, askedAgain: askedAgain || !mayBeTaken }, ASK];
	}
	// Somebody else's restart is no reason for another one after it.
	if (is === action.onTheWay) return [journey, fail(explain.busy(journey, rules))];
	// Only a restart meets a stopped server here.
	if (is === 'stopped' || (is === 'running' && !isHeldUp))
		return [journey, fail(explain.wrongState(journey, rules))];
	return [journey, journey.wait && triesLeft ? LOOK_LATER : fail(explain.busy(journey, rules))];
}

/** Refused because of a state that the server may have left since. */
function isConflict({ refusal }: Journey): boolean {
	return refusal?.reason === 'wrongState';
}

/** The cloud took the action in a job, which failed. */
function isFailedJob({ refusal }: Journey, { action }: Rules): boolean {
	return refusal?.reason === action.failed;
}

/** Before microversion 2.9 a server does not say that it is locked; then the refusal has to. */
function isLocked({ refusal }: Journey, server: Server): boolean {
	if (server.locked !== undefined) return server.locked;
	return refusal?.fault.code === 'Ecs.0605' || /\bis locked\b/.test(refusal?.fault.message ?? '');
}
