/** A morning's work: many servers at once, in fair weather and in foul. */
import { openWorld, postsTo, runningOf } from '../harness/world';

jest.setTimeout(120_000);

type World = Awaited<ReturnType<typeof openWorld>>;
type Effect = Parameters<World['cloud']['faults']['add']>[0]['then'];

/** What goes wrong with a request; the cloud may have done what was asked, or not. */
const FAULTS: Effect[] = [
	{ preset: 'throttled', retryAfter: 1 },
	'flowLimit202',
	'serviceUnavailable',
	'internalError',
	{ preset: 'internalError', afterEffect: true },
	'badGateway',
	{ preset: 'gatewayTimeout', afterEffect: true },
	'drop',
	'dropAfter',
];

/** Numbers from 0 to 1 by chance, but the same each time. */
function chance(seed: number) {
	let state = seed;
	return () => {
		state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
		return state / 2_147_483_648;
	};
}

test.concurrent('100 servers, no faults: all run, for at most 1.1 calls each', async () => {
	const random = chance(7);
	const { cloud, start } = await openWorld({ latencyMs: 20 });
	const ids = Array.from({ length: 100 }, (_, i) => {
		return cloud.addServer({ name: `web-${i}`, startSeconds: 1 + 2 * random() }).id;
	});

	const { items } = await start(ids);

	expect(items.map(({ serverId }) => serverId)).toEqual(ids);
	expect(items.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'started'));
	expect(runningOf(cloud, ids)).toEqual(ids);
	expect(cloud.requests.total).toBeLessThanOrEqual(110);
	expect(cloud.requests.maxInFlight).toBeLessThanOrEqual(10);
});

test.concurrent('200 servers, a fault in every tenth request: all run in the end', async () => {
	const random = chance(42);
	const { cloud, start } = await openWorld({ latencyMs: 20 });
	const ids = Array.from({ length: 200 }, (_, i) => {
		return cloud.addServer({ name: `web-${i}`, startSeconds: 1 + 2 * random() }).id;
	});
	for (let request = 0; request < 1000; request++) {
		if (random() >= 0.1) continue;
		const then = FAULTS[Math.floor(random() * FAULTS.length)];
		cloud.faults.add({ times: 1, after: request - cloud.faults.list().length, then });
	}

	const { items, failures } = await start(ids, { options: { concurrency: 10 } });

	expect(failures).toEqual([]);
	expect(items.map(({ serverId }) => serverId)).toEqual(ids);
	expect(items.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'started'));
	expect(runningOf(cloud, ids)).toEqual(ids);
	expect(cloud.requests.maxInFlight).toBeLessThanOrEqual(10);
	const posts = ids.map((id) => postsTo(cloud, id).length);
	expect(Math.max(...posts)).toBeLessThanOrEqual(5);
	expect(cloud.requests.startsWhileRunning.size).toBe(0);
	// How often they are looked at depends on how fast this machine is.
	expect(posts.reduce((sum, count) => sum + count) / ids.length).toBeLessThan(1.3);
});
