/** Stop and wait: what goes out, what comes back, and what becomes of servers that are not as hoped. */
import type { Cloud } from '../../simulator/cloud';
import { stopwatch } from '../harness/stopwatch';
import {
	addRunning,
	addServers,
	bodiesOf,
	byHand,
	endsOnceSeen,
	locator,
	openWorld,
	postsTo,
	REQUEST_ID,
	runningOf,
	staysSo,
	until,
} from '../harness/world';

jest.setTimeout(60_000);

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

const isOff = (cloud: Cloud, id: string) => cloud.server(id)?.status === 'SHUTOFF';

test.concurrent('a running server is stopped, and its item says all about it', async () => {
	const { cloud, stop } = await openWorld();
	const server = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });

	const { output, errorOutput, hints, elapsed } = await stop([server.id]);

	expect(errorOutput).toEqual([]);
	expect(output).toEqual([
		{
			json: {
				serverId: server.id,
				serverName: 'web-1',
				operation: 'stop',
				outcome: 'stopped',
				status: 'SHUTOFF',
				requestId: expect.stringMatching(REQUEST_ID),
				attempts: 1,
				seconds: expect.any(Number),
			},
			pairedItem: { item: 0 },
		},
	]);
	expect(output[0].json.seconds).toBeGreaterThan(0.2);
	expect(output[0].json.seconds).toBeLessThanOrEqual(elapsed + 0.05);
	expect(hints).toEqual([]);
	expect(isOff(cloud, server.id)).toBe(true);
});

test.concurrent.each([
	['without Forceful, the cloud chooses how', undefined, '{"os-stop":{}}'],
	['with Forceful off, too', false, '{"os-stop":{}}'],
	['with Forceful, the power is cut', true, '{"os-stop":{"type":"HARD"}}'],
])('%s', async (_, forceful, body) => {
	const { cloud, received, stop } = await openWorld();
	const ids = addRunning(cloud, 2);

	const { items } = await stop(ids, { forceful });

	expect(items.map(({ outcome }) => outcome)).toEqual(['stopped', 'stopped']);
	expect(bodiesOf(received)).toEqual([body, body]);
});

test.concurrent('Forceful is decided for each item', async () => {
	const { cloud, received, stop } = await openWorld();
	const [gently, forcefully] = addRunning(cloud, 2);

	await stop([gently, forcefully], { forceful: `={{ $json.id === '${forcefully}' }}` });

	const bodies = Object.fromEntries(
		received
			.filter(({ method }) => method === 'POST')
			.map(({ path, body }) => [path.split('/').at(-2), body]),
	);
	expect(bodies).toEqual({
		[gently]: '{"os-stop":{}}',
		[forcefully]: '{"os-stop":{"type":"HARD"}}',
	});
});

test.concurrent('without waiting, acceptance is the outcome, and nothing is read', async () => {
	const { cloud, stop } = await openWorld({ stopSeconds: 30 });
	const ids = addRunning(cloud, 2);

	const { items } = await stop(ids, { waitUntilDone: false });

	expect(items).toEqual(
		ids.map((serverId) => ({
			serverId,
			operation: 'stop',
			outcome: 'accepted',
			requestId: expect.stringMatching(REQUEST_ID),
			attempts: 1,
			seconds: expect.any(Number),
		})),
	);
	expect(cloud.requests.counts).toEqual({ stop: 2 });
});

// Servers that are off already, or about to be

test.concurrent('a stopped server is alreadyStopped, and left alone', async () => {
	const { cloud, stop } = await openWorld();
	const server = cloud.addServer({ name: 'web-1' });

	const { items } = await stop([server.id]);

	expect(items).toEqual([
		{
			serverId: server.id,
			serverName: 'web-1',
			operation: 'stop',
			outcome: 'alreadyStopped',
			status: 'SHUTOFF',
			requestId: expect.stringMatching(/^req-/),
			attempts: 1,
			seconds: expect.any(Number),
		},
	]);
	expect(server.history.map(({ cause }) => cause)).toEqual(['created']);
});

test.concurrent('one hint says how many were off already', async () => {
	const { cloud, stop } = await openWorld();
	const ids = [...addRunning(cloud, 4), ...addServers(cloud, 2)];

	const { hints } = await stop(ids);

	expect(hints).toEqual([
		{ message: '2 of 6 servers were already stopped', location: 'outputPane' },
	]);
});

test.concurrent('Fail If Already Done: a stopped server is in the wrong state', async () => {
	const { cloud, stop } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });

	const { failures, hints } = await stop([id], { options: { failIfAlreadyDone: true } });

	expect(failures[0]).toMatchObject({ reason: 'wrongState', operation: 'stop', status: 'SHUTOFF' });
	expect(failures[0].message).toContain('already stopped');
	expect(hints).toMatchObject([{ message: 'The server did not stop', type: 'warning' }]);
});

test.concurrent("somebody else's stop is joined, not repeated", async () => {
	const { cloud, stop } = await openWorld({ stopSeconds: 60 });
	const server = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });
	server.ask('stop', byHand(cloud.now));

	const [{ items }] = await Promise.all([
		stop([server.id]),
		endsOnceSeen(cloud, server, 'SHUTOFF'),
	]);

	expect(items[0]).toMatchObject({ outcome: 'stopped', status: 'SHUTOFF', attempts: 1 });
	expect(postsTo(cloud).map(({ status }) => status)).toEqual([409]);
});

// Servers on their way up

test.concurrent('a server that is being started is waited for, then stopped', async () => {
	const { cloud, stop } = await openWorld({ startSeconds: 60 });
	const server = cloud.addServer({ name: 'web-1' });
	server.ask('start', byHand(cloud.now));

	const [{ items }] = await Promise.all([
		stop([server.id]),
		endsOnceSeen(cloud, server, 'ACTIVE'),
	]);

	expect(items[0]).toMatchObject({ outcome: 'stopped', status: 'SHUTOFF', attempts: 2 });
	expect(postsTo(cloud).map(({ status }) => status)).toEqual([409, 202]);
	expect(isOff(cloud, server.id)).toBe(true);
});

test.concurrent.each([
	['without waiting', { waitUntilDone: false }],
	['with no try left', { options: { maxTries: 1 } }],
])('%s, a server that is being started is busy', async (_, how) => {
	const { cloud, stop } = await openWorld({ startSeconds: 60 });
	const server = cloud.addServer({ name: 'web-1' });
	server.ask('start', byHand(cloud.now));

	const { failures } = await stop([server.id], how);

	expect(failures).toEqual([
		expect.objectContaining({ reason: 'busy', operation: 'stop', attempts: 1, httpStatus: 409 }),
	]);
	expect(failures[0].message).toContain('being started');
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent('busy without waiting: the hint names the switch as the editor does', async () => {
	const { cloud, stop } = await openWorld({ startSeconds: 60 });
	const server = cloud.addServer({ name: 'web-1' });
	server.ask('start', byHand(cloud.now));

	const { failures } = await stop([server.id], { waitUntilDone: false });

	expect(failures[0].hint).toContain("'Wait Until Stopped'");
});

// Stops that do not work

test.concurrent.each([
	['locked', { locked: true }, { reason: 'locked', status: 'ACTIVE' }],
	['paused', { status: 'PAUSED' }, { reason: 'wrongState', status: 'PAUSED' }],
])('a server that is %s is not stopped', async (_, spec, expected) => {
	const { cloud, stop } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', status: 'ACTIVE', ...spec });

	const { failures } = await stop([id]);

	expect(failures[0]).toMatchObject({ ...expected, serverId: id, operation: 'stop', attempts: 1 });
	expect(isOff(cloud, id)).toBe(false);
});

test.concurrent('a locked server that is off is alreadyStopped', async () => {
	const { cloud, stop } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', locked: true });

	const { items } = await stop([id]);

	expect(items[0]).toMatchObject({ outcome: 'alreadyStopped' });
});

test.concurrent('a server in ERROR can be stopped', async () => {
	const { cloud, stop } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', status: 'ERROR' });

	const { items } = await stop([id]);

	expect(items[0]).toMatchObject({ outcome: 'stopped', status: 'SHUTOFF' });
});

test.concurrent.each([
	['that falls back', { kind: 'fallsBack', seconds: 1.5 }, 'ACTIVE'],
	['that ends in ERROR', { kind: 'error', seconds: 1.5 }, 'ERROR'],
] as const)('a stop %s is stopFailed', async (_, stopBehaviour, status) => {
	const { cloud, stop } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', status: 'ACTIVE', stopBehaviour });

	const { failures } = await stop([id]);

	expect(failures[0]).toMatchObject({ reason: 'stopFailed', status, attempts: 1 });
	expect(failures[0].requestId).toMatch(REQUEST_ID);
});

test.concurrent('a guest that does not react: timedOut, and Forceful is named', async () => {
	const { cloud, stop } = await openWorld({ stopSeconds: 60 });
	const [id] = addRunning(cloud);

	const { failures } = await stop([id], { options: { waitTimeout: 4 } });

	expect(failures[0]).toMatchObject({ reason: 'timedOut', status: 'ACTIVE', attempts: 1 });
	expect(failures[0].hint).toContain("'Forceful'");
});

test.concurrent('nor to a forceful stop: there is nothing more to name', async () => {
	const { cloud, stop } = await openWorld({ stopSeconds: 60 });
	const [id] = addRunning(cloud);

	const { failures } = await stop([id], { forceful: true, options: { waitTimeout: 4 } });

	expect(failures[0].reason).toBe('timedOut');
	expect(failures[0].hint).not.toContain('Forceful');
});

test.concurrent('a reader may not stop, and the hint names the permission', async () => {
	const { cloud, stop } = await openWorld();
	const [id] = addRunning(cloud);
	const { id: token } = cloud.issueToken({ userId: cloud.reader.id });

	const { failures } = await stop([id], { credential: { token } });

	expect(failures[0]).toMatchObject({ reason: 'forbidden', httpStatus: 403, operation: 'stop' });
	expect(failures[0].hint).toContain('ecs:servers:stop');
});

test.concurrent('a stop whose answer was lost is stopped, once it is off', async () => {
	const { cloud, stop } = await openWorld();
	const [id] = addRunning(cloud);
	cloud.faults.add({ match: 'stop', times: 1, then: 'dropAfter' });

	const { items } = await stop([id]);

	expect(items[0]).toMatchObject({ outcome: 'stopped', status: 'SHUTOFF' });
	expect(cloud.requests.count('stop')).toBe(1);
});

test.concurrent('a stop that got lost is repeated', async () => {
	const { cloud, stop } = await openWorld();
	const [id] = addRunning(cloud);
	cloud.faults.add({ match: 'stop', times: 1, then: 'drop' });

	const { items } = await stop([id]);

	expect(items[0]).toMatchObject({ outcome: 'stopped', attempts: 2 });
});

test.concurrent('a failed stop goes down the error branch with nothing but its error', async () => {
	const { cloud, stop } = await openWorld();
	const [good] = addRunning(cloud);

	const { output } = await stop([UNKNOWN_ID, good], { onError: 'continueRegularOutput' });

	expect(output).toEqual([
		{
			json: {
				error: {
					message: expect.stringContaining(UNKNOWN_ID),
					reason: 'notFound',
					hint: expect.any(String),
					serverId: UNKNOWN_ID,
					operation: 'stop',
					attempts: 1,
					httpStatus: 404,
					code: 'itemNotFound',
					requestId: expect.stringMatching(REQUEST_ID),
				},
			},
			pairedItem: { item: 0 },
		},
		{ json: expect.objectContaining({ outcome: 'stopped' }), pairedItem: { item: 1 } },
	]);
});

test.concurrent('Stop Workflow: one error says which did not stop, and how many did', async () => {
	const { cloud, stop } = await openWorld();
	const good = addRunning(cloud, 2);

	const { error } = await stop([good[0], UNKNOWN_ID, good[1]], { onError: 'stopWorkflow' });

	expect(error.message).toMatch(new RegExp(`^Server ${UNKNOWN_ID} was not found`));
	expect(error.description).toMatch(/2 other servers did stop\.$/);
	expect(runningOf(cloud, good)).toEqual([]);
});

// In one batch

test.concurrent.each([
	['', false, {}],
	[' with force', true, { type: 'HARD' }],
])('one batch request stops all that run%s', async (_, forceful, type) => {
	const { cloud, received, stop } = await openWorld({ jobInitSeconds: 0.2 });
	const running = addRunning(cloud, 4);
	const ids = [...running, ...addServers(cloud, 1)];

	const { items } = await stop(ids, { forceful, options: { sendAs: 'oneBatchRequest' } });

	expect(items.map(({ outcome }) => outcome)).toEqual([
		...Array<string>(4).fill('stopped'),
		'alreadyStopped',
	]);
	expect(items.map(({ serverId }) => serverId)).toEqual(ids);
	expect(bodiesOf(received).map((body) => JSON.parse(body))).toEqual([
		{ 'os-stop': { servers: running.map((id) => ({ id })), ...type } },
	]);
});

// Cancelling

test.concurrent('a cancelled stop ends at once, and nothing more is sent', async () => {
	const { cloud, stop } = await openWorld({ stopSeconds: 30 });
	const ids = addRunning(cloud, 3);
	const button = new AbortController();
	const running = stop(ids, { signal: button.signal });
	await until(() => cloud.requests.outcomes['stop 202'] === 3);

	const seconds = stopwatch();
	button.abort();
	const { status, output, failures } = await running;

	expect(status).toBe('canceled');
	expect(seconds()).toBeLessThan(1);
	expect(failures).toEqual([]);
	expect(output.filter(({ json }) => 'outcome' in json)).toEqual([]);
	const sent = cloud.requests.total;
	await staysSo(() => cloud.requests.total === sent, 2);
});

test.concurrent('by name, the server with that name is stopped', async () => {
	const { cloud, run } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });
	cloud.addServer({ name: 'web-10', status: 'ACTIVE' });

	const { items } = await run('stop', { parameters: { serverId: locator('name', 'web-1') } });

	expect(items).toEqual([expect.objectContaining({ serverId: id, outcome: 'stopped' })]);
	expect(cloud.wasRunning(cloud.serverNamed('web-10').id)).toBe(true);
});
