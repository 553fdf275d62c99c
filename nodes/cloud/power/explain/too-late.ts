import type { Fault } from '../../api/answer';
import { condition, isOffUnnoticed } from '../../api/server';
import type { Failure } from '../../words/failure';
import { quote } from '../../words/quote';
import type { Journey, Rules } from '../journey';
import { doingWords, failure, it, stateWords } from './failure';
import { GUEST_OFF_HINT, tooLateHint } from './hints';
import { triesUsedUp } from './not-taken';

/** Wait Timeout is over; `lastFault` is what the last look met, where it failed. */
export function tooLate(journey: Journey, lastFault: Fault | undefined, rules: Rules): Failure {
	const { accepted, joined, mayBeTaken, refusal, seen } = journey;
	const blind = lastFault ? `; the last look at it failed${quote(lastFault)}` : '';
	if (joined) return joinedInVain(journey, blind, rules);
	if (accepted || refusal?.byJob === 'failed') {
		const isBack = seen && condition(seen) === rules.action.wanted;
		return (isBack ? acceptedWithoutProof : acceptedInVain)(journey, blind, rules);
	}
	if (mayBeTaken || refusal?.reason === 'busy') return triesUsedUp(journey, rules);
	return (seen ? stillBusy : neverSeen)(journey, blind, rules);
}

/** The server was not shown in all the time. */
function neverSeen(journey: Journey, blind: string, rules: Rules): Failure {
	const words = it(
		`could not be looked at within ${seconds(rules)} seconds${blind}, so whether it is ${rules.action.words.wanted} is not known`,
	);
	return failure(journey, 'timedOut', words, {
		fault: journey.refusal?.fault,
		hint: tooLateHint(rules),
		quote: false,
	});
}

/** Somebody else's request was at work. */
function joinedInVain(journey: Journey, blind: string, rules: Rules): Failure {
	const { verb, wanted } = rules.action.words;
	const why = `another request to ${verb} it is under way, but it is not ${wanted} after ${seconds(rules)} seconds${lastSeen(journey)}${blind}`;
	return failure(journey, 'timedOut', { head: `: ${why}`, why }, { hint: tooLateHint(rules) });
}

/** The cloud took the action, and the server did not get there. */
function acceptedInVain(journey: Journey, blind: string, rules: Rules): Failure {
	const { verb, wanted } = rules.action.words;
	const words = it(
		`was asked to ${verb}, and the cloud accepted, but it is not ${wanted} after ${seconds(rules)} seconds${lastSeen(journey)}${blind}`,
	);
	return failure(journey, 'timedOut', words, { hint: hintFor(journey, rules) });
}

/** The cloud took the action, and the server is there, as it was before. */
function acceptedWithoutProof(journey: Journey, blind: string, rules: Rules): Failure {
	const { verb } = rules.action.words;
	const words = it(
		`was asked to ${verb}, and the cloud accepted, but nothing shows that it did after ${seconds(rules)} seconds${lastSeen(journey)}${blind}`,
	);
	return failure(journey, 'timedOut', words, { hint: hintFor(journey, rules) });
}

/** Something else was at work, for which the cloud did not take the action. */
function stillBusy(journey: Journey, blind: string, rules: Rules): Failure {
	const { verb } = rules.action.words;
	const words = it(
		`was still ${doingWords(journey.seen, rules)} after ${seconds(rules)} seconds${blind}, so it did not ${verb}`,
	);
	return failure(journey, 'timedOut', words, { hint: hintFor(journey, rules) });
}

function lastSeen({ seen }: Journey): string {
	return seen ? ` (last seen: ${stateWords(seen)})` : '';
}

function seconds({ waitTimeoutMs }: Rules): number {
	return Math.round(waitTimeoutMs / 1000);
}

/** A guest that is off is in the way of those alone who want it to run. */
function hintFor({ seen }: Journey, rules: Rules): string {
	const isInTheWay = rules.action.wanted === 'running' && seen && isOffUnnoticed(seen);
	return isInTheWay ? GUEST_OFF_HINT : tooLateHint(rules);
}
