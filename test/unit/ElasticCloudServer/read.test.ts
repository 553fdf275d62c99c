import { NodeOperationError, sleep } from 'n8n-workflow';

import * as get from '../../../nodes/ElasticCloudServer/operations/get';
import { fleet, idOf, server } from '../servers';
import { contextWith, type SentRequest } from '../context';
import { projectOf } from '../responses';

/** An expression that fails. */
const BROKEN = new Error("Node 'Webhook' hasn't been executed");
const SAYS_BROKEN = expect.stringContaining(BROKEN.message) as string;

type World = Parameters<typeof contextWith>[1];

async function errorOf(work: Promise<unknown>): Promise<NodeOperationError> {
	const error = await work.catch((thrown: unknown) => thrown);
	if (error instanceof NodeOperationError) return error;
	throw new Error('No error');
}

describe('Get', () => {
	const run = async (serverId: unknown, more: Record<string, unknown> = {}, world: World = {}) => {
		const context = contextWith(
			{ serverId, ...more },
			{
				respond: projectOf(fleet(5)),
				items: Array.isArray(serverId) ? serverId.length : 1,
				...world,
			},
		);
		return await get.execute.call(context);
	};

	test('gives each item its server, simplified, in input order', async () => {
		const items = await run([idOf(2), idOf(1), idOf(2)]);
		expect(items.map(({ json, pairedItem }) => [json.id, pairedItem])).toEqual([
			[idOf(2), { item: 0 }],
			[idOf(1), { item: 1 }],
			[idOf(2), { item: 2 }],
		]);
		expect(Object.keys(items[0].json)).toHaveLength(10);
	});

	test('several items with the same name: it is looked up once', async () => {
		const byName = (value: string) => ({ __rl: true, mode: 'name', value });
		const context = contextWith(
			{ serverId: ['web-3', 'web-4', 'web-3', 'web-3'].map(byName) },
			{ items: 4, respond: projectOf(fleet(5)) },
		);
		const items = await get.execute.call(context);
		expect(items.map(({ json }) => json.id)).toEqual([idOf(3), idOf(4), idOf(3), idOf(3)]);
		const lookUps = context.sent.filter(({ url }) => url.endsWith('/servers/detail'));
		expect(lookUps.map(({ qs }) => qs?.name)).toEqual(['web-3', 'web-4']);
	});

	test('by name', async () => {
		const [{ json }] = await run({ __rl: true, mode: 'name', value: 'web-3' });
		expect(json.id).toBe(idOf(3));
	});

	test('by name: the look-up and the read have one Wait Timeout', async () => {
		jest.useFakeTimers({ advanceTimers: false });
		try {
			const list = projectOf(fleet(5));
			const respond = async (request: SentRequest) => {
				if (!request.url.endsWith('/servers/detail')) return await new Promise(() => {});
				await sleep(25_000);
				return list(request);
			};
			const byName = { __rl: true, mode: 'name', value: 'web-3' };
			let settled = false;
			const error = errorOf(run(byName, { options: { waitTimeout: 30 } }, { respond }));
			void error.then(() => (settled = true));
			await jest.advanceTimersByTimeAsync(29_900);
			expect(settled).toBe(false);
			await jest.advanceTimersByTimeAsync(200);
			expect(settled).toBe(true);
			expect((await error).message).toBe(
				"Server 'web-3' could not be read: the cloud did not answer in time",
			);
		} finally {
			jest.useRealTimers();
		}
	});

	test('without Simplify, all that the cloud says', async () => {
		const servers = [server(1, { metadata: { a: 'b' }, hostId: 'h' })];
		const world = { respond: projectOf(servers) };
		const [{ json }] = await run(idOf(1), { simplify: false }, world);
		expect(json).toEqual(servers[0]);
	});

	test('Continue: an item that fails has only `error`, and the others go on', async () => {
		const items = await run([idOf(1), idOf(9), 'x'], {}, { continueOnFail: true });
		expect(items.map(({ json }) => Object.keys(json).length === 1)).toEqual([false, true, true]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2].map((item) => ({ item })));
		expect(items[1].json).toEqual({
			error: {
				message: expect.stringContaining(`Server ${idOf(9)} was not found`) as string,
				reason: 'notFound',
				hint: expect.stringContaining('Check the server ID') as string,
				serverId: idOf(9),
				operation: 'get',
				attempts: 0,
				httpStatus: 404,
				code: 'itemNotFound',
			},
		});
		expect(items[2].json).toMatchObject({ error: { reason: 'invalidInput', serverId: 'x' } });
	});

	test.each([
		['Server', { serverId: [idOf(1), BROKEN, idOf(3)] }],
		['Simplify', { serverId: [1, 2, 3].map(idOf), simplify: [true, BROKEN, true] }],
	])('an expression that fails sinks its own item only: %s', async (_, parameters) => {
		const world = { items: 3, continueOnFail: true, respond: projectOf(fleet(5)) };
		const items = await get.execute.call(contextWith(parameters, world));
		expect(items).toMatchObject([
			{ json: { id: idOf(1) }, pairedItem: { item: 0 } },
			{
				json: { error: { reason: 'invalidInput', message: SAYS_BROKEN } },
				pairedItem: { item: 1 },
			},
			{ json: { id: idOf(3) }, pairedItem: { item: 2 } },
		]);
	});

	test('Stop Workflow: says which server could not be read, and what to do', async () => {
		const error = await errorOf(run([idOf(1), idOf(9)]));
		expect(error.message).toMatch(new RegExp(`^Server ${idOf(9)} was not found`));
		expect(error.description?.split('<br /><br />')).toEqual([
			expect.stringContaining('Check the server ID'),
			'1 of 2 items could be read.',
		]);
	});

	test('Stop Workflow: one error for all, with what each met', async () => {
		const error = await errorOf(run([idOf(9), idOf(1), 'x', BROKEN]));
		expect(error.message).toBe('Nothing could be read for 3 of 4 items');
		expect(error.description?.split('<br /><br />')).toEqual([
			expect.stringMatching(
				new RegExp(`^Server ${idOf(9)} was not found.*Check the server ID.*\\.$`),
			),
			expect.stringMatching(/^'x' is not a server ID\. Fill in.*\.$/),
			expect.stringMatching(/^The expression for this item failed.* Correct the expression.*\.$/),
		]);
	});

	test('Stop Workflow: all items are attempted before', async () => {
		const context = contextWith(
			{ serverId: [idOf(9), idOf(1), idOf(2)] },
			{ items: 3, respond: projectOf(fleet(5)) },
		);
		await errorOf(get.execute.call(context));
		expect(context.sent).toHaveLength(3);
	});

	test('an option whose expression is broken: nothing is sent, each item says so', async () => {
		const context = contextWith(
			{ serverId: [idOf(1), idOf(2)], options: [BROKEN, {}] },
			{ items: 2, continueOnFail: true, respond: projectOf(fleet(5)) },
		);
		const items = await get.execute.call(context);
		expect(items.map(({ json }) => json.error)).toEqual([
			expect.objectContaining({ reason: 'invalidInput', serverId: idOf(1) }),
			expect.objectContaining({ reason: 'invalidInput', serverId: idOf(2) }),
		]);
		expect(context.sent).toEqual([]);
	});

	test('an option that cannot be: nothing is sent, each item says so', async () => {
		const context = contextWith(
			{ serverId: [idOf(1), idOf(2)], options: [{ concurrency: 0 }, {}] },
			{ items: 2, continueOnFail: true, respond: projectOf(fleet(5)) },
		);
		const items = await get.execute.call(context);
		expect(items).toHaveLength(2);
		expect(items[1].json).toMatchObject({ error: { reason: 'invalidInput', operation: 'get' } });
		expect(context.sent).toEqual([]);
	});

	test('a cancelled execution ends at once', async () => {
		const cancel = new AbortController();
		const context = contextWith(
			{ serverId: idOf(1) },
			{
				signal: cancel.signal,
				respond: () => {
					cancel.abort();
					return new Promise(() => {});
				},
			},
		);
		expect((await errorOf(get.execute.call(context))).message).toContain('canceled');
	});
});
