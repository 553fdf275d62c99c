import type { BatchVerdict } from './batch';
import type { Evidence } from './evidence';
import * as explain from './explain';
import type { Failure } from './failure';
import type { NotSent } from './gate';
import type { JobResult } from './job';
import type { Journey, Rules } from './journey-state';
import type { Outcome } from './power';
import { condition, type Server } from './server';
import { reasonOfJobFault, type Verdict } from './verdict';
import type { Look } from './watch';

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
const fail = (failure: Failure): Step => ({ do: 'fail', failure });

/** An accepted action that a gateway still queues shows no task at first; before this it needs no proof. */
const QUEUE_GRACE_MS = 10_000;
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
		refusal: { reason, fault },
	};
	switch (judged.word) {
		case 'retry':
			if (refused.tries < rules.maxTries) return [refused, ASK];
			return [refused, fail(explain.triesUsedUp(refused, rules))];
		case 'recheck':
			return [
				{ ...refused, mayBeTaken: journey.mayBeTaken || judged.taken === 'maybe' },
				LOOK_SOON,
			];
		case 'fail':
			return [refused, fail(explain.refused(refused, rules))];
	}
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
	if (result.word === 'done') return [journey, LOOK_LATER];
	if (result.word === 'silent') return [journey, LOOK_SOON];
	const { fault } = result;
	const refusal = { reason: reasonOfJobFault(fault) ?? action.failed, fault };
	return [{ ...journey, accepted: undefined, refusal }, LOOK_SOON];
}

/** What a look at the server leads to. */
export function afterLook(journey: Journey, look: Look, rules: Rules, now: number): Next {
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

function decide(journey: Journey, server: Server, rules: Rules, now: number): Next {
	const { action } = rules;
	const is = condition(server);
	if (is === 'gone') return [journey, fail(explain.gone(journey, rules))];
	if (is === action.wanted) return [journey, arrived(journey, rules)];
	if (is === action.onTheWay) return onTheWay(journey, now);
	if (journey.accepted) return afterAcceptance(journey, server, rules, now);
	return beforeAcceptance(journey, server, rules);
}

function arrived(journey: Journey, rules: Rules): Step {
	const byAction = journey.accepted !== undefined || journey.mayBeTaken || journey.joined;
	if (byAction) return { do: 'end', outcome: rules.action.done };
	if (rules.failIfAlreadyDone) return fail(explain.alreadyDone(journey, rules));
	return { do: 'end', outcome: rules.action.alreadyDone };
}

function onTheWay(journey: Journey, now: number): Next {
	// After a lost answer this shows that the cloud took the action; else somebody else's is at work.
	const accepted = journey.accepted ?? (journey.mayBeTaken ? { at: now } : undefined);
	const next = { ...journey, accepted, joined: accepted === undefined, seenOnTheWay: true };
	return [next, journey.wait ? LOOK_LATER : { do: 'end', outcome: 'accepted' }];
}

function afterAcceptance(journey: Journey, server: Server, rules: Rules, now: number): Next {
	const is = condition(server);
	if (is === 'broken' || is === 'parked') return [journey, fail(explain.failed(journey, rules))];
	if (is !== rules.action.from) return [journey, LOOK_LATER];

	const { accepted, seenOnTheWay, evidenceAt } = journey;
	const inGrace = !seenOnTheWay && now - (accepted?.at ?? now) < QUEUE_GRACE_MS;
	return [journey, inGrace || now < evidenceAt ? LOOK_LATER : { do: 'findEvidence' }];
}

/** A server seen where it began may have fallen back, or not have begun: only the cloud's records tell. */
export function afterEvidence(
	journey: Journey,
	evidence: Evidence,
	rules: Rules,
	now: number,
): Next {
	const elapsed = now - (journey.accepted?.at ?? now);
	switch (evidence.word) {
		case 'failed':
			return [journey, fail(explain.failed(journey, rules, evidence.message))];
		case 'undone':
			return [journey, fail(explain.undone(journey, rules))];
		case 'pending': {
			const evidenceAt = journey.seenOnTheWay ? now : now + elapsed;
			return [{ ...journey, evidenceAt }, LOOK_LATER];
		}
		case 'noRecords':
			if (!journey.seenOnTheWay && silentFor(journey) < SILENCE_MS) return [journey, LOOK_LATER];
			return [journey, fail(explain.failed(journey, rules))];
	}
}

/** How long a server had shown no sign of the action when it was last seen, in milliseconds. */
function silentFor({ accepted, seenAt }: Journey): number {
	return accepted && seenAt !== undefined ? seenAt - accepted.at : 0;
}

/** The server is not in the state that was asked for, and the cloud has not taken the action. */
function beforeAcceptance(journey: Journey, server: Server, rules: Rules): Next {
	const { action, maxTries } = rules;
	const { mayBeTaken, askedAgain } = journey;
	const is = condition(server);
	if (isLocked(journey, server)) return [journey, fail(explain.locked(journey, rules))];
	if (is === 'broken' && isFailedJob(journey, rules)) {
		return [journey, fail(explain.failed(journey, rules))];
	}
	if (is === 'broken' || is === 'parked') {
		return [journey, fail(explain.wrongState(journey, rules))];
	}

	const triesLeft = journey.tries < maxTries;
	if (is === action.from) {
		if (!isConflict(journey) && !mayBeTaken)
			return [journey, fail(explain.refused(journey, rules))];
		if (!triesLeft || (askedAgain && !mayBeTaken)) {
			return [journey, fail(explain.triesUsedUp(journey, rules))];
		}
		return [{ ...journey, joined: false, askedAgain: askedAgain || !mayBeTaken }, ASK];
	}
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
