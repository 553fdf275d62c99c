import type { IDataObject } from 'n8n-workflow';

import { type Answer, isObject, type NotSent } from '../answer';
import type { Api } from '../api';
import { readFault } from '../fault';
import { isNotPublished } from '../not-published';
import type { CloudRequest } from '../requests';
import { batchVerdict } from '../batch-verdict';
import { jobIdOf, readJobEvidence } from './job-evidence';
import { afterLastOf, byNumber } from './paging';

/** The cloud's own API, with what it has beside one call for one server. */
export interface EcsV1 extends Api {
	/** Asks for an action on up to `BATCH_SIZE` servers; the answer names a job. */
	actOnMany(body: IDataObject): CloudRequest;
	/** Reads how far a job is. */
	job(jobId: string): CloudRequest;
}

/**
 * ECS v1 (OTC ECS API reference, "APIs (Recommended)"; Huawei Cloud, "Starting ECSs in a Batch", "Querying Details About
 * ECSs"). `pagesBy`: Huawei Cloud pages by `marker`, and calls the numbers of pages discarded, which OTC documents alone.
 */
export function ecsV1(projectId: string, pagesBy: 'marker' | 'number'): EcsV1 {
	const project = `/v1/${projectId}`;
	const servers = `${project}/cloudservers`;
	const paging = pagesBy === 'marker' ? afterLastOf : byNumber;
	const actOn = (body: IDataObject): CloudRequest => ({
		method: 'POST',
		path: `${servers}/action`,
		body,
	});
	const job = (jobId: string): CloudRequest => ({
		method: 'GET',
		path: `${project}/jobs/${encodeURIComponent(jobId)}`,
		aside: true,
	});
	return {
		actOnMany: (body) => ({ ...actOn(body), aside: true }),
		job,
		act: (serverId, { batchBody }) => actOn(batchBody([serverId])),
		judge: (answer) => ({ ...batchVerdict(answer, 1), jobId: jobIdOf(answer), isAlone: true }),
		isPaced: true,
		looksFirst: true,
		read: (serverId) => ({ method: 'GET', path: `${servers}/${serverId}` }),
		list: (filters, limit, after) => ({
			method: 'GET',
			path: `${servers}/detail`,
			query: { limit: String(limit), ...known(filters), ...paging.query(limit, after) },
		}),
		page({ servers: listed, count }, limit, after) {
			if (!Array.isArray(listed)) return undefined;
			const follows = paging.follows({ length: listed.length, count, limit, after });
			return { servers: listed.filter((server) => !isNobody(server)), ...follows };
		},
		listsChanges: false,
		// Of Huawei Cloud's hosts alone it is known.
		listsChosen: pagesBy === 'marker',
		evidence: ({ jobId }) => (jobId === undefined ? undefined : job(jobId)),
		readEvidence: readJobEvidence,
		permissions: 'ecs:cloudServers',
		isMissing,
	};
}

/** What Nova alone can be asked for: what has changed, and an order. */
const UNKNOWN = ['changes-since', 'sort_key', 'sort_dir'];

/** What several tags mean is not documented: the first goes along, and all are checked here. */
function known(filters: Record<string, string>): Record<string, string> {
	const asked = Object.entries(filters).filter(([name]) => !UNKNOWN.includes(name));
	return Object.fromEntries(
		asked.map(([name, value]) => [name, name === 'tags' ? value.split(',')[0] : value]),
	);
}

/** What stands for an ID that was asked for and that no server has (huaweicloud-sdk-nodejs-v3, `ListServersDetails`). */
function isNobody(server: unknown): boolean {
	return isObject(server) && server.status === null;
}

/** Plain OpenStack knows no such path: a real Nova answers 300 with its list of versions. */
function isMissing(answer: Answer | NotSent): boolean {
	if (answer.kind === 'answered' && (answer.status === 300 || answer.status === 405)) {
		return !/^(Ecs|Common)\./.test(readFault(answer).code ?? '');
	}
	return isNotPublished(answer);
}
