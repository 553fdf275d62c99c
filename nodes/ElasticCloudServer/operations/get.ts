import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { readSimplify } from '../fields';
import { explainServer } from '../../cloud/servers/explain';
import { readServer } from '../../cloud/servers/inventory';
import { raw, simplifiedItem } from '../../cloud/servers/simplify';
import type { Clock } from '../../cloud/session/clock';
import type { Session } from '../../cloud/session/session';
import { beginInBreaths } from '../../n8n/breath';
import { resolveNames } from '../../n8n/server/names';
import { readAll, type ReadResult } from '../read';
import { type Plan, readTarget, wantedOf } from '../../n8n/server/targets';
import { orRefused } from '../../n8n/unexpected';

export const option = {
	name: 'Get',
	value: 'get',
	action: 'Get server',
	description: 'Retrieve one server with its status, addresses, flavor and tags',
};

export async function execute(
	this: IExecuteFunctions,
	clock?: Clock,
): Promise<INodeExecutionData[]> {
	const reading = {
		operation: 'get',
		wantedOf: (item: number) => wantedOf(readTarget(this, item), readSimplify(this, item)),
		read: readEach,
	};
	return await readAll(this, reading, clock);
}

type Wish = ReturnType<typeof readSimplify>;

async function readEach(session: Session, plans: Array<Plan<Wish>>): Promise<ReadResult[]> {
	const given = plans.map(({ target }) => target);
	const targets = await resolveNames(session, given);
	return await beginInBreaths(session.clock, targets, async (target, item): Promise<ReadResult> => {
		if (target.kind === 'refused') return target;
		const { serverId, name, spentMs } = target;
		return await orRefused<ReadResult>(serverId, async () => {
			const row = await readServer(session, serverId, spentMs);
			if (row.kind === 'unread') {
				const failure = explainServer({ id: serverId, name }, row);
				return { kind: 'refused', given: serverId, failure };
			}
			const { wish } = plans[item];
			return { kind: 'servers', servers: [wish.simplify ? simplifiedItem(row) : raw(row)] };
		});
	});
}
