/** Get and Get Many: what they say of servers, and which servers they find. */
import { addServers, listsOf, locator, openWorld } from '../harness/world';

jest.setTimeout(60_000);

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

const idOf = ({ id }: { id: string }) => id;
const ALL = { returnAll: true };

// Get

test.concurrent('get: the useful fields, nine of them, the most useful first', async () => {
	const { cloud, get } = await openWorld();
	const server = cloud.addServer({
		name: 'web-1',
		status: 'ACTIVE',
		tags: ['env=test', 'nightly'],
		locked: true,
		addresses: { lan: [{ addr: '10.0.0.7', version: 4 }], wan: [{ addr: '2001:db8::7' }] },
	});

	const { output } = await get([server.id]);

	expect(output).toEqual([
		{
			json: {
				id: server.id,
				name: 'web-1',
				status: 'ACTIVE',
				addresses: ['10.0.0.7', '2001:db8::7'],
				flavor: expect.stringMatching(/./),
				zone: expect.stringMatching(/./),
				created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
				tags: ['env=test', 'nightly'],
				locked: true,
				serverId: server.id,
			},
			pairedItem: { item: 0 },
		},
	]);
	expect(Object.keys(output[0].json).slice(0, 4)).toEqual(['id', 'name', 'status', 'addresses']);
	expect(Object.keys(output[0].json).length).toBeLessThanOrEqual(10);
});

test.concurrent('get without Simplify: all that the cloud says', async () => {
	const { cloud, get } = await openWorld();
	const server = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });

	const { items } = await get([server.id], { parameters: { simplify: false } });

	expect(items[0]).toMatchObject({
		id: server.id,
		name: 'web-1',
		status: 'ACTIVE',
		'OS-EXT-STS:vm_state': 'active',
		'OS-EXT-STS:task_state': null,
		flavor: expect.any(Object),
		tags: [],
	});
});

test.concurrent('get: Simplify is decided for each item', async () => {
	const { cloud, get } = await openWorld();
	const [simple, raw] = addServers(cloud, 2);

	const { items } = await get([simple, raw], {
		parameters: { simplify: `={{ $json.id === '${simple}' }}` },
	});

	expect(items.map((item) => 'OS-EXT-STS:vm_state' in item)).toEqual([false, true]);
});

test.concurrent(
	'get: each item gets its server, in order, and a missing one its error',
	async () => {
		const { cloud, get } = await openWorld();
		const [a, b] = addServers(cloud, 2);

		const { output, failures, errorOutput } = await get([a, UNKNOWN_ID, b, a]);

		expect(output.map(({ json }) => json.id)).toEqual([a, b, a]);
		expect(output.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 2 },
			{ item: 3 },
		]);
		expect(errorOutput.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
		expect(failures).toEqual([
			{
				message: expect.stringContaining(UNKNOWN_ID),
				reason: 'notFound',
				hint: expect.any(String),
				serverId: UNKNOWN_ID,
				operation: 'get',
				attempts: 0,
				httpStatus: 404,
				code: 'itemNotFound',
				requestId: expect.stringMatching(/^req-/),
			},
		]);
	},
);

test.concurrent('get by name', async () => {
	const { cloud, run } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.addServer({ name: 'web-10' });

	const { items } = await run('get', { parameters: { serverId: locator('name', 'web-1') } });

	expect(items.map((item) => item.id)).toEqual([id]);
});

test.concurrent('get: what is no ID is not asked for', async () => {
	const { cloud, get } = await openWorld();

	const { failures } = await get(['web-1', '']);

	expect(failures.map(({ reason }) => reason)).toEqual(['invalidInput', 'invalidInput']);
	expect(cloud.requests.total).toBe(0);
});

test.concurrent('get: passing trouble is waited out', async () => {
	const { cloud, get } = await openWorld();
	const [id] = addServers(cloud, 1);
	cloud.faults.add({
		match: 'read',
		times: 2,
		then: { preset: 'serviceUnavailable', retryAfter: 1 },
	});

	const { items } = await get([id]);

	expect(items.map((item) => item.id)).toEqual([id]);
});

test.concurrent('get: trouble that does not pass is told with its reason', async () => {
	const { cloud, get } = await openWorld();
	const [id] = addServers(cloud, 1);
	cloud.faults.add({ match: 'read', then: 'serviceUnavailable' });

	const { failures } = await get([id], { options: { maxTries: 2 } });

	expect(failures[0]).toMatchObject({ reason: 'unavailable', httpStatus: 503, serverId: id });
});

// Get Many: pages

test.concurrent('Return All of 5,000 servers: five full pages, each server once', async () => {
	const { cloud, received, run } = await openWorld();
	const ids = addServers(cloud, 5000);

	const { output } = await run('getMany', { parameters: ALL });

	expect(output).toHaveLength(5000);
	expect(new Set(output.map(({ json }) => json.id))).toEqual(new Set(ids));
	expect(output.filter(({ pairedItem }) => JSON.stringify(pairedItem) !== '{"item":0}')).toEqual(
		[],
	);
	const lists = listsOf(received);
	// A full page may be the last: only the next one tells.
	expect(lists.length).toBeLessThanOrEqual(6);
	expect(lists.map(({ limit }) => limit)).toEqual(lists.map(() => '1000'));
});

test.concurrent('a cloud with smaller pages than asked for: still every server once', async () => {
	const { cloud, run } = await openWorld({ maxLimit: 25 });
	const ids = addServers(cloud, 60);

	const { items } = await run('getMany', { parameters: ALL });

	expect(items.map((item) => item.id).sort()).toEqual([...ids].sort());
});

test.concurrent('pages that take a gateway too long are asked for shorter', async () => {
	const { cloud, received, run } = await openWorld();
	const ids = addServers(cloud, 250);
	cloud.faults.add({ match: { kind: 'list', pageOver: 100 }, then: 'gatewayTimeout' });

	const { items } = await run('getMany', { parameters: ALL });

	expect(items.map((item) => item.id).sort()).toEqual([...ids].sort());
	expect(listsOf(received).map(({ limit }) => limit)).toEqual(['1000', '100', '100', '100']);
});

test.concurrent('a server deleted between two pages: the list begins again', async () => {
	const { cloud, run } = await openWorld({ maxLimit: 25 });
	addServers(cloud, 60);
	cloud.faults.add({ match: 'list', after: 1, times: 1, then: { forgetMarker: true } });

	const { items } = await run('getMany', { parameters: ALL });

	expect(cloud.servers.size).toBe(59);
	expect(items.map((item) => item.id).sort()).toEqual([...cloud.servers.keys()].sort());
});

test.concurrent('50 servers when nothing is set, in one request', async () => {
	const { cloud, received, run } = await openWorld();
	addServers(cloud, 120);

	const { items } = await run('getMany');

	expect(items).toHaveLength(50);
	expect(listsOf(received)).toEqual([{ limit: '50' }]);
});

test.concurrent.each([
	[7, 7],
	[1500, 1500],
	[5000, 2200],
])('Limit %i of 2,200 servers: %i come, each once', async (limit, expected) => {
	const { cloud, run } = await openWorld();
	addServers(cloud, 2200);

	const { items } = await run('getMany', { parameters: { limit } });

	expect(new Set(items.map((item) => item.id)).size).toBe(expected);
	expect(items).toHaveLength(expected);
	expect(cloud.requests.count('list')).toBeLessThanOrEqual(3);
});

test.concurrent.each([0, -1, 'many'])('a Limit of %p is invalid input', async (limit) => {
	const { cloud, run } = await openWorld();

	const { failures } = await run('getMany', {
		parameters: { limit: `={{ ${JSON.stringify(limit)} }}` },
	});

	expect(failures[0]).toMatchObject({ reason: 'invalidInput', operation: 'getMany' });
	expect(failures[0].message).toContain("'Limit'");
	expect(cloud.requests.total).toBe(0);
});

test.concurrent('a Limit that is no whole number is not blamed on the credential', async () => {
	const { cloud, run } = await openWorld();
	addServers(cloud, 3);

	const { failures } = await run('getMany', { parameters: { limit: 2.5 } });

	for (const { message } of failures) expect(message).toContain("'Limit'");
});

test.concurrent('a project without servers: no items, and no error', async () => {
	const { run } = await openWorld();

	const { status, output, errorOutput } = await run('getMany', { parameters: ALL });

	expect([status, output, errorOutput]).toEqual(['success', [], []]);
});

test.concurrent('without Simplify, all that the cloud says', async () => {
	const { cloud, run } = await openWorld();
	addServers(cloud, 2);

	const { items } = await run('getMany', { parameters: { simplify: false } });

	for (const item of items) expect(item).toHaveProperty('OS-EXT-STS:vm_state', 'stopped');
});

// Get Many: several items

test.concurrent('each server is paired with the item that asked for it', async () => {
	const { cloud, run } = await openWorld();
	const web = addServers(cloud, 3, { tags: ['role=web'] });
	const db = addServers(cloud, 2, { tags: ['role=db'] });

	const { output } = await run('getMany', {
		items: [{ tag: 'role=web' }, { tag: 'role=none' }, { tag: 'role=db' }],
		parameters: { ...ALL, filters: { tags: '={{ $json.tag }}' } },
	});

	const found = (item: number) =>
		output
			.filter(({ pairedItem }) => JSON.stringify(pairedItem) === JSON.stringify({ item }))
			.map(({ json }) => String(json.id));
	expect(found(0).sort()).toEqual([...web].sort());
	expect(found(1)).toEqual([]);
	expect(found(2).sort()).toEqual([...db].sort());
	expect(output).toHaveLength(5);
});

test.concurrent('an item that fails does not sink the others', async () => {
	const { cloud, run } = await openWorld();
	const ids = addServers(cloud, 2);

	const { output, errorOutput } = await run('getMany', {
		items: [{ limit: 0 }, { limit: 5 }],
		parameters: { limit: '={{ $json.limit }}' },
	});

	expect(output.map(({ pairedItem }) => pairedItem)).toEqual(ids.map(() => ({ item: 1 })));
	expect(errorOutput.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }]);
});

test.concurrent('Continue: the item is nothing but its error', async () => {
	const { cloud, run } = await openWorld({ denied: ['list'] });
	addServers(cloud, 2);

	const { output } = await run('getMany', { onError: 'continueRegularOutput' });

	expect(output).toEqual([
		{
			json: {
				error: {
					message: expect.any(String),
					reason: 'forbidden',
					hint: expect.stringContaining('ecs:servers:list'),
					serverId: '',
					operation: 'getMany',
					attempts: 0,
					httpStatus: 403,
					code: 'forbidden',
					requestId: expect.stringMatching(/^req-/),
				},
			},
			pairedItem: { item: 0 },
		},
	]);
});

test.concurrent('Stop Workflow: one error that says why, and what to do', async () => {
	const { run } = await openWorld({ denied: ['list'] });

	const { status, error, output } = await run('getMany', { onError: 'stopWorkflow' });

	expect(status).toBe('error');
	expect(error.message).toContain('not allowed');
	expect(error.description).toContain('ecs:servers:list');
	expect(output).toEqual([]);
});

// Get Many: filters

interface Case {
	filters: Record<string, unknown>;
	found: string[];
	/** What is left to the cloud. */
	query: Record<string, string>;
}

const FLEET = [
	{ name: 'web-1', status: 'ACTIVE', tags: ['env=test', 'nightly=yes'] },
	{ name: 'web-2', status: 'SHUTOFF', tags: ['env=test'] },
	{ name: 'my-WEB.old', status: 'SHUTOFF', tags: ['env=production', 'nightly'] },
	{ name: 'my-webXold', status: 'ACTIVE', tags: [] },
	{ name: 'Mail (new) + backup', status: 'PAUSED', tags: ['environment=test'] },
	{ name: 'db', status: 'ERROR', tags: [] },
];

const CASES: [string, Case][] = [
	[
		'a part of the name, in any case',
		{
			filters: { name: ' Web ' },
			found: ['web-1', 'web-2', 'my-WEB.old', 'my-webXold'],
			query: { name: 'Web' },
		},
	],
	[
		'a name with a dot, which is only a dot',
		{ filters: { name: 'web.old' }, found: ['my-WEB.old'], query: { name: 'web' } },
	],
	[
		'a name with signs',
		{ filters: { name: '(new) + b' }, found: ['Mail (new) + backup'], query: { name: 'new' } },
	],
	[
		'a status',
		{
			filters: { status: 'SHUTOFF' },
			found: ['web-2', 'my-WEB.old'],
			query: { status: 'SHUTOFF' },
		},
	],
	[
		'a status in small letters',
		{ filters: { status: 'paused' }, found: ['Mail (new) + backup'], query: { status: 'PAUSED' } },
	],
	[
		'a tag with its value',
		{ filters: { tags: 'env=test' }, found: ['web-1', 'web-2'], query: { tags: 'env=test' } },
	],
	[
		'the key of a tag, with a value or without',
		{ filters: { tags: 'nightly' }, found: ['web-1', 'my-WEB.old'], query: {} },
	],
	[
		'several tags, all of them',
		{ filters: { tags: ' env=test, nightly ' }, found: ['web-1'], query: { tags: 'env=test' } },
	],
	[
		'everything at once',
		{
			filters: { name: 'web', status: 'ACTIVE', tags: 'env=test,nightly=yes' },
			found: ['web-1'],
			query: { name: 'web', status: 'ACTIVE', tags: 'env=test,nightly=yes' },
		},
	],
	['nothing that fits', { filters: { name: 'nobody' }, found: [], query: { name: 'nobody' } }],
	[
		'filters left empty',
		{ filters: { name: '', tags: '' }, found: FLEET.map(({ name }) => name), query: {} },
	],
];

test.concurrent.each(CASES)('filter by %s', async (_, { filters, found, query }) => {
	const { cloud, received, run } = await openWorld();
	for (const spec of FLEET) cloud.addServer(spec);

	const { items } = await run('getMany', { parameters: { ...ALL, filters } });

	expect(items.map((item) => String(item.name)).sort()).toEqual([...found].sort());
	expect(listsOf(received)[0]).toEqual({ limit: '1000', ...query });
});

test.concurrent.each(CASES)(
	'filter by %s, in a cloud that ignores filters',
	async (_, { filters, found }) => {
		const { cloud, run } = await openWorld({ ignoresFilters: true });
		for (const spec of FLEET) cloud.addServer(spec);

		const { items } = await run('getMany', { parameters: { ...ALL, filters } });

		expect(items.map((item) => String(item.name)).sort()).toEqual([...found].sort());
	},
);

test.concurrent('Limit counts servers that fit, also where the cloud ignores filters', async () => {
	const { cloud, run } = await openWorld({ ignoresFilters: true });
	addServers(cloud, 40, { status: 'ACTIVE' });
	const [wanted] = [cloud.addServers(1, { status: 'SHUTOFF', createdAt: 0 })[0]].map(idOf);

	const { items } = await run('getMany', {
		parameters: { limit: 1, filters: { status: 'SHUTOFF' } },
	});

	expect(items.map((item) => item.id)).toEqual([wanted]);
});

test.concurrent.each([
	['the key of a tag', { tags: 'nightly' }, false],
	['a name with a space', { name: 'Web Server' }, false],
	['a status that the cloud ignores', { status: 'PAUSED' }, true],
])('a small Limit and %s: large pages all the same', async (_, filters, ignoresFilters) => {
	const { cloud, run } = await openWorld({ ignoresFilters });
	addServers(cloud, 1500);

	await run('getMany', { parameters: { limit: 2, filters } });

	expect(cloud.requests.count('list')).toBeLessThanOrEqual(3);
});

test.concurrent('tags where the cloud shows none are not taken for missing', async () => {
	const { cloud, run } = await openWorld();
	addServers(cloud, 2, { tags: ['nightly'] });

	const { failures } = await run('getMany', {
		parameters: { ...ALL, filters: { tags: 'nightly' } },
		options: { apiVersion: 'v2' },
	});

	expect(failures[0]).toMatchObject({ reason: 'invalidInput' });
});

// Trouble on the way

test.concurrent('a page that fails is read again, and the list is complete', async () => {
	const { cloud, run } = await openWorld();
	const ids = addServers(cloud, 2500);
	cloud.faults.add({
		match: 'list',
		after: 1,
		times: 1,
		then: { preset: 'serviceUnavailable', retryAfter: 1 },
	});

	const { items } = await run('getMany', { parameters: ALL });

	expect(new Set(items.map((item) => item.id))).toEqual(new Set(ids));
	expect(items).toHaveLength(2500);
});

test.concurrent('a page that cannot be read: an error, and no part of the list', async () => {
	const { cloud, run } = await openWorld();
	addServers(cloud, 1500);
	cloud.faults.add({ match: 'list', after: 1, then: 'serviceUnavailable' });

	const { output, failures } = await run('getMany', {
		parameters: ALL,
		options: { maxTries: 2 },
	});

	expect(output).toEqual([]);
	expect(failures[0]).toMatchObject({ reason: 'unavailable', httpStatus: 503 });
});

test.concurrent('a page loop ends with Wait Timeout', async () => {
	const { cloud, run } = await openWorld({ maxLimit: 10, latencyMs: 300 });
	addServers(cloud, 200);

	const { failures, elapsed } = await run('getMany', {
		parameters: ALL,
		options: { waitTimeout: 1 },
	});

	expect(elapsed).toBeLessThan(4);
	expect(failures[0]).toMatchObject({ reason: 'timedOut' });
});

test.concurrent('a cancelled list ends at once', async () => {
	const { cloud, run } = await openWorld({ maxLimit: 10, latencyMs: 200 });
	addServers(cloud, 500);

	const { status, elapsed, failures } = await run('getMany', {
		parameters: ALL,
		signal: AbortSignal.timeout(700),
	});

	expect(status).toBe('canceled');
	expect(elapsed).toBeLessThan(2);
	expect(failures).toEqual([]);
});
