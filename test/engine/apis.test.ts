/** Clouds that publish Nova alone, ECS v1 alone, or some calls of each: what comes of it is the same. */
import type { Cloud } from '../../simulator/cloud';
import { addRunning, addServers, locator, openWorld, postsTo, runningOf } from '../harness/world';

jest.setTimeout(60_000);

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const ALL_OF_NOVA = ['nova act', 'nova read', 'nova list', 'nova actionLog'];

const OFFERS = [
	['Nova alone', { v1: false }],
	['ECS v1 alone, of Huawei Cloud', { unpublished: ALL_OF_NOVA, unpublishedAs: 'apiNotPublished' }],
	[
		'ECS v1 alone, of Open Telekom Cloud',
		{ unpublished: ALL_OF_NOVA, unpublishedAs: 'apiNotFound' },
	],
	[
		'actions by ECS v1, reads by Nova',
		{ unpublished: ['nova act', 'v1 read', 'v1 list'], unpublishedAs: 'apiNotPublished' },
	],
	[
		'actions by Nova, reads by ECS v1',
		{ unpublished: ['v1 act', 'v1 job', 'nova read', 'nova list'], unpublishedAs: 'apiNotFound' },
	],
	[
		'the list of Nova alone',
		{ unpublished: ['nova act', 'nova read', 'v1 list'], unpublishedAs: 'apiNotFound' },
	],
	[
		'the list of ECS v1 alone',
		{ unpublished: ['v1 act', 'v1 job', 'v1 read', 'nova list'], unpublishedAs: 'apiNotPublished' },
	],
] as const;

const BATCHES = OFFERS.filter(
	([, offer]) => !('v1' in offer) && !offer.unpublished.some((call) => call === 'v1 act'),
);

type Settings = NonNullable<Parameters<typeof openWorld>[0]>;

const openCloud = async (offer: Settings, settings: Settings = {}) =>
	await openWorld({ jobInitSeconds: 0.2, ...settings, ...offer });

/** What it comes to, however the cloud was asked. */
const outcomesOf = ({ items }: { items: object[] }) =>
	items.map((item) => 'outcome' in item && item.outcome);

/** What the cloud has begun to do with a server. */
const actionsOf = (cloud: Cloud, serverId: string, kind: string) =>
	cloud.server(serverId)?.actions.filter(({ action }) => action === kind);

describe.each(OFFERS)('%s', (_, offer) => {
	test.concurrent('stopped servers are started, one alone and many', async () => {
		const { cloud, start } = await openCloud(offer);
		const ids = addServers(cloud, 12);

		const one = await start(ids.slice(0, 1));
		const many = await start(ids.slice(1));

		expect(one.output).toEqual([
			{
				json: {
					serverId: ids[0],
					serverName: cloud.server(ids[0])?.name,
					operation: 'start',
					outcome: 'started',
					status: 'ACTIVE',
					requestId: expect.stringMatching(/^req-/),
					attempts: 1,
					seconds: expect.any(Number),
				},
				pairedItem: { item: 0 },
			},
		]);
		expect(many.items.map(({ serverId }) => serverId)).toEqual(ids.slice(1));
		expect(outcomesOf(many)).toEqual(ids.slice(1).map(() => 'started'));
		expect(runningOf(cloud, ids)).toEqual(ids);
		expect(cloud.requests.startsWhileRunning.size).toBe(0);
	});

	test.concurrent('a call that is not there is tried once, before many are sent', async () => {
		const { cloud, start } = await openCloud(offer, { latencyMs: 20 });

		await start(addServers(cloud, 30));

		const missed = cloud.requests.entries.filter(({ isUnpublished }) => isUnpublished);
		expect(missed.length).toBeLessThanOrEqual(3);
		expect(postsTo(cloud).length).toBeLessThanOrEqual(31);
	});

	test.concurrent('running servers are stopped', async () => {
		const { cloud, stop } = await openCloud(offer);
		const ids = addRunning(cloud, 3);

		const run = await stop(ids);

		expect(outcomesOf(run)).toEqual(['stopped', 'stopped', 'stopped']);
		expect(ids.map((id) => cloud.server(id)?.status)).toEqual(['SHUTOFF', 'SHUTOFF', 'SHUTOFF']);
	});

	test.concurrent.each([1.5, 0.1])('a restart of %d s is done, once', async (rebootSeconds) => {
		const { cloud, restart } = await openCloud(offer, { rebootSeconds });
		const [id] = addRunning(cloud);

		const run = await restart([id]);

		expect(outcomesOf(run)).toEqual(['restarted']);
		expect(run.items[0]).toMatchObject({ status: 'ACTIVE', attempts: 1 });
		expect(actionsOf(cloud, id, 'reboot')).toHaveLength(1);
	});

	test.concurrent('without waiting, acceptance is the outcome', async () => {
		const { cloud, start, stop } = await openCloud(offer, { startSeconds: 30 });

		expect(outcomesOf(await start(addServers(cloud, 2), { waitUntilDone: false }))).toEqual([
			'accepted',
			'accepted',
		]);
		expect(outcomesOf(await stop(addRunning(cloud), { waitUntilDone: false }))).toEqual([
			'accepted',
		]);
	});

	test.concurrent.each([true, false])(
		'a server that is there already, is locked or unknown (waiting: %p)',
		async (waitUntilDone) => {
			const { cloud, start } = await openCloud(offer);
			const [running] = addRunning(cloud);
			const { id: locked } = cloud.addServer({ name: 'locked-1', locked: true });
			const { id: broken } = cloud.addServer({ name: 'paused-1', status: 'PAUSED' });

			const { items, failures } = await start([running, locked, UNKNOWN_ID, broken], {
				waitUntilDone,
			});

			expect(items).toEqual([
				expect.objectContaining({ serverId: running, outcome: 'alreadyRunning', status: 'ACTIVE' }),
			]);
			expect(failures.map(({ serverId, reason }) => [serverId, reason])).toEqual([
				[locked, 'locked'],
				[UNKNOWN_ID, 'notFound'],
				[broken, 'wrongState'],
			]);
		},
	);

	test.concurrent.each(['fallsBack', 'error'] as const)(
		'a start that goes wrong (%s) has failed, and is not repeated',
		async (kind) => {
			const { cloud, start } = await openCloud(offer);
			const { id } = cloud.addServer({ name: 'web-1', startBehaviour: { kind, seconds: 0.3 } });

			const { failures } = await start([id]);

			expect(failures[0]).toMatchObject({
				reason: 'startFailed',
				serverId: id,
				attempts: 1,
				status: kind === 'error' ? 'ERROR' : 'SHUTOFF',
			});
			expect(actionsOf(cloud, id, 'start')).toHaveLength(1);
		},
	);

	test.concurrent('a cloud that asks to slow down is given time', async () => {
		const { cloud, start } = await openCloud(offer);
		const ids = addServers(cloud, 3);
		cloud.faults.add({
			match: { path: '/action$' },
			times: 2,
			then: { preset: 'throttled', retryAfter: 1 },
		});

		const run = await start(ids);

		expect(outcomesOf(run)).toEqual(['started', 'started', 'started']);
		expect(runningOf(cloud, ids)).toEqual(ids);
	});

	test.concurrent('a lost answer to a start: it is looked at, and asked once', async () => {
		const { cloud, start } = await openCloud(offer);
		const [first, second] = addServers(cloud, 2);
		// By then it is known where actions go.
		await start([first]);
		const kind = 'v1' in offer || offer.unpublished.some((call) => call === 'v1 act');
		cloud.faults.add({ match: kind ? 'start' : 'batch', times: 1, then: 'dropAfter' });

		const run = await start([second]);

		expect(outcomesOf(run)).toEqual(['started']);
		expect(actionsOf(cloud, second, 'start')).toHaveLength(1);
	});

	test.concurrent('a user who may not start servers is told so', async () => {
		const { cloud, start } = await openCloud(offer, { denied: ['start', 'batch'] });

		const { failures } = await start(addServers(cloud, 2));

		expect(failures.map(({ reason }) => reason)).toEqual(['forbidden', 'forbidden']);
	});

	test.concurrent('Get shows a server, or that there is none', async () => {
		const { cloud, get } = await openCloud(offer);
		const { id } = cloud.addServer({ name: 'web-1', tags: ['env=test'] });

		const { items, failures } = await get([id, UNKNOWN_ID]);

		expect(items).toEqual([
			expect.objectContaining({ id, name: 'web-1', status: 'SHUTOFF', tags: ['env=test'] }),
		]);
		expect(failures).toEqual([
			expect.objectContaining({ serverId: UNKNOWN_ID, reason: 'notFound' }),
		]);
	});

	test.concurrent('Get Many shows all servers once, page after page', async () => {
		const { cloud, run } = await openCloud(offer, { maxLimit: 10 });
		const ids = addServers(cloud, 35);

		const { items } = await run('getMany', { parameters: { returnAll: true } });

		expect(items).toHaveLength(35);
		expect(new Set(items.map((item) => item.id))).toEqual(new Set(ids));
	});

	test.concurrent('Get Many finds the servers with a name, a status and tags', async () => {
		const { cloud, run } = await openCloud(offer);
		const { id } = cloud.addServer({ name: 'web-1', tags: ['env=test', 'team=a'] });
		cloud.addServer({ name: 'web-2', tags: ['env=test'] });
		cloud.addServer({ name: 'web-3', status: 'ACTIVE', tags: ['env=test', 'team=a'] });
		cloud.addServer({ name: 'db-1', tags: ['env=test', 'team=a'] });

		const { items } = await run('getMany', {
			parameters: {
				returnAll: true,
				filters: { name: 'web', status: 'SHUTOFF', tags: 'env=test,team=a' },
			},
		});

		expect(items.map((item) => item.id)).toEqual([id]);
	});

	test.concurrent('a server is found by its name', async () => {
		const { cloud, run } = await openCloud(offer);
		const { id } = cloud.addServer({ name: 'web-1' });

		const { items, failures } = await run('start', {
			items: [{ name: 'web-1' }, { name: 'web-9' }],
			parameters: { serverId: locator('name', '={{ $json.name }}') },
		});

		expect(items).toEqual([expect.objectContaining({ serverId: id, outcome: 'started' })]);
		expect(failures).toEqual([expect.objectContaining({ reason: 'notFound' })]);
	});

	test.concurrent("the editor's list shows all servers, page after page", async () => {
		const { cloud, search } = await openCloud(offer);
		const ids = addServers(cloud, 250);

		const seen: unknown[] = [];
		let token: string | undefined;
		do {
			const page = await search(undefined, token);
			seen.push(...page.results.map(({ value }) => value));
			token = page.paginationToken as string | undefined;
		} while (token);

		expect(seen).toHaveLength(250);
		expect(new Set(seen)).toEqual(new Set(ids));
	});
});

describe.each(BATCHES)('One Batch Request, %s', (_, offer) => {
	const options = { sendAs: 'oneBatchRequest' };

	test.concurrent('all are started by one request', async () => {
		const { cloud, start } = await openCloud(offer);
		const ids = addServers(cloud, 12);

		const run = await start(ids, { options });

		expect(outcomesOf(run)).toEqual(ids.map(() => 'started'));
		expect(postsTo(cloud)).toHaveLength(1);
	});

	test.concurrent('the word of the job is told of a server that failed in it', async () => {
		const { cloud, start } = await openCloud(offer);
		const { id } = cloud.addServer({
			name: 'web-1',
			startBehaviour: { kind: 'fallsBack', seconds: 0.3 },
		});
		const [other] = addServers(cloud, 1);

		const { items, failures } = await start([id, other], { options });

		expect(items).toEqual([expect.objectContaining({ serverId: other, outcome: 'started' })]);
		expect(failures).toEqual([
			expect.objectContaining({ serverId: id, reason: 'startFailed', attempts: 1 }),
		]);
		expect(failures[0].message).toContain('error from the compute service');
	});
});

// What a batch does with a server that does not fit is not documented: it must not matter.
describe.each(['failedJob', 'refused', 'done'] as const)('ECS v1 alone, misfits %s', (misfits) => {
	const offer = { unpublished: ALL_OF_NOVA, misfits };

	test.concurrent('the outcomes are those of Nova', async () => {
		const { cloud, start } = await openCloud(offer);
		const [running] = addRunning(cloud);
		const [stopped] = addServers(cloud, 1);
		const { id: locked } = cloud.addServer({ name: 'locked-1', locked: true });

		const { items, failures } = await start([running, stopped, locked, UNKNOWN_ID]);

		expect(items.map(({ serverId, outcome }) => [serverId, outcome])).toEqual([
			[running, 'alreadyRunning'],
			[stopped, 'started'],
		]);
		expect(failures.map(({ serverId, reason }) => [serverId, reason])).toEqual([
			[locked, 'locked'],
			[UNKNOWN_ID, 'notFound'],
		]);
		expect(postsTo(cloud).filter(({ kind }) => kind === 'batch')).toHaveLength(1);
	});
});

// One API alone

test.concurrent(
	'API Version ECS v1 sends exactly the documented requests, and no others',
	async () => {
		const { cloud, received, start } = await openCloud({});
		const ids = addServers(cloud, 2);

		const run = await start(ids, { options: { apiVersion: 'v1' } });

		expect(outcomesOf(run)).toEqual(['started', 'started']);
		const project = `/v1/${cloud.project.id}`;
		expect(received.filter(({ path }) => !path.startsWith(`${project}/cloudservers`))).toEqual([]);
		const posts = received.filter(({ method }) => method === 'POST');
		expect(posts.map(({ path }) => path)).toEqual(ids.map(() => `${project}/cloudservers/action`));
		expect(posts.map(({ body }) => JSON.parse(body) as unknown)).toEqual(
			ids.map((id) => ({ 'os-start': { servers: [{ id }] } })),
		);
	},
);

test.concurrent.each([
	['v1', { v1: false }],
	['v1', { unpublished: ['v1 act', 'v1 read', 'v1 list'] }],
	['v2.1', { unpublished: ALL_OF_NOVA }],
] as const)('API Version %s that is not there names Automatic', async (apiVersion, offer) => {
	const { cloud, start, get, run } = await openCloud(offer);
	const ids = addServers(cloud, 1);
	const options = { apiVersion };

	for (const { failures } of [
		await start(ids, { options }),
		await get(ids, { options }),
		await run('getMany', { parameters: { returnAll: true }, options }),
	]) {
		expect(failures[0]).toMatchObject({ reason: 'invalidInput' });
		expect(failures[0].message).toContain('the cloud does not offer this API here');
		expect(failures[0].hint).toContain('Automatic');
	}
});

// A gateway that is just being changed says once of a call that is there that it has none.

const FLUKES = [
	...(['noRoute', 'apigeeFault', 'emptyNotFound', 'apiNotFound', 'apiNotPublished'] as const).map(
		(then) => ['Nova alone', 'start', then, { v1: false }] as const,
	),
	['both APIs', 'start', 'noRoute', {}],
	['Nova alone, behind a gateway', 'start', 'noRoute', { unpublished: ['v1 act', 'v1 read'] }],
	['ECS v1 alone', 'start', 'noRoute', { unpublished: ALL_OF_NOVA }],
	['ECS v1 alone', 'batch', 'emptyNotFound', { unpublished: ALL_OF_NOVA }],
] as const;

test.concurrent.each(FLUKES)(
	'%s, and the first %s is answered with %s: all are started, once each',
	async (_, match, then, offer) => {
		const { cloud, start } = await openCloud(offer, { latencyMs: 20 });
		const ids = addServers(cloud, 12);
		cloud.faults.add({ match, times: 1, then });

		const run = await start(ids, { options: { concurrency: 3 } });

		expect(outcomesOf(run)).toEqual(ids.map(() => 'started'));
		expect(run.items.map(({ attempts }) => attempts)).toEqual(ids.map(() => 1));
		expect(ids.map((id) => actionsOf(cloud, id, 'start')?.length)).toEqual(ids.map(() => 1));
	},
);

test.concurrent('Nova alone, and it says so of the first restart: each is done once', async () => {
	const { cloud, restart } = await openCloud({ v1: false }, { rebootSeconds: 0.1 });
	const ids = addRunning(cloud, 3);
	cloud.faults.add({ match: 'reboot', times: 1, then: 'noRoute' });

	expect(outcomesOf(await restart(ids))).toEqual(ids.map(() => 'restarted'));
	expect(ids.map((id) => actionsOf(cloud, id, 'reboot')?.length)).toEqual([1, 1, 1]);
});

test.concurrent('a call that has worked and is taken away tells just that', async () => {
	const { cloud, start } = await openCloud({ unpublished: ALL_OF_NOVA });
	const ids = addServers(cloud, 3);
	cloud.faults.add({ match: 'batch', after: 2, then: 'apiNotPublished' });

	const { items, failures } = await start(ids, { options: { concurrency: 1 } });

	expect(items).toHaveLength(2);
	expect(failures).toEqual([expect.objectContaining({ reason: 'invalidInput' })]);
	expect(failures[0].message).toContain('refused a call that has just worked');
	expect(failures[0].hint).toMatch(/^Run this again/);
});

test.concurrent('neither API: the credential is to be checked', async () => {
	const { cloud, start, get } = await openCloud({ unpublished: ALL_OF_NOVA, v1: false });
	const ids = addServers(cloud, 2);

	for (const { failures } of [await start(ids), await get(ids)]) {
		expect(failures.map(({ reason }) => reason)).toEqual(['invalidInput', 'invalidInput']);
		expect(failures[0].message).toContain('neither Nova nor ECS v1');
		expect(failures[0].hint).toMatch(/credential/);
	}
});

test.concurrent('on Open Telekom Cloud and OpenStack it goes on calling Nova', async () => {
	const { cloud, received, start } = await openCloud({});
	const [id] = addServers(cloud, 1);

	await start([id]);

	expect(received[0]).toMatchObject({
		method: 'POST',
		path: `/v2.1/${cloud.project.id}/servers/${id}/action`,
	});
	expect(received.filter(({ path }) => path.startsWith('/v1/'))).toEqual([]);
});
