import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';

import type { Failure } from '../cloud/failure';
import type { Fate } from '../cloud/perform';
import type { PowerAction } from '../cloud/power';
import { parseServerId } from '../cloud/requests';

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

/** n8n sends an item down the error branch when `error` is its only key. */
function toErrorJson(action: PowerAction, result: ItemResult, failure: Failure) {
	return withoutUndefined({
		message: failure.message,
		reason: failure.reason,
		hint: failure.hint,
		serverId: serverOf(result),
		operation: action.name,
		attempts: 'fate' in result ? result.fate.attempts : 0,
		httpStatus: failure.httpStatus,
		code: failure.code,
		requestId: failure.requestId,
		status: failure.status,
	});
}

const MAX_LISTED = 20;

function toNodeError(
	context: IExecuteFunctions,
	action: PowerAction,
	results: ItemResult[],
): NodeOperationError {
	const servers = [...new Map(results.map((result) => [keyOf(result), result])).values()];
	const failures = servers.filter((result) => failureOf(result));
	const done = servers.length - failures.length;
	const lines = failures.slice(0, MAX_LISTED).map((result) => {
		const { message, reason, hint } = failureOf(result) as Failure;
		return `${message} [${reason}]. ${hint}.`;
	});
	const rest = failures.length - lines.length;
	if (rest > 0) lines.push(`… and ${rest} more.`);
	return new NodeOperationError(
		context.getNode(),
		`${count(failures.length)} did not ${action.words.verb}, ${done} did`,
		{ description: lines.join('<br />') },
	);
}

/** The same server among several items counts once; what is no server counts each time. */
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

function count(servers: number): string {
	return servers === 1 ? '1 server' : `${servers} servers`;
}

function withoutUndefined<T extends Record<string, string | number | undefined>>(json: T) {
	return Object.fromEntries(
		Object.entries(json).filter(([, value]) => value !== undefined),
	) as Record<string, string | number>;
}
