import { triesUsedUp } from '../explain/not-taken';
import type { Journey, Rules } from '../journey';
import { ASK, fail, type Next } from './step';

/** Asks for the action again, as long as Max Tries lets it. */
export function askAgain(journey: Journey, rules: Rules): Next {
	if (journey.tries < rules.maxTries) return [journey, ASK];
	return fail(journey, triesUsedUp(journey, rules));
}
