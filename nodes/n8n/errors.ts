import {
	type ILoadOptionsFunctions,
	type INode,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import type { Failure } from '../cloud/words/failure';
import { type ErrorWords, type Failed, type Tally, wordsOf, wordsOfAll } from './error-words';
import { isTool } from './tool';

/** What stands under `error`, which must be the only key: then n8n sends the item down the error branch. */
export function failureJson(
	failure: Failure,
	about: { serverId: string; serverName?: string; operation: string; attempts: number },
) {
	return withoutUndefined({
		message: failure.message,
		reason: failure.reason,
		hint: failure.hint,
		...about,
		serverName: about.serverName ?? failure.server?.name,
		httpStatus: failure.httpStatus,
		code: failure.code,
		requestId: failure.requestId,
		status: failure.status,
	});
}

type Context = { getNode(): INode };

/** The error of a node that failed as a whole. */
export function errorOf(context: Context, failure: Failure): NodeOperationError {
	return toNodeError(context, wordsOf(failure));
}

/** One error for all that failed. */
export function errorOfAll(context: Context, failed: Failed[], tally: Tally): NodeOperationError {
	return toNodeError(context, wordsOfAll(failed, tally));
}

function toNodeError(context: Context, { title, paragraphs }: ErrorWords): NodeOperationError {
	const text = paragraphs.flat().join(' ');
	// The model of an agent reads no more than the message.
	const message = isTool(context) ? `${title}. ${text}` : title;
	const html = paragraphs.map((lines) => lines.map(escapeHtml).join('<br />')).join('<br /><br />');
	const description = isTool(context) ? escapeHtml(text) : html;
	const error = new NodeOperationError(context.getNode(), message, { description });
	// n8n puts a text of its own in place of a message that holds a network code.
	error.message = message;
	return error;
}

/** n8n shows a description as HTML; a server may be named in the same signs. */
function escapeHtml(text: string): string {
	return text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}

/** As in `1 server`, `3 servers`. */
export function count(servers: number): string {
	return servers === 1 ? '1 server' : `${servers} servers`;
}

/** JSON without the fields that have no value. */
export function withoutUndefined<T extends Record<string, string | number | undefined>>(json: T) {
	return Object.fromEntries(
		Object.entries(json).filter(([, value]) => value !== undefined),
	) as Record<string, string | number>;
}

/** The editor shows the description of a NodeApiError, and of no other error. */
export function toEditorError(
	context: ILoadOptionsFunctions,
	{ message, hint }: Failure,
): NodeApiError {
	const error = new NodeApiError(context.getNode(), { message }, { message, description: hint });
	// n8n puts a text of its own in place of a message that holds a network code.
	error.message = message;
	return error;
}
