import type { Answered, Lost } from '../api/answer';
import { readFault } from '../api/fault';
import { notSentAfter, type Refusals } from './refusals';

/**
 * Calls of another service than Nova, such as the batches and jobs of ECS v1: a gateway may publish them with
 * another authentication. What is refused there stands there, and Nova's calls go on.
 */

/** The place of such calls beside that of Nova's. */
export function asideOf(place: string): string {
	return `${place} aside`;
}

/** The cloud has refused who asks at such a call: notes it, and returns what that means for the call. */
export function learnAside(refusals: Refusals, place: string, answer: Answered): Answered {
	refusals.note(asideOf(place), readFault(answer), 'place');
	return { ...answer, ofCall: true };
}

/** What such a call comes to that is not sent because of an earlier refusal; undefined where there is none. */
export function notSentAside(refusals: Refusals, place: string): Lost | undefined {
	const refusal = refusals.at(asideOf(place));
	return refusal && { ...notSentAfter(refusal), ofCall: true };
}
