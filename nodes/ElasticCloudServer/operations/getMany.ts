import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { statusTitle } from '../../n8n/server/server-field';
import { explainRead } from '../../cloud/servers/explain';
import type { Filters } from '../../cloud/servers/filters';
import { nameFilterField, readFilters, tagsFilterField } from '../../n8n/server/filter-fields';
import { findServers } from '../../cloud/servers/inventory';
import { STATUSES } from '../../cloud/api/server';
import { raw, simplifiedItem } from '../../cloud/servers/simplify';
import type { Clock } from '../../cloud/session/clock';
import type { Session } from '../../cloud/session/session';
import { toNumber } from '../../cloud/api/values';
import { beginInBreaths } from '../../n8n/breath';
import { forOperations, readSimplify } from '../fields';
import { InvalidValue, readCollection, readSwitch } from '../../n8n/parameters';
import { readAll, type ReadResult } from '../read';
import { inWords } from '../tool';
import type { Wanted } from '../../n8n/server/targets';
import { orRefused } from '../../n8n/unexpected';

export const option = {
	name: 'Get Many',
	value: 'getMany',
	action: 'Get many servers',
	description: 'Retrieve a list of servers, all of the project or those that fit filters',
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
		displayOptions: forOperations('getMany'),
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		default: 50,
		typeOptions: { minValue: 1 },
		description: 'Max number of results to return',
		displayOptions: {
			show: { ...forOperations('getMany')?.show, returnAll: [false] },
		},
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		description: 'A server must fit all of them',
		displayOptions: forOperations('getMany'),
		options: [
			nameFilterField,
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				default: 'SHUTOFF',
				options: STATUSES.map((status) => ({ name: statusTitle(status), value: status })),
				description: 'What the cloud says of a server now, such as Shutoff for one that is off',
			},
			tagsFilterField,
		],
	},
];

export async function execute(
	this: IExecuteFunctions,
	clock?: Clock,
): Promise<INodeExecutionData[]> {
	const reading = {
		operation: 'getMany',
		wantedOf: (item: number): Wanted<Plan> => ({
			kind: 'wanted',
			given: '',
			plan: readPlan(this, item),
		}),
		read: async (session: Session, plans: Plan[]) =>
			await beginInBreaths(
				session.clock,
				plans,
				async (plan) => await orRefused('', async () => await readList(session, plan)),
			),
	};
	const found = await readAll(this, reading, clock);
	return inWords(this, found, 'No server of the project fits what was asked for');
}

interface Plan {
	filters: Filters;
	limit: number;
	simplify: boolean;
}

function readPlan(context: IExecuteFunctions, item: number): Plan {
	const all = readSwitch(context, item, 'returnAll', 'Return All', false);
	return {
		filters: readFilters(readCollection(context, item, 'filters', 'Filters')),
		limit: all ? Infinity : readLimit(context.getNodeParameter('limit', item, 50)),
		...readSimplify(context, item),
	};
}

function readLimit(value: unknown): number {
	const limit = toNumber(value);
	if (limit !== undefined && Number.isSafeInteger(limit) && limit >= 1) return limit;
	throw new InvalidValue("'Limit' must be a whole number from 1", 'Correct the limit');
}

async function readList(session: Session, plan: Plan): Promise<ReadResult> {
	const { filters, limit, simplify: simple } = plan;
	const found = await findServers(session, filters, limit);
	if (found.kind === 'unread') {
		return { kind: 'refused', given: '', failure: explainRead('The list of servers', found) };
	}
	return { kind: 'servers', servers: found.rows.map(simple ? simplifiedItem : raw) };
}
