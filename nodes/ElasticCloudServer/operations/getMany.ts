import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { statusTitle } from '../../n8n/server/server-field';
import { explainRead } from '../../cloud/servers/explain';
import type { Filters } from '../../cloud/servers/filters';
import { findServers } from '../../cloud/servers/inventory';
import { STATUSES } from '../../cloud/api/server';
import { raw, simplify } from '../../cloud/servers/simplify';
import type { Clock } from '../../cloud/session/clock';
import type { Session } from '../../cloud/session/session';
import { toNumber, toText, toWords } from '../../cloud/api/values';
import { beginInBreaths } from '../../n8n/breath';
import { forOperations, readSimplify } from '../fields';
import { InvalidValue, readCollection, readSwitch } from '../../n8n/parameters';
import { readAll, type ReadResult } from '../read';
import type { Wanted } from '../../n8n/server/targets';
import { orRefused } from '../../n8n/unexpected';

export const option = {
	name: 'Get Many',
	value: 'getMany',
	action: 'Get many servers',
	description: 'Get the servers of the project, all of them or those that fit a filter',
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
		description: 'Which servers to get: those for which all of these hold',
		displayOptions: forOperations('getMany'),
		options: [
			{
				displayName: 'Name',
				name: 'name',
				type: 'string',
				default: '',
				placeholder: 'e.g. web-',
				description: 'A part of the name; characters such as * have no special meaning',
			},
			{
				displayName: 'Status',
				name: 'status',
				type: 'options',
				default: 'SHUTOFF',
				options: STATUSES.map((status) => ({ name: statusTitle(status), value: status })),
				description: 'The status that the servers have',
			},
			{
				displayName: 'Tags',
				name: 'tags',
				type: 'string',
				default: '',
				placeholder: 'e.g. env=test,nightly',
				description:
					'Tags that the servers have, all of them: separated by commas, each as key=value or only the key',
			},
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
	return await readAll(this, reading, clock);
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
	return { kind: 'servers', servers: found.rows.map(simple ? simplify : raw) };
}

/**
 * A filter that means nothing must not let all servers through: what comes next may stop them. Only a
 * text that is empty as it stands is no filter.
 * @throws InvalidValue for every other value that selects nothing, and for a filter that there is not.
 */
function readFilters(given: Record<string, unknown>): Filters {
	const filters: Filters = {};
	for (const [name, value] of Object.entries(given)) {
		const read = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
		if (!read) throw unusable(name);
		if (value !== '') Object.assign(filters, read(value));
	}
	return filters;
}

const FILTERS: Readonly<Record<string, (value: unknown) => Filters>> = {
	name(value) {
		const name = toText(value)?.trim();
		if (!name) throw unusable('Name');
		return { name };
	},
	status(value) {
		const wanted = toText(value)?.trim().toUpperCase();
		const status = STATUSES.find((one) => one === wanted);
		if (!status) throw unusable('Status');
		return { status };
	},
	tags(value) {
		const tags = toWords(value);
		if (!tags) throw unusable('Tags');
		return { tags };
	},
};

function unusable(filter: string): InvalidValue {
	return new InvalidValue(
		`The filter '${filter}' has no usable value for this item, so that no list was asked for`,
		filter === 'Status'
			? 'Use one of the statuses that the node offers, such as ACTIVE or SHUTOFF'
			: 'Give a text without empty parts, or remove the filter; if it comes from an expression, check that the field exists in the input item',
	);
}
