import type { Answer, NotSent } from '../../../../../nodes/cloud/api/answer';
import { Gate, type Turn } from '../../../../../nodes/cloud/session/gate/gate';
import { Traffic } from '../../../../../nodes/cloud/session/gate/traffic';
import { answered, KEYSTONE_401, lost } from '../../../answers';
import { settle, VirtualClock } from '../../../virtual-clock';

const OK = answered(202);
const OUT = answered(503, { error: { message: 'db-1 cannot be reached' } });
const LOST = lost('ECONNRESET');
const REFUSED = answered(401, KEYSTONE_401);

interface Settings {
	concurrency?: number;
	patienceMs?: number;
}

/** A project that several executions send to, each through a gate of its own. */
class Project {
	readonly clock = new VirtualClock();

	readonly traffic = new Traffic(this.clock);

	/** In the order in which they were sent. */
	readonly sent: string[] = [];

	readonly results = new Map<string, Answer | NotSent>();

	private readonly held = new Map<string, (answer: Answer) => void>();

	execution(settings: Settings = {}): Execution {
		return new Execution(this, settings);
	}

	/** A request that is under way until it is answered. */
	send = async (name: string): Promise<Answer> => {
		this.sent.push(name);
		return await new Promise<Answer>((resolve) => this.held.set(name, resolve));
	};

	async answer(name: string, answer: Answer): Promise<void> {
		this.held.get(name)?.(answer);
		await settle();
	}

	result(name: string): string {
		const result = this.results.get(name);
		if (result?.kind === 'notSent') return `not sent: ${result.reason}`;
		return result?.kind === 'answered' ? String(result.status) : 'waiting';
	}
}

class Execution {
	readonly cancel = new AbortController();

	readonly gate: Gate;

	constructor(
		private readonly project: Project,
		{ concurrency = 10, patienceMs = 300_000 }: Settings,
	) {
		const { clock, traffic } = project;
		this.gate = new Gate(clock, traffic, concurrency, patienceMs, this.cancel.signal);
	}

	pass(name: string, turn: Partial<Turn> = {}): void {
		void this.gate
			.pass(async () => await this.project.send(name), { lane: 'first', ...turn })
			.then((result) => this.project.results.set(name, result));
	}
}

/** Two executions that the cloud has worked for. */
async function twoProven(settings?: Settings) {
	const project = new Project();
	const [one, other] = [project.execution(settings), project.execution(settings)];
	for (const [execution, name] of [
		[one, 'one'],
		[other, 'other'],
	] as const) {
		execution.pass(name);
		await project.answer(name, OK);
	}
	await project.clock.run(2_000);
	project.sent.length = 0;
	return { project, one, other };
}

describe('when the cloud is in trouble', () => {
	test('all executions pause, and one request probes for all', async () => {
		const { project, one, other } = await twoProven();
		one.pass('a');
		await project.answer('a', answered(429, '', { 'retry-after': '5' }));
		one.pass('b');
		other.pass('c');
		await project.clock.run(4_999);
		expect(project.sent).toEqual(['a']);
		await project.clock.run(501);
		expect(project.sent).toEqual(['a', 'c']);
		await project.answer('c', OK);
		expect(project.sent).toEqual(['a', 'c', 'b']);
	});

	test('an execution that begins then waits as well, for as long as its own patience', async () => {
		const { project, one } = await twoProven();
		one.pass('a');
		await project.answer('a', answered(429, '', { 'retry-after': '50' }));
		await project.clock.run(20_000);
		const late = project.execution({ patienceMs: 20_000 });
		late.pass('b');
		await project.clock.run(19_999);
		expect(project.sent).toEqual(['a']);
		expect(project.result('b')).not.toBe('202');
	});

	test('an hour that it has asked for once by mistake costs a minute', async () => {
		const { project, one } = await twoProven();
		one.pass('a');
		await project.answer('a', answered(429, '', { 'retry-after': '3600' }));
		const late = project.execution();
		late.pass('b');
		await project.clock.run(60_500);
		await project.answer('b', OK);
		expect(project.result('b')).toBe('202');
	});

	test('an hour that it means is one probe a minute, whoever begins in it', async () => {
		const { project, one } = await twoProven();
		const hour = answered(429, '', { 'retry-after': '3600' });
		one.pass('0');
		await project.answer('0', hour);
		for (let minute = 1; minute <= 60; minute += 1) {
			project.execution().pass(String(minute));
			await project.clock.run(60_000);
			for (const name of project.sent.slice(-1)) await project.answer(name, hour);
		}
		expect(project.sent.length).toBeLessThanOrEqual(61);
	});

	test('no execution is told the words that the cloud had for another', async () => {
		const { project, one, other } = await twoProven({ patienceMs: 3_000 });
		for (const name of ['a', 'b']) {
			one.pass(name, { lane: 'again', deadline: 9_000 });
			await project.clock.run(2_000);
			await project.answer(name, OUT);
		}
		other.pass('c', { deadline: project.clock.now() + 100 });
		await project.clock.run(5_000);
		const result = project.results.get('c');
		expect(result).toMatchObject({ kind: 'notSent', reason: 'unavailable' });
		expect(JSON.stringify(result)).not.toContain('db-1');
	});
});

describe('a request that takes long', () => {
	test('keeps nobody waiting for more than five seconds, though it probes for all', async () => {
		const { project, one, other } = await twoProven();
		one.pass('a');
		await project.answer('a', LOST);
		one.pass('hangs');
		other.pass('b');
		await project.clock.run(4_999);
		expect(project.sent).toEqual(['a', 'hangs']);
		await project.clock.run(1);
		expect(project.sent).toEqual(['a', 'hangs', 'b']);
	});

	test('however many of them there are', async () => {
		const project = new Project();
		const [stuck, fine] = [project.execution(), project.execution()];
		stuck.pass('first');
		await project.answer('first', OK);
		for (let index = 0; index < 10; index += 1) stuck.pass(`hangs ${index}`);
		fine.pass('b');
		await project.clock.run(5_000);
		expect(project.sent).toContain('b');
	});

	test('unless the cloud has asked to slow down: then it is the only one', async () => {
		const { project, one, other } = await twoProven();
		one.pass('a');
		await project.answer('a', answered(429));
		one.pass('b');
		other.pass('c');
		await project.clock.run(20_000);
		expect(project.sent).toEqual(['a', 'c']);
	});
});

describe('a request that its own execution gives up, as the time of its server is up', () => {
	const CUT_SHORT: Answer = { ...lost('ETIMEDOUT'), cutShort: true };

	test('is no trouble of the project: the others go on', async () => {
		const { project, one, other } = await twoProven();
		for (const name of ['a', 'b']) {
			one.pass(name);
			await project.answer(name, CUT_SHORT);
		}
		for (const name of ['x', 'y', 'z']) other.pass(name);
		await settle();
		expect(project.sent).toEqual(['a', 'b', 'x', 'y', 'z']);
	});

	test('leaves the others of its execution under way, and lets others of it go', async () => {
		const { project, one } = await twoProven();
		for (const name of ['a', 'slow']) one.pass(name);
		await project.answer('a', CUT_SHORT);
		for (const name of ['b', 'c']) one.pass(name);
		await settle();
		expect(project.sent).toEqual(['a', 'slow', 'b', 'c']);
	});

	test('uses up the patience of its execution, so that a cloud that is silent is not asked for each server', async () => {
		const { project, one } = await twoProven({ concurrency: 1, patienceMs: 2_000 });
		for (const name of ['a', 'b', 'c', 'd']) one.pass(name);
		for (const name of ['a', 'b', 'c']) {
			await project.clock.run(2_000);
			await project.answer(name, CUT_SHORT);
		}
		expect(project.sent).toEqual(['a', 'b']);
		expect(project.result('d')).toBe('not sent: unreachable');
	});
});

test('what keeps one execution from logging in keeps no other from sending', async () => {
	const { project, one, other } = await twoProven();
	const fault = { message: '' };
	const refusal = { reason: 'throttled', final: false, fault, retryAfterMs: 120_000 } as const;
	one.pass('a');
	await project.answer('a', { kind: 'lost', sent: false, code: '', message: '', refusal });
	one.pass('b');
	other.pass('c');
	await settle();
	expect(project.sent).toEqual(['a', 'c']);
	await project.clock.run(121_000);
	expect(project.sent).toEqual(['a', 'c', 'b']);
});

test('the looks of one execution do not keep another from beginning', async () => {
	const { project, one, other } = await twoProven({ concurrency: 1 });
	one.pass('busy');
	other.pass('also busy');
	for (const name of ['r1', 'r2', 'r3', 'r4', 'r5', 'r6']) one.pass(name, { lane: 'read' });
	other.pass('start');
	await project.answer('also busy', OK);
	expect(project.sent).toContain('start');
});

describe('a credential that the cloud refuses', () => {
	test('closes its own execution, and no other of the project', async () => {
		const { project, one, other } = await twoProven();
		one.pass('a');
		await project.answer('a', REFUSED);
		one.pass('b');
		other.pass('c');
		await settle();
		expect(project.result('b')).toBe('not sent: unauthorized');
		expect(project.sent).toEqual(['a', 'c']);
	});

	test('is found out by the first request of its execution alone', async () => {
		const { project } = await twoProven();
		const fresh = project.execution();
		for (const name of ['x', 'y', 'z']) fresh.pass(name);
		await settle();
		expect(project.sent).toEqual(['x']);
	});
});

describe('when an execution is cancelled', () => {
	test('nothing of it is sent any more, and the others go on', async () => {
		const { project, one, other } = await twoProven();
		one.pass('a');
		await project.answer('a', OUT);
		one.pass('b');
		one.cancel.abort();
		other.pass('c');
		await project.clock.run(60_000);
		expect(project.sent).toEqual(['a', 'c']);
	});

	test('while it probes for all, somebody else probes', async () => {
		const { project, one, other } = await twoProven();
		one.pass('a');
		await project.answer('a', answered(429, '', { 'retry-after': '5' }));
		one.pass('b');
		other.pass('c');
		await project.clock.run(6_000);
		expect(project.sent).toEqual(['a', 'c']);
		other.cancel.abort();
		await settle();
		expect(project.sent).toEqual(['a', 'c', 'b']);
	});

	test('no timer stays behind', async () => {
		const { project, one, other } = await twoProven();
		one.pass('a');
		await project.answer('a', answered(429, '', { 'retry-after': '5' }));
		one.pass('b');
		other.pass('c');
		one.cancel.abort();
		other.gate.leave();
		await settle();
		expect(project.clock.timers).toBe(0);
	});
});

test('executions take turns', async () => {
	const project = new Project();
	const [one, other] = [project.execution(), project.execution()];
	one.pass('a');
	await project.answer('a', answered(503));
	for (const name of ['b', 'c', 'd']) one.pass(name);
	for (const name of ['x', 'y', 'z']) other.pass(name);
	await project.clock.run(1_000);
	for (const name of ['x', 'b', 'y']) await project.answer(name, OK);
	expect(project.sent).toEqual(['a', 'x', 'b', 'y', 'c', 'z', 'd']);
});

test('what was known of a project counts no more after a minute without any execution', async () => {
	const { project, one, other } = await twoProven();
	one.pass('a');
	await project.answer('a', answered(429, '', { 'retry-after': '3600' }));
	one.gate.leave();
	other.gate.leave();
	await project.clock.run(60_001);
	project.execution().pass('b');
	await settle();
	expect(project.sent).toEqual(['a', 'b']);
});

describe('a cloud that takes ten requests a second, and says Retry-After: 2', () => {
	/** Requests of `executions`, `each` many, until the cloud has taken all. */
	async function storm(executions: number, each: number, latencyMs: number) {
		const project = new Project();
		const { clock } = project;
		const inWindow = new Map<number, number>();
		let calls = 0;
		let refused = 0;
		const send = async (): Promise<Answer> => {
			await clock.sleep(latencyMs / 2, new AbortController().signal);
			const second = Math.floor(clock.now() / 1_000);
			const before = inWindow.get(second) ?? 0;
			inWindow.set(second, before + 1);
			calls += 1;
			await clock.sleep(latencyMs / 2, new AbortController().signal);
			if (before < 10) return OK;
			refused += 1;
			return answered(429, '', { 'retry-after': '2' });
		};
		const item = async ({ gate }: Execution) => {
			let answer = await gate.pass(send, { lane: 'first' });
			while (answer.kind === 'answered' && answer.status === 429) {
				answer = await gate.pass(send, { lane: 'again', deadline: 300_000 });
			}
			return answer;
		};
		const all = Array.from({ length: executions }, () => project.execution()).flatMap((one) =>
			Array.from({ length: each }, async () => await item(one)),
		);
		const answers = await clock.until(Promise.all(all));
		const taken = answers.filter((answer) => answer.kind === 'answered' && answer.status === 202);
		return { taken: taken.length, share: refused / calls, seconds: clock.now() / 1_000 };
	}

	test.each([
		[100, 1, 200],
		[1, 100, 20],
		[10, 10, 50],
	])(
		'%i executions of %i servers (%i ms): all are taken, few are refused, near the ideal time',
		async (executions, each, latency) => {
			const { taken, share, seconds } = await storm(executions, each, latency);
			const count = executions * each;
			expect(taken).toBe(count);
			expect(share).toBeLessThan(0.15);
			expect(seconds).toBeLessThan((count / 10) * 1.5);
		},
	);
});
