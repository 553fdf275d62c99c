import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';

import type { Failure } from '../cloud/words/failure';
import type { Fate } from '../cloud/power/perform';
import type { PowerAction } from '../cloud/power/actions/action';
import { parseServerId } from '../cloud/api/requests';
import { count, errorOf, failureJson, withoutUndefined } from '../n8n/errors';
import type { Refused } from '../n8n/server/targets';

/** What the user gets for one input item. */
export type ItemResult = { kind: 'fate'; fate: Fate } | Refused;

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
	return { json: toJson(action, result), pairedItem: { item } };
}

function toJson(action: PowerAction, result: ItemResult): IDataObject {
	if (result.kind === 'refused') {
		return { error: toErrorJson(action, result.failure, result.given, 0) };
	}
	const { fate } = result;
	if (fate.result.kind === 'failed') {
		return { error: toErrorJson(action, fate.result.failure, fate.serverId, fate.attempts) };
	}
	return withoutUndefined({
		serverId: fate.serverId,
		serverName: fate.server?.name,
		operation: action.name,
		outcome: fate.result.outcome,
		status: fate.server?.status,
		requestId: fate.requestId,
		attempts: fate.attempts,
		seconds: fate.seconds,
	});
}

function toErrorJson(action: PowerAction, failure: Failure, serverId: string, attempts: number) {
	return failureJson(failure, { serverId, operation: action.name, attempts });
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

/** The same server among several items counts once, as failed if one of them failed; what is no server counts each time. */
function keyOf(result: ItemResult): unknown {
	return parseServerId(serverOf(result)) ?? result;
}

function failureOf(result: ItemResult): Failure | undefined {
	if (result.kind === 'refused') return result.failure;
	return result.fate.result.kind === 'failed' ? result.fate.result.failure : undefined;
}

function serverOf(result: ItemResult): string {
	return result.kind === 'fate' ? result.fate.serverId : result.given;
}
