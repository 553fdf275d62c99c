import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { errorOf, failureJson } from '../n8n/errors';
import { type Clock, systemClock } from '../cloud/session/clock';
import type { Failure } from '../cloud/words/failure';
import type { Session } from '../cloud/session/session';
import { mapInBreaths } from '../n8n/breath';
import { orCancelled } from '../n8n/cancel';
import { inSessions } from '../n8n/connect';
import { readItem, type Refused } from '../n8n/targets';

/** What one input item gives: servers, or why there are none. */
export type ReadResult = { servers: IDataObject[] } | { given?: string; failure: Failure };

/** What an item asks for (`P`, read from its parameters), and how the cloud gives it. */
interface Reading<P extends object> {
	operation: string;
	planOf: (item: number) => P;
	read: (session: Session, plans: Array<P | Refused>) => Promise<ReadResult[]>;
}

/**
 * Reads for all input items; each server is paired with the item that asked for it.
 * @throws NodeOperationError that lists every failed item, unless the node is set to continue.
 */
export async function readAll<P extends object>(
	context: IExecuteFunctions,
	{ operation, planOf, read }: Reading<P>,
	clock: Clock = systemClock,
): Promise<INodeExecutionData[]> {
	const work = async () => {
		const items = context.getInputData();
		const plans = await mapInBreaths(clock, items, (_, item) => readItem(() => planOf(item)));
		return await inSessions(context, clock, plans, read);
	};
	const results: ReadResult[] = await orCancelled(context, work());
	const failures = results.flatMap((result) => ('failure' in result ? [result.failure] : []));
	if (failures.length > 0 && !context.continueOnFail()) {
		const summary = `Nothing could be read for ${failures.length} of ${results.length} items`;
		throw errorOf(context, results.length > 1 ? summary : undefined, failures);
	}
	return results.flatMap((result, item) => toItems(operation, result, item));
}

function toItems(operation: string, result: ReadResult, item: number): INodeExecutionData[] {
	if ('servers' in result) {
		return result.servers.map((json) => ({ json, pairedItem: { item } }));
	}
	const { failure, given = '' } = result;
	const error = failureJson(failure, { serverId: given, operation, attempts: 0 });
	return [{ json: { error }, pairedItem: { item } }];
}
