/** Restart: done only with proof, and never twice without need. */
import type { Cloud } from '../../simulator/cloud';
import { stopwatch } from '../harness/stopwatch';
import {
	addRunning,
	bodiesOf,
	byHand,
	openWorld,
	postsTo,
	REQUEST_ID,
	runningOf,
	staysSo,
	until,
} from '../harness/world';

jest.setTimeout(60_000);

const rebootsOf = (cloud: Cloud, id: string) =>
	cloud.server(id)?.actions.filter(({ action }) => action === 'reboot') ?? [];

const SLOW = { rebootSeconds: 1.5 };

test.concurrent('a running server is restarted, and its item says all about it', async () => {
	const { cloud, restart } = await openWorld(SLOW);
	const server = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });

	const { output, errorOutput, hints } = await restart([server.id]);

	expect(errorOutput).toEqual([]);
	expect(output).toEqual([
		{
			json: {
				serverId: server.id,
				serverName: 'web-1',
				operation: 'restart',
				outcome: 'restarted',
				status: 'ACTIVE',
				requestId: rebootsOf(cloud, server.id)[0].requestId,
				attempts: 1,
				seconds: expect.any(Number),
			},
			pairedItem: { item: 0 },
		},
	]);
	expect(output[0].json.seconds).toBeGreaterThanOrEqual(1.5);
	expect(hints).toEqual([]);
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent.each([
	['SOFT', undefined],
	['SOFT', false],
	['HARD', true],
])('the reboot is %s with Forceful %p', async (type, forceful) => {
	const { cloud, received, restart } = await openWorld(SLOW);
	const ids = addRunning(cloud, 2);

	const { items } = await restart(ids, { forceful });

	expect(items.map(({ outcome }) => outcome)).toEqual(['restarted', 'restarted']);
	const body = JSON.stringify({ reboot: { type } });
	expect(bodiesOf(received)).toEqual([body, body]);
});

test.concurrent('a reboot that nobody saw under way is proved by its record', async () => {
	const { cloud, restart } = await openWorld({ rebootSeconds: 0.1 });
	const [id] = addRunning(cloud);

	const { items } = await restart([id]);

	expect(items[0]).toMatchObject({ outcome: 'restarted', status: 'ACTIVE', attempts: 1 });
	expect(cloud.requests.count('action-log')).toBe(1);
});

test.concurrent('without waiting, acceptance is the outcome', async () => {
	const { cloud, restart } = await openWorld();
	const ids = addRunning(cloud, 2);

	const { items } = await restart(ids, { waitUntilDone: false });

	expect(items).toEqual(
		ids.map((serverId) => ({
			serverId,
			operation: 'restart',
			outcome: 'accepted',
			requestId: expect.stringMatching(REQUEST_ID),
			attempts: 1,
			seconds: expect.any(Number),
		})),
	);
	expect(cloud.requests.counts).toEqual({ reboot: 2 });
});

// Lost requests and lost answers

test.concurrent('an answer lost after the reboot was taken: restarted, asked once', async () => {
	const { cloud, restart } = await openWorld(SLOW);
	const [id] = addRunning(cloud);
	cloud.faults.add({ match: 'reboot', times: 1, then: 'dropAfter' });

	const { items } = await restart([id]);

	expect(items[0]).toMatchObject({ outcome: 'restarted', status: 'ACTIVE', attempts: 1 });
	expect(rebootsOf(cloud, id)).toHaveLength(1);
});

test.concurrent.each(['dropAfter', 'badGateway', 'gatewayTimeout'] as const)(
	'%s after a reboot too quick to be seen: its record proves it',
	async (kind) => {
		const { cloud, restart } = await openWorld({ rebootSeconds: 0.1 });
		const [id] = addRunning(cloud);
		const then = kind === 'dropAfter' ? kind : { preset: kind, afterEffect: true };
		cloud.faults.add({ match: 'reboot', times: 1, then });
		// Records tell whole seconds: early in one, ours is not older than our request.
		await until(() => cloud.now % 1000 < 300);

		const { items } = await restart([id]);

		expect(items[0]).toMatchObject({ outcome: 'restarted', attempts: 1 });
		expect(rebootsOf(cloud, id)).toHaveLength(1);
	},
);

test.concurrent.each([
	['drop', 'unreachable'],
	['badGateway', 'unavailable'],
	['gatewayTimeout', 'unavailable'],
] as const)('%s before the reboot was taken: %s, and not sent again', async (then, reason) => {
	const { cloud, restart } = await openWorld(SLOW);
	const [id] = addRunning(cloud);
	cloud.faults.add({ match: 'reboot', times: 1, then });

	const { failures } = await restart([id]);

	expect(failures[0]).toMatchObject({ reason, operation: 'restart', attempts: 1 });
	expect(failures[0].message).toMatch(/may have been taken/);
	expect(cloud.requests.count('reboot')).toBe(1);
	expect(rebootsOf(cloud, id)).toEqual([]);
});

test.concurrent('a reboot seconds before is no proof of a lost one', async () => {
	const { cloud, restart } = await openWorld({ rebootSeconds: 0.1 });
	const server = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });
	server.ask('reboot', byHand(cloud.now - 3000));
	cloud.faults.add({ match: 'reboot', times: 1, then: 'drop' });

	const { items, failures } = await restart([server.id]);

	expect(items).toEqual([]);
	expect(failures[0]).toMatchObject({ reason: 'unreachable', attempts: 1 });
	expect(cloud.requests.count('reboot')).toBe(1);
});

test.concurrent.each(['throttled', 'serviceUnavailable'] as const)(
	'%s: the cloud did not take it, so that it is sent again',
	async (preset) => {
		const { cloud, restart } = await openWorld(SLOW);
		const [id] = addRunning(cloud);
		cloud.faults.add({ match: 'reboot', times: 1, then: { preset, retryAfter: 1 } });

		const { items } = await restart([id]);

		expect(items[0]).toMatchObject({ outcome: 'restarted', attempts: 2 });
		expect(rebootsOf(cloud, id)).toHaveLength(1);
	},
);

test.concurrent(
	"somebody else's reboot, seen after ours got lost, is no proof of ours",
	async () => {
		const { cloud, restart } = await openWorld(SLOW);
		const server = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });
		server.ask('reboot', byHand(cloud.now - 3000));
		cloud.faults.add({ match: 'reboot', times: 1, then: 'drop' });

		const { items, failures } = await restart([server.id]);

		expect(items).toEqual([]);
		expect(failures[0]).toMatchObject({ reason: 'unreachable', attempts: 1 });
	},
);

test.concurrent('a quick reboot does not take ten seconds', async () => {
	const { cloud, restart } = await openWorld({ rebootSeconds: 0.1 });

	const { elapsed } = await restart(addRunning(cloud));

	expect(elapsed).toBeLessThan(5);
});

// Reboots that do not work

test.concurrent('a reboot that ends in ERROR is restartFailed, with its fault', async () => {
	const { cloud, restart } = await openWorld();
	const { id } = cloud.addServer({
		name: 'web-1',
		status: 'ACTIVE',
		rebootBehaviour: { kind: 'error', seconds: 1.5 },
	});

	const { failures } = await restart([id]);

	expect(failures[0]).toMatchObject({ reason: 'restartFailed', status: 'ERROR', attempts: 1 });
	expect(failures[0].message).toContain('hypervisor lost');
});

test.concurrent('a guest that does not react: timedOut, and Forceful is named', async () => {
	const { cloud, restart } = await openWorld({ rebootSeconds: 60 });
	const [id] = addRunning(cloud);

	const { failures } = await restart([id], { options: { waitTimeout: 4 } });

	expect(failures[0]).toMatchObject({ reason: 'timedOut', status: 'REBOOT', attempts: 1 });
	expect(failures[0].hint).toContain("'Forceful'");
	expect(failures[0].hint).not.toContain('does no harm');
});

test.concurrent('nor to a forceful one: there is nothing more to name', async () => {
	const { cloud, restart } = await openWorld({ rebootSeconds: 60 });
	const [id] = addRunning(cloud);

	const { failures } = await restart([id], { forceful: true, options: { waitTimeout: 4 } });

	expect(failures[0]).toMatchObject({ reason: 'timedOut', status: 'HARD_REBOOT' });
	expect(failures[0].hint).not.toContain('Forceful');
});

test.concurrent('a stopped server cannot restart, and the hint says what can be done', async () => {
	const { cloud, restart } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });

	const { failures } = await restart([id]);

	expect(failures[0]).toMatchObject({ reason: 'wrongState', status: 'SHUTOFF', attempts: 1 });
	expect(failures[0].message).toContain('cannot restart while it is SHUTOFF');
	expect(failures[0].hint).toMatch(/\bstart\b/i);
	expect(cloud.server(id)?.status).toBe('SHUTOFF');
});

test.concurrent('a forceful restart of a stopped server starts it', async () => {
	const { cloud, restart } = await openWorld(SLOW);
	const { id } = cloud.addServer({ name: 'web-1' });

	const { items } = await restart([id], { forceful: true });

	expect(items[0]).toMatchObject({ outcome: 'restarted', status: 'ACTIVE' });
	expect(cloud.wasRunning(id)).toBe(true);
});

test.concurrent.each([
	['locked', { locked: true }, { reason: 'locked', status: 'ACTIVE' }],
	['paused', { status: 'PAUSED' }, { reason: 'wrongState', status: 'PAUSED' }],
	['in ERROR', { status: 'ERROR' }, { reason: 'wrongState', status: 'ERROR' }],
])('a server that is %s is not restarted', async (_, spec, expected) => {
	const { cloud, restart } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', status: 'ACTIVE', ...spec });

	const { failures } = await restart([id]);

	expect(failures[0]).toMatchObject({ ...expected, operation: 'restart', attempts: 1 });
	expect(rebootsOf(cloud, id)).toEqual([]);
});

test.concurrent(
	"somebody else's restart is busy: another one right after it does harm",
	async () => {
		const { cloud, restart } = await openWorld(SLOW);
		const server = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });
		server.ask('reboot', byHand(cloud.now));

		const { failures } = await restart([server.id]);

		expect(failures[0]).toMatchObject({ reason: 'busy', status: 'REBOOT', attempts: 1 });
		expect(failures[0].message).toContain('being restarted by another request');
		expect(rebootsOf(cloud, server.id)).toHaveLength(1);
	},
);

test.concurrent("without waiting, somebody else's restart is busy", async () => {
	const { cloud, restart } = await openWorld({ rebootSeconds: 5 });
	const server = cloud.addServer({ name: 'web-1', status: 'ACTIVE' });
	server.ask('reboot', byHand(cloud.now));

	const { failures } = await restart([server.id], { waitUntilDone: false });

	expect(failures[0]).toMatchObject({ reason: 'busy', status: 'REBOOT', attempts: 1 });
	expect(failures[0].message).toContain('being restarted');
});

test.concurrent('a reader may not restart, and the hint names the permission', async () => {
	const { cloud, restart } = await openWorld();
	const [id] = addRunning(cloud);
	const { id: token } = cloud.issueToken({ userId: cloud.reader.id });

	const { failures } = await restart([id], { credential: { token } });

	expect(failures[0]).toMatchObject({ reason: 'forbidden', httpStatus: 403 });
	expect(failures[0].hint).toContain('ecs:servers:reboot');
});

test.concurrent(
	'Stop Workflow: one error says which did not restart, and how many did',
	async () => {
		const { cloud, restart } = await openWorld(SLOW);
		const [good] = addRunning(cloud);
		const { id: off } = cloud.addServer({ name: 'off-1' });

		const { error } = await restart([good, off], { onError: 'stopWorkflow' });

		expect(error.message).toBe("Server 'off-1' cannot restart while it is SHUTOFF");
		expect(error.description).toMatch(/^Start the server instead\..*1 other server did restart\.$/);
	},
);

test.concurrent('the same server twice is restarted once', async () => {
	const { cloud, restart } = await openWorld(SLOW);
	const [id] = addRunning(cloud);

	const { items } = await restart([id, id]);

	expect(items.map(({ outcome }) => outcome)).toEqual(['restarted', 'restarted']);
	expect(rebootsOf(cloud, id)).toHaveLength(1);
});

// In one batch

test.concurrent.each([
	['SOFT', false],
	['HARD', true],
])('one batch request restarts all, %s', async (type, forceful) => {
	const { cloud, received, restart } = await openWorld({ ...SLOW, jobInitSeconds: 0.2 });
	const ids = addRunning(cloud, 4);

	const { items } = await restart(ids, { forceful, options: { sendAs: 'oneBatchRequest' } });

	expect(items.map(({ serverId, outcome }) => [serverId, outcome])).toEqual(
		ids.map((id) => [id, 'restarted']),
	);
	expect(bodiesOf(received).map((body) => JSON.parse(body))).toEqual([
		{ reboot: { type, servers: ids.map((id) => ({ id })) } },
	]);
	for (const id of ids) expect(rebootsOf(cloud, id)).toHaveLength(1);
});

test.concurrent('a batch with a stopped server: that one fails, the others restart', async () => {
	const { cloud, restart } = await openWorld({ ...SLOW, jobInitSeconds: 0.2 });
	const ids = addRunning(cloud, 2);
	const { id: off } = cloud.addServer({ name: 'off-1' });

	const { items, failures } = await restart([...ids, off], {
		options: { sendAs: 'oneBatchRequest' },
	});

	expect(items.map(({ serverId }) => serverId)).toEqual(ids);
	expect(failures).toEqual([expect.objectContaining({ serverId: off, reason: 'wrongState' })]);
});

test.concurrent('a batch whose answer was lost is not sent again', async () => {
	const { cloud, restart } = await openWorld({ ...SLOW, jobInitSeconds: 0.2 });
	const ids = addRunning(cloud, 3);
	cloud.faults.add({ match: 'batch', times: 1, then: 'dropAfter' });

	const { items } = await restart(ids, { options: { sendAs: 'oneBatchRequest' } });

	expect(items.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'restarted'));
	expect(cloud.requests.count('batch')).toBe(1);
	for (const id of ids) expect(rebootsOf(cloud, id)).toHaveLength(1);
});

// Cancelling

test.concurrent('a cancelled restart ends at once, and nothing more is sent', async () => {
	const { cloud, restart } = await openWorld({ rebootSeconds: 30 });
	const ids = addRunning(cloud, 3);
	const button = new AbortController();
	const running = restart(ids, { signal: button.signal });
	await until(() => cloud.requests.outcomes['reboot 202'] === 3);

	const seconds = stopwatch();
	button.abort();
	const { status, output, failures } = await running;

	expect(status).toBe('canceled');
	expect(seconds()).toBeLessThan(1);
	expect(failures).toEqual([]);
	expect(output.filter(({ json }) => 'outcome' in json)).toEqual([]);
	const sent = cloud.requests.total;
	await staysSo(() => cloud.requests.total === sent, 2);
	expect(runningOf(cloud, ids)).toEqual([]);
});

test.concurrent('a cancelled restart is not said to be harmless to repeat', async () => {
	const { cloud, restart } = await openWorld({ rebootSeconds: 30 });
	const button = new AbortController();
	const running = restart(addRunning(cloud), {
		signal: button.signal,
		onError: 'stopWorkflow',
	});
	await until(() => cloud.requests.outcomes['reboot 202'] === 1);
	button.abort();

	const { error } = await running;

	expect(error.description).not.toContain('does no harm');
});
