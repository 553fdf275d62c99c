import type { ActVerdict } from '../../api/api';
import type { Refused } from '../../api/verdict';
import { notSent, refused } from '../explain/not-taken';
import type { Journey, Refusal, Rules } from '../journey';
import { askAgain } from './ask-again';
import { end, fail, LOOK_LATER, LOOK_SOON, type Next } from './step';
import { wayOf } from './way-of';

/** What the answer to an action request leads to. */
export function afterAsk(journey: Journey, judged: ActVerdict, rules: Rules, now: number): Next {
	if (judged.word === 'notSent') return fail(journey, notSent(journey, judged, rules));
	if (judged.word === 'accepted') return afterAcceptance(journey, judged, now);

	const { reason, fault } = judged;
	const next: Journey = {
		...journey,
		attempts: journey.attempts - (isCounted(judged) ? 0 : 1),
		// The cloud took nothing and said when to come back: Wait Timeout bounds that.
		tries: journey.tries - (judged.word === 'retry' && judged.named ? 1 : 0),
		refusal: { reason, fault },
	};
	switch (judged.word) {
		case 'retry':
			if (judged.unsent || !mayHaveTaken({ reason, fault })) return askAgain(next, rules);
			return wayOf(rules).afterDoubt({ ...next, mayBeTaken: true }, rules);
		case 'recheck': {
			const mayBeTaken = journey.mayBeTaken || judged.taken === 'maybe';
			// A cloud that loses answers again and again is not asked in the same breath.
			const soon = judged.taken === 'no' || next.tries === 1;
			return [{ ...next, mayBeTaken }, soon ? LOOK_SOON : LOOK_LATER];
		}
		case 'fail':
			return fail(next, refused(next, rules));
	}
}

function afterAcceptance(
	before: Journey,
	{ requestId, jobId, isAlone }: { requestId?: string; jobId?: string; isAlone?: boolean },
	now: number,
): Next {
	const journey = { ...before, accepted: { at: now, requestId, jobId }, seenOnTheWay: false };
	if (!journey.wait) return end(journey, 'accepted');
	if (jobId === undefined) return [journey, LOOK_LATER];
	// Of a server that could not be looked at before, its job alone tells whether there was anything to do.
	const tellsAsMuch = isAlone && before.seenAt !== undefined;
	return [journey, tellsAsMuch ? LOOK_LATER : { do: 'followJob', jobId }];
}

/** What a 5xx comes from cannot tell whether the cloud behind it took the action; a word on its rate can. */
function mayHaveTaken({ reason, fault }: Refusal): boolean {
	return reason !== 'throttled' && (fault.httpStatus ?? 0) >= 500;
}

/** Whether a request was sent, and not refused for its token. */
function isCounted(judged: Refused): boolean {
	if (judged.word === 'recheck') return true;
	return !judged.unsent && judged.reason !== 'unauthorized';
}
