/** What people and workflows feed in by mistake: a clear error for the item, and nothing is sent. */
import { addServers, openWorld, postsTo, runningOf } from '../harness/world';

jest.setTimeout(60_000);

// What is no server ID

test.concurrent.each([
	['empty', '', /empty/],
	['blank', '   ', /empty/],
	['null', null, /empty/],
	['not there', undefined, /empty/],
	['a path', '../..', /'\.\.\/\.\.' is not a server ID/],
	['an ID with a path behind it', `${'0'.repeat(8)}/action`, /is not a server ID/],
	['a name', 'web-1', /'web-1' is not a server ID/],
	['an ID without dashes', '0'.repeat(32), /is not a server ID/],
	['a number', 12, /'12' is not a server ID/],
	['true', true, /is not a server ID/],
	['an object', { id: 'web-1' }, /is not a server ID/],
	['a list', ['web-1'], /is not a server ID/],
])('%s: invalidInput, and nothing is sent', async (_, id, message) => {
	const { cloud, start } = await openWorld();

	const { failures } = await start([id]);

	expect(failures).toEqual([
		{
			message: expect.stringMatching(message),
			reason: 'invalidInput',
			hint: expect.stringMatching(/ID/),
			serverId: expect.any(String),
			operation: 'start',
			attempts: 0,
		},
	]);
	expect(cloud.requests.total).toBe(0);
});

test.concurrent('the other items are started', async () => {
	const { cloud, start } = await openWorld();
	const ids = addServers(cloud, 2);

	const { items, output, errorOutput } = await start(['', ids[0], '../..', ids[1], null]);

	expect(items.map(({ serverId }) => serverId)).toEqual(ids);
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 1 }, { item: 3 }]);
	expect(errorOutput.map(({ pairedItem }) => pairedItem)).toEqual([
		{ item: 0 },
		{ item: 2 },
		{ item: 4 },
	]);
	expect(runningOf(cloud, ids)).toEqual(ids);
});

test.concurrent('a long text is not repeated at full length', async () => {
	const { start } = await openWorld();

	const { failures } = await start(['x'.repeat(5000)]);

	expect(JSON.stringify(failures[0]).length).toBeLessThan(1000);
});

// IDs that only look odd

test.concurrent.each([
	['blanks around it', (id: string) => ` ${id}\n`],
	['upper case', (id: string) => id.toUpperCase()],
])('an ID with %s works', async (_, write) => {
	const { cloud, received, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });

	const { items } = await start([write(id)]);

	expect(items[0]).toMatchObject({ serverId: id, outcome: 'started', attempts: 1 });
	expect(received[0].path).toBe(`/v2.1/${cloud.project.id}/servers/${id}/action`);
});

test.concurrent('the same server twice is asked once, and both items get the outcome', async () => {
	const { cloud, start } = await openWorld();
	const [id, other] = addServers(cloud, 2);

	const { items, output } = await start([id, other, id.toUpperCase(), ` ${id}`]);

	expect(items.map(({ serverId }) => serverId)).toEqual([id, other, id, id]);
	expect(items[2]).toEqual(items[0]);
	expect(items[3]).toEqual(items[0]);
	expect(items[0]).toMatchObject({ outcome: 'started', attempts: 1 });
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual([0, 1, 2, 3].map(toPair));
	expect(postsTo(cloud, id)).toHaveLength(1);
});

test.concurrent('the same server twice: both items get the failure', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', status: 'PAUSED' });

	const { failures } = await start([id, id]);

	expect(failures).toHaveLength(2);
	expect(failures[1]).toEqual(failures[0]);
	expect(failures[0].reason).toBe('wrongState');
	expect(postsTo(cloud, id)).toHaveLength(1);
});

// Credentials

test.concurrent.each([
	['a project ID with a slash', { projectId: 'abc/../def' }, /Project ID/],
	['a project ID with a query', { projectId: 'abc?x=1' }, /Project ID/],
	['no project ID', { projectId: '' }, /Project ID/],
	['an endpoint without a scheme', { ecsEndpoint: '127.0.0.1:8774' }, /https:\/\//],
	['an endpoint of another scheme', { ecsEndpoint: 'ftp://ecs.example.com' }, /https:\/\//],
	['an endpoint with a query', { ecsEndpoint: 'https://ecs.example.com/?a=b' }, /query/],
	['an endpoint with a fragment', { ecsEndpoint: 'https://ecs.example.com/#a' }, /fragment/],
	['an endpoint with a user', { ecsEndpoint: 'https://me@ecs.example.com' }, /user name/],
	['no endpoint', { ecsEndpoint: '' }, /Compute Endpoint/],
	['plain http to another machine', { ecsEndpoint: 'http://192.0.2.1' }, /http/],
	['an unknown cloud', { cloud: 'moon-1' }, /moon-1/],
	['no token', { token: '' }, /Token/],
	['a token broken in two', { token: 'abcdefgh\nijklmnop' }, /Token/],
])('%s: invalidInput for each item, and nothing is sent', async (_, credential, message) => {
	const { cloud, start } = await openWorld();
	const ids = addServers(cloud, 2);

	const { failures, elapsed } = await start(ids, { credential, options: { waitTimeout: 5 } });

	expect(failures.map(({ serverId }) => serverId)).toEqual(ids);
	for (const failure of failures) {
		expect(failure).toMatchObject({
			message: expect.stringMatching(message),
			reason: 'invalidInput',
			hint: expect.stringMatching(/credential/i),
			attempts: 0,
		});
	}
	expect(cloud.requests.total).toBe(0);
	expect(elapsed).toBeLessThan(2);
});

// A machine reaches itself under this address, and it is none of the loopback ones.
const notLoopback = (url: string) => url.replace('127.0.0.1', '0.0.0.0');

test.concurrent('plain http to another address sends nothing, unless it is allowed', async () => {
	const { cloud, url, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	const ecsEndpoint = notLoopback(url);

	const refused = await start([id], { credential: { ecsEndpoint } });
	expect(refused.failures[0]).toMatchObject({ reason: 'invalidInput', attempts: 0 });
	expect(refused.failures[0].message).toContain('Allow Plain HTTP');
	expect(cloud.requests.total).toBe(0);

	const allowed = await start([id], { credential: { ecsEndpoint, allowHttp: true } });
	expect(allowed.items[0]).toMatchObject({ outcome: 'started' });
});

test.concurrent('blanks around the fields of a credential do no harm', async () => {
	const { cloud, url, token, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });

	const { items } = await start([id], {
		credential: {
			ecsEndpoint: ` ${url} `,
			projectId: ` ${cloud.project.id}\n`,
			token: `${token}\n`,
		},
	});

	expect(items[0]).toMatchObject({ outcome: 'started' });
});

// Options

test.concurrent.each([
	['Concurrency', { concurrency: 0 }],
	['Concurrency', { concurrency: 51 }],
	['Concurrency', { concurrency: 2.5 }],
	['Max Tries', { maxTries: 11 }],
	['Check Every', { pollInterval: 0.1 }],
	['Wait Timeout', { waitTimeout: 'soon' }],
	['API Version', { apiVersion: 'v3' }],
])('%s with a value that it cannot have: invalidInput, nothing is sent', async (name, options) => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });

	const { failures } = await start([id], { options });

	expect(failures[0]).toMatchObject({ serverId: id, reason: 'invalidInput', attempts: 0 });
	expect(failures[0].message).toContain(name);
	expect(cloud.requests.total).toBe(0);
});

const toPair = (item: number) => ({ item });
