import { type Answer, type Fault, isObject, type Lost, type NotSent } from './answer';
import { readFault } from './fault';
import { verdict } from './verdict';

/** How a server fared in a job of ECS v1. */
export type JobResult =
	| { word: 'done' }
	| { word: 'failed'; fault: Fault }
	/** The job says nothing of this server, or nothing can be learnt of the job: only the server can tell. */
	| { word: 'silent' };

/** What one read of a job showed. */
export interface JobReport {
	/** Nothing more will come. */
	ended: boolean;
	/** By server id. */
	results: Map<string, JobResult>;
	/** What holds, once the job has ended, for a server that `results` does not name. */
	rest: JobResult;
}

const SILENT: JobResult = { word: 'silent' };
const NOTHING: Omit<JobReport, 'ended'> = { results: new Map(), rest: SILENT };

/**
 * Reads the answer to a look at a job (OTC ECS API reference, "Querying the Execution Status of a
 * Job"). A job may be FAIL while some of its sub-jobs are SUCCESS; a job of one server may have no
 * sub-jobs; an unknown status counts as still running.
 */
export function readJob(answer: Answer | NotSent): JobReport {
	if (answer.kind !== 'answered') return { ...NOTHING, ended: isFinal(answer) };
	// Such a job does not exist, or may not be read: it will not tell more later.
	if ([400, 401, 403, 404].includes(answer.status)) return { ...NOTHING, ended: true };
	if (answer.status !== 200 || !isObject(answer.body)) return { ...NOTHING, ended: false };

	const results = new Map<string, JobResult>();
	for (const part of [answer.body, ...subJobs(answer.body)]) {
		const serverId = isObject(part.entities) ? part.entities.server_id : undefined;
		const result = resultOf(part);
		if (typeof serverId === 'string' && result) results.set(serverId.toLowerCase(), result);
	}
	const own = resultOf(answer.body);
	return {
		ended: own !== undefined,
		results,
		rest: own?.word === 'failed' && subJobs(answer.body).length === 0 ? own : SILENT,
	};
}

/** Whether no later look at a job will be had either. */
function isFinal(answer: Lost | NotSent): boolean {
	return answer.kind === 'notSent' ? answer.final === true : verdict(answer).word === 'fail';
}

function subJobs(job: Record<string, unknown>): Array<Record<string, unknown>> {
	const parts = isObject(job.entities) ? job.entities.sub_jobs : undefined;
	return Array.isArray(parts) ? parts.filter(isObject) : [];
}

function resultOf(job: Record<string, unknown>): JobResult | undefined {
	if (job.status === 'SUCCESS') return { word: 'done' };
	if (job.status !== 'FAIL') return undefined;
	const { error_code: code } = job;
	const { message, code: cleanCode } = readFault({
		kind: 'answered',
		status: 200,
		headers: {},
		body: { error_code: typeof code === 'string' && code ? code : 'FAIL', error_msg: wordsOf(job) },
	});
	return { word: 'failed', fault: { message, code: cleanCode } };
}

/** Which of the two texts a cloud fills is not told (ECS API reference, "Querying the Execution Status of a Job"). */
function wordsOf({ fail_reason: reason, entities }: Record<string, unknown>): string {
	const cause = isObject(entities) ? entities.errorcode_message : undefined;
	const said = [reason, cause].filter((text) => typeof text === 'string' && text !== '');
	return [...new Set(said)].join(': ');
}
