import { type IExecuteFunctions, type INodeExecutionData, NodeOperationError } from 'n8n-workflow';

import { errorOf, failureJson } from './errors';
import type { Failure } from '../cloud/words/failure';
import { cancelSignal } from './cancel';
import { messageOf } from './parameters';
import type { Refused } from './server/targets';
import { goesOn } from './tool';

/** What an item gets where something failed that nobody foresaw. */
export function unexpected(error: unknown): Failure {
	return {
		reason: 'unexpectedResponse',
		message: `The node itself failed: ${messageOf(error)}`,
		hint: 'Look at the server in the cloud before you run this again, and report this to the authors of the node',
	};
}

/** Keeps what goes wrong with one item from its neighbours; `given` is what it named. */
export async function orRefused<T>(given: string, work: () => Promise<T>): Promise<T | Refused> {
	try {
		return await work();
	} catch (error) {
		return { kind: 'refused', given, failure: unexpected(error) };
	}
}

/**
 * Makes an error of each item when work throws and On Error is set to continue: n8n would pass the
 * input on instead, by the success output.
 * @throws NodeOperationError when the execution is cancelled, or On Error is Stop Workflow.
 */
export async function orErrorItems(
	context: IExecuteFunctions,
	operation: string,
	work: () => Promise<INodeExecutionData[]>,
): Promise<INodeExecutionData[]> {
	try {
		return await work();
	} catch (error) {
		const isMeant = error instanceof NodeOperationError && !goesOn(context);
		if (isMeant || cancelSignal(context).aborted) {
			throw new NodeOperationError(context.getNode(), error as Error);
		}
		return failAll(context, operation, unexpected(error));
	}
}

/** @throws NodeOperationError, unless the node is set to continue. */
export function failAll(
	context: IExecuteFunctions,
	operation: string,
	failure: Failure,
): INodeExecutionData[] {
	if (!goesOn(context)) throw errorOf(context, failure);
	const error = failureJson(failure, { serverId: '', operation, attempts: 0 });
	return context.getInputData().map((_, item) => ({ json: { error }, pairedItem: { item } }));
}
