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

/** Nova's cap on a page of servers, and the documented one of OTC. */
export const PAGE_SIZE = 1000;

/** No page is asked for that is shorter than this. */
export const SHORTEST_PAGE = 10;

/** Servers that one list can be asked for by their IDs (huaweicloud-sdk-nodejs-v3, `ListServersDetails`). */
export const MOST_CHOSEN = 100;

/** Servers in one batch, at most, and servers in one minute (OTC ECS API reference, "Starting ECSs in a Batch"). */
export const BATCH_SIZE = 1000;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The server id in the form clouds print it, or undefined when the text is no UUID. */
export function parseServerId(value: unknown): string | undefined {
	const text = typeof value === 'string' ? value.trim().toLowerCase() : '';
	return UUID.test(text) ? text : undefined;
}
