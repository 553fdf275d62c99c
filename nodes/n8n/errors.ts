import {
	type ILoadOptionsFunctions,
	type INode,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

import type { Failure } from '../cloud/words/failure';

/** What stands under `error`, which must be the only key: then n8n sends the item down the error branch. */
export function failureJson(
	failure: Failure,
	about: { serverId: string; operation: string; attempts: number },
) {
	return withoutUndefined({
		message: failure.message,
		reason: failure.reason,
		hint: failure.hint,
		...about,
		httpStatus: failure.httpStatus,
		code: failure.code,
		requestId: failure.requestId,
		status: failure.status,
	});
}

const MAX_LISTED = 20;

/**
 * One error for all that failed. Who sees nothing but its message learns a single failure there.
 * `summary`: how many failed and how many did not, where there are several.
 */
export function errorOf(
	context: { getNode(): INode },
	summary: string | undefined,
	failures: Failure[],
): NodeOperationError {
	const lines = failures
		.slice(0, MAX_LISTED)
		.map(({ message, reason, hint }) => `${message}. ${hint}. [${reason}]`);
	const rest = failures.length - lines.length;
	if (rest > 0) lines.push(`… and ${rest} more.`);
	const only = failures.length === 1 ? failures[0].message : undefined;
	const message = [summary, only].filter(Boolean).join(': ');
	const description = lines.map(escapeHtml).join('<br /><br />');
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
