import type { Answer, NotSent } from '../../../../../nodes/cloud/api/answer';
import { Gate, type Turn } from '../../../../../nodes/cloud/session/gate/gate';
import { Traffic } from '../../../../../nodes/cloud/session/gate/traffic';
import { answered, ecs, KEYSTONE_401, lost, nova } from '../../../answers';
import { settle, VirtualClock } from '../../../virtual-clock';

const OK = answered(202);
const SLOW_DOWN = answered(429);
const OUT = answered(503);

const slowDownFor = (seconds: number | string) =>
	answered(429, '', { 'retry-after': String(seconds) });

interface Options {
	concurrency?: number;
	patienceMs?: number;
	chance?: number;
}

/** A gate with a clock, and the names of the requests in the order in which they were sent. */
class Road {
	readonly clock: VirtualClock;

	readonly cancel = new AbortController();

	readonly gate: Gate;

	readonly sent: string[] = [];

	readonly sentAt: number[] = [];

	readonly results = new Map<string, Answer | NotSent>();

	inFlight = 0;

	mostInFlight = 0;

	private readonly held = new Map<string, (answer: Answer) => void>();

	constructor({ concurrency = 10, patienceMs = 300_000, chance = 0.5 }: Options = {}) {
		this.clock = new VirtualClock(chance);
		const traffic = new Traffic(this.clock);
		this.gate = new Gate(this.clock, traffic, concurrency, patienceMs, this.cancel.signal);
	}

	/** Passes requests that stay under way until they are answered. */
	pass(names: string | string[], turn: Partial<Turn> = {}): void {
		for (const name of [names].flat()) {
			const send = async () => await new Promise<Answer>((resolve) => this.held.set(name, resolve));
			this.passWith(name, send, turn);
		}
	}

	/** Passes requests that are answered after `ms`. */
	passTaking(names: string[], ms: number, answer: () => Answer, turn: Partial<Turn> = {}): void {
		for (const name of names) {
			const send = async () => {
				await this.clock.sleep(ms, new AbortController().signal);
				return answer();
			};
			this.passWith(name, send, turn);
		}
	}

	async answer(names: string | string[], answer: Answer): Promise<void> {
		for (const name of [names].flat()) {
			const reply = this.held.get(name);
			if (!reply) throw new Error(`${name} is not under way`);
			this.held.delete(name);
			reply(answer);
		}
		await settle();
	}

	async run(seconds: number): Promise<void> {
		await this.clock.run(seconds * 1000);
	}

	/** Those sent since the last time this was asked. */
	newlySent(): string[] {
		const fresh = this.sent.slice(this.told);
		this.told = this.sent.length;
		return fresh;
	}

	result(name: string): string {
		const result = this.results.get(name);
		if (!result) return 'waiting';
		if (result.kind === 'notSent') return `not sent: ${result.reason}`;
		return result.kind === 'answered' ? String(result.status) : result.code;
	}

	private told = 0;

	private passWith(name: string, send: () => Promise<Answer>, turn: Partial<Turn>): void {
		const counted = async () => {
			this.sent.push(name);
			this.sentAt.push(this.clock.now());
			this.inFlight += 1;
			this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
			const answer = await send();
			this.inFlight -= 1;
			return answer;
		};
		void this.gate
			.pass(counted, { lane: 'first', ...turn })
			.then((result) => this.results.set(name, result));
	}
}

const named = (count: number, prefix = 'r') =>
	Array.from({ length: count }, (_, index) => `${prefix}${index}`);

/** A road whose first request was answered well: ten may be under way at once. */
async function provenRoad(options?: Options): Promise<Road> {
	const road = new Road(options);
	road.pass('opener');
	await road.answer('opener', OK);
	road.newlySent();
	return road;
}

describe('the first request of an execution', () => {
	test('goes alone', async () => {
		const road = new Road();
		road.pass(named(20));
		await road.run(10);
		expect(road.newlySent()).toEqual(['r0']);
	});

	test.each([
		['an acceptance', OK],
		['a conflict', answered(409)],
		['a missing server', answered(404)],
		['a missing permission', answered(403, nova(403, 'forbidden'))],
	])('and shows that the credential works: %s', async (_, answer) => {
		const road = new Road();
		road.pass(named(20));
		await road.answer('r0', answer);
		expect(road.newlySent()).toHaveLength(11);
		expect(road.inFlight).toBe(10);
	});

	test('and if it is throttled, the next goes alone, too', async () => {
		const road = new Road();
		road.pass(named(20));
		await road.answer('r0', SLOW_DOWN);
		await road.run(2);
		expect(road.newlySent()).toEqual(['r0', 'r1']);
	});
});

describe('requests under way', () => {
	test.each([1, 3, 10, 50])('are at most as many as Concurrency says: %i', async (concurrency) => {
		const road = new Road({ concurrency });
		road.passTaking(named(201), 100, () => OK);
		await road.run(100);
		expect(road.mostInFlight).toBe(concurrency);
		expect(road.results.size).toBe(201);
	});

	test('are as many as that all the time', async () => {
		const road = new Road({ concurrency: 10 });
		road.passTaking(named(101), 100, () => OK);
		await road.run(1.1);
		expect(road.results.size).toBe(101);
	});

	test('make room one by one', async () => {
		const road = await provenRoad({ concurrency: 2 });
		road.pass(named(4));
		expect(road.newlySent()).toEqual(['r0', 'r1']);
		await road.answer('r1', OK);
		expect(road.newlySent()).toEqual(['r2']);
	});
});

describe('whose turn it is', () => {
	test('reads, then those who ask again, then those who ask for the first time', async () => {
		const road = await provenRoad({ concurrency: 1 });
		road.pass('busy');
		road.pass('first-1', { lane: 'first' });
		road.pass('again-1', { lane: 'again', deadline: 1e9 });
		road.pass('read-1', { lane: 'read', deadline: 1e9 });
		road.pass('first-2', { lane: 'first' });
		road.pass('read-2', { lane: 'read', deadline: 1e9 });
		for (const name of ['busy', 'read-1', 'read-2', 'again-1', 'first-1', 'first-2']) {
			expect(road.newlySent()).toEqual([name]);
			await road.answer(name, OK);
		}
	});

	test('in trouble somebody new probes for those who were refused before', async () => {
		const road = await provenRoad();
		road.pass('victim');
		await road.answer('victim', SLOW_DOWN);
		road.pass('again', { lane: 'again', deadline: 1e9 });
		road.pass('first');
		road.pass('read', { lane: 'read', deadline: 1e9 });
		await road.run(1);
		expect(road.newlySent()).toEqual(['victim', 'read']);
		await road.answer('read', SLOW_DOWN);
		await road.run(2);
		expect(road.newlySent()).toEqual(['first']);
	});
});

describe('a request that is moot by the time of its turn', () => {
	test('is dropped, and the next one has its turn', async () => {
		const road = await provenRoad({ concurrency: 1 });
		road.pass('r0');
		road.pass('moot', { isMoot: () => true });
		road.pass('r1');
		await road.answer('r0', OK);
		expect(road.newlySent()).toEqual(['r0', 'r1']);
		expect(road.result('moot')).toBe('waiting');
	});

	test('goes where it is needed after all', async () => {
		const road = await provenRoad();
		road.pass('needed', { isMoot: () => false });
		expect(road.newlySent()).toEqual(['needed']);
	});
});

describe('slow down', () => {
	test('everybody waits, then one request goes alone', async () => {
		const road = await provenRoad();
		road.pass(named(30));
		await road.answer(named(10), SLOW_DOWN);
		road.newlySent();
		await road.run(0.999);
		expect(road.newlySent()).toEqual([]);
		await road.run(0.001);
		expect(road.newlySent()).toEqual(['r10']);
		await road.run(100);
		expect(road.newlySent()).toEqual([]);
	});

	test.each([
		['429', SLOW_DOWN],
		['413', answered(413)],
		['503', OUT],
		['202 with Common.0024', answered(202, ecs('Common.0024'))],
	])('is what %s says', async (_, answer) => {
		const road = await provenRoad();
		road.pass('victim');
		await road.answer('victim', answer);
		road.pass('next');
		await road.run(0.9);
		expect(road.newlySent()).toEqual(['victim']);
	});

	test('ten refusals of one moment count as one', async () => {
		const road = await provenRoad({ chance: 0.999 });
		road.pass(named(30));
		await road.answer(named(10), SLOW_DOWN);
		road.newlySent();
		await road.run(2);
		expect(road.newlySent()).toEqual(['r10']);
	});

	test('and nine that come late count with the first', async () => {
		const road = await provenRoad();
		road.pass(named(30));
		await road.answer('r0', SLOW_DOWN);
		road.newlySent();
		await road.run(0.5);
		await road.answer(named(10).slice(1), SLOW_DOWN);
		await road.run(0.5);
		expect(road.newlySent()).toEqual(['r10']);
	});

	test('the probe is alone even while older requests are still under way', async () => {
		const road = await provenRoad();
		road.pass(named(30));
		await road.answer('r0', SLOW_DOWN);
		road.newlySent();
		await road.run(60);
		expect(road.newlySent()).toEqual([]);
		await road.answer(named(10).slice(1), OK);
		expect(road.newlySent()).toEqual(['r10']);
	});

	test('a success that was sent before does not end the pause', async () => {
		const road = await provenRoad();
		road.pass(named(30));
		await road.answer('r0', slowDownFor(20));
		await road.answer(named(10).slice(1), OK);
		road.newlySent();
		await road.run(20.4);
		expect(road.newlySent()).toEqual([]);
		await road.run(0.1);
		expect(road.newlySent()).toEqual(['r10']);
	});

	test.each([
		[0, 7],
		[0.5, 7.5],
		[0.75, 7.75],
	])('Retry-After is a floor, with up to a second on top by chance (%d)', async (chance, pause) => {
		const road = await provenRoad({ chance });
		road.pass('victim');
		await road.answer('victim', slowDownFor(7));
		road.pass('next');
		await road.run(pause - 0.001);
		expect(road.newlySent()).toEqual(['victim']);
		await road.run(0.001);
		expect(road.newlySent()).toEqual(['next']);
	});

	test('Retry-After 0 makes no pause shorter than it would be without', async () => {
		const road = new Road({ patienceMs: 1e9 });
		road.passTaking(named(9), 0, () => slowDownFor(0));
		await road.run(1000);
		const pauses = road.sentAt.slice(1).map((at, index) => at - road.sentAt[index]);
		expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * 1000));
	});

	test('no pause of its own is so long that nobody probes before the time is up', async () => {
		const road = new Road({ chance: 0.999, patienceMs: 8_000 });
		road.passTaking(named(9), 0, () => OUT);
		await road.run(8);
		expect(road.sentAt.map((at) => Math.round(at / 100) / 10)).toEqual([0, 2, 6, 7.5]);
		expect(road.result('r8')).toBe('not sent: unavailable');
		expect(road.clock.timers).toBe(0);
	});

	test('nor before the deadline of one who asks again', async () => {
		const road = new Road({ chance: 0.999 });
		road.passTaking(['a', 'b'], 0, () => SLOW_DOWN);
		await road.run(2);
		road.passTaking(['again'], 0, () => OK, { lane: 'again', deadline: 5_000 });
		await road.run(2.4);
		expect(road.sent).toEqual(['a', 'b']);
		await road.run(0.1);
		expect(road.result('again')).toBe('202');
	});

	test('but never shorter than the cloud asks', async () => {
		const road = new Road({ patienceMs: 8_000 });
		road.passTaking(named(3), 0, () => slowDownFor(7));
		await road.run(6.999);
		expect(road.sent).toEqual(['r0']);
		await road.run(0.501);
		expect(road.sent).toEqual(['r0', 'r1']);
	});

	test('the longest Retry-After of one moment counts', async () => {
		const road = await provenRoad();
		road.pass(named(20));
		await road.answer('r0', slowDownFor(5));
		await road.answer('r1', slowDownFor(12));
		await road.answer('r2', slowDownFor(3));
		await road.answer(named(10).slice(3), OK);
		road.newlySent();
		await road.run(12.4);
		expect(road.newlySent()).toEqual([]);
		await road.run(0.1);
		expect(road.newlySent()).toEqual(['r10']);
	});

	test('the pause grows with each refused probe, up to a minute, and less by chance', async () => {
		const road = new Road({ patienceMs: 1e9 });
		road.passTaking(named(9), 0, () => SLOW_DOWN);
		await road.run(1000);
		const pauses = road.sentAt.slice(1).map((at, index) => at - road.sentAt[index]);
		expect(pauses).toEqual([1, 2, 4, 8, 16, 30, 30, 30].map((seconds) => seconds * 1000));
	});

	test('a success ends the count: the next refusal pauses as shortly as the first', async () => {
		const road = await provenRoad();
		await road.run(1); // so that no rate is known
		road.pass(['a', 'b', 'c', 'd']);
		await road.answer(['a', 'b', 'c', 'd'], SLOW_DOWN);
		road.pass(['probe', 'next']);
		await road.run(1);
		await road.answer('probe', OK);
		await road.answer('next', SLOW_DOWN);
		road.pass('last');
		road.newlySent();
		await road.run(0.999);
		expect(road.newlySent()).toEqual([]);
		await road.run(0.001);
		expect(road.newlySent()).toEqual(['last']);
	});

	test('each success doubles what is allowed, up to full speed', async () => {
		const road = await provenRoad({ concurrency: 10 });
		await road.run(1); // so that no rate is known
		road.pass('victim');
		await road.answer('victim', SLOW_DOWN);
		road.pass(named(60));
		await road.run(1);
		const speeds = [road.inFlight];
		for (const name of named(6)) {
			await road.answer(name, OK);
			speeds.push(road.inFlight);
		}
		expect(speeds).toEqual([1, 2, 4, 8, 10, 10, 10]);
	});

	test("a storm does not burn one item's tries", async () => {
		const road = new Road({ patienceMs: 1e9 });
		const tries = new Map<string, number>();
		let storm = true;
		const item = async (name: string) => {
			let lane: Turn['lane'] = 'first';
			for (;;) {
				const send = async () => {
					tries.set(name, (tries.get(name) ?? 0) + 1);
					return storm ? SLOW_DOWN : OK;
				};
				const result = await road.gate.pass(send, { lane, deadline: 1e9 });
				if (result === OK) return;
				lane = 'again';
			}
		};
		const work = Promise.all(named(20).map(item));
		await road.run(300);
		storm = false;
		await road.clock.until(work);
		expect(Math.max(...tries.values())).toBeLessThanOrEqual(2);
	});
});

describe('the cloud may be out', () => {
	test('a single lost answer is no outage: the next request goes at once, but alone', async () => {
		const road = await provenRoad();
		road.pass(['victim']);
		await road.answer('victim', lost('ECONNRESET'));
		road.pass(named(20));
		await settle();
		expect(road.newlySent()).toEqual(['victim', 'r0']);
	});

	test('the second in a row begins the pauses', async () => {
		const road = await provenRoad();
		road.pass('victim');
		await road.answer('victim', lost('ECONNRESET'));
		road.pass(named(20));
		await road.answer('r0', answered(502));
		road.newlySent();
		await road.run(0.999);
		expect(road.newlySent()).toEqual([]);
		await road.run(0.001);
		expect(road.newlySent()).toEqual(['r1']);
	});

	test('an outage that outlasts the patience: those not sent yet are given up, never sent', async () => {
		const road = new Road({ patienceMs: 60_000 });
		road.passTaking(named(50), 0, () => OUT);
		await road.run(60);
		expect(road.results.size).toBe(50);
		expect(road.sent.length).toBeGreaterThan(1);
		expect(road.sent.length).toBeLessThan(10);
		expect(road.result('r49')).toBe('not sent: unavailable');
		expect(road.results.get('r49')).toMatchObject({ fault: { httpStatus: 503 } });
	});

	test('and with them first reads, which have no deadline yet either', async () => {
		const road = new Road({ patienceMs: 60_000 });
		road.passTaking(named(50), 0, () => OUT, { lane: 'read' });
		road.pass('first');
		await road.run(30);
		expect(road.result('r49')).toBe('waiting');
		await road.run(30);
		expect(road.result('r49')).toBe('not sent: unavailable');
		expect(road.result('first')).toBe('not sent: unavailable');
		expect(road.sent.length).toBeLessThan(10);
		expect(road.clock.timers).toBe(0);
	});

	test('and who comes while it lasts, with no deadline, hears so at once', async () => {
		const road = new Road({ patienceMs: 60_000 });
		road.passTaking(named(50), 0, () => OUT);
		await road.run(60);
		road.newlySent();
		road.pass('late');
		road.pass('late read', { lane: 'read' });
		await settle();
		expect(road.result('late')).toBe('not sent: unavailable');
		expect(road.result('late read')).toBe('not sent: unavailable');
		expect(road.newlySent()).toEqual([]);
	});

	test('and nobody else: who was asked before has a deadline of its own', async () => {
		const road = new Road({ patienceMs: 60_000 });
		road.passTaking(named(50), 0, () => OUT);
		await road.run(59);
		road.pass('again', { lane: 'again', deadline: 1e9 });
		road.pass('read', { lane: 'read', deadline: 1e9 });
		await road.run(60);
		expect(road.result('r49')).toBe('not sent: unavailable');
		expect(road.result('again')).toBe('waiting');
		expect(road.result('read')).toBe('waiting');
	});

	test.each(['61', '3600', '9'.repeat(30), '9'.repeat(400)])(
		'a Retry-After beyond the patience (%s) gives them up at once',
		async (seconds) => {
			const road = new Road({ patienceMs: 60_000 });
			road.pass(named(5));
			road.pass('read', { lane: 'read' });
			await road.answer('r0', slowDownFor(seconds));
			expect(road.result('r4')).toBe('not sent: throttled');
			expect(road.result('read')).toBe('not sent: throttled');
			expect(road.sent).toEqual(['r0']);
			expect(road.clock.timers).toBe(0);
		},
	);

	test('an outage that ends in time costs nobody anything', async () => {
		const road = new Road({ patienceMs: 60_000 });
		road.passTaking(named(50), 0, () => (road.clock.now() < 20_000 ? OUT : OK));
		await road.run(120);
		const statuses = [...road.results.values()].map(({ kind }) => kind);
		expect(statuses).toHaveLength(50);
		expect(statuses).not.toContain('notSent');
	});

	test('the patience begins anew with the next outage', async () => {
		const road = await provenRoad({ patienceMs: 60_000 });
		road.pass('victim-1');
		await road.answer('victim-1', OUT);
		road.pass('good');
		await road.run(50);
		await road.answer('good', OK);
		road.pass('victim-2');
		await road.answer('victim-2', OUT);
		road.pass('next');
		await road.run(30);
		expect(road.result('next')).toBe('waiting');
		expect(road.sent).toContain('next');
	});
});

describe('the cloud takes nothing from this credential', () => {
	test('after 401 nobody sends any more', async () => {
		const road = new Road();
		road.pass(named(1000));
		await road.answer('r0', answered(401, KEYSTONE_401));
		expect(road.sent).toEqual(['r0']);
		expect(road.result('r0')).toBe('401');
		expect(road.result('r1')).toBe('not sent: unauthorized');
		expect(road.result('r999')).toBe('not sent: unauthorized');
		expect(road.results.get('r1')).toMatchObject({ fault: { httpStatus: 401 }, final: true });
		expect(road.clock.timers).toBe(0);
	});

	test('nor does who comes later', async () => {
		const road = new Road();
		road.pass('r0');
		await road.answer('r0', answered(401, KEYSTONE_401));
		road.pass('later', { lane: 'again', deadline: 1e9 });
		road.pass('look', { lane: 'read', deadline: 1e9 });
		await settle();
		expect(road.result('later')).toBe('not sent: unauthorized');
		expect(road.result('look')).toBe('not sent: unauthorized');
		expect(road.sent).toEqual(['r0']);
	});

	test('in the middle of a run: what is under way gets its own answer', async () => {
		const road = await provenRoad();
		road.pass(named(30));
		await road.answer('r3', answered(401, KEYSTONE_401));
		expect(road.result('r29')).toBe('not sent: unauthorized');
		expect(road.result('r0')).toBe('waiting');
		await road.answer('r0', OK);
		expect(road.result('r0')).toBe('202');
		expect(road.newlySent()).toHaveLength(10);
	});

	test('nor is a certificate trusted at the next try', async () => {
		const road = new Road();
		road.pass(named(10));
		await road.answer('r0', lost('CERT_HAS_EXPIRED', false));
		expect(road.result('r9')).toBe('not sent: unreachable');
		expect(road.sent).toEqual(['r0']);
	});
});

describe('time that is over in the queue', () => {
	test('the request is given up at its deadline, and never sent', async () => {
		const road = await provenRoad({ concurrency: 1 });
		road.pass('busy');
		road.pass('late', { lane: 'again', deadline: 5_000 });
		road.pass('patient', { lane: 'again', deadline: 50_000 });
		await road.run(4.999);
		expect(road.result('late')).toBe('waiting');
		await road.run(0.001);
		expect(road.result('late')).toBe('not sent: timedOut');
		await road.answer('busy', OK);
		expect(road.sent).not.toContain('late');
		expect(road.sent).toContain('patient');
	});

	test('is over at once where the pause outlasts it, for the reason of the pause', async () => {
		const road = await provenRoad();
		road.pass('victim');
		await road.answer('victim', slowDownFor(60));
		road.pass('late', { lane: 'again', deadline: 50_000 });
		await settle();
		expect(road.result('late')).toBe('not sent: throttled');
	});

	test('does not exist for a server that was not asked yet', async () => {
		const road = await provenRoad({ concurrency: 1 });
		road.pass('busy');
		road.pass('first');
		await road.run(100_000);
		expect(road.result('first')).toBe('waiting');
		await road.answer('busy', OK);
		expect(road.sent).toContain('first');
	});

	test('leaves no timer behind', async () => {
		const road = await provenRoad({ concurrency: 1 });
		road.pass('busy');
		road.pass('late', { lane: 'again', deadline: 5_000 });
		await road.run(6);
		expect(road.clock.timers).toBe(0);
	});
});

describe('cancellation', () => {
	test('stops at once: nothing is sent, nothing settles, no timer is left', async () => {
		const road = await provenRoad();
		road.pass('victim');
		await road.answer('victim', slowDownFor(5));
		road.pass(named(20));
		road.pass('read', { lane: 'read', deadline: 50_000 });
		await settle();
		expect(road.clock.timers).toBe(1);
		road.newlySent();

		road.cancel.abort();
		await settle();
		expect(road.clock.timers).toBe(0);
		await road.run(1000);
		expect(road.newlySent()).toEqual([]);
		expect(road.results.has('r0')).toBe(false);
		expect(road.results.has('read')).toBe(false);
	});

	test('the answer to what was under way starts nothing new', async () => {
		const road = await provenRoad({ concurrency: 1 });
		road.pass(named(5));
		road.newlySent();
		road.cancel.abort();
		await road.answer('r0', OK);
		await road.run(10);
		expect(road.newlySent()).toEqual([]);
		expect(road.results.has('r0')).toBe(false);
		expect(road.clock.timers).toBe(0);
	});

	test('nothing is sent after it', async () => {
		const road = await provenRoad();
		road.cancel.abort();
		road.pass('late');
		await road.run(10);
		expect(road.newlySent()).toEqual([]);
		expect(road.clock.timers).toBe(0);
	});

	test('before anything was sent', async () => {
		const road = new Road();
		road.cancel.abort();
		road.pass('r0');
		await road.run(10);
		expect(road.sent).toEqual([]);
	});
});

test('no timer is left when all are answered', async () => {
	const road = new Road();
	road.passTaking(named(50), 10, () => (road.clock.now() < 5_000 ? SLOW_DOWN : OK));
	await road.run(600);
	expect(road.results.size).toBe(50);
	expect(road.clock.timers).toBe(0);
});
