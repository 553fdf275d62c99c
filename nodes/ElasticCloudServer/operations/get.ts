import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { readSimplify } from '../fields';
import { explainRead } from '../../cloud/servers/explain';
import { readServer } from '../../cloud/servers/inventory';
import { raw, simplify } from '../../cloud/servers/simplify';
import type { Session } from '../../cloud/session/session';
import { beginInBreaths } from '../../n8n/breath';
import { resolveNames } from '../../n8n/names';
import { readAll, type ReadResult } from '../read';
import { type Named, readTarget, type Target } from '../../n8n/targets';
import { orRefused } from '../../n8n/unexpected';

export const option = {
	name: 'Get',
	value: 'get',
	action: 'Get server',
	description: 'Get the status, the addresses and more of one server',
};

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await readAll(this, {
		operation: 'get',
		planOf: (item) => ({ ...readTarget(this, item), ...readSimplify(this, item) }),
		read: readEach,
	});
}

type Plan = (Target | Named) & { simplify?: boolean };

async function readEach(session: Session, plans: Plan[]): Promise<ReadResult[]> {
	const targets = await resolveNames(session, plans);
	return await beginInBreaths(session.clock, targets, async (target, item): Promise<ReadResult> => {
		if ('failure' in target) return target;
		const { serverId, spentMs } = target;
		return await orRefused(serverId, async () => {
			const row = await readServer(session, serverId, spentMs);
			if (row.kind === 'unread') {
				return { given: serverId, failure: explainRead(`Server ${serverId}`, row) };
			}
			return { servers: [plans[item].simplify ? simplify(row) : raw(row)] };
		});
	});
}
