import type {
	IDataObject,
	IExecuteFunctions,
	INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';

import type { PowerAction } from '../cloud/power/actions/action';
import { count, errorOfAll, failureJson, withoutUndefined } from '../n8n/errors';
import { goesOn } from '../n8n/tool';
import type { ItemResult, Tallied } from './results';

/**
 * Stops the workflow where a server failed, unless the node is set to continue.
 * @throws NodeOperationError that lists every failed server.
 */
export function stopOnFailure(
	context: IExecuteFunctions,
	action: PowerAction,
	tallied: Tallied,
): void {
	if (tallied.failed.length > 0 && !goesOn(context)) throw toNodeError(context, action, tallied);
}

/** The output items, in input order. */
export function toItems(action: PowerAction, results: ItemResult[]): INodeExecutionData[] {
	return results.map((result, item) => toItem(action, result, item));
}

function toItem(action: PowerAction, result: ItemResult, item: number): INodeExecutionData {
	return { json: toJson(action, result), pairedItem: { item } };
}

function toJson(action: PowerAction, result: ItemResult): IDataObject {
	if (result.kind === 'refused') {
		const about = { serverId: result.given, operation: action.name, attempts: 0 };
		return { error: failureJson(result.failure, about) };
	}
	const { fate } = result;
	const { serverId, serverName, attempts } = fate;
	const about = { serverId, serverName, operation: action.name, attempts };
	if (fate.result.kind === 'failed') return { error: failureJson(fate.result.failure, about) };
	return withoutUndefined({
		serverId,
		serverName,
		operation: action.name,
		outcome: fate.result.outcome,
		status: fate.server?.status,
		requestId: fate.requestId,
		attempts,
		seconds: fate.seconds,
	});
}

function toNodeError(
	context: IExecuteFunctions,
	{ words: { verb } }: PowerAction,
	{ failed, all }: Tallied,
): NodeOperationError {
	const others = all - failed.length;
	return errorOfAll(context, failed, {
		count,
		summary: `${count(failed.length)} did not ${verb}, ${others} did`,
		others:
			others > 0 ? `${others} other ${others === 1 ? 'server' : 'servers'} did ${verb}` : undefined,
	});
}
