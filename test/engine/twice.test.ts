/**
 * The same servers twice: a workflow run again, run while it still runs, run after a crash, and two
 * workflows that want different things. No harm, and no wrong word.
 */
import type { Cloud } from '../../simulator/cloud';
import { addServers, openWorld, postsTo, runningOf, until } from '../harness/world';

jest.setTimeout(60_000);

const SERVERS = 6;
const BATCH = { sendAs: 'oneBatchRequest' };

/** How many requests it takes to learn that a server needs none: a batch is preceded by a look. */
const SENDING: [string, Record<string, unknown>, number][] = [
	['one request per server', {}, 1],
	['one batch request', BATCH, 0],
];

const accepted = (cloud: Cloud) => cloud.requests.outcomes['start 202'] ?? 0;
const looks = (cloud: Cloud) => cloud.requests.count('read') + cloud.requests.count('list');

/** Starts that the cloud took for a server, by its own list of actions. */
const startsOf = (cloud: Cloud, id: string) =>
	cloud.server(id)?.actions.filter(({ action }) => action === 'start') ?? [];

/** As an operator does, or another workflow. */
function stop(cloud: Cloud, id: string) {
	const asker = { userId: cloud.user.id, projectId: cloud.project.id, admin: false };
	const requestId = cloud.newRequestId();
	return cloud.server(id)?.ask('stop', { now: cloud.now, requestId, asker });
}

describe.each(SENDING)('%s', (_, options, needless) => {
	test.concurrent('run again: all run already, and nothing happens to them', async () => {
		const { cloud, start } = await openWorld();
		const ids = addServers(cloud, SERVERS);
		const first = await start(ids, { options });

		const second = await start(ids, { options });

		expect(first.items.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'started'));
		expect(second.items.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'alreadyRunning'));
		expect(runningOf(cloud, ids)).toEqual(ids);
		for (const id of ids) {
			expect(postsTo(cloud, id)).toHaveLength(1 + needless);
			expect(startsOf(cloud, id)).toHaveLength(1);
		}
	});

	test.concurrent('run while the first still waits: the second shares its request', async () => {
		const { cloud, start } = await openWorld({ startSeconds: 4, jobInitSeconds: 0.2 });
		const ids = addServers(cloud, SERVERS);
		const first = start(ids, { options });
		await until(() => ids.every((id) => startsOf(cloud, id).length > 0));

		const second = await start(ids, { options });

		for (const { items } of [await first, second]) {
			expect(items.map(({ serverId }) => serverId)).toEqual(ids);
			expect(items.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'started'));
		}
		expect((await first).items.map(({ attempts }) => attempts)).toEqual(ids.map(() => 1));
		expect(second.items.map(({ attempts }) => attempts)).toEqual(ids.map(() => needless));
		expect(runningOf(cloud, ids)).toEqual(ids);
		for (const id of ids) expect(postsTo(cloud, id)).toHaveLength(1);
	});

	test.concurrent(
		'run twice at the same moment: asked once, and both say what became of each',
		async () => {
			const { cloud, start } = await openWorld({ startSeconds: 2, latencyMs: 20 });
			const ids = addServers(cloud, SERVERS);

			const both = await Promise.all([start(ids, { options }), start(ids, { options })]);

			for (const { items, failures } of both) {
				expect(failures).toEqual([]);
				expect(items.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'started'));
			}
			expect(runningOf(cloud, ids)).toEqual(ids);
			for (const id of ids) expect(postsTo(cloud, id)).toHaveLength(1);
		},
	);

	test.concurrent(
		'both are told of a start that fails, and ask no more than they may',
		async () => {
			const { cloud, start } = await openWorld({ startSeconds: 3, jobInitSeconds: 0.2 });
			const [good, bad] = addServers(cloud, 2);
			cloud.server(bad)?.behave('start', { kind: 'fallsBack', seconds: 3 });
			const first = start([good, bad], { options });
			await until(() => startsOf(cloud, bad).length > 0);

			const second = await start([good, bad], { options });

			for (const { items, failures } of [await first, second]) {
				expect(items).toMatchObject([{ serverId: good, outcome: 'started' }]);
				expect(failures).toMatchObject([{ serverId: bad, reason: 'startFailed' }]);
			}
			expect(postsTo(cloud, bad)).toHaveLength(1);
			expect(startsOf(cloud, bad)).toHaveLength(1);
			expect(startsOf(cloud, good)).toHaveLength(1);
		},
	);
});

// A crash ends the first run without a word; n8n, or a person, runs it again.

interface Crash {
	options?: Record<string, unknown>;
	latencyMs?: number;
	startSeconds?: number;
	arrange?: (cloud: Cloud) => void;
	when: (cloud: Cloud) => boolean;
}

const CRASHES: [string, Crash][] = [
	['before anything was sent', { when: () => true }],
	[
		'in the middle of the requests',
		{ options: { concurrency: 1 }, latencyMs: 100, when: (cloud) => accepted(cloud) === 3 },
	],
	[
		'while requests are under way, which the cloud takes all the same',
		{
			arrange: (cloud) =>
				cloud.faults.add({ match: 'start', after: 1, times: 5, then: { delayAfter: 1 } }),
			when: (cloud) => cloud.requests.inFlight === SERVERS - 1,
		},
	],
	['before the first look', { when: (cloud) => accepted(cloud) === SERVERS && looks(cloud) === 0 }],
	['in the middle of the wait', { startSeconds: 4, when: (cloud) => looks(cloud) > 1 }],
	[
		'when some run and some are still on their way',
		{
			arrange: (cloud) => {
				[...cloud.servers.values()].forEach(
					(server, i) => (server.seconds.start = i % 2 ? 0.1 : 4),
				);
			},
			when: (cloud) => looks(cloud) > 0,
		},
	],
	[
		'when all run, before it said so',
		{
			startSeconds: 0.1,
			when: (cloud) => [...cloud.servers.keys()].every((id) => cloud.wasRunning(id)),
		},
	],
	[
		'while the cloud has asked to slow down',
		{
			arrange: (cloud) =>
				cloud.faults.add({
					match: 'start',
					after: 2,
					times: 3,
					then: { preset: 'throttled', retryAfter: 1 },
				}),
			when: (cloud) => (cloud.requests.outcomes['start 429'] ?? 0) > 0,
		},
	],
	[
		'after the batch was taken, before its job began',
		{ options: BATCH, when: (cloud) => (cloud.requests.outcomes['batch 200'] ?? 0) === 1 },
	],
	[
		'while the job of the batch is followed',
		{ options: BATCH, startSeconds: 4, when: (cloud) => cloud.requests.count('job') > 1 },
	],
];

test.concurrent.each(CRASHES)('crashed %s: run again, all run', async (_, crash) => {
	const { options, latencyMs, startSeconds = 2, arrange, when } = crash;
	const { cloud, start } = await openWorld({ startSeconds, latencyMs });
	const ids = addServers(cloud, SERVERS);
	arrange?.(cloud);
	const end = new AbortController();
	const crashed = start(ids, { options, signal: end.signal });
	await until(() => when(cloud));
	end.abort();
	await crashed;
	const asked = new Map(ids.map((id) => [id, postsTo(cloud, id).length]));
	const ranBefore = runningOf(cloud, ids);

	const { items, failures } = await start(ids, { options });

	expect(failures).toEqual([]);
	expect(items.map(({ serverId }) => serverId)).toEqual(ids);
	for (const [i, { outcome }] of items.entries()) {
		const possible = ranBefore.includes(ids[i])
			? ['alreadyRunning']
			: ['started', 'alreadyRunning'];
		expect(possible).toContain(outcome);
	}
	expect(runningOf(cloud, ids)).toEqual(ids);
	for (const id of ids) {
		expect(startsOf(cloud, id)).toHaveLength(1);
		// Once by the run that crashed at most, and by the new one as often as the cloud refused.
		const refused = postsTo(cloud, id).filter(({ status }) => status === 429).length;
		expect(asked.get(id)).toBeLessThanOrEqual(1);
		expect(postsTo(cloud, id).length).toBeLessThanOrEqual(2 + refused);
	}
});

// Two workflows that want different things

test.concurrent('a stop that comes while the server starts is refused; it starts', async () => {
	const { cloud, start } = await openWorld({ startSeconds: 2 });
	const [id] = addServers(cloud, 1);
	const running = start([id]);
	await until(() => accepted(cloud) === 1);

	const refusal = stop(cloud, id);

	expect(refusal).not.toBeNull();
	expect((await running).items).toMatchObject([{ outcome: 'started', attempts: 1 }]);
	expect(cloud.wasRunning(id)).toBe(true);
});

test.concurrent(
	'a start that comes while the server stops waits for that, and starts it',
	async () => {
		const { cloud, start } = await openWorld({ stopSeconds: 2 });
		const [id] = addServers(cloud, 1, { status: 'ACTIVE' });
		expect(stop(cloud, id)).toBeNull();

		const { items } = await start([id]);

		expect(items).toMatchObject([{ outcome: 'started', attempts: 2 }]);
		expect(cloud.wasRunning(id)).toBe(true);
		expect(postsTo(cloud, id)).toHaveLength(2);
	},
);

test.concurrent('stopped as soon as it ran, before anybody looked: it did not stay', async () => {
	const { cloud, start } = await openWorld({ startSeconds: 0.1, stopSeconds: 0.1 });
	const [id] = addServers(cloud, 1);
	const running = start([id]);
	await until(() => cloud.wasRunning(id));
	expect(stop(cloud, id)).toBeNull();

	const { failures } = await running;

	expect(failures).toMatchObject([{ reason: 'startFailed', status: 'SHUTOFF', attempts: 1 }]);
	expect(failures[0].message).toMatch(/did not stay running.*somebody stopped it/);
	expect(postsTo(cloud, id)).toHaveLength(1);
	expect(cloud.wasRunning(id)).toBe(false);
});

test.concurrent('stopped after it was seen to run: it was started, and is left alone', async () => {
	const { cloud, start } = await openWorld({ stopSeconds: 0.1 });
	const [quick, slow] = addServers(cloud, 2);
	cloud.server(slow)?.behave('start', 'ok', 4);
	const running = start([quick, slow]);
	await until(() => looks(cloud) > 0 && cloud.wasRunning(quick) && cloud.requests.inFlight === 0);
	expect(stop(cloud, quick)).toBeNull();

	const { items } = await running;

	expect(items).toMatchObject([
		{ serverId: quick, outcome: 'started' },
		{ serverId: slow, outcome: 'started' },
	]);
	expect(postsTo(cloud, quick)).toHaveLength(1);
	expect(cloud.wasRunning(quick)).toBe(false);
});
