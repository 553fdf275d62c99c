/** Start and wait: what goes out, what comes back. */
import { addServers, openWorld, postsTo, REQUEST_ID, runningOf } from '../harness/world';

jest.setTimeout(60_000);

test.concurrent('a stopped server is started, and its item says all about it', async () => {
	const { cloud, start } = await openWorld();
	const server = cloud.addServer({ name: 'web-1' });

	const { output, errorOutput, elapsed, status } = await start([server.id]);

	expect(status).toBe('success');
	expect(errorOutput).toEqual([]);
	expect(output).toEqual([
		{
			json: {
				serverId: server.id,
				serverName: 'web-1',
				operation: 'start',
				outcome: 'started',
				status: 'ACTIVE',
				requestId: expect.stringMatching(REQUEST_ID),
				attempts: 1,
				seconds: expect.any(Number),
			},
			pairedItem: { item: 0 },
		},
	]);
	expect(output[0].json.seconds).toBeGreaterThan(0.2);
	expect(output[0].json.seconds).toBeLessThanOrEqual(elapsed + 0.05);
	expect(cloud.wasRunning(server.id)).toBe(true);
});

test.concurrent('the request id is the one under which the cloud did it', async () => {
	const { cloud, start } = await openWorld();
	const server = cloud.addServer({ name: 'web-1' });

	const { items } = await start([server.id]);

	const done = server.actions.find(({ action }) => action === 'start');
	expect(items[0].requestId).toBe(done?.requestId);
});

test.concurrent('a gateway that drops the request id: the item has none', async () => {
	const { cloud, start } = await openWorld({ requestIds: false });
	const server = cloud.addServer({ name: 'web-1' });

	const { items } = await start([server.id]);

	expect(items[0]).toMatchObject({ outcome: 'started', attempts: 1 });
	expect(items[0]).not.toHaveProperty('requestId');
});

test.concurrent('each server is asked once, with exactly the documented request', async () => {
	const { cloud, received, token, start } = await openWorld();
	const ids = addServers(cloud, 4);

	await start(ids);

	const posts = received.filter(({ method }) => method === 'POST');
	expect(posts.map(({ path }) => path).sort()).toEqual(
		ids.map((id) => `/v2.1/${cloud.project.id}/servers/${id}/action`).sort(),
	);
	expect(new Set(posts.map(({ body }) => body))).toEqual(new Set(['{"os-start":{}}']));
	for (const { headers } of received) expect(headers['x-auth-token']).toBe(token);
	for (const { headers } of posts) expect(headers['content-type']).toMatch(/^application\/json\b/);
});

test.concurrent('API Version v2 uses the other path, for reads too', async () => {
	const { cloud, received, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });

	const { items } = await start([id], { options: { apiVersion: 'v2' } });

	expect(items[0]).toMatchObject({ outcome: 'started' });
	expect(received[0]).toMatchObject({
		method: 'POST',
		path: `/v2/${cloud.project.id}/servers/${id}/action`,
		body: '{"os-start":{}}',
	});
	expect(received.filter(({ path }) => !path.startsWith('/v2/'))).toEqual([]);
});

test.concurrent.each([
	['a slash at the end', '/', ''],
	['the version of a service catalog', '/v2.1', ''],
	['version and project of a service catalog', '/v2.1/0123456789abcdef0123456789abcdef', ''],
	['a path of its own', '/compute', '/compute'],
	['a path of its own, and what a catalog adds', '/compute/v2.1/', '/compute'],
])('an endpoint with %s leads to the right path', async (_, tail, prefix) => {
	const { cloud, url, received, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });

	await start([id], { credential: { ecsEndpoint: url + tail } });

	expect(received[0].path).toBe(`${prefix}/v2.1/${cloud.project.id}/servers/${id}/action`);
});

test.concurrent('items come out in input order and paired, however the starts end', async () => {
	const { cloud, start } = await openWorld();
	const ids = [2.5, 0.2, 1.5, 0.2].map(
		(startSeconds, i) => cloud.addServer({ name: `web-${i}`, startSeconds }).id,
	);

	const { output } = await start(ids);

	expect(output.map(({ json }) => json.serverId)).toEqual(ids);
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual(ids.map((_, item) => ({ item })));
	expect(output.map(({ json }) => json.serverName)).toEqual(['web-0', 'web-1', 'web-2', 'web-3']);
	expect(runningOf(cloud, ids)).toEqual(ids);
});

test.concurrent('seconds are those of the server, not of the whole run', async () => {
	const { cloud, start } = await openWorld();
	const quick = cloud.addServer({ name: 'quick', startSeconds: 0.2 }).id;
	const slow = cloud.addServer({ name: 'slow', startSeconds: 8 }).id;

	const { items } = await start([quick, slow]);

	expect(items[0].seconds).toBeLessThan(8);
	expect(items[1].seconds).toBeGreaterThanOrEqual(8);
});

test.concurrent.each([1, 3])('Concurrency %i: never more requests at once', async (concurrency) => {
	const { cloud, start } = await openWorld({ latencyMs: 40 });
	const ids = addServers(cloud, 12);

	const { items } = await start(ids, { options: { concurrency } });

	expect(items).toHaveLength(12);
	expect(cloud.requests.maxInFlight).toBe(concurrency);
});

test.concurrent('ten requests at once when nothing is set', async () => {
	const { cloud, start } = await openWorld({ latencyMs: 60 });

	await start(addServers(cloud, 30), { waitUntilDone: false });

	expect(cloud.requests.maxInFlight).toBe(10);
});

test.concurrent('the first request goes alone, as it shows whether the token works', async () => {
	const { cloud, start } = await openWorld({ latencyMs: 60 });

	await start(addServers(cloud, 5), { waitUntilDone: false });

	const [first, ...others] = postsTo(cloud);
	for (const { at } of others) expect(at).toBeGreaterThanOrEqual(Number(first.answeredAt));
});

test.concurrent('without waiting, acceptance is the outcome, and nothing is read', async () => {
	const { cloud, start } = await openWorld({ startSeconds: 30 });
	const ids = addServers(cloud, 3);

	const { items, elapsed } = await start(ids, { waitUntilDone: false });

	expect(items).toEqual(
		ids.map((serverId) => ({
			serverId,
			operation: 'start',
			outcome: 'accepted',
			requestId: expect.stringMatching(REQUEST_ID),
			attempts: 1,
			seconds: expect.any(Number),
		})),
	);
	expect(cloud.requests.counts).toEqual({ start: 3 });
	expect(elapsed).toBeLessThan(5);
});

test.concurrent('whether to wait is decided for each item', async () => {
	const { cloud, start } = await openWorld();
	const [waitedFor, other] = addServers(cloud, 2);

	const { items } = await start([waitedFor, other], {
		waitUntilDone: `={{ $json.id === '${waitedFor}' }}`,
	});

	expect(items.map(({ outcome }) => outcome)).toEqual(['started', 'accepted']);
});
