import type { Answered, Lost } from '../api/answer';
import { notSentAfter, type Refusal } from './refusals';

/**
 * Calls of another service than Nova, such as the batches and jobs of ECS v1: a gateway may publish them with
 * another authentication. What is refused there stands there, and Nova's calls go on.
 */

/** The place of such calls beside that of Nova's. */
export function asideOf(place: string): string {
	return `${place} aside`;
}

/** The cloud has refused who asks at such a call. */
export function refusedAside(answer: Answered): Answered {
	return { ...answer, explanation: REFUSED, ofCall: true };
}

/** What such a call comes to that was not sent because of an earlier refusal. */
export function notSentAside(refusal: Refusal): Lost {
	return { ...notSentAfter({ ...refusal, reason: 'invalidInput' }), ofCall: true };
}

const REFUSED = {
	why: 'this cloud refuses the credential at its call for many servers at once',
	hint: "Set 'Send As' in Options to One Request per Server. If that is refused as well, check the credential",
};
