import type { IDataObject, IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { errorOfAll, failureJson } from '../n8n/errors';
import { type Clock, systemClock } from '../cloud/session/clock';
import type { Session } from '../cloud/session/session';
import { mapInBreaths } from '../n8n/breath';
import { orCancelled } from '../n8n/cancel';
import { inSessions } from '../n8n/connect/execution';
import { readItem, type Refused, type Wanted } from '../n8n/server/targets';
import { goesOn } from '../n8n/tool';
import { hintAt, nothingRead, readHints } from './execution-hint';

/** What one input item gives: servers, or why there are none. */
export type ReadResult = { kind: 'servers'; servers: IDataObject[] } | Refused;

/** What an item asks for (`P`, read from its parameters), and how the cloud gives it. */
interface Reading<P> {
	operation: string;
	/** May throw, as an expression may fail. */
	wantedOf: (item: number) => Wanted<P> | Refused;
	read: (session: Session, plans: P[]) => Promise<ReadResult[]>;
}

/**
 * Reads for all input items; each server is paired with the item that asked for it.
 * @throws NodeOperationError that lists every failed item, unless the node is set to continue.
 */
export async function readAll<P>(
	context: IExecuteFunctions,
	{ operation, wantedOf, read }: Reading<P>,
	clock: Clock = systemClock,
): Promise<INodeExecutionData[]> {
	const work = async () => {
		const items = context.getInputData();
		const wanted = await mapInBreaths(clock, items, (_, item) => readItem(() => wantedOf(item)));
		return await inSessions(context, clock, wanted, read);
	};
	const results = await orCancelled(context, work());
	const failed = results.filter((result) => result.kind === 'refused');
	const all = results.length;
	if (failed.length > 0 && !goesOn(context)) {
		const others = all - failed.length;
		throw errorOfAll(context, failed, {
			count: (items) => `${items} items`,
			summary: nothingRead(failed.length, all),
			others: others > 0 ? `${others} of ${all} items could be read` : undefined,
		});
	}
	hintAt(context, readHints(failed.length, all));
	return results.flatMap((result, item) => toItems(operation, result, item));
}

function toItems(operation: string, result: ReadResult, item: number): INodeExecutionData[] {
	if (result.kind === 'servers') {
		return result.servers.map((json) => ({ json, pairedItem: { item } }));
	}
	const { failure, given } = result;
	const error = failureJson(failure, { serverId: given, operation, attempts: 0 });
	return [{ json: { error }, pairedItem: { item } }];
}
