import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';

import type { Failure } from '../cloud/words/failure';
import type { Fate } from '../cloud/power/perform';
import type { PowerAction } from '../cloud/power/actions/action';
import { parseServerId } from '../cloud/api/requests';

/** What the user gets for one input item. */
export type ItemResult =
	| { fate: Fate }
	/** Nothing was sent for it; `given` is what stood in place of a server. */
	| { given: string; failure: Failure };

/**
 * The output items, in input order.
 * @throws NodeOperationError that lists every failed server, unless the node is set to continue.
 */
export function toItems(
	context: IExecuteFunctions,
	action: PowerAction,
	results: ItemResult[],
): INodeExecutionData[] {
	if (!context.continueOnFail() && results.some((result) => failureOf(result))) {
		throw toNodeError(context, action, results);
	}
	return results.map((result, item) => toItem(action, result, item));
}

function toItem(action: PowerAction, result: ItemResult, item: number): INodeExecutionData {
	const failure = failureOf(result);
	if (failure)
		return { json: { error: toErrorJson(action, result, failure) }, pairedItem: { item } };

	const { fate } = result as { fate: Fate };
	return {
		json: withoutUndefined({
			serverId: fate.serverId,
			serverName: fate.server?.name,
			operation: action.name,
			outcome: 'outcome' in fate.result ? fate.result.outcome : undefined,
			status: fate.server?.status,
			requestId: fate.requestId,
			attempts: fate.attempts,
			seconds: fate.seconds,
		}),
		pairedItem: { item },
	};
}

function toErrorJson(action: PowerAction, result: ItemResult, failure: Failure) {
	return failureJson(failure, {
		serverId: serverOf(result),
		operation: action.name,
		attempts: 'fate' in result ? result.fate.attempts : 0,
	});
}

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

function toNodeError(
	context: IExecuteFunctions,
	action: PowerAction,
	results: ItemResult[],
): NodeOperationError {
	const done = results.filter((result) => !failureOf(result));
	const failed = results.filter(failureOf);
	const servers = [...new Map([...done, ...failed].map((one) => [keyOf(one), one])).values()];
	const failures = servers.map(failureOf).filter((failure) => failure !== undefined);
	const others = servers.length - failures.length;
	const summary = `${count(failures.length)} did not ${action.words.verb}, ${others} did`;
	return errorOf(context, summary, failures);
}

const MAX_LISTED = 20;

/**
 * One error for all that failed. Who sees nothing but its message learns a single failure there.
 * `summary`: how many failed and how many did not, where there are several.
 */
export function errorOf(
	context: IExecuteFunctions,
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

/** The same server among several items counts once, as failed if one of them failed; what is no server counts each time. */
function keyOf(result: ItemResult): unknown {
	return parseServerId(serverOf(result)) ?? result;
}

function failureOf(result: ItemResult): Failure | undefined {
	if ('failure' in result) return result.failure;
	return 'failure' in result.fate.result ? result.fate.result.failure : undefined;
}

function serverOf(result: ItemResult): string {
	return 'fate' in result ? result.fate.serverId : result.given;
}

/** As in `1 server`, `3 servers`. */
export function count(servers: number): string {
	return servers === 1 ? '1 server' : `${servers} servers`;
}

function withoutUndefined<T extends Record<string, string | number | undefined>>(json: T) {
	return Object.fromEntries(
		Object.entries(json).filter(([, value]) => value !== undefined),
	) as Record<string, string | number>;
}
