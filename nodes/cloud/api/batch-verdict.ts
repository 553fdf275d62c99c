import { type Answer, type Explanation, isObject, type NotSent } from './answer';
import { readFault } from './fault';
import { CONFLICT } from './refusal-rules';
import { type Verdict, verdict } from './verdict';

/**
 * Judges the answer to a batch, for each server in it. One server must not sink the others: where the
 * cloud refuses a whole batch because of one, only the servers themselves can tell whom it meant.
 */
export function batchVerdict(answer: Answer | NotSent, servers: number): Verdict {
	const judged = verdict(answer);
	if (judged.word === 'accepted') {
		return hasJob(answer) ? judged : recheckUnclear(answer);
	}
	if (hasNoBatchCall(answer)) {
		return {
			word: 'fail',
			reason: 'invalidInput',
			fault: { ...judged.fault, explanation: judged.fault.explanation ?? NO_BATCH_CALL },
		};
	}
	if (judged.word === 'fail' && judged.reason === 'forbidden') {
		return { ...judged, fault: { ...judged.fault, permissions: 'ecs:cloudServers' } };
	}
	const isMissing = judged.word === 'fail' && judged.reason === 'notFound';
	return isMissing && servers > 1 ? { ...CONFLICT, fault: judged.fault } : judged;
}

const NO_BATCH_CALL: Explanation = {
	why: 'this cloud has no call for many servers at once',
	hint: "Set 'How to Send' in Options to One Request per Server",
};

function hasJob(answer: Answer | NotSent): boolean {
	return answer.kind === 'answered' && isObject(answer.body) && 'job_id' in answer.body;
}

function recheckUnclear(answer: Answer | NotSent): Verdict {
	const fault = answer.kind === 'answered' ? readFault(answer) : { message: '' };
	return { word: 'recheck', reason: 'unexpectedResponse', taken: 'maybe', fault };
}

/** Plain OpenStack knows no such path (a real Nova answers 300); a cloud that does says why in its own codes. */
function hasNoBatchCall(answer: Answer | NotSent): boolean {
	if (answer.kind !== 'answered' || ![300, 404, 405].includes(answer.status)) return false;
	return !/^(Ecs|Common)\./.test(readFault(answer).code ?? '');
}
