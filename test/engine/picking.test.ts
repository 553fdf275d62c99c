/** Picking a server: by its name, and from the list in the editor. */
import { PASSWORD } from '../../simulator/cloud';
import { createEngine } from '../harness/harness';
import { stopwatch } from '../harness/stopwatch';
import { addServers, listsOf, locator, openWorld, postsTo } from '../harness/world';

jest.setTimeout(60_000);

const byName = (name = '={{ $json.name }}') => ({ serverId: locator('name', name) });
const named = (...names: string[]) => names.map((name) => ({ name }));

// By name

test.concurrent(
	'the complete name finds one server, whatever else is named so in part',
	async () => {
		const { cloud, run } = await openWorld();
		for (const name of ['web-10', 'WEB-1', 'my-web-1']) cloud.addServer({ name });
		const { id } = cloud.addServer({ name: 'web-1' });

		const { items } = await run('start', { parameters: byName(' web-1 '), items: [{}] });

		expect(items).toEqual([
			expect.objectContaining({ serverId: id, serverName: 'web-1', outcome: 'started' }),
		]);
		expect(postsTo(cloud)).toHaveLength(1);
	},
);

test.concurrent.each(['Web Server 1', 'böse*(name)', 'a+b', '^x$', '50%', "o'neill", 'a&b=c'])(
	'a server may be named %s',
	async (name) => {
		const { cloud, run } = await openWorld();
		addServers(cloud, 5);
		const { id } = cloud.addServer({ name });

		const { items } = await run('start', { parameters: byName(), items: named(name) });

		expect(items).toEqual([expect.objectContaining({ serverId: id, outcome: 'started' })]);
	},
);

async function namesLookedUp(operation: string) {
	const { cloud, received, run } = await openWorld({ rebootSeconds: 1.5 });
	cloud.addServer({ name: 'a', status: 'ACTIVE' });
	cloud.addServer({ name: 'b', status: 'ACTIVE' });

	const { items } = await run(operation, {
		parameters: byName(),
		items: named('a', 'b', 'a', 'b', 'a'),
	});

	expect(items).toHaveLength(5);
	return listsOf(received).flatMap(({ name = [] }) => name);
}

test.concurrent.each(['start', 'stop', 'restart'])(
	'%s: each name is looked up once, however many items have it',
	async (operation) => {
		expect((await namesLookedUp(operation)).sort()).toEqual(['a', 'b']);
	},
);

test.concurrent('get: each name is looked up once, too', async () => {
	expect((await namesLookedUp('get')).sort()).toEqual(['a', 'b']);
});

test.concurrent('a name among thousands takes one request', async () => {
	const { cloud, received, run } = await openWorld();
	addServers(cloud, 5000);

	const { items } = await run('start', { parameters: byName(), items: named('lab-4321') });

	expect(items).toHaveLength(1);
	expect(listsOf(received)).toEqual([{ limit: '1000', name: 'lab-4321' }]);
});

test.concurrent('a name of several servers: ambiguousName, with the ID of each', async () => {
	const { cloud, run } = await openWorld();
	const twins = [1, 2].map(() => cloud.addServer({ name: 'twin' }).id);

	const { failures } = await run('start', { parameters: byName(), items: named('twin') });

	expect(failures).toEqual([
		{
			message: expect.stringMatching(/^2 servers are named 'twin'/),
			reason: 'ambiguousName',
			hint: expect.any(String),
			serverId: 'twin',
			operation: 'start',
			attempts: 0,
		},
	]);
	for (const id of twins) expect(failures[0].message).toContain(id);
	expect(postsTo(cloud)).toEqual([]);
});

test.concurrent('a name of no server: notFound, and only for its items', async () => {
	const { cloud, run } = await openWorld();
	cloud.addServer({ name: 'web-1' });

	const { output, failures, errorOutput } = await run('start', {
		parameters: byName(),
		items: named('nobody', 'web-1', 'Web-1'),
	});

	expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }]);
	expect(errorOutput.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
	expect(failures.map(({ reason, serverId }) => [reason, serverId])).toEqual([
		['notFound', 'nobody'],
		['notFound', 'Web-1'],
	]);
});

test.concurrent('an empty name is invalid input, and nothing is asked', async () => {
	const { cloud, run } = await openWorld();

	const { failures } = await run('start', { parameters: byName(), items: named('', '  ') });

	expect(failures.map(({ reason }) => reason)).toEqual(['invalidInput', 'invalidInput']);
	expect(cloud.requests.total).toBe(0);
});

test.concurrent('a cloud that ignores the filter: the name is found all the same', async () => {
	const { cloud, run } = await openWorld({ ignoresFilters: true });
	addServers(cloud, 1500);
	const { id } = cloud.addServer({ name: 'web-1', createdAt: 0 });

	const { items } = await run('start', { parameters: byName(), items: named('web-1') });

	expect(items).toEqual([expect.objectContaining({ serverId: id })]);
});

test.concurrent('who may not list is told so, by name', async () => {
	const { cloud, run } = await openWorld({ denied: ['list'] });
	cloud.addServer({ name: 'web-1' });

	const { failures } = await run('start', { parameters: byName(), items: named('web-1') });

	expect(failures[0]).toMatchObject({ reason: 'forbidden', serverId: 'web-1', attempts: 0 });
	expect(failures[0].hint).toContain('ecs:servers:list');
});

test.concurrent('a name that several items have is one server, asked once', async () => {
	const { cloud, run } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });

	const { items } = await run('start', {
		parameters: byName(),
		items: named('web-1', 'web-1'),
	});

	expect(items.map(({ serverId }) => serverId)).toEqual([id, id]);
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent('a server picked from the list is a server by its ID', async () => {
	const { cloud, run } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });

	const { items } = await run('start', {
		parameters: {
			serverId: { ...locator('list', id), cachedResultName: 'web-1 (Shutoff)' },
		},
	});

	expect(items).toEqual([expect.objectContaining({ serverId: id, outcome: 'started' })]);
	expect(cloud.requests.count('list')).toBe(0);
});

// Hints

test.concurrent('one hint says how many were running already', async () => {
	const { cloud, start } = await openWorld();
	const ids = [...addServers(cloud, 9), ...addServers(cloud, 3, { status: 'ACTIVE' })];

	const { hints } = await start(ids);

	expect(hints).toEqual([
		{ message: '3 of 12 servers were already running', location: 'outputPane' },
	]);
});

test.concurrent('no hint when all were started', async () => {
	const { cloud, start } = await openWorld();

	expect((await start(addServers(cloud, 2))).hints).toEqual([]);
});

test.concurrent('the same server among several items is one server in the hint', async () => {
	const { cloud, start } = await openWorld();
	const [running] = addServers(cloud, 1, { status: 'ACTIVE' });
	const [stopped] = addServers(cloud, 1);

	const { hints } = await start([running, running, running, stopped]);

	expect(hints[0].message).toBe('1 of 2 servers was already running');
});

// The list in the editor

const BY_NAME = { sort_key: 'display_name', sort_dir: 'asc' };

test.concurrent('5,000 servers: one request, 100 lines with status, at once', async () => {
	const { cloud, received, search } = await openWorld();
	cloud.addServers(5000);
	cloud.addServer({ name: 'app', status: 'ACTIVE', createdAt: 0 });

	const seconds = stopwatch();
	const { results, paginationToken } = await search();

	expect(seconds()).toBeLessThan(1);
	expect(received).toHaveLength(1);
	expect(listsOf(received)).toEqual([{ limit: '100', ...BY_NAME }]);
	expect(results).toHaveLength(100);
	expect(results[0]).toEqual({ name: 'app (Active)', value: cloud.serverNamed('app').id });
	expect(results[1].name).toBe('lab-0001 (Shutoff)');
	expect(results.map(({ value }) => value)).toContain(paginationToken);
});

test.concurrent('each page follows the one before by name', async () => {
	const { cloud, search } = await openWorld();
	// The oldest first in the alphabet, so that the order of the cloud's own lists is another one.
	for (let index = 0; index < 150; index += 1) {
		cloud.addServer({ name: `app-${1000 + index}`, createdAt: index * 1000 });
	}

	const first = await search();
	const { results } = await search(undefined, first.paginationToken as string);

	expect([first.results[0], first.results[99], results[0], results[49]]).toMatchObject(
		['app-1000', 'app-1099', 'app-1100', 'app-1149'].map((name) => ({ name: `${name} (Shutoff)` })),
	);
});

test.concurrent('a part of an ID finds its server behind the first pages', async () => {
	const { cloud, received, search } = await openWorld();
	addServers(cloud, 1200);
	const { id } = cloud.addServer({ name: 'zebra', createdAt: 0 });
	const part = id.slice(-12).toUpperCase();

	const { results } = await search(part);

	expect(results).toEqual([{ name: `zebra, ${id.slice(0, 8)}… (Shutoff)`, value: id }]);
	expect(listsOf(received).map(({ limit, name }) => [limit, name])).toEqual([
		['100', undefined],
		['1000', undefined],
		['1000', undefined],
	]);
});

test.concurrent(
	'ECS v1: sorted page by page, found by a part of the name or of the ID',
	async () => {
		const { cloud, received, search } = await openWorld();
		const v1 = { parameters: { options: { apiVersion: 'v1' } } };
		await expect(search(undefined, undefined, v1)).rejects.toThrow('This project has no servers');
		for (const name of ['web-10', 'web-2', 'app']) cloud.addServer({ name });
		const { id } = cloud.serverNamed('app');
		const found = async (text?: string) =>
			(await search(text, undefined, v1)).results.map(({ name }) => name);

		expect(await found()).toEqual(['app (Shutoff)', 'web-2 (Shutoff)', 'web-10 (Shutoff)']);
		expect(await found('web')).toEqual(['web-2 (Shutoff)', 'web-10 (Shutoff)']);
		const withId = [`app, ${id.slice(0, 8)}… (Shutoff)`];
		expect(await found(id.slice(0, 13))).toEqual(withId);
		expect(await found(id)).toEqual(withId);
		expect(await found('nobody')).toEqual([]);
		expect(received.every(({ path }) => path.startsWith('/v1/'))).toBe(true);
	},
);

test.concurrent('its pages lead to the end, and show each server once', async () => {
	const { cloud, search } = await openWorld();
	const ids = addServers(cloud, 450);

	const seen: unknown[] = [];
	let pages = 0;
	let token: string | undefined;
	do {
		const page = await search(undefined, token);
		seen.push(...page.results.map(({ value }) => value));
		token = page.paginationToken as string | undefined;
		pages += 1;
	} while (token);

	expect(pages).toBe(5);
	expect(seen).toHaveLength(450);
	expect(new Set(seen)).toEqual(new Set(ids));
});

test.concurrent('typing searches in the cloud, in one request', async () => {
	const { cloud, received, search } = await openWorld();
	addServers(cloud, 5000);

	const { results, paginationToken } = await search(' LAB-432 ');

	expect(results.map(({ name }) => name)).toEqual(
		[
			'lab-4320',
			'lab-4321',
			'lab-4322',
			'lab-4323',
			'lab-4324',
			'lab-4325',
			'lab-4326',
			'lab-4327',
			'lab-4328',
			'lab-4329',
		].map((name) => `${name} (Shutoff)`),
	);
	expect(paginationToken).toBeUndefined();
	expect(listsOf(received)).toEqual([{ limit: '100', name: 'LAB-432', ...BY_NAME }]);
});

test.concurrent('a search with a space finds servers beyond the first page', async () => {
	const { cloud, search } = await openWorld();
	addServers(cloud, 300);
	cloud.addServer({ name: 'Web Server 1', createdAt: 0 });

	const { results } = await search('Web Server');

	expect(results.map(({ name }) => name)).toEqual(['Web Server 1 (Shutoff)']);
});

test.concurrent('a search in a cloud that ignores it shows nothing that does not fit', async () => {
	const { cloud, search } = await openWorld({ ignoresFilters: true });
	cloud.addServer({ name: 'web-1' });
	cloud.addServer({ name: 'db-1' });

	expect((await search('web')).results.map(({ name }) => name)).toEqual(['web-1 (Shutoff)']);
});

test.concurrent(
	'a project without servers says so; a text that none fits: an empty list',
	async () => {
		const { cloud, search } = await openWorld();
		await expect(search()).rejects.toThrow('This project has no servers');

		cloud.addServer({ name: 'web-1' });
		expect(await search('nobody')).toMatchObject({ results: [], paginationToken: undefined });
	},
);

test.concurrent('each line shows the status of now', async () => {
	const { cloud, search } = await openWorld();
	for (const status of ['ACTIVE', 'SHUTOFF', 'ERROR', 'PAUSED']) {
		cloud.addServer({ name: status.toLowerCase(), status });
	}

	expect((await search()).results.map(({ name }) => name).sort()).toEqual([
		'active (Active)',
		'error (Error)',
		'paused (Paused)',
		'shutoff (Shutoff)',
	]);
});

test.concurrent('API Version is that of the node', async () => {
	const { cloud, received, search } = await openWorld();
	cloud.addServer({ name: 'web-1' });

	await search(undefined, undefined, { parameters: { options: { apiVersion: 'v2' } } });

	expect(received[0].path).toMatch(/^\/v2\//);
});

// When the list cannot be shown

async function refusal(
	search: Promise<unknown>,
): Promise<{ message: string; description: string }> {
	return await search.then(
		() => {
			throw new Error('The list was shown');
		},
		(error: { message: string; description: string }) => error,
	);
}

test.concurrent('who may not list is told which permission is missing', async () => {
	const { search } = await openWorld({ denied: ['list'] });

	const { message, description } = await refusal(search());

	expect(message).toContain('not allowed');
	expect(description).toContain('ecs:servers:list');
});

test.concurrent('a refused token is told, and what to do', async () => {
	const { search } = await openWorld();

	const { message, description } = await refusal(
		search(undefined, undefined, { credential: { token: 'old-and-gone' } }),
	);

	expect(message).toContain('refused the token');
	expect(description).toContain('new token');
});

test.concurrent("another region's project is told", async () => {
	const { search } = await openWorld();

	const { description } = await refusal(
		search(undefined, undefined, { credential: { projectId: 'f'.repeat(32) } }),
	);

	expect(description).toMatch(/'Project ID'.*region/);
});

test.concurrent('a cloud that cannot be reached is told within seconds', async () => {
	const { search } = await openWorld();
	const seconds = stopwatch();

	const { message, description } = await refusal(
		search(undefined, undefined, { credential: { ecsEndpoint: 'http://127.0.0.1:9' } }),
	);

	expect(message + description).toMatch(/refused the connection|did not answer/);
	expect(description).toContain('endpoint');
	expect(seconds()).toBeLessThan(20);
});

test.concurrent('a credential without a token is told before anything is sent', async () => {
	const { cloud, search } = await openWorld();

	const { description } = await refusal(
		search(undefined, undefined, { credential: { token: '' } }),
	);

	expect(description).toBe('Correct the credential');
	expect(cloud.requests.total).toBe(0);
});

test.concurrent('the login credential opens the list with one login, then with none', async () => {
	const { cloud, url } = await openWorld();
	cloud.addServer({ name: 'web-1' });
	const credentialStore = {
		elasticCloudServerLoginApi: {
			cloud: 'custom',
			ecsEndpoint: url,
			iamEndpoint: url,
			loginMethod: 'password',
			domainName: cloud.domain.name,
			userName: cloud.user.name,
			password: PASSWORD,
			projectId: cloud.project.id,
			sessionToken: '',
		},
	};
	const engine = createEngine();
	const open = async (filter?: string) =>
		await engine.search({
			node: { authentication: 'login', operation: 'start', options: {} },
			credentialStore,
			filter,
		});

	const first = await open();
	const second = await open('web');

	expect(first.results.map(({ name }) => name)).toEqual(['web-1 (Shutoff)']);
	expect(second.results).toHaveLength(1);
	expect([first.logins, second.logins]).toEqual([1, 0]);
	expect(cloud.requests.count('login')).toBe(1);
});

test.concurrent('an access key opens the list', async () => {
	const { cloud, url } = await openWorld();
	cloud.addServer({ name: 'web-1' });
	const { accessKey, secretKey } = cloud.accessKey;

	const { results } = await createEngine().search({
		node: { authentication: 'accessKey', operation: 'start', options: {} },
		credentials: {
			elasticCloudServerAccessKeyApi: {
				cloud: 'custom',
				ecsEndpoint: url,
				projectId: cloud.project.id,
				accessKey,
				secretKey,
			},
		},
		filter: 'web',
	});

	expect(results).toHaveLength(1);
});
