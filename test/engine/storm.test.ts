/**
 * A host fails, and each of its alarms is an execution of its own: together they cost what one execution of as
 * many items costs, and each keeps what is its own.
 */
import {
	addRunning,
	addServers,
	bodiesOf,
	openWorld,
	postsTo,
	runningOf,
	until,
} from '../harness/world';

jest.setTimeout(60_000);

type World = Awaited<ReturnType<typeof openWorld>>;

const EXECUTIONS = 100;

/** One execution for each server, all at once. */
const storm = async ({ start }: World, ids: string[], how?: Parameters<World['start']>[1]) =>
	await Promise.all(ids.map(async (id) => await start([id], how)));

const outcomesOf = (runs: Array<Awaited<ReturnType<World['start']>>>) =>
	runs.map(({ items }) => items.map(({ serverId, outcome }) => ({ serverId, outcome })));

const started = (ids: string[]) => ids.map((serverId) => [{ serverId, outcome: 'started' }]);

const accepted = ({ cloud }: World) => cloud.requests.outcomes['start 202'] ?? 0;

test.concurrent('100 executions of a server each: at most 1.3 calls for each', async () => {
	const world = await openWorld({ startSeconds: 4, latencyMs: 20 });
	const ids = addServers(world.cloud, EXECUTIONS);

	const runs = await storm(world, ids);

	expect(outcomesOf(runs)).toEqual(started(ids));
	expect(world.cloud.requests.total).toBeLessThanOrEqual(1.3 * EXECUTIONS);
});

test.concurrent(
	'the same server ten times: it is asked once, and all ten get the outcome',
	async () => {
		const world = await openWorld({ startSeconds: 2, latencyMs: 20 });
		const [id] = addServers(world.cloud, 1);
		const ten = Array.from({ length: 10 }, () => id);

		const runs = await storm(world, ten);

		expect(outcomesOf(runs)).toEqual(started(ten));
		expect(postsTo(world.cloud, id)).toHaveLength(1);
	},
);

test.concurrent('a stop beside a start of the same server is asked for by itself', async () => {
	const world = await openWorld({ startSeconds: 2, latencyMs: 20 });
	const { cloud, received, stop } = world;
	const [id] = addServers(cloud, 1);
	const starting = world.start([id]);
	await until(() => accepted(world) === 1);

	const stopped = await stop([id]);

	expect((await starting).failures).toEqual([]);
	expect(stopped.items).toMatchObject([{ serverId: id, outcome: 'stopped' }]);
	expect(bodiesOf(received)).toEqual(expect.arrayContaining(['{"os-start":{}}', '{"os-stop":{}}']));
	expect(runningOf(cloud, [id])).toEqual([]);
});

describe('one execution is cancelled', () => {
	test.concurrent.each([
		['while servers are asked', (world: World) => accepted(world) > 0],
		['while all look', ({ cloud }: World) => cloud.requests.count('list') > 0],
	])('%s: the others go on', async (_, reached) => {
		const world = await openWorld({ startSeconds: 3, latencyMs: 100 });
		const [first, ...others] = addServers(world.cloud, EXECUTIONS);
		const stop = new AbortController();
		const cancelled = world.start([first], { signal: stop.signal });
		const running = storm(world, others);
		await until(() => reached(world));

		stop.abort();

		expect((await cancelled).status).toBe('canceled');
		expect(outcomesOf(await running)).toEqual(started(others));
	});

	test.concurrent.each([
		['its request is under way', ({ cloud }: World) => cloud.requests.count('start') === 1],
		['the cloud has taken its request', (world: World) => accepted(world) === 1],
	])('when %s: who wants the same gets the outcome without asking again', async (_, reached) => {
		const world = await openWorld({ startSeconds: 3, latencyMs: 200 });
		const [id] = addServers(world.cloud, 1);
		const others = Array.from({ length: 9 }, () => id);
		const stop = new AbortController();
		const cancelled = world.start([id], { signal: stop.signal });
		const running = storm(world, others);
		await until(() => reached(world));

		stop.abort();

		expect((await cancelled).status).toBe('canceled');
		expect(outcomesOf(await running)).toEqual(started(others));
		expect(postsTo(world.cloud, id)).toHaveLength(1);
	});
});

describe('each of two executions of the same server has', () => {
	test.concurrent('its own Wait Timeout', async () => {
		const { cloud, start } = await openWorld({ startSeconds: 4, latencyMs: 20 });
		const ids = addServers(cloud, 1);

		const [short, long] = await Promise.all([
			start(ids, { options: { waitTimeout: 2 } }),
			start(ids, { options: { waitTimeout: 20 } }),
		]);

		expect(short.failures).toMatchObject([{ reason: 'timedOut' }]);
		expect(short.elapsed).toBeLessThan(4);
		expect(outcomesOf([long])).toEqual(started(ids));
	});

	test.concurrent('its own Wait Until Running', async () => {
		const { cloud, start } = await openWorld({ startSeconds: 2, latencyMs: 20 });
		const ids = addServers(cloud, 1);

		const [one, other] = await Promise.all([start(ids, { waitUntilDone: false }), start(ids)]);

		expect(one.items).toMatchObject([{ outcome: 'accepted' }]);
		expect(outcomesOf([other])).toEqual(started(ids));
	});

	test.concurrent('its own Fail If Already Done', async () => {
		const { cloud, start } = await openWorld({ latencyMs: 20 });
		const ids = addRunning(cloud);

		const [strict, lenient] = await Promise.all([
			start(ids, { options: { failIfAlreadyDone: true } }),
			start(ids),
		]);

		expect(strict.failures).toMatchObject([{ reason: 'wrongState' }]);
		expect(lenient.items).toMatchObject([{ outcome: 'alreadyRunning' }]);
	});

	test.concurrent('its own Retry On Fail', async () => {
		const { cloud, start } = await openWorld({ latencyMs: 20 });
		const ids = addServers(cloud, 1);
		cloud.faults.add({ match: 'start', times: 1, then: 'policyForbids' });
		const retry = { retryOnFail: true, maxTries: 2, waitBetweenTries: 1 };

		const [once, again] = await Promise.all([
			start(ids, { onError: 'stopWorkflow' }),
			start(ids, { onError: 'stopWorkflow', nodeSettings: retry }),
		]);

		expect(once.status).toBe('error');
		expect(outcomesOf([again])).toEqual(started(ids));
		expect(postsTo(cloud, ids[0]).map(({ status }) => status)).toEqual([403, 202]);
	});
});
