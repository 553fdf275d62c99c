import { type Answer, header, isObject, type NotSent } from '../answer';
import type { Asked } from '../api';
import type { Evidence } from '../evidence';
import { readJob } from '../job';

/** A server that the job left in its new state this long ago, and that is not there, was brought back since. */
const OVER_MS = 30_000;

/**
 * What the job of a server says of its action, for as long as the cloud keeps it (Huawei Cloud: a day after its
 * end). It ends some seconds after its parts, which tell each for itself.
 */
export function readJobEvidence(
	answer: Answer | NotSent,
	{ serverId, requestId }: Asked,
): Evidence {
	if (!isReadable(answer)) return { word: 'unread' };
	const { ended, results, rest } = readJob(answer);
	const result = results.get(serverId) ?? (ended ? rest : undefined);
	if (result?.word === 'failed') return { word: 'failedInJob', fault: result.fault };
	if (result?.word === 'done') {
		return isOver(answer, serverId)
			? { word: 'undone' }
			: { word: 'recorded', requestId: requestId ?? '', jobDone: true };
	}
	if (ended) return { word: 'noRecords' };
	const isRead = answer.kind === 'answered' && answer.status === 200;
	return { word: isRead ? 'absent' : 'unread' };
}

/** A credential that is refused everywhere proves nothing of the server: the next look tells of it. */
function isReadable(answer: Answer | NotSent): boolean {
	if (answer.kind !== 'notSent' && answer.ofCall) return true;
	return answer.kind === 'answered' && answer.status !== 401;
}

/** By the cloud's own clock. */
function isOver(answer: Answer | NotSent, serverId: string): boolean {
	if (answer.kind !== 'answered') return false;
	const now = Date.parse(header(answer, 'date') ?? '');
	return now - endOf(answer.body, serverId) > OVER_MS;
}

/** In milliseconds since 1970; NaN where it does not say. */
function endOf(body: unknown, serverId: string): number {
	if (!isObject(body)) return NaN;
	const { entities, end_time: end } = body;
	const parts = isObject(entities) && Array.isArray(entities.sub_jobs) ? entities.sub_jobs : [];
	const isOf = (part: unknown) =>
		isObject(part) &&
		isObject(part.entities) &&
		String(part.entities.server_id).toLowerCase() === serverId;
	const part: unknown = parts.find(isOf);
	return Date.parse(String(isObject(part) ? part.end_time : end));
}

/** The job that an answer names. */
export function jobIdOf(answer: Answer | NotSent): string | undefined {
	if (answer.kind !== 'answered' || !isObject(answer.body)) return undefined;
	const { job_id: jobId } = answer.body;
	return typeof jobId === 'string' && /^[\w-]{1,100}$/.test(jobId) ? jobId : undefined;
}
