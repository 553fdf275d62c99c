import { retryAfterMs } from '../../api/retry-after';
import type { Answer, Fault } from '../../api/answer';
import type { Reason } from '../../api/reason';
import { verdict } from '../../api/verdict';

/**
 * What an answer says about the cloud as a whole:
 * - `fine`: it works, whatever it thinks of this request
 * - `slowDown`: it asks for fewer requests
 * - `trouble`: it may be out
 * - `closed`: it takes nothing from this credential, or cannot be trusted: the next request fares no better
 */
export type Pressure =
	| { word: 'fine' }
	| { word: 'slowDown'; retryAfterMs?: number; reason: Reason; fault: Fault }
	| { word: 'trouble'; reason: Reason; fault: Fault }
	| { word: 'closed'; reason: Reason; fault: Fault };

/**
 * A cloud that asks for longer, in milliseconds, is asked again all the same: said once by mistake, an hour
 * would let all that begins in it fail with nothing sent. As long as the longest pause of the node's own.
 */
const LONGEST_ASKED_MS = 60_000;

const FINE: Pressure = { word: 'fine' };

export function pressure(answer: Answer): Pressure {
	const judged = verdict(answer);
	if (judged.word === 'accepted' || answer.ofCall) return FINE;
	const { reason } = judged;
	if (answer.kind === 'lost') {
		const { refusal } = answer;
		if (refusal?.reason === 'throttled') {
			const { fault, retryAfterMs: asked } = refusal;
			return { word: 'slowDown', retryAfterMs: asked, reason, fault };
		}
		return { word: judged.word === 'fail' ? 'closed' : 'trouble', reason, fault: judged.fault };
	}
	const { fault } = judged;
	if (reason === 'unauthorized') return { word: 'closed', reason, fault };
	if (judged.word === 'retry') {
		const asked = retryAfterMs(answer);
		const believed = asked === undefined ? undefined : Math.min(asked, LONGEST_ASKED_MS);
		return { word: 'slowDown', retryAfterMs: believed, reason, fault };
	}
	return reason === 'unavailable' || reason === 'unreachable'
		? { word: 'trouble', reason, fault }
		: FINE;
}
