/** The trigger in n8n's own polling context: what starts a workflow, and what it asks the cloud for. */
import { createRealClock } from '../../simulator';
import { addRunning, addServers, byHand, openWorld } from '../harness/world';

type World = Awaited<ReturnType<typeof openWorld>>;

const listed = ({ received }: World, from = 0) =>
	received.slice(from).map(({ method, path }) => `${method} ${path.split('/').slice(3).join('/')}`);

/** A world whose trigger has taken stock. */
async function watching(
	count: number,
	parameters: object = {},
	spec: object = {},
	options: Parameters<typeof openWorld>[0] = {},
) {
	const world = await openWorld({ stopSeconds: 0, ...options });
	const ids = addRunning(world.cloud, count, spec);
	const trigger = world.publish(parameters);
	const first = await trigger.activate();
	const begun = world.received.length;
	const asked = () => listed(world, begun);
	const die = (index: number) => world.cloud.server(ids[index])?.guestOff(world.cloud.now);
	return { ...world, world, ids, trigger, first, asked, die };
}

const told = (items: Array<{ json: Record<string, unknown> }> | null) =>
	(items ?? []).map(({ json }) =>
		[json.event, json.serverName, json.cause].filter(Boolean).join(' '),
	);

test('a server whose guest died starts the workflow, with all there is to know', async () => {
	const { trigger, die, ids, first } = await watching(2);
	die(0);

	const items = await trigger.poll();

	expect(first).toBeNull();
	expect(items).toEqual([
		{
			json: {
				event: 'stopped',
				serverId: ids[0],
				serverName: 'lab-01',
				status: 'SHUTOFF',
				at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
				seenAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
				cause: 'notRequested',
				requestedBy: null,
				requestId: expect.stringMatching(/^req-/),
				stopsInLastHour: 1,
				eventId: expect.stringMatching(`^${ids[0]}:stopped:`),
				server: expect.objectContaining({ id: ids[0], name: 'lab-01', status: 'SHUTOFF' }),
			},
		},
	]);
	expect(await trigger.poll()).toBeNull();
});

test('a planned stop starts nothing, unless it is asked for', async () => {
	const { cloud, ids, trigger } = await watching(1);
	const all = await watching(1, { stopCause: 'all' });
	cloud.server(ids[0])?.ask('stop', byHand(cloud.now));
	all.cloud.server(all.ids[0])?.ask('stop', byHand(all.cloud.now));

	expect(await trigger.poll()).toBeNull();
	expect((await all.trigger.poll())?.[0].json).toMatchObject({
		cause: 'requested',
		requestedBy: 'somebody-else',
	});
});

test('an unchanged project of 5,000 servers costs one request a poll', async () => {
	const { trigger, asked } = await watching(5_000);

	expect(await trigger.poll()).toBeNull();

	expect(asked()).toEqual([
		expect.stringMatching(
			/^GET servers\/detail\?limit=1000&changes-since=\d{4}-\d\d-\d\dT\d\d(:|%3A)\d\d(:|%3A)\d\dZ$/,
		),
	]);
	expect(JSON.stringify(trigger.state()).length).toBeLessThan(4_000);
}, 30_000);

test('the first poll asks for all servers, and whether the cloud tells who stopped one', async () => {
	const { world } = await watching(2);

	expect(listed(world)).toEqual([
		'GET servers/detail?limit=1000',
		expect.stringMatching(/^GET servers\/[\w-]+\/os-instance-actions$/),
	]);
});

test('each server that went off costs one more, and nothing more while windows overlap', async () => {
	const { trigger, asked, die } = await watching(10);
	die(0);
	die(1);

	expect(told(await trigger.poll())).toHaveLength(2);
	expect(asked()).toHaveLength(3);
	expect(await trigger.poll()).toBeNull();
	expect(asked()).toHaveLength(4);
});

test('one chosen server needs no right to list', async () => {
	const world = await openWorld({ stopSeconds: 0, denied: ['list'] });
	const [id] = addRunning(world.cloud, 1);
	const trigger = world.publish({ watch: 'chosen', serverIds: [id] });
	await trigger.activate();
	world.cloud.server(id)?.guestOff(world.cloud.now);

	expect(told(await trigger.poll())).toEqual(['stopped lab-01 notRequested']);
});

test('a chosen server that is deleted is told once', async () => {
	const { trigger, cloud, ids } = await watching(1);
	const chosen = await watching(1, {});
	const one = chosen.world.publish({
		watch: 'chosen',
		serverIds: chosen.ids,
		events: ['deleted'],
	});
	await one.activate();
	chosen.cloud.server(chosen.ids[0])?.force(chosen.cloud.now, { status: 'DELETED' });
	cloud.server(ids[0])?.force(cloud.now, { status: 'DELETED' });

	expect(await trigger.poll()).toBeNull();
	expect((await one.poll())?.[0].json).toMatchObject({
		event: 'deleted',
		status: 'DELETED',
		serverName: null,
		server: null,
		eventId: `${chosen.ids[0]}:deleted`,
	});
	expect(await one.poll()).toBeNull();
});

describe('nothing is lost and nothing comes twice', () => {
	test.each(['init', 'update', 'leadershipChange'])('over %s', async (activation) => {
		const { trigger, die } = await watching(3);
		die(0);
		const before = told(await trigger.poll());
		die(1);
		trigger.restart();

		const after = [...told(await trigger.activate(activation)), ...told(await trigger.poll())];

		expect(before).toEqual(['stopped lab-01 notRequested']);
		expect(after).toEqual(['stopped lab-02 notRequested']);
	});

	test('from a state that n8n did not save, as nothing was reported', async () => {
		const { trigger, die, cloud, ids } = await watching(2);
		cloud.server(ids[0])?.ask('stop', byHand(cloud.now));
		expect(await trigger.poll()).toBeNull();
		die(1);
		trigger.restart();

		expect(told(await trigger.activate('init'))).toEqual(['stopped lab-02 notRequested']);
	});

	test('over an outage of the cloud, which is not told at once', async () => {
		const { trigger, die, cloud } = await watching(1);
		die(0);
		cloud.faults.add({ then: 'internalError', match: 'list', times: 5 });

		expect(await trigger.poll()).toBeNull();
		expect(told(await trigger.poll())).toEqual(['stopped lab-01 notRequested']);
	}, 60_000);

	test('when two polls overlap, of which the later does nothing', async () => {
		const { trigger, die, asked, cloud } = await watching(1);
		cloud.settings.latencyMs = 100;
		die(0);

		const [first, second] = await Promise.all([trigger.poll(), trigger.poll()]);

		expect(told(first)).toEqual(['stopped lab-01 notRequested']);
		expect(second).toBeNull();
		expect(asked()).toHaveLength(2);
	});
});

test('publishing by hand takes stock anew', async () => {
	const { trigger, die } = await watching(1);
	die(0);

	expect(await trigger.activate('activate')).toBeNull();
	expect(await trigger.poll()).toBeNull();
});

test('another choice of servers takes stock anew', async () => {
	const { trigger, die, world } = await watching(1);
	const other = world.publish(
		{ watch: 'matching', filters: { name: 'lab' } },
		{ state: trigger.saved() },
	);
	die(0);

	expect(await other.activate('update')).toBeNull();
});

describe('Fetch Test Event', () => {
	test('gives the server that changed last, by its present state', async () => {
		const { cloud, publish } = await openWorld();
		addServers(cloud, 1, { status: 'SHUTOFF', createdAt: cloud.now - 60_000 });

		const items = await publish({ events: ['failed'] }).fetchTestEvent();

		expect(items).toHaveLength(1);
		expect(items?.[0].json).toMatchObject({
			event: 'stopped',
			serverName: 'lab-01',
			test: true,
			cause: 'notRequested',
		});
	});

	test('says so where no server fits', async () => {
		const { publish } = await openWorld();

		await expect(publish().fetchTestEvent()).rejects.toThrow('No server fits');
	});
});

describe('what fails', () => {
	const FORBIDDEN = 'The cloud does not tell who stopped a server';

	test('a cloud that does not tell who stopped a server is no cloud for Not Requested', async () => {
		const { cloud, publish } = await openWorld({ denied: ['actionLog'] });
		addRunning(cloud, 1);

		await expect(publish().activate()).rejects.toMatchObject({
			message: FORBIDDEN,
			description: expect.stringMatching(/\w\.$/),
		});
		await expect(publish({ stopCause: 'all' }).activate()).resolves.toBeNull();
	});

	test('one that stops telling has its stops reported as unknown, and is asked once an hour', async () => {
		const { trigger, cloud, die, asked } = await watching(2);
		cloud.settings.denied = ['actionLog'];
		die(0);
		expect(told(await trigger.poll())).toEqual(['stopped lab-01 unknown']);
		die(1);
		expect(told(await trigger.poll())).toEqual(['stopped lab-02 unknown']);

		expect(asked().filter((path) => path.includes('actions'))).toHaveLength(1);
	});

	test('a refused token is told once, and not tried again', async () => {
		const { trigger, cloud, asked } = await watching(1);
		cloud.revokeTokens();

		await expect(trigger.poll()).rejects.toMatchObject({
			message: expect.stringContaining('the cloud refused the token'),
		});
		expect(await trigger.poll()).toBeNull();
		expect(asked()).toHaveLength(1);
		await expect(trigger.activate()).rejects.toThrow();
		expect(asked()).toHaveLength(2);
	});

	test.each([
		[{ watch: 'matching' }, /'Filters' is empty/],
		[{ watch: 'matching', filters: { tags: 'a,,b' } }, /'Tags' has no usable value/],
		[{ watch: 'chosen', serverIds: [] }, /'Server Names or IDs' is empty/],
		[{ events: [] }, /'Events' is empty/],
	])('%j is refused at activation', async (parameters, words) => {
		const { publish, received } = await openWorld();

		await expect(publish(parameters).activate()).rejects.toMatchObject({
			message: expect.stringMatching(words),
			description: expect.stringMatching(/\w\.$/),
		});
		expect(received).toEqual([]);
	});

	test('chosen servers that there are not are named', async () => {
		const id = '616fb98f-46ca-475e-917e-2563e5a8cd19';
		const { publish } = await openWorld();

		await expect(publish({ watch: 'chosen', serverIds: [id] }).activate()).rejects.toThrow(id);
	});

	test('tags that the cloud does not show are no filter', async () => {
		const { cloud, publish } = await openWorld();
		addRunning(cloud, 1, { tags: ['a=1'] });
		const parameters = { watch: 'matching', filters: { tags: 'a' } };

		await expect(
			publish({ ...parameters, options: { apiVersion: 'v2' } }).activate(),
		).rejects.toMatchObject({
			message: expect.stringContaining('the cloud does not show tags here'),
		});
		await expect(publish(parameters).activate()).resolves.toBeNull();
	});
});

test('a clock of this machine that is off changes nothing: all times are the cloud’s', async () => {
	const { now, sleep } = createRealClock();
	const clock = { now: () => now() + 5 * 3_600_000, sleep };
	const { trigger, die, cloud } = await watching(1, {}, {}, { clock });
	die(0);

	const [item] = (await trigger.poll()) ?? [];

	expect(Math.abs(Date.parse(String(item.json.seenAt)) - cloud.now)).toBeLessThan(10_000);
	expect(await trigger.poll()).toBeNull();
});
