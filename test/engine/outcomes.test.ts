/** What becomes of servers, users and credentials that are not as hoped. */
import { addServers, byHand, endsOnceSeen, openWorld, postsTo, runningOf } from '../harness/world';

jest.setTimeout(60_000);

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

// Servers that run already, or are about to

test.concurrent('a running server is alreadyRunning, and left alone', async () => {
	const { cloud, start } = await openWorld();
	const server = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });

	const { items } = await start([server.id]);

	expect(items).toEqual([
		{
			serverId: server.id,
			serverName: 'web-1',
			operation: 'start',
			outcome: 'alreadyRunning',
			status: 'ACTIVE',
			requestId: expect.stringMatching(/^req-/),
			attempts: 1,
			seconds: expect.any(Number),
		},
	]);
	expect(postsTo(cloud).map(({ status }) => status)).toEqual([409]);
	expect(server.history.map(({ cause }) => cause)).toEqual(['created']);
});

test.concurrent('a running server is alreadyRunning without waiting, too', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });

	const { items } = await start([id], { waitUntilDone: false });

	expect(items[0]).toMatchObject({ outcome: 'alreadyRunning', status: 'ACTIVE' });
});

test.concurrent('Fail If Already Done: a running server is in the wrong state', async () => {
	const { cloud, start } = await openWorld();
	const running = cloud.addServer({ name: 'web-1', status: 'ACTIVE' }).id;
	const stopped = cloud.addServer({ name: 'web-2' }).id;

	const { items, failures } = await start([running, stopped], {
		options: { failIfAlreadyDone: true },
	});

	expect(failures).toHaveLength(1);
	expect(failures[0]).toMatchObject({
		serverId: running,
		reason: 'wrongState',
		status: 'ACTIVE',
	});
	expect(failures[0].message).toContain('already running');
	expect(items).toEqual([expect.objectContaining({ serverId: stopped, outcome: 'started' })]);
});

test.concurrent('a locked server that runs is alreadyRunning', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', status: 'ACTIVE', locked: true });

	const { items } = await start([id]);

	expect(items[0]).toMatchObject({ outcome: 'alreadyRunning', attempts: 1 });
});

test.concurrent("somebody else's start is joined, not repeated", async () => {
	const { cloud, start } = await openWorld({ startSeconds: 60 });
	const server = cloud.addServer({ name: 'web-1' });
	server.ask('start', byHand(cloud.now));

	const [{ items }] = await Promise.all([
		start([server.id]),
		endsOnceSeen(cloud, server, 'ACTIVE'),
	]);

	expect(items[0]).toMatchObject({ outcome: 'started', status: 'ACTIVE', attempts: 1 });
	expect(postsTo(cloud).map(({ status }) => status)).toEqual([409]);
});

// Servers on their way down

test.concurrent('a server that is being stopped is waited for, then started', async () => {
	const { cloud, start } = await openWorld({ stopSeconds: 60 });
	const server = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });
	server.ask('stop', byHand(cloud.now));

	const [{ items }] = await Promise.all([
		start([server.id]),
		endsOnceSeen(cloud, server, 'SHUTOFF'),
	]);

	expect(items[0]).toMatchObject({ outcome: 'started', status: 'ACTIVE', attempts: 2 });
	expect(postsTo(cloud).map(({ status }) => status)).toEqual([409, 202]);
	expect(cloud.wasRunning(server.id)).toBe(true);
});

test.concurrent.each([
	['without waiting', { waitUntilDone: false }],
	['with no try left', { options: { maxTries: 1 } }],
])('%s, a server that is being stopped is busy', async (_, how) => {
	const { cloud, start } = await openWorld({ stopSeconds: 60 });
	const server = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });
	server.ask('stop', byHand(cloud.now));

	const { failures } = await start([server.id], how);

	expect(failures).toEqual([
		expect.objectContaining({ reason: 'busy', attempts: 1, httpStatus: 409, status: 'ACTIVE' }),
	]);
	expect(failures[0].message).toContain('being stopped');
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent('a stop that takes longer than Wait Timeout ends as timedOut', async () => {
	const { cloud, start } = await openWorld({ stopSeconds: 60 });
	const server = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });
	server.ask('stop', byHand(cloud.now));

	const { failures, elapsed } = await start([server.id], { options: { waitTimeout: 4 } });

	expect(failures[0]).toMatchObject({ reason: 'timedOut', attempts: 1, status: 'ACTIVE' });
	expect(elapsed).toBeLessThan(5.5);
});

// Servers that cannot be started

test.concurrent.each([
	['PAUSED', /unpause/i],
	['SUSPENDED', /resume/i],
	['SHELVED', /unshelve/i],
	['SHELVED_OFFLOADED', /unshelve/i],
	['ERROR', /fault|reboot|rebuild/i],
	['RESCUE', /rescue/i],
	['VERIFY_RESIZE', /resize/i],
])('%s is the wrong state, with the way out', async (status, wayOut) => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', status });

	const { failures } = await start([id]);

	expect(failures).toEqual([
		{
			message: expect.stringContaining(status),
			reason: 'wrongState',
			hint: expect.stringMatching(wayOut),
			serverId: id,
			serverName: 'web-1',
			operation: 'start',
			attempts: 1,
			httpStatus: 409,
			code: 'conflictingRequest',
			requestId: expect.stringMatching(/^req-/),
			status,
		},
	]);
	expect(failures[0].message).toContain('web-1');
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent('a locked server says so, and how to go on', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', locked: true });

	const { failures } = await start([id]);

	expect(failures[0]).toMatchObject({ reason: 'locked', attempts: 1, status: 'SHUTOFF' });
	expect(failures[0].message).toContain('locked');
	expect(failures[0].hint).toMatch(/unlock/i);
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent('a lock is recognised where servers do not show it (API v2)', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', locked: true });

	const { failures } = await start([id], { options: { apiVersion: 'v2' } });

	expect(failures[0]).toMatchObject({ reason: 'locked', attempts: 1 });
});

test.concurrent('an unknown id is not found', async () => {
	const { cloud, start } = await openWorld();

	const { failures } = await start([UNKNOWN_ID]);

	expect(failures).toEqual([
		{
			message: expect.stringContaining(UNKNOWN_ID),
			reason: 'notFound',
			hint: expect.stringMatching(/project/i),
			serverId: UNKNOWN_ID,
			operation: 'start',
			attempts: 1,
			httpStatus: 404,
			code: 'itemNotFound',
			requestId: expect.stringMatching(/^req-/),
		},
	]);
	expect(cloud.requests.total).toBe(1);
});

test.concurrent('a deleted server is not found', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', status: 'DELETED' });

	const { failures } = await start([id]);

	expect(failures[0]).toMatchObject({ reason: 'notFound', httpStatus: 404 });
});

test.concurrent("another project's server is not found", async () => {
	const { cloud, start } = await openWorld();
	const other = cloud.addProject('other');
	const { id } = cloud.addServer({ name: 'theirs', projectId: other.id });

	const { failures } = await start([id]);

	expect(failures[0]).toMatchObject({ reason: 'notFound', httpStatus: 404 });
});

test.concurrent.each([
	['ECS v1 code Ecs.0114', 404, 'Ecs.0114', 'notFound'],
	['no capacity for the flavor', 400, 'Ecs.0319', 'quotaExceeded'],
	['a budget that is used up', 403, 'Ecs.0066', 'forbidden'],
	['a policy', 403, 'Pdp.0001', 'forbidden'],
	["a token of another project's", 400, 'Common.0018', 'invalidInput'],
])('%s: refused once, and not asked again', async (_, status, code, reason) => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	const body = { error: { code, message: 'As the cloud puts it.' } };
	cloud.faults.add({ match: 'start', then: { status, body } });

	const { failures } = await start([id]);

	expect(failures).toEqual([
		expect.objectContaining({ reason, attempts: 1, httpStatus: status, code }),
	]);
	expect(failures[0].message).toContain('As the cloud puts it');
	expect(failures[0].hint).not.toBe('');
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent('no quota left is quotaExceeded, not forbidden', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', then: 'quotaExceeded' });

	const { failures } = await start([id]);

	expect(failures[0]).toMatchObject({ reason: 'quotaExceeded', attempts: 1, httpStatus: 403 });
});

// Credentials that lead nowhere

test.concurrent("another project's id than the token's is invalidInput", async () => {
	const { cloud, start } = await openWorld();
	const ids = addServers(cloud, 2);

	const { failures } = await start(ids, { credential: { projectId: 'f'.repeat(32) } });

	expect(failures).toHaveLength(2);
	expect(failures[0]).toMatchObject({ reason: 'invalidInput', httpStatus: 400 });
	expect(failures[0].hint).toMatch(/project/i);
});

test.concurrent(
	'the name of the project instead of its id is told before anything is sent',
	async () => {
		const { cloud, start } = await openWorld();
		const { id } = cloud.addServer({ name: 'web-1' });

		const { failures } = await start([id], { credential: { projectId: 'demo' } });

		expect(failures[0]).toMatchObject({ reason: 'invalidInput', attempts: 0 });
		expect(failures[0].message).toMatch(/'Project ID'.*not a name/);
		expect(cloud.requests.total).toBe(0);
	},
);

test.concurrent('an endpoint with a wrong path: what answers is no ECS API', async () => {
	const { cloud, url, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });

	const { failures } = await start([id], { credential: { ecsEndpoint: `${url}/v9` } });

	expect(failures[0]).toMatchObject({ reason: 'unexpectedResponse', httpStatus: 300 });
	expect(failures[0].hint).toMatch(/endpoint/i);
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent("IAM's endpoint in place of that of ECS is invalidInput", async () => {
	const { cloud, url, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });

	const { failures } = await start([id], { credential: { ecsEndpoint: `${url}/v3` } });

	expect(failures[0]).toMatchObject({ reason: 'invalidInput', httpStatus: 404, attempts: 1 });
	expect(failures[0].hint).toMatch(/endpoint/i);
});

test.concurrent('nobody listens at the endpoint: unreachable, within Wait Timeout', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });

	const { failures, elapsed } = await start([id], {
		credential: { ecsEndpoint: 'http://127.0.0.1:1' },
		options: { waitTimeout: 4 },
	});

	expect(failures[0]).toMatchObject({ reason: 'unreachable', code: 'ECONNREFUSED' });
	expect(failures[0].hint).toMatch(/endpoint/i);
	expect(elapsed).toBeLessThan(5.5);
});

// Users and tokens

test.concurrent('a reader may not start: forbidden, each asked once', async () => {
	const { cloud, start } = await openWorld();
	const ids = addServers(cloud, 3);
	const token = cloud.issueToken({ userId: cloud.reader.id }).id;

	const { failures } = await start(ids, { credential: { token } });

	expect(failures.map(({ reason }) => reason)).toEqual(['forbidden', 'forbidden', 'forbidden']);
	expect(failures[0]).toMatchObject({ attempts: 1, httpStatus: 403, code: 'forbidden' });
	expect(failures[0].hint).toContain('ecs:servers:start');
	expect(cloud.requests.counts).toEqual({ start: 3 });
});

test.concurrent('who may start but not read hears that the start was accepted', async () => {
	const { cloud, start } = await openWorld({ denied: ['read', 'list'] });
	const { id } = cloud.addServer({ name: 'web-1' });

	const { failures } = await start([id]);

	expect(failures[0]).toMatchObject({ reason: 'forbidden', attempts: 1 });
	expect(failures[0].message).toContain('accepted');
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent.each([
	['an expired token', (world: World) => world.cloud.expireTokens()],
	['a token that the cloud does not know', (world: World) => world.cloud.revokeTokens()],
])('%s is tried once: the others are not sent, and all say so', async (_, spoil) => {
	const world = await openWorld();
	const { cloud, start } = world;
	const ids = addServers(cloud, 20);
	spoil(world);

	const { failures } = await start(ids);

	expect(cloud.requests.total).toBe(1);
	expect(failures.map(({ serverId }) => serverId)).toEqual(ids);
	for (const failure of failures) {
		expect(failure).toMatchObject({ reason: 'unauthorized', attempts: 0, httpStatus: 401 });
		expect(failure.hint).toMatch(/new token/i);
	}
	expect(failures[19].message).toContain('not asked');
});

test.concurrent('a token revoked on the way: nobody sends any more', async () => {
	const { cloud, start } = await openWorld({ latencyMs: 30, startSeconds: 30 });
	const ids = addServers(cloud, 30);

	const { items, failures } = await start(ids, {
		options: { concurrency: 5 },
		onRequest: (_, index) => {
			if (index === 10) cloud.revokeTokens();
		},
	});

	expect(items).toEqual([]);
	expect(new Set(failures.map(({ reason }) => reason))).toEqual(new Set(['unauthorized']));
	expect(cloud.requests.total).toBeLessThanOrEqual(10 + 5);
	expect(runningOf(cloud, ids)).toEqual([]);
});

type World = Awaited<ReturnType<typeof openWorld>>;
