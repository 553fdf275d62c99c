// @ts-check
'use strict';

/**
 * Batch jobs. A job keeps no state of its own: each sub-job is read off its server's action record.
 *
 * @typedef {import('./cloud').Cloud} Cloud
 * @typedef {import('./server').ActionRecord} ActionRecord
 * @typedef {import('./server').Asker} Asker
 * @typedef {import('./server').PowerAction} PowerAction
 * @typedef {import('./server').RebootType} RebootType
 * @typedef {import('./server').Refusal} Refusal
 *
 * @typedef {'INIT' | 'RUNNING' | 'SUCCESS' | 'FAIL'} JobStatus
 *
 * @typedef {object} SubJob
 * @property {string} id
 * @property {string} serverId
 * @property {ActionRecord | Refusal | 'unknown' | 'done' | null} result null: not taken up yet
 *
 * @typedef {object} Job
 * @property {string} id
 * @property {PowerAction} action
 * @property {string} projectId
 * @property {number} at
 * @property {number} takenUpAt
 * @property {SubJob[]} subJobs
 */

const { randomUUID } = require('node:crypto');

/** As recorded of a batch of one, which has a part of its own (ap-southeast-1, 2025). */
const JOB_TYPE = 'serversAction';
const PART_TYPE = 'serverActions';

/** @type {Record<PowerAction, string | null>} in which nothing is left to do */
const WANTED = { start: 'ACTIVE', stop: 'SHUTOFF', reboot: null };

/** @returns {string} */
function newJobId() {
	return randomUUID().replaceAll('-', '');
}

/**
 * @param {Cloud} cloud
 * @param {object} request
 * @param {PowerAction} request.action
 * @param {RebootType} request.rebootType
 * @param {string[]} request.serverIds
 * @param {Asker} request.asker
 * @returns {Job}
 */
function createJob(cloud, { action, rebootType, serverIds, asker }) {
	const takenUpAt = cloud.now + cloud.settings.jobInitSeconds * 1000;
	/** @type {Job} */
	const job = {
		id: newJobId(),
		action,
		projectId: asker.projectId,
		at: cloud.now,
		takenUpAt,
		subJobs: serverIds.map((serverId) => ({ id: newJobId(), serverId, result: null })),
	};
	for (const subJob of job.subJobs) {
		const server = cloud.serverOf(asker.projectId, subJob.serverId);
		if (server === undefined) {
			subJob.result = 'unknown';
			continue;
		}
		server.later(takenUpAt, () => {
			const refusal = server.ask(action, {
				now: takenUpAt,
				requestId: cloud.newRequestId(),
				asker,
				rebootType,
				onTaken: (result) => (subJob.result = result),
			});
			if (refusal === null) return;
			const isThere = server.status === WANTED[action] && server.taskState === null;
			subJob.result = cloud.settings.misfits === 'done' && isThere ? 'done' : refusal;
		});
	}
	cloud.jobs.set(job.id, job);
	return job;
}

/**
 * @param {PowerAction} action
 * @param {Exclude<SubJob['result'], null | 'done'>} result
 * @returns {{ code: string, reason: string } | null}
 */
function failureOf(action, result) {
	if (result === 'unknown') return { code: 'Ecs.0114', reason: 'The server does not exist.' };
	if ('why' in result) {
		return result.why === 'locked'
			? { code: 'Ecs.0605', reason: 'The server is locked.' }
			: {
					code: 'Ecs.0100',
					reason: `The server status does not meet the requirements: cannot ${action} in ${result.state ?? 'this state'}.`,
				};
	}
	return result.message === 'Error'
		? {
				code: 'Ecs.1000',
				reason: `Failed to ${action} the server: error from the compute service.`,
			}
		: null;
}

/**
 * @param {SubJob} subJob
 * @returns {JobStatus}
 */
function statusOfSubJob({ result }) {
	if (result === null) return 'RUNNING';
	if (result === 'done') return 'SUCCESS';
	if (result === 'unknown' || 'why' in result) return 'FAIL';
	const open = result.events.length === 0 || result.events.some((event) => event.result === null);
	if (open) return 'RUNNING';
	return result.message === 'Error' ? 'FAIL' : 'SUCCESS';
}

/** @param {SubJob} subJob */
function endOf({ result }) {
	return result !== null && typeof result === 'object' && 'updatedAt' in result
		? result.updatedAt
		: null;
}

/** @param {number | null} at */
function time(at) {
	return at === null ? '' : new Date(at).toISOString();
}

/**
 * The answer to a look at the job.
 *
 * @param {Cloud} cloud
 * @param {Job} job
 * @returns {Record<string, unknown>}
 */
function jobView(cloud, job) {
	const shared = { job_type: JOB_TYPE, begin_time: time(job.at) };
	if (cloud.now < job.takenUpAt) {
		return {
			status: 'INIT',
			entities: null,
			job_id: job.id,
			...shared,
			end_time: '',
			error_code: null,
			fail_reason: null,
		};
	}
	const subJobs = job.subJobs.map((subJob) => {
		const server = cloud.server(subJob.serverId);
		const status = statusOfSubJob(subJob);
		const failure =
			status === 'FAIL' && subJob.result !== null && subJob.result !== 'done'
				? failureOf(job.action, subJob.result)
				: null;
		return { subJob, status, failure, hidden: server?.subJobMissing ?? false };
	});
	const open = subJobs.some(({ status }) => status === 'RUNNING');
	const failed = subJobs.some(({ status }) => status === 'FAIL');
	const lastPart = Math.max(job.takenUpAt, ...job.subJobs.map((subJob) => endOf(subJob) ?? 0));
	const end = lastPart + cloud.settings.jobEndSeconds * 1000;
	const running = open || cloud.now < end;
	return {
		status: running ? 'RUNNING' : failed ? 'FAIL' : 'SUCCESS',
		entities: {
			sub_jobs_total: subJobs.length,
			sub_jobs: subJobs
				.filter(({ hidden }) => !hidden)
				.map(({ subJob, status, failure }) => ({
					status,
					entities: {
						server_id: subJob.serverId,
						...(failure === null ? {} : { errorcode_message: failure.reason }),
					},
					job_id: subJob.id,
					...shared,
					job_type: PART_TYPE,
					end_time: status === 'RUNNING' ? '' : time(endOf(subJob) ?? job.takenUpAt),
					error_code: failure?.code ?? null,
					fail_reason: failure?.reason ?? null,
				})),
		},
		job_id: job.id,
		...shared,
		end_time: running ? '' : time(end),
		error_code: !running && failed ? 'Common.0021' : null,
		fail_reason: !running && failed ? 'Subjob failed.' : null,
	};
}

module.exports = { createJob, failureOf, jobView };
