import type { IDataObject, IHttpRequestMethods } from 'n8n-workflow';

import type { Answer } from './answer';
import type { Departure } from './departure';

/** One call to the cloud's API: a path behind the endpoint, and nothing of who asks. */
export interface CloudRequest {
	method: IHttpRequestMethods;
	path: string;
	query?: Record<string, string>;
	headers?: Record<string, string>;
	body?: IDataObject;
	/** It goes to another service than Nova, which a gateway may let ask for another proof. */
	aside?: true;
}

/**
 * Sends one request and takes whatever comes, within `timeoutMs` milliseconds. `onLeave` is told when it leaves n8n,
 * after a login perhaps; once more, where its token was refused. Never rejects.
 */
export type Send = (
	request: CloudRequest,
	timeoutMs: number,
	onLeave?: () => void,
) => Promise<Answer>;

/** The same, by a departure that may be missed. */
export type Client = (
	request: CloudRequest,
	timeoutMs: number,
	departure: Departure,
) => Promise<Answer>;

export type ApiVersion = 'v2.1' | 'v2';

/** Nova's cap on a page of servers, and the documented one of OTC. */
export const PAGE_SIZE = 1000;

/** No page is asked for that is shorter than this. */
export const SHORTEST_PAGE = 10;

/** Servers in one batch, at most, and servers in one minute (OTC ECS API reference, "Starting ECSs in a Batch"). */
export const BATCH_SIZE = 1000;

/**
 * `locked` is shown from 2.9, tags from 2.26; from 2.47 the flavor's id is gone. OTC documents 2.26.
 */
export const READ_MICROVERSION = '2.26';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The server id in the form clouds print it, or undefined when the text is no UUID. */
export function parseServerId(value: unknown): string | undefined {
	const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
	return UUID.test(text) ? text : undefined;
}

/** The calls of one project. Ids must have passed `parseServerId`. */
export class Requests {
	/** The project in Nova's API … */
	private readonly project: string;

	/** … and in the cloud's own, which plain OpenStack does not have. */
	private readonly ecsProject: string;

	constructor(apiVersion: ApiVersion, projectId: string) {
		this.project = `/${apiVersion}/${projectId}`;
		this.ecsProject = `/v1/${projectId}`;
	}

	/** Asks for an action on one server. */
	act(serverId: string, body: IDataObject): CloudRequest {
		return { method: 'POST', path: `${this.project}/servers/${serverId}/action`, body };
	}

	/** Asks for an action on up to `BATCH_SIZE` servers; the answer names a job. */
	actOnMany(body: IDataObject): CloudRequest {
		return { method: 'POST', path: `${this.ecsProject}/cloudservers/action`, body, aside: true };
	}

	/** Reads how far a job is. */
	job(jobId: string): CloudRequest {
		const path = `${this.ecsProject}/jobs/${encodeURIComponent(jobId)}`;
		return { method: 'GET', path, aside: true };
	}

	/** Reads one server. */
	read(serverId: string, microversion?: string): CloudRequest {
		return {
			method: 'GET',
			path: `${this.project}/servers/${serverId}`,
			headers: microversionHeader(microversion),
		};
	}

	/** Reads a page of servers, newest first; `marker` is the last id of the page before. */
	list(
		filters: Record<string, string>,
		limit: number,
		marker?: string,
		microversion?: string,
	): CloudRequest {
		return {
			method: 'GET',
			path: `${this.project}/servers/detail`,
			query: { limit: String(limit), ...filters, ...(marker ? { marker } : {}) },
			headers: microversionHeader(microversion),
		};
	}

	/** Reads what was done to a server, newest first. */
	actions(serverId: string): CloudRequest {
		return { method: 'GET', path: `${this.project}/servers/${serverId}/os-instance-actions` };
	}
}

function microversionHeader(microversion?: string): Record<string, string> {
	return microversion ? { 'X-OpenStack-Nova-API-Version': microversion } : {};
}
