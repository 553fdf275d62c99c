import { NodeOperationError } from 'n8n-workflow';

import type { Answer } from '../../../../nodes/cloud/api/answer';
import * as getMany from '../../../../nodes/ElasticCloudServer/operations/getMany';
import { answered, nova } from '../../answers';
import { fleet, idOf, server } from '../../servers';
import { contextWith, type SentRequest } from '../../context';
import { projectOf, toResponse } from '../../responses';

const FORBIDDEN = answered(403, nova(403, 'forbidden', 'Policy says no'));

/** An expression that fails. */
const BROKEN = new Error("Node 'Webhook' hasn't been executed");
const SAYS_BROKEN = expect.stringContaining(BROKEN.message) as string;

type World = Parameters<typeof contextWith>[1];

async function errorOf(work: Promise<unknown>): Promise<NodeOperationError> {
	const error = await work.catch((thrown: unknown) => thrown);
	if (error instanceof NodeOperationError) return error;
	throw new Error('No error');
}

describe('Get Many', () => {
	const fromCloud = (answer: Answer) => ({ respond: () => toResponse(answer) });

	async function run(
		parameters: Record<string, unknown>,
		world: World = { respond: projectOf(fleet(120)) },
	) {
		const context = contextWith(parameters, world);
		return { context, items: await getMany.execute.call(context) };
	}

	test('gives 50 servers where nothing else is set', async () => {
		expect((await run({})).items).toHaveLength(50);
	});

	test('gives as many as Limit says, or all', async () => {
		expect((await run({ limit: 7 })).items).toHaveLength(7);
		expect((await run({ limit: '7' })).items).toHaveLength(7);
		expect((await run({ returnAll: true, limit: 7 })).items).toHaveLength(120);
	});

	test.each([0, -1, 1.5, 'many', '', null, NaN])('Limit may not be %j', async (limit) => {
		const { context, items } = await run(
			{ limit },
			{ respond: projectOf(fleet(5)), continueOnFail: true },
		);
		expect(items.map(({ json }) => json)).toMatchObject([
			{ error: { reason: 'invalidInput', message: "'Limit' must be a whole number from 1" } },
		]);
		expect(context.sent).toEqual([]);
	});

	test.each([
		['Return All', 'returnAll'],
		['Simplify', 'simplify'],
	])('%s may be a word, and nothing else than true or false', async (title, name) => {
		expect((await run({ [name]: 'true', limit: 7 })).items.length).toBeGreaterThan(6);
		for (const value of [undefined, null, '', 1, 'yes']) {
			const world = { respond: projectOf(fleet(5)), continueOnFail: true };
			const { context, items } = await run({ [name]: [value] }, world);
			expect(items.map(({ json }) => json)).toMatchObject([
				{ error: { reason: 'invalidInput', message: `'${title}' must be true or false` } },
			]);
			expect(context.sent).toEqual([]);
		}
	});

	test('Return All has no use for Limit, whatever stands there', async () => {
		expect((await run({ returnAll: true, limit: 0 })).items).toHaveLength(120);
	});

	test.each([
		['Filters', { filters: [{}, BROKEN] }],
		['Limit', { limit: [50, BROKEN] }],
		['Simplify', { simplify: [true, BROKEN] }],
	])('an expression that fails sinks its own item only: %s', async (_, parameters) => {
		const world = { items: 2, continueOnFail: true, respond: projectOf(fleet(1)) };
		expect((await run(parameters, world)).items).toMatchObject([
			{ json: { id: idOf(1) }, pairedItem: { item: 0 } },
			{
				json: { error: { reason: 'invalidInput', message: SAYS_BROKEN } },
				pairedItem: { item: 1 },
			},
		]);
	});

	test('each server is paired with the item that asked for it', async () => {
		const { items } = await run(
			{ filters: [{ name: 'web-2' }, { status: 'ERROR' }, { name: 'web-1' }], returnAll: true },
			{ respond: projectOf(fleet(12)), items: 3 },
		);
		expect(items.map(({ json, pairedItem }) => [json.name, pairedItem])).toEqual([
			['web-2', { item: 0 }],
			['web-1', { item: 2 }],
			['web-10', { item: 2 }],
			['web-11', { item: 2 }],
			['web-12', { item: 2 }],
		]);
	});

	test('filters are read as people write them', async () => {
		const filters = { name: ' web ', status: 'shutoff', tags: ' env=test , team=a ' };
		const { context } = await run({ filters }, { respond: projectOf([server(1, { tags: [] })]) });
		expect(context.sent[0].qs).toMatchObject({
			name: 'web',
			status: 'SHUTOFF',
			tags: 'env=test,team=a',
		});
	});

	test('a filter by tags, where the cloud shows none: says so, and what to do', async () => {
		const { items } = await run(
			{ filters: { tags: 'env=test' }, options: { apiVersion: 'v2' } },
			{ respond: projectOf(fleet(3)), continueOnFail: true },
		);
		expect(items.map(({ json }) => json)).toMatchObject([
			{
				error: {
					reason: 'invalidInput',
					message: expect.stringContaining('does not show tags') as string,
					hint: 'Filter by name or status instead. Tags show with API Version Automatic, or Nova 2.1 in clouds that know microversion 2.26',
				},
			},
		]);
	});

	test('empty filters are none', async () => {
		const { context, items } = await run({ filters: { name: '', status: '', tags: '' } });
		expect(items).toHaveLength(50);
		expect(Object.keys(context.sent[0].qs ?? {})).toEqual(['limit']);
	});

	const UNUSABLE_TEXTS = [undefined, null, true, {}, { name: 'web' }];

	test.each<[string, string, unknown]>([
		...UNUSABLE_TEXTS.map((value): [string, string, unknown] => ['Name', 'name', value]),
		...UNUSABLE_TEXTS.map((value): [string, string, unknown] => ['Tags', 'tags', value]),
		['Name', 'name', ['web']],
		['Tags', 'tags', []],
		['Tags', 'tags', [null]],
		['Tags', 'tags', ['a', {}]],
		// What an expression leaves when the field is missing: `{{ $json.team }} `, `{{ … }},{{ … }}`.
		...[' ', '\n', ['']].map((value): [string, string, unknown] => ['Name', 'name', value]),
		...[' ', ',', ' , ', 'env=test,', ',nightly', 'a,,b', [''], [' '], ['a', '']].map(
			(value): [string, string, unknown] => ['Tags', 'tags', value],
		),
		...[' ', '\t', [''], true].map((value): [string, string, unknown] => [
			'Status',
			'status',
			value,
		]),
		['tag', 'tag', 'env=test'],
		['constructor', 'constructor', 'x'],
		...[undefined, null, 7, ['ACTIVE'], 'RUNNING', 'ACTIVE,SHUTOFF'].map(
			(value): [string, string, unknown] => ['Status', 'status', value],
		),
	])(
		'a filter that means nothing lets no server through: %s (%s: %j)',
		async (shown, filter, value) => {
			const world = { items: 2, continueOnFail: true, respond: projectOf(fleet(1)) };
			const { context, items } = await run({ filters: [{ [filter]: value }, {}] }, world);
			expect(items).toMatchObject([
				{
					json: {
						error: {
							reason: 'invalidInput',
							message: `The filter '${shown}' has no usable value for this item, so that no list was asked for`,
							hint: expect.stringMatching(
								shown === 'Status' ? /ACTIVE or SHUTOFF/ : /remove the filter.*expression/,
							) as string,
							operation: 'getMany',
							attempts: 0,
						},
					},
					pairedItem: { item: 0 },
				},
				{ json: { id: idOf(1) }, pairedItem: { item: 1 } },
			]);
			expect(context.sent).toHaveLength(1);
		},
	);

	test.each([null, undefined, '', 'web', 7, true, []])(
		'filters that are no filters let no server through: %j',
		async (filters) => {
			const world = { items: 2, continueOnFail: true, respond: projectOf(fleet(1)) };
			const { context, items } = await run({ filters: [filters, {}] }, world);
			expect(items).toMatchObject([
				{ json: { error: { reason: 'invalidInput', message: "'Filters' must be an object" } } },
				{ json: { id: idOf(1) } },
			]);
			expect(context.sent).toHaveLength(1);
		},
	);

	test('one filter that means nothing is enough, whatever the others say', async () => {
		const filters = { name: 'web', status: 'ACTIVE', tags: undefined };
		const world = { continueOnFail: true, respond: projectOf(fleet(1)) };
		const { context, items } = await run({ filters }, world);
		expect(items).toMatchObject([{ json: { error: { reason: 'invalidInput' } } }]);
		expect(context.sent).toEqual([]);
	});

	test('Stop Workflow: a filter that means nothing says which, and what to do', async () => {
		const error = await errorOf(run({ filters: { tags: undefined } }));
		expect(error.message).toMatch(/^The filter 'Tags' has no usable value/);
		expect(error.description).toContain('remove the filter');
	});

	test.each<[string, unknown, Record<string, string>]>([
		['a number as a name', { name: 42 }, { name: '42' }],
		['zero as a name', { name: 0 }, { name: '0' }],
		['a list of tags', { tags: ['env=test', ' team=a '] }, { tags: 'env=test,team=a' }],
		['a status in any case', { status: ' shutoff ' }, { status: 'SHUTOFF' }],
		['a number as a tag: a key, which is checked here', { tags: 2026 }, {}],
	])('an expression may give %s', async (_, filters, query) => {
		const respond = projectOf([server(1, { tags: [] })]);
		const { context } = await run({ filters }, { respond });
		expect(context.sent[0].qs).toEqual({ limit: expect.any(String) as string, ...query });
	});

	test('a number as a tag is one', async () => {
		const respond = projectOf([server(1, { tags: ['2026'] }), server(2, { tags: ['2025'] })]);
		const { items } = await run({ filters: { tags: 2026 } }, { respond });
		expect(items.map(({ json }) => json.id)).toEqual([idOf(1)]);
	});

	test('no server fits: no items, and no error', async () => {
		expect((await run({ filters: { name: 'db' } })).items).toEqual([]);
	});

	test('Simplify holds for each server', async () => {
		const respond = projectOf([server(1, { hostId: 'h' })]);
		expect((await run({}, { respond })).items[0].json).not.toHaveProperty('hostId');
		const raw = await run({ simplify: false }, { respond });
		expect(raw.items[0].json).toHaveProperty('hostId', 'h');
	});

	test('Continue: an item that fails has only `error`, and the others go on', async () => {
		const fine = projectOf(fleet(1));
		const respond = (request: SentRequest) =>
			request.qs?.name ? toResponse(FORBIDDEN) : fine(request);
		const { items } = await run(
			{ filters: [{ name: 'web' }, {}] },
			{ items: 2, continueOnFail: true, respond },
		);
		expect(items).toMatchObject([
			{ pairedItem: { item: 0 } },
			{ json: { id: idOf(1) }, pairedItem: { item: 1 } },
		]);
		expect(Object.keys(items[0].json)).toEqual(['error']);
		expect(items[0].json.error).toMatchObject({
			reason: 'forbidden',
			operation: 'getMany',
			httpStatus: 403,
		});
	});

	test('Stop Workflow: says what could not be read, why, and what to allow', async () => {
		const error = await errorOf(run({}, fromCloud(FORBIDDEN)));
		expect(error.message).toBe(
			'The list of servers could not be read: the user of the credential is not allowed to do that: Policy says no (HTTP 403, forbidden)',
		);
		expect(error.description).toContain('ecs:servers:list');
	});

	test('Stop Workflow: one error for all items', async () => {
		const fine = projectOf(fleet(1));
		const respond = (request: SentRequest) =>
			request.qs?.name ? toResponse(FORBIDDEN) : fine(request);
		const filters = [{ name: 'web' }, {}, { name: 'db' }];
		const error = await errorOf(run({ filters }, { items: 3, respond }));
		expect(error.message).toBe(
			'Nothing could be read for 2 of 3 items: the user of the credential is not allowed to do that: Policy says no (HTTP 403, forbidden)',
		);
		expect(error.description).toMatch(/^Allow the user [^.]*\.$/);
	});
});
