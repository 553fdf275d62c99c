/** The polls of a trigger: what each asks the cloud for, and what it does with the time that it has. */
import type { Answer } from '../../../../nodes/cloud/api/answer';
import type { CloudRequest } from '../../../../nodes/cloud/api/requests';
import { firstPoll } from '../../../../nodes/cloud/changes/first-poll';
import type { Known } from '../../../../nodes/cloud/changes/known';
import { nextPoll } from '../../../../nodes/cloud/changes/next-poll';
import { samplePoll } from '../../../../nodes/cloud/changes/sample-poll';
import { inTimeOfPoll } from '../../../../nodes/cloud/changes/time';
import type { Watch } from '../../../../nodes/cloud/changes/watch';
import { answered, nova } from '../../answers';
import { idOf, project, server, type ServerJson } from '../../servers';
import { FakeCloud } from '../../session';
import { at, NOON, stock, time, WATCH } from './stories';

const BUDGET_MS = 38_000;
const HOURS = 60;

interface Spec {
	servers?: ServerJson[];
	/** Milliseconds for each answer. */
	latencyMs?: number;
	/** Minutes after noon at which a poll begins, by the cloud's clock. */
	now?: number;
	/** Answers a list of actions; default: the guest died a minute ago. */
	actions?: (id: string) => Answer;
}

const diedAt = (minutes: number) =>
	answered(200, {
		instanceActions: [
			{ action: 'stop', start_time: time(minutes), request_id: 'req-1', user_id: null },
		],
	});
const refused = (status: number) => answered(status, nova(status, 'said', 'No.'));

/** A cloud at that minute, with the rows of a changed or a full list alike. */
function cloudOf({ servers = [], latencyMs = 0, now = 2, actions = () => diedAt(now - 1) }: Spec) {
	const reply = project(servers);
	const answer = (request: CloudRequest): Answer => {
		const [, id] = /servers\/([\w-]+)\/os-instance-actions$/.exec(request.path) ?? [];
		const { headers, ...rest } = (id ? actions(id) : reply(request)) as ReturnType<typeof answered>;
		return { ...rest, headers: { ...headers, date: new Date(at(now)).toUTCString() } };
	};
	return FakeCloud.taking(latencyMs, answer, { waitTimeoutMs: BUDGET_MS });
}

const off = (index: number, minutes = 1) =>
	server(index, { status: 'SHUTOFF', created: time(-10_000), updated: time(minutes) });
const runs = (index: number) => server(index, { created: time(-10_000), updated: time(-600) });

const next = async (cloud: FakeCloud, known: Known, watch: Watch = WATCH, tells = true) =>
	await cloud.clock.until(nextPoll(cloud.session, watch, known, tells));

const chosen = (...indexes: number[]): Watch => ({
	...WATCH,
	choice: { kind: 'chosen', ids: new Set(indexes.map(idOf)) },
});

const asked = ({ requests }: FakeCloud) =>
	requests.map(({ path, query = {} }) =>
		[path.split('/').slice(3).join('/'), query['changes-since']].filter(Boolean).join(' since '),
	);

describe('the next poll', () => {
	test('asks for what changed since the last one, two minutes before that', async () => {
		const cloud = cloudOf({});
		const polled = await next(cloud, stock([]));

		expect(asked(cloud)).toEqual([`servers/detail since ${time(-2)}`]);
		expect(polled).toMatchObject({ kind: 'polled', events: [], readAt: at(2), untold: false });
	});

	test('reads all once in six hours', async () => {
		const known = { ...stock([]), since: at(6 * HOURS - 1) };
		const cloud = cloudOf({ now: 6 * HOURS });
		const polled = await next(cloud, known);

		expect(asked(cloud)).toEqual([`servers/detail since ${time(6 * HOURS - 3)}`, 'servers/detail']);
		expect(polled).toMatchObject({ known: { fullAt: at(6 * HOURS) } });
	});

	test('tells what it has finished when its time is up, and leaves the rest to the next', async () => {
		const servers = Array.from({ length: 500 }, (_, index) => off(index + 1));
		const cloud = cloudOf({ servers, latencyMs: 1_000 });
		const polled = await next(cloud, stock([]));
		if (polled.kind === 'failed') throw new Error(polled.failure.message);

		expect(cloud.clock.now()).toBeLessThanOrEqual(BUDGET_MS);
		expect(polled.events.length).toBeGreaterThan(100);
		expect(polled.events.length).toBeLessThan(500);
		expect(polled.known.since).toBe(NOON);

		const later = cloudOf({ servers, now: 3, actions: () => diedAt(1) });
		const rest = await next(later, polled.known);
		if (rest.kind === 'failed') throw new Error(rest.failure.message);
		expect(new Set([...polled.events, ...rest.events].map(({ serverId }) => serverId)).size).toBe(
			500,
		);
		expect(polled.events.length + rest.events.length).toBe(500);
	});

	test('keeps no other event back for a server that cannot be read', async () => {
		const failed = server(2, { status: 'ERROR', created: time(-9_000), updated: time(1) });
		const cloud = cloudOf({ servers: [off(1), failed], actions: () => refused(500) });
		const polled = await next(cloud, stock([]));

		expect(polled).toMatchObject({
			events: [{ event: 'failed', serverId: idOf(2) }],
			trouble: { reason: 'unavailable' },
			known: { since: NOON },
		});
	});

	test.each([403, 404])(
		'after a %i for the list of actions the cause is unknown',
		async (status) => {
			const cloud = cloudOf({ servers: [off(1)], actions: () => refused(status) });

			expect(await next(cloud, stock([]))).toMatchObject({
				events: [{ event: 'stopped', stop: { cause: 'unknown' } }],
				untold: true,
			});
		},
	);

	test('does not ask a cloud that has just refused to tell', async () => {
		const cloud = cloudOf({ servers: [off(1)] });

		expect(await next(cloud, stock([]), WATCH, false)).toMatchObject({
			events: [{ event: 'stopped', stop: { cause: 'unknown' } }],
			untold: false,
		});
		expect(asked(cloud)).toHaveLength(1);
	});

	test('reads one chosen server by itself, and takes a 404 for its end', async () => {
		const cloud = cloudOf({});
		const polled = await next(cloud, stock([]), chosen(1));

		expect(asked(cloud)).toEqual([`servers/${idOf(1)}`]);
		expect(polled).toMatchObject({ events: [{ event: 'deleted', serverId: idOf(1) }] });
	});

	test('looks at chosen servers that a full list does not show, one by one', async () => {
		const known = { ...stock([]), since: at(6 * HOURS - 1) };
		const cloud = cloudOf({ servers: [runs(1)], now: 6 * HOURS });
		const polled = await next(cloud, known, chosen(1, 2));

		expect(asked(cloud).slice(2)).toEqual([`servers/${idOf(2)}`]);
		expect(polled).toMatchObject({ events: [{ event: 'deleted', serverId: idOf(2) }] });
	});

	test('fails, and so keeps its place, where the list cannot be read', async () => {
		const cloud = new FakeCloud(() => refused(403), { waitTimeoutMs: BUDGET_MS });

		expect(await next(cloud, stock([]))).toMatchObject({ failure: { reason: 'forbidden' } });
	});
});

describe('the first poll', () => {
	const first = async (cloud: FakeCloud, watch: Watch) =>
		await cloud.clock.until(firstPoll(cloud.session, watch));
	const notRequested: Watch = { ...WATCH, stopCause: 'notRequested' };

	test('asks nobody who stopped a server where all stops count', async () => {
		const cloud = cloudOf({ servers: [off(1)] });

		expect(await first(cloud, WATCH)).toMatchObject({ events: [], known: { since: at(2) } });
		expect(asked(cloud)).toEqual(['servers/detail']);
	});

	test('asks it of another server where the first was just deleted', async () => {
		const servers = [runs(1), runs(2)];
		const cloud = cloudOf({
			servers,
			actions(id) {
				if (id === idOf(2)) return diedAt(0);
				servers.shift();
				return answered(404, nova(404, 'itemNotFound', 'Instance could not be found.'));
			},
		});

		expect(await first(cloud, notRequested)).toMatchObject({ kind: 'polled' });
		expect(asked(cloud).at(-1)).toBe(`servers/${idOf(2)}/os-instance-actions`);
	});

	test('asks it of any server where none fits, and nothing in an empty project', async () => {
		const none: Watch = { ...notRequested, choice: { kind: 'matching', filters: { name: 'db' } } };
		const [cloud, empty] = [cloudOf({ servers: [runs(1)] }), cloudOf({})];

		expect(await first(cloud, none)).toMatchObject({ kind: 'polled' });
		expect(asked(cloud).at(-1)).toBe(`servers/${idOf(1)}/os-instance-actions`);
		expect(await first(empty, none)).toMatchObject({ kind: 'polled' });
		expect(asked(empty)).toEqual(['servers/detail', 'servers/detail']);
	});

	test.each([403, 404])('fails where that gives %i', async (status) => {
		const cloud = cloudOf({ servers: [runs(1)], actions: () => refused(status) });

		expect(await first(cloud, notRequested)).toMatchObject({
			failure: { reason: 'forbidden', message: 'The cloud does not tell who stopped a server' },
		});
	});

	test('names chosen servers that there are not', async () => {
		const cloud = cloudOf({ servers: [runs(1)] });

		expect(await first(cloud, chosen(1, 2))).toMatchObject({
			failure: { reason: 'notFound', message: expect.stringContaining(idOf(2)) },
		});
	});
});

test('Fetch Test Event reads the list, and what was done to one server if it is off', async () => {
	const [down, up] = [cloudOf({ servers: [off(1), runs(2)] }), cloudOf({ servers: [runs(2)] })];
	const sample = async (cloud: FakeCloud) =>
		await cloud.clock.until(samplePoll(cloud.session, WATCH));

	expect(await sample(down)).toMatchObject({ event: { event: 'stopped', serverId: idOf(1) } });
	expect(asked(down)).toEqual(['servers/detail', `servers/${idOf(1)}/os-instance-actions`]);
	expect(await sample(up)).toMatchObject({ event: { event: 'running', serverId: idOf(2) } });
	expect(asked(up)).toHaveLength(1);
});

test('a poll that waits for ever ends a second after its time', async () => {
	const { clock, session } = cloudOf({});
	const never = new Promise<never>(() => undefined);

	expect(await clock.until(inTimeOfPoll(session, never))).toMatchObject({
		kind: 'failed',
		failure: { reason: 'timedOut' },
	});
	expect(clock.now()).toBe(BUDGET_MS + 1_000);
});
