import type { Evidence } from '../../api/evidence';
import { failed } from '../explain/not-there';
import type { Journey, Rules } from '../journey';
import { afterJob } from './after-job';
import { fail, type Next } from './step';
import { wayOf } from './way-of';

/** A server seen where it began may have fallen back, or not have begun: only the cloud's records tell. */
export function afterEvidence(
	journey: Journey,
	evidence: Evidence,
	rules: Rules,
	now: number,
): Next {
	if (evidence.word === 'failed') return fail(journey, failed(journey, rules, evidence.message));
	if (evidence.word === 'failedInJob') {
		return afterJob(journey, { word: 'failed', fault: evidence.fault }, rules);
	}
	return wayOf(rules).afterEvidence(journey, evidence, rules, now);
}
