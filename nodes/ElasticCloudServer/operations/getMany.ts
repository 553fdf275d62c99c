import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { explainRead } from '../../cloud/explain-read';
import type { Filters } from '../../cloud/filters';
import { findServers } from '../../cloud/inventory';
import { STATUSES } from '../../cloud/server';
import { raw, simplify } from '../../cloud/simplify';
import type { Session } from '../../cloud/tools';
import { forOperations, statusTitle } from '../fields';
import { readAll, type ReadResult } from '../read';
import { readSimplify } from '../settings';
import type { Refused } from '../targets';

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

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await readAll(this, {
		operation: 'getMany',
		planOf: (item) => readPlan(this, item),
		read: async (session, plans) =>
			await Promise.all(plans.map(async (plan) => await readList(session, plan))),
	});
}

interface Plan {
	filters: Filters;
	limit: number;
	simplify: boolean;
}

function readPlan(context: IExecuteFunctions, item: number): Plan | Refused {
	const all = context.getNodeParameter('returnAll', item, false) === true;
	const limit = all ? Infinity : Number(context.getNodeParameter('limit', item, 50));
	if (!all && !(Number.isSafeInteger(limit) && limit >= 1)) {
		const message = "'Limit' must be a whole number from 1";
		return { given: '', failure: { reason: 'invalidInput', message, hint: 'Correct the limit' } };
	}
	const filters = readFilters(context.getNodeParameter('filters', item, {}));
	return 'failure' in filters ? filters : { filters, limit, ...readSimplify(context, item) };
}

async function readList(session: Session, plan: Plan | Refused): Promise<ReadResult> {
	if ('failure' in plan) return plan;
	const { filters, limit, simplify: simple } = plan;
	const found = await findServers(session, filters, limit);
	if (found.kind === 'unread') return { failure: explainRead('The list of servers', found) };
	return { servers: found.rows.map(simple ? simplify : raw) };
}

/** A filter that means nothing must not let all servers through: what comes next may stop them. */
function readFilters(given: object): Filters | Refused {
	const { name, status, tags: some } = given as Record<string, unknown>;
	const tags = Array.isArray(some) && some.length > 0 && some.every(isText) ? some.join(',') : some;
	if ('name' in given && !isText(name)) return unusable('Name');
	if ('tags' in given && !isText(tags)) return unusable('Tags');
	const wanted = isText(status) ? String(status).trim().toUpperCase() : undefined;
	if ('status' in given && wanted !== '' && !STATUSES.some((one) => one === wanted)) {
		return unusable('Status');
	}
	return {
		name: String(name ?? '').trim() || undefined,
		status: wanted || undefined,
		tags: String(tags ?? '')
			.split(',')
			.map((tag) => tag.trim())
			.filter((tag) => tag !== ''),
	};
}

function isText(value: unknown): boolean {
	return typeof value === 'string' || typeof value === 'number';
}

function unusable(filter: string): Refused {
	const message = `The filter '${filter}' has no usable value for this item, so that no list was asked for`;
	const hint =
		filter === 'Status'
			? 'Use one of the statuses that the node offers, such as ACTIVE or SHUTOFF'
			: 'Give a text, or remove the filter; if it comes from an expression, check that the field exists in the input item';
	return { given: '', failure: { reason: 'invalidInput', message, hint } };
}
