import { type Tools, toolsFor } from '../../../../nodes/cloud/power/tools';
import type { Answer } from '../../../../nodes/cloud/api/answer';
import { type FirstLook, lookFirst } from '../../../../nodes/cloud/power/first-look';
import { type Fate, perform } from '../../../../nodes/cloud/power/perform';
import type { Client, CloudRequest } from '../../../../nodes/cloud/api/requests';
import type { PowerAction } from '../../../../nodes/cloud/power/actions/action';
import { restart } from '../../../../nodes/cloud/power/actions/restart';
import { START } from '../../../../nodes/cloud/power/actions/start';
import { openSession, type SessionSettings } from '../../../../nodes/cloud/session/session';
import { answered, HTML_502, KEYSTONE_401, lost, nova } from '../../answers';
import { settle, VirtualClock } from '../../virtual-clock';
import { newShared, SETTINGS } from '../../session';

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const range = (count: number) => Array.from({ length: count }, (_, index) => idOf(index));

const DATE = 'Wed, 25 Nov 2026 10:00:00 GMT';

interface Machine {
	status: string;
	task?: string;
	/** When the task ends, and in which status. */
	turns?: { at: number; status: string };
	message?: string | null;
}

/** A small Nova: starts take `startMs`, requests `latencyMs`. */
class Nova {
	readonly clock = new VirtualClock();

	readonly cancel = new AbortController();

	readonly machines = new Map<string, Machine>();

	readonly calls: Array<{ at: number; request: CloudRequest; timeoutMs: number }> = [];

	startMs = 20_000;

	latencyMs = 50;

	/** How long an action request waits for a login before it leaves. */
	loginMs = 0;

	/** Where it gives an answer, that is the cloud's; `act` lets the request be taken all the same. */
	instead: (request: CloudRequest, act: () => Answer) => Answer | undefined = () => undefined;

	private readonly settings: SessionSettings;

	private readonly shared = newShared(this.clock);

	constructor(count: number, status = 'SHUTOFF', settings: Partial<SessionSettings> = {}) {
		for (const id of range(count)) this.machines.set(id, { status });
		this.settings = { ...SETTINGS, ...settings };
	}

	start(ids: string[], wait = true): Promise<Fate[]> {
		const tools = this.open();
		return Promise.all(ids.map(async (id) => await perform(id, wait, tools)));
	}

	async lookFirst(ids: string[]): Promise<Map<string, FirstLook>> {
		return await lookFirst(this.open(), ids);
	}

	async startAfter(id: string, first?: FirstLook): Promise<Fate> {
		return await perform(id, true, this.open(), { first });
	}

	open(settings: Partial<SessionSettings> = {}, action: PowerAction = START): Tools {
		const session = openSession(
			{ ...this.settings, ...settings },
			this.client,
			this.clock,
			this.cancel.signal,
			this.shared,
		);
		return toolsFor(session, action);
	}

	private readonly client: Client = async (request, timeoutMs, departure) => {
		const waitMs = request.method === 'POST' ? this.loginMs : 0;
		await this.clock.sleep(waitMs, new AbortController().signal);
		departure.leave();
		this.calls.push({ at: this.clock.now(), request, timeoutMs });
		const answer = this.instead(request, () => this.reply(request)) ?? this.reply(request);
		await this.clock.sleep(this.latencyMs, new AbortController().signal);
		return answer;
	};

	async finish(ids: string[], wait = true): Promise<Fate[]> {
		return await this.clock.until(this.start(ids, wait));
	}

	posts(): number {
		return this.calls.filter(({ request }) => request.method === 'POST').length;
	}

	private now(id: string): Machine | undefined {
		const machine = this.machines.get(id);
		if (machine?.turns && machine.turns.at <= this.clock.now()) {
			machine.status = machine.turns.status;
			machine.task = undefined;
			machine.turns = undefined;
		}
		return machine;
	}

	private reply({ method, path }: CloudRequest): Answer {
		const [, , , , id, what] = path.split('/');
		if (id === 'detail') {
			const servers = [...this.machines.keys()].map((one) => this.show(one));
			return answered(200, { servers }, { date: DATE });
		}
		const machine = this.now(id);
		if (!machine) return answered(404, nova(404, 'itemNotFound', `Instance ${id}`), { date: DATE });
		if (method === 'POST') return this.act(id, machine);
		if (what === 'os-instance-actions') {
			const action = {
				action: 'start',
				request_id: `req-${id}`,
				start_time: '2026-11-25T10:00:01',
			};
			return answered(200, { instanceActions: [{ ...action, message: machine.message ?? null }] });
		}
		return answered(200, { server: this.show(id) }, { date: DATE });
	}

	private act(id: string, machine: Machine): Answer {
		if (machine.status !== 'SHUTOFF' || machine.task) {
			return answered(409, nova(409, 'conflictingRequest', "Cannot 'start' instance"), {
				date: DATE,
			});
		}
		machine.task = 'powering-on';
		const end = machine.message ? 'SHUTOFF' : 'ACTIVE';
		machine.turns = { at: this.clock.now() + this.startMs, status: end };
		return answered(202, '', { date: DATE, 'x-compute-request-id': `req-${id}` });
	}

	private show(id: string) {
		const machine = this.now(id) as Machine;
		return {
			id,
			name: `web-${Number(id.slice(-3))}`,
			status: machine.status,
			'OS-EXT-STS:task_state': machine.task ?? null,
		};
	}
}

const wordOf = ({ result }: Fate) =>
	result.kind === 'done' ? result.outcome : result.failure.reason;
const words = (fates: Fate[]) => [...new Set(fates.map(wordOf))];

describe('a stopped server', () => {
	test('is started, and all is told', async () => {
		const cloud = new Nova(1);
		const [fate] = await cloud.finish(range(1));
		expect(fate).toMatchObject({
			serverId: idOf(0),
			result: { outcome: 'started' },
			server: { name: 'web-0', status: 'ACTIVE' },
			requestId: `req-${idOf(0)}`,
			attempts: 1,
		});
		expect(fate.seconds).toBeGreaterThanOrEqual(20);
		expect(fate.seconds).toBeLessThan(26);
		expect(cloud.clock.timers).toBe(0);
	});

	test('is accepted with one call where nobody waits', async () => {
		const cloud = new Nova(1);
		expect(words(await cloud.finish(range(1), false))).toEqual(['accepted']);
		expect(cloud.calls).toHaveLength(1);
	});

	test('that runs already takes two calls', async () => {
		const cloud = new Nova(1, 'ACTIVE');
		const [fate] = await cloud.finish(range(1));
		expect(wordOf(fate)).toBe('alreadyRunning');
		expect(fate.attempts).toBe(1);
		expect(cloud.calls).toHaveLength(2);
	});

	test('that falls back has failed, by the record of its own start', async () => {
		const cloud = new Nova(1);
		cloud.machines.set(idOf(0), { status: 'SHUTOFF', message: 'Error' });
		const [fate] = await cloud.finish(range(1));
		expect(fate.result).toMatchObject({ failure: { reason: 'startFailed', status: 'SHUTOFF' } });
		expect(fate.seconds).toBeLessThan(30);
	});

	test('that is being stopped is waited for and started', async () => {
		const cloud = new Nova(1);
		const turns = { at: 12_000, status: 'SHUTOFF' };
		cloud.machines.set(idOf(0), { status: 'ACTIVE', task: 'powering-off', turns });
		const [fate] = await cloud.finish(range(1));
		expect(wordOf(fate)).toBe('started');
		expect(fate.attempts).toBe(2);
	});

	test('that does not exist', async () => {
		expect(words(await new Nova(1).finish([idOf(7)]))).toEqual(['notFound']);
	});
});

describe('the calls for many servers, waiting included', () => {
	test.each([
		[100, 1.1],
		[1000, 1.01],
	])('%i: at most %d for each', async (count, limit) => {
		const cloud = new Nova(count);
		const fates = await cloud.finish(range(count));
		expect(words(fates)).toEqual(['started']);
		expect(cloud.calls.length / count).toBeLessThanOrEqual(limit);
		expect(cloud.posts()).toBe(count);
	});

	test('one that fails does not keep the others', async () => {
		const cloud = new Nova(20);
		cloud.machines.set(idOf(3), { status: 'ERROR' });
		cloud.machines.set(idOf(4), { status: 'SHUTOFF', message: 'Error' });
		cloud.machines.delete(idOf(5));
		const results = (await cloud.finish(range(20))).map(wordOf);
		expect(results.slice(3, 6)).toEqual(['wrongState', 'startFailed', 'notFound']);
		expect(results.filter((word) => word === 'started')).toHaveLength(17);
	});
});

describe('a lost answer', () => {
	test('of a start that was taken: started, and not asked again', async () => {
		const cloud = new Nova(1);
		cloud.instead = ({ method }, act) => {
			if (method !== 'POST') return undefined;
			act();
			return lost('ECONNRESET');
		};
		const [fate] = await cloud.finish(range(1));
		expect(wordOf(fate)).toBe('started');
		expect(cloud.posts()).toBe(1);
	});

	test('of a start that was not taken: asked again, started', async () => {
		const cloud = new Nova(1);
		cloud.instead = ({ method }) =>
			method === 'POST' && cloud.posts() === 1 ? answered(502, HTML_502) : undefined;
		const [fate] = await cloud.finish(range(1));
		expect(wordOf(fate)).toBe('started');
		expect(fate.attempts).toBe(2);
	});
});

describe('Wait Timeout', () => {
	test('bounds the whole item, and what is known is told', async () => {
		const cloud = new Nova(1, 'SHUTOFF', { waitTimeoutMs: 30_000 });
		cloud.startMs = 1e9;
		const [fate] = await cloud.finish(range(1));
		expect(fate.result).toMatchObject({ failure: { reason: 'timedOut', status: 'SHUTOFF' } });
		expect(fate.seconds).toBe(30);
		expect(cloud.clock.timers).toBe(0);
	});

	test('bounds an outage: those not asked yet never are', async () => {
		const cloud = new Nova(200, 'SHUTOFF', { waitTimeoutMs: 60_000, concurrency: 5 });
		cloud.instead = () => answered(503);
		const fates = await cloud.finish(range(200));
		expect(words(fates)).toEqual(['unavailable']);
		expect(cloud.posts()).toBeLessThan(20);
		expect(fates.filter(({ attempts }) => attempts === 0).length).toBeGreaterThan(180);
		expect(cloud.clock.now()).toBeLessThanOrEqual(125_000);
	});

	test.each([
		[300_000, 30_000],
		[10_000, 10_000],
	])('of %i ms leaves a start %i ms to be answered', async (waitTimeoutMs, timeoutMs) => {
		const cloud = new Nova(1, 'SHUTOFF', { waitTimeoutMs });
		await cloud.finish(range(1));
		expect(cloud.calls[0].timeoutMs).toBe(timeoutMs);
	});
});

test('a refused token stops all, and the attempt does not count', async () => {
	const cloud = new Nova(50);
	cloud.instead = () => answered(401, KEYSTONE_401);
	const fates = await cloud.finish(range(50));
	expect(words(fates)).toEqual(['unauthorized']);
	expect(fates.every(({ attempts }) => attempts === 0)).toBe(true);
	expect(cloud.calls).toHaveLength(1);
});

test('Max Tries bounds the starts that each server is asked for', async () => {
	const cloud = new Nova(5, 'SHUTOFF', { maxTries: 3, waitTimeoutMs: 3_600_000 });
	cloud.instead = ({ method }) => (method === 'POST' ? answered(429) : undefined);
	const fates = await cloud.finish(range(5));
	expect(words(fates)).toEqual(['throttled']);
	expect(Math.max(...fates.map(({ attempts }) => attempts))).toBeLessThanOrEqual(3);
	expect(cloud.posts()).toBeLessThanOrEqual(15);
});

test.each([10, 3_000, 12_000])(
	'cancellation after %i ms: nothing more is sent, no timer is left',
	async (ms) => {
		const cloud = new Nova(100);
		let settled = false;
		void cloud.start(range(100)).then(() => {
			settled = true;
		});
		await cloud.clock.run(ms);
		cloud.cancel.abort();
		await settle();
		const sent = cloud.calls.length;
		await cloud.clock.run(600_000);
		expect(cloud.calls).toHaveLength(sent);
		expect(cloud.clock.timers).toBe(0);
		expect(settled).toBe(false);
	},
);

describe('the look before a batch', () => {
	const look = async (nova: Nova, ids: string[]) => await nova.clock.until(nova.lookFirst(ids));

	test('is one call for all servers', async () => {
		const nova = new Nova(300);
		const seen = await look(nova, range(300));
		expect(seen.size).toBe(300);
		expect(nova.calls).toHaveLength(1);
		expect([...seen.values()].every((one) => one.look.kind === 'seen')).toBe(true);
	});

	test('leaves half of Wait Timeout for the batch where the cloud shows nothing', async () => {
		const nova = new Nova(3, 'SHUTOFF', { waitTimeoutMs: 10_000 });
		nova.instead = () => answered(500);
		const began = nova.clock.now();
		const seen = await look(nova, range(3));
		expect([...seen.values()].map((one) => one.look.kind)).toEqual(Array(3).fill('tooLate'));
		expect(nova.clock.now() - began).toBe(5_000);
	});

	test('does not hold up the batch where the cloud keeps the list waiting', async () => {
		const nova = new Nova(3, 'SHUTOFF', { waitTimeoutMs: 10_000, concurrency: 1 });
		nova.latencyMs = 60_000;
		const tools = nova.open();
		await nova.clock.until(lookFirst(tools, range(3)));
		nova.latencyMs = 50;
		const [id] = range(1);
		const first: FirstLook = { look: { kind: 'tooLate' }, at: nova.clock.now() - 5_000 };
		const fate = await nova.clock.until(perform(id, false, tools, { first }));
		expect(fate.result).toEqual({ kind: 'done', outcome: 'accepted' });
	});

	test('counts in the time of each server', async () => {
		const nova = new Nova(1, 'ACTIVE');
		nova.latencyMs = 2_000;
		const [id] = range(1);
		const first = (await look(nova, [id])).get(id);
		const fate = await nova.clock.until(nova.startAfter(id, first));
		expect(fate).toMatchObject({ result: { outcome: 'alreadyRunning' }, attempts: 0, seconds: 2 });
	});
});

describe('a server that another execution has in its queue', () => {
	const queued = (nova: Nova) => {
		nova.latencyMs = 1_000;
		const bulk = nova.open({ concurrency: 1 });
		return range(100).map(async (id) => await perform(id, false, bulk));
	};

	test('is asked for as soon as the turn of either comes, and once', async () => {
		const nova = new Nova(100);
		const bulk = queued(nova);
		await nova.clock.run(3_500);
		const [last] = range(100).slice(-1);
		const alarm = await nova.clock.until(perform(last, false, nova.open()));
		expect(alarm).toMatchObject({ attempts: 1, result: { kind: 'done', outcome: 'accepted' } });
		expect(nova.clock.now()).toBeLessThanOrEqual(6_000);

		const fates = await nova.clock.until(Promise.all(bulk));
		expect(fates.map(({ result }) => result.kind)).toEqual(Array(100).fill('done'));
		expect(nova.posts()).toBe(100);
	});
});

test("a restart of somebody else during the login is not taken for one's own, whose answer was lost", async () => {
	const nova = new Nova(1, 'ACTIVE');
	nova.loginMs = 20_000;
	const records = (start_time: string) =>
		answered(200, {
			instanceActions: [{ action: 'reboot', request_id: 'req-x', start_time, message: null }],
		});
	nova.instead = ({ method, path }) => {
		if (method === 'POST') return lost('ECONNRESET');
		// The cloud tells for the first time, after the login, that it is ten o'clock.
		return path.endsWith('os-instance-actions') ? records('2026-11-25T09:59:50') : undefined;
	};
	const fate = await nova.clock.until(perform(idOf(0), true, nova.open({}, restart(false))));
	expect(fate.result).toMatchObject({ kind: 'failed', failure: { reason: 'unreachable' } });
});
