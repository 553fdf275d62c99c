/** The cloud accepts the start, and then it goes wrong, or looks as if it did. */
import { openWorld, postsTo } from '../harness/world';

jest.setTimeout(60_000);

test.concurrent('a start that falls back to SHUTOFF has failed, and is not repeated', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({
		name: 'web-1',
		startBehaviour: { kind: 'fallsBack', seconds: 1.5 },
	});

	const { failures, elapsed } = await start([id]);

	expect(failures).toEqual([
		{
			message: expect.stringContaining("'web-1'"),
			reason: 'startFailed',
			hint: expect.stringMatching(/capacity/),
			serverId: id,
			serverName: 'web-1',
			operation: 'start',
			attempts: 1,
			requestId: expect.stringMatching(/^req-/),
			status: 'SHUTOFF',
		},
	]);
	expect(postsTo(cloud)).toHaveLength(1);
	expect(elapsed).toBeLessThan(8);
});

test.concurrent('one that fell back before anybody looked is found in the action log', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({
		name: 'web-1',
		startBehaviour: { kind: 'fallsBack', seconds: 0.2 },
	});

	const { failures, elapsed } = await start([id]);

	expect(failures[0]).toMatchObject({ reason: 'startFailed', status: 'SHUTOFF', attempts: 1 });
	expect(postsTo(cloud)).toHaveLength(1);
	expect(elapsed).toBeLessThan(25);
});

test.concurrent('a cloud without action log: a task seen and gone has failed', async () => {
	const { cloud, start } = await openWorld({ denied: ['actionLog'] });
	const { id } = cloud.addServer({
		name: 'web-1',
		startBehaviour: { kind: 'fallsBack', seconds: 1.5 },
	});

	const { failures, elapsed } = await start([id]);

	expect(failures[0]).toMatchObject({ reason: 'startFailed', status: 'SHUTOFF', attempts: 1 });
	expect(elapsed).toBeLessThan(8);
});

test.concurrent('a start that ends in ERROR tells the fault of the server', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({
		name: 'web-1',
		startBehaviour: { kind: 'error', seconds: 0.5 },
	});

	const { failures } = await start([id]);

	expect(failures[0]).toMatchObject({ reason: 'startFailed', status: 'ERROR', attempts: 1 });
	expect(failures[0].message).toContain('Failed to power on instance: hypervisor lost');
	expect(failures[0].hint).toMatch(/fault|reboot|rebuild/i);
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent(
	'a server that ran when it was looked at was started, whatever came later',
	async () => {
		const { cloud, start } = await openWorld();
		const { id } = cloud.addServer({
			name: 'web-1',
			startBehaviour: { kind: 'diesAfter', seconds: 5 },
		});

		const { items } = await start([id]);

		expect(items[0]).toMatchObject({ outcome: 'started', status: 'ACTIVE', attempts: 1 });
	},
);

test.concurrent('a guest that died before anybody looked has not started', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({
		name: 'web-1',
		startBehaviour: { kind: 'diesAfter', seconds: 0.2 },
	});

	const { items, failures } = await start([id]);

	expect(items).toEqual([]);
	expect(failures[0]).toMatchObject({ reason: 'startFailed', status: 'SHUTOFF', attempts: 1 });
	expect(failures[0].message).toMatch(/went off by itself/);
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent(
	'a driver that starts nothing: ACTIVE with the power off is not started',
	async () => {
		const { cloud, start } = await openWorld();
		const { id } = cloud.addServer({ name: 'web-1', startBehaviour: { kind: 'noop', seconds: 3 } });

		const { items, failures } = await start([id]);

		expect(items).toEqual([]);
		expect(failures[0]).toMatchObject({ reason: 'startFailed', status: 'SHUTOFF', attempts: 1 });
		expect(postsTo(cloud)).toHaveLength(1);
	},
);

test.concurrent('nor is it when Wait Timeout ends before the cloud notices', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', startBehaviour: { kind: 'noop', seconds: 60 } });

	const { items, failures } = await start([id], { options: { waitTimeout: 3 } });

	expect(items).toEqual([]);
	expect(failures[0]).toMatchObject({ reason: 'timedOut', attempts: 1 });
});

test.concurrent('a start that never ends is timedOut when Wait Timeout is over', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1', startBehaviour: 'never' });

	const { failures, elapsed } = await start([id], { options: { waitTimeout: 3 } });

	expect(failures[0]).toMatchObject({ reason: 'timedOut', status: 'SHUTOFF', attempts: 1 });
	expect(failures[0].message).toContain('3 seconds');
	expect(failures[0].hint).toContain('Wait Timeout');
	expect(postsTo(cloud)).toHaveLength(1);
	expect(elapsed).toBeGreaterThanOrEqual(2.4);
	expect(elapsed).toBeLessThan(4.5);
});

test.concurrent('a server that comes in the last moment of Wait Timeout has started', async () => {
	const { cloud, start } = await openWorld({ startSeconds: 3 });
	const { id } = cloud.addServer({ name: 'web-1' });

	const { items } = await start([id], { options: { waitTimeout: 7, pollInterval: 60 } });

	expect(items[0]).toMatchObject({ outcome: 'started', attempts: 1 });
});

test.concurrent.each([3, 12])(
	'a start that a gateway queues for %i seconds has not failed',
	async (seconds) => {
		const { cloud, start } = await openWorld();
		const { id } = cloud.addServer({
			name: 'web-1',
			startBehaviour: { kind: 'queued', seconds },
		});

		const { items } = await start([id]);

		expect(items[0]).toMatchObject({ outcome: 'started', status: 'ACTIVE', attempts: 1 });
		expect(items[0].seconds).toBeGreaterThanOrEqual(seconds);
		expect(postsTo(cloud)).toHaveLength(1);
	},
);

test.concurrent('a server deleted while it starts is not found any more', async () => {
	const { cloud, start } = await openWorld({ startSeconds: 30 });
	const server = cloud.addServer({ name: 'web-1' });

	const { failures } = await start([server.id], {
		onRequest: (_, index) => {
			if (index === 2) server.force(cloud.now, { status: 'DELETED' });
		},
	});

	expect(failures[0]).toMatchObject({ reason: 'notFound', attempts: 1 });
	expect(failures[0].message).toContain('deleted');
});

test.concurrent('a failed start harms no other', async () => {
	const { cloud, start } = await openWorld();
	const [good, bad, better] = [
		cloud.addServer({ name: 'good' }),
		cloud.addServer({ name: 'bad', startBehaviour: 'error' }),
		cloud.addServer({ name: 'better' }),
	].map(({ id }) => id);

	const { items, failures } = await start([good, bad, better]);

	expect(items.map(({ serverId }) => serverId)).toEqual([good, better]);
	expect(failures.map(({ serverId }) => serverId)).toEqual([bad]);
});
