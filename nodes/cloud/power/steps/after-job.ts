import type { JobResult } from '../../api/job';
import { reasonOfJobFault } from '../../api/refusal-rules';
import type { Journey, Rules } from '../journey';
import { LOOK_LATER, LOOK_SOON, type Next } from './step';
import { wayOf } from './way-of';

/** What a job says of the server. A job that failed may have met a server that needed no action. */
export function afterJob(journey: Journey, result: JobResult, rules: Rules): Next {
	switch (result.word) {
		case 'done':
			// The job's word is all the proof that there can be.
			return [{ ...journey, seenOnTheWay: true, checked: true, jobDone: true }, LOOK_LATER];
		case 'silent':
			return [journey, LOOK_SOON];
		case 'failed': {
			const { fault } = result;
			const next = { ...journey, accepted: undefined };
			const reason = reasonOfJobFault(fault);
			if (reason) return [{ ...next, refusal: { reason, fault, byJob: 'refused' } }, LOOK_SOON];
			const { failed } = rules.action;
			return wayOf(rules).afterFailedJob({
				...next,
				refusal: { reason: failed, fault, byJob: 'failed' },
			});
		}
	}
}
