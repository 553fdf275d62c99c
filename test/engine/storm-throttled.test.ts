/** A storm on a cloud that asks to slow down. Alone in its file: other tests in its process would shift its times. */
import { addServers, openWorld } from '../harness/world';

jest.setTimeout(60_000);

test('100 executions, 10 requests a second: all start, at most 15 % of the calls are refused', async () => {
	const { cloud, start } = await openWorld({ latencyMs: 20 });
	const ids = addServers(cloud, 100);
	cloud.faults.rateLimit = { requests: 10, seconds: 1, retryAfter: 2 };

	const runs = await Promise.all(ids.map(async (id) => await start([id])));

	expect(runs.flatMap(({ failures }) => failures)).toEqual([]);
	expect(runs.flatMap(({ items }) => items.map(({ outcome }) => outcome))).toEqual(
		ids.map(() => 'started'),
	);
	expect(cloud.requests.find({ status: 429 }).length).toBeLessThanOrEqual(
		0.15 * cloud.requests.total,
	);
});
