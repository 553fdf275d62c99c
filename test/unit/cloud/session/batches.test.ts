import type { Answer } from '../../../../nodes/cloud/api/answer';
import { ecsV1 } from '../../../../nodes/cloud/api/ecs-v1/ecs-v1';
import type { AskVerdict } from '../../../../nodes/cloud/session/asks';
import { Batches } from '../../../../nodes/cloud/session/batches';
import { Pace } from '../../../../nodes/cloud/session/pace';
import { Gate } from '../../../../nodes/cloud/session/gate/gate';
import { Traffic } from '../../../../nodes/cloud/session/gate/traffic';
import type { PowerAction } from '../../../../nodes/cloud/power/actions/action';
import { START } from '../../../../nodes/cloud/power/actions/start';
import { stop } from '../../../../nodes/cloud/power/actions/stop';
import { batchVerdict } from '../../../../nodes/cloud/api/batch-verdict';
import { answered, CHOICES, ecs, gateway, lost, NO_SUCH_ROUTE, nova } from '../../answers';
import { settle, VirtualClock } from '../../virtual-clock';

const TAKEN = answered(200, { job_id: 'job-1' });

describe('the answer to a batch of two', () => {
	const said = (answer: Answer, servers = 2) => {
		const judged = batchVerdict(answer, servers);
		if (judged.word === 'accepted') return 'accepted';
		return `${judged.word} ${judged.reason}${judged.word === 'recheck' ? ` ${judged.taken}` : ''}`;
	};

	test.each([
		['200 with a job', TAKEN, 'accepted'],
		['202 with a job', answered(202, { job_id: 'job-1' }), 'accepted'],
		[
			'200 without a job: only the servers can tell',
			answered(200),
			'recheck unexpectedResponse maybe',
		],
		['202 with Common.0024', answered(202, ecs('Common.0024')), 'retry throttled'],
		['429', answered(429, gateway('APIGW.0308')), 'retry throttled'],
		[
			'a lost answer: the servers are read before it is sent again',
			lost('ECONNRESET'),
			'recheck unreachable maybe',
		],
		['504', answered(504), 'recheck unavailable maybe'],
		['a wrong state of one', answered(400, ecs('Ecs.0100')), 'recheck wrongState no'],
		[
			'a server that is not there: only the servers can tell whom it means',
			answered(404, ecs('Ecs.0114')),
			'recheck wrongState no',
		],
		['401', answered(401, ecs('Common.0013')), 'fail unauthorized'],
		['403', answered(403, ecs('Pdp.0001')), 'fail forbidden'],
		['the project of another token', answered(400, ecs('Ecs.0023')), 'fail invalidInput'],
		['404 of plain Nova', answered(404, NO_SUCH_ROUTE), 'fail invalidInput'],
		['404 without a word', answered(404), 'fail invalidInput'],
		['405', answered(405), 'fail invalidInput'],
		['300: a real Nova knows no /v1', answered(300, CHOICES), 'fail invalidInput'],
	])('%s', (_, answer, expected) => {
		expect(said(answer)).toBe(expected);
	});

	test('of one: a server that is not there is that one', () => {
		expect(said(answered(404, ecs('Ecs.0114')), 1)).toBe('fail notFound');
	});

	test('where the cloud has no such call, the hint is the option', () => {
		expect(batchVerdict(answered(404, NO_SUCH_ROUTE), 2)).toMatchObject({
			fault: { explanation: { hint: expect.stringContaining('How to Send') as string } },
		});
	});
});

interface Wish {
	deadline?: number;
	action?: PowerAction;
}

/** Batches over a gate, with what was sent. */
function setUp(answer: () => Answer = () => TAKEN, concurrency = 10) {
	const clock = new VirtualClock();
	const cancel = new AbortController();
	const gate = new Gate(clock, new Traffic(clock), concurrency, 300_000, cancel.signal);
	const sent: Array<{
		at: number;
		action: string;
		ids: string[];
		timeoutMs: number;
		path: string;
	}> = [];
	/** Servers that another execution has asked for meanwhile. */
	const moot = new Set<string>();
	/** Servers whose request has left n8n. */
	const left: string[] = [];
	const send = async (
		{ path, body }: { path: string; body?: object },
		timeoutMs: number,
		onLeave?: () => void,
	) => {
		onLeave?.();
		const [[action, { servers }]] = Object.entries(
			body as Record<string, { servers: Array<{ id: string }> }>,
		);
		sent.push({ at: clock.now(), action, ids: servers.map(({ id }) => id), timeoutMs, path });
		return answer();
	};
	const batches = new Batches(
		clock,
		gate,
		send,
		ecsV1('p', 'number'),
		new Pace(clock, cancel.signal),
		cancel.signal,
	);
	const results = new Map<string, AskVerdict>();
	const ask = (ids: string[], { deadline, action = START }: Wish = {}) => {
		for (const id of ids) {
			const lane = deadline === undefined ? 'first' : 'again';
			const outgoing = {
				isMoot: () => moot.has(id),
				goes: () => deadline ?? clock.now() + 300_000,
				leaves: () => left.push(id),
			};
			void batches
				.ask(id, action.batchBody, { lane, deadline }, outgoing)
				.then((result) => results.set(id, result));
		}
	};
	return { clock, cancel, batches, sent, results, moot, left, ask };
}

const named = (count: number, letter = 's') =>
	Array.from({ length: count }, (_, index) => `${letter}${index}`);

test('a credential that is refused at this call alone: each server is to be asked for by itself', async () => {
	const { clock, batches, results, ask } = setUp(() => ({
		...answered(401, ecs('Common.0013')),
		ofCall: true,
	}));
	expect(batches.areRefused).toBe(false);
	ask(['a', 'b']);
	await clock.run(1_000);
	expect(batches.areRefused).toBe(true);
	expect([...results.values()]).toEqual([{ word: 'elsewhere' }, { word: 'elsewhere' }]);
});

describe('servers that ask at the same time', () => {
	test('share one request, and its job', async () => {
		const { clock, sent, results, ask } = setUp();
		ask(named(100));
		await clock.run(1_000);
		expect(sent).toHaveLength(1);
		expect(sent[0]).toMatchObject({ ids: named(100), path: '/v1/p/cloudservers/action' });
		expect(results.size).toBe(100);
		expect(results.get('s99')).toMatchObject({ word: 'accepted', jobId: 'job-1' });
	});

	test('share it though a machine at work lets them ask one after another', async () => {
		const { clock, sent, ask } = setUp();
		for (const letter of ['a', 'b', 'c', 'd']) {
			ask(named(200, letter));
			await clock.run(90);
		}
		await clock.run(1_000);
		expect(sent.map(({ ids }) => ids.length)).toEqual([800]);
	});

	test('do not wait for ever for those who trickle in', async () => {
		const { clock, sent, ask } = setUp();
		for (const id of named(60)) {
			ask([id]);
			await clock.run(90);
		}
		expect(sent[0]).toMatchObject({ at: 2_000, ids: expect.arrayContaining(['s0']) as string[] });
		await clock.run(1_000);
		expect(sent.flatMap(({ ids }) => ids)).toEqual(named(60));
	});

	test('do not wait for more once a request is full', async () => {
		const { clock, sent, ask } = setUp();
		ask(named(1_000));
		await clock.run(100);
		ask(named(10, 't'));
		await clock.run(1);
		expect(sent.map(({ ids }) => ids.length)).toEqual([1_000]);
	});

	test('are at most 1,000 in a request, and 1,000 in a minute', async () => {
		const { clock, sent, results, ask } = setUp();
		ask(named(2_500));
		await clock.run(59_000);
		expect(sent.map(({ ids }) => ids.length)).toEqual([1000]);
		await clock.run(300_000);
		expect(sent.map(({ ids }) => ids.length)).toEqual([1000, 1000, 500]);
		const gaps = sent.slice(1).map(({ at }, index) => at - sent[index].at);
		expect(Math.min(...gaps)).toBeGreaterThanOrEqual(60_000);
		expect(new Set(sent.flatMap(({ ids }) => ids)).size).toBe(2_500);
		expect(results.size).toBe(2_500);
	});

	test('after a refusal are asked for again without waiting for the next minute, as nothing was taken', async () => {
		let answers = 0;
		const refused = answered(429, gateway('APIGW.0308'));
		const { clock, sent, results, ask } = setUp(() => ((answers += 1) === 1 ? refused : TAKEN));
		ask(named(1_000));
		await clock.run(1_000);
		expect(results.get('s0')).toMatchObject({ word: 'retry', reason: 'throttled' });
		ask(named(1_000), { deadline: 30_000 });
		await clock.run(20_000);
		expect(sent.map(({ ids }) => ids.length)).toEqual([1_000, 1_000]);
		expect(results.get('s0')).toMatchObject({ word: 'accepted' });
	});

	test('whose minute comes when their time is up hear so at once, and keep no place of others', async () => {
		const { clock, sent, results, ask } = setUp();
		ask(named(1_000));
		await clock.run(1_000);
		ask(named(600, 'late'), { deadline: 30_000 });
		ask(named(600, 'patient'), { deadline: 90_000 });
		await clock.run(1_000);
		expect(results.get('late0')).toEqual({
			word: 'notSent',
			reason: 'timedOut',
			fault: { message: '' },
		});
		await clock.run(60_000);
		expect(sent.map(({ ids }) => [ids.length, ids[0]])).toEqual([
			[1_000, 's0'],
			[400, 'patient0'],
			[200, 'patient400'],
		]);
	});

	test('are told when the request leaves n8n', async () => {
		const { clock, left, ask } = setUp();
		ask(named(3));
		await clock.run(1_000);
		expect(left).toEqual(named(3));
	});

	test('and are asked for by another execution meanwhile are left out', async () => {
		const { clock, sent, results, moot, ask } = setUp();
		ask(named(3));
		moot.add('s1');
		await clock.run(1_000);
		expect(sent.map(({ ids }) => ids)).toEqual([['s0', 's2']]);
		expect([...results.keys()]).toEqual(['s0', 's2']);
	});

	test('all of which another execution has asked for meanwhile: nothing is sent', async () => {
		const { clock, sent, moot, ask } = setUp();
		ask(named(2));
		for (const id of named(2)) moot.add(id);
		await clock.run(1_000);
		expect(sent).toEqual([]);
	});

	test('small batches in a row need not wait', async () => {
		const { clock, sent, ask } = setUp();
		ask(named(100));
		await clock.run(1_000);
		ask(named(50));
		await clock.run(1_000);
		expect(sent.map(({ ids }) => ids.length)).toEqual([100, 50]);
	});

	test('all hear of a refusal', async () => {
		const { clock, results, ask } = setUp(() => answered(403, nova(403, 'forbidden')));
		ask(named(3));
		await clock.run(1_000);
		expect([...results.values()].map((result) => 'word' in result && result.word)).toEqual([
			'fail',
			'fail',
			'fail',
		]);
	});

	test('have no longer than the one whose time is up first', async () => {
		const { clock, sent, ask } = setUp();
		ask(['a'], { deadline: 20_000 });
		ask(['b'], { deadline: 200_000 });
		await clock.run(1_000);
		expect(sent[0].timeoutMs).toBe(19_800);
	});

	test.each(['', '../other', 'a b', 'x'.repeat(101), 7, null])(
		'a job whose ID is none (%j) is not followed, though the cloud took the batch',
		async (job_id) => {
			const { clock, results, ask } = setUp(() => answered(200, { job_id }));
			ask(['a']);
			await clock.run(1_000);
			expect(results.get('a')).toMatchObject({ word: 'accepted', jobId: undefined });
		},
	);

	test('after cancellation nothing is sent, nothing settles, no timer is left', async () => {
		const { clock, cancel, sent, results, ask } = setUp();
		ask(named(10));
		cancel.abort();
		await settle();
		expect(clock.timers).toBe(0);
		await clock.run(10_000);
		expect(sent).toEqual([]);
		expect(results.size).toBe(0);
	});

	test('a batch that waits for its minute is not sent after cancellation', async () => {
		const { clock, cancel, sent, ask } = setUp();
		ask(named(1_500));
		await clock.run(1_000);
		cancel.abort();
		await clock.run(100_000);
		expect(sent).toHaveLength(1);
		expect(clock.timers).toBe(0);
	});
});

describe('servers that ask for different actions at the same time', () => {
	const soft = stop(false);
	const hard = stop(true);

	test('have a request for each action, and hear of their own', async () => {
		const { clock, sent, results, ask } = setUp();
		ask(['a', 'b']);
		ask(['c'], { action: soft });
		await clock.run(1_000);
		expect(sent).toMatchObject([
			{ at: 200, action: 'os-start', ids: ['a', 'b'] },
			{ at: 200, action: 'os-stop', ids: ['c'] },
		]);
		expect([...results.keys()].sort()).toEqual(['a', 'b', 'c']);
	});

	test('share with those who ask for the same, whoever comes in between', async () => {
		const { clock, sent, ask } = setUp();
		for (const id of named(6)) {
			ask([id], { action: Number(id.slice(1)) % 2 === 0 ? soft : hard });
		}
		await clock.run(1_000);
		expect(sent.map(({ ids }) => ids)).toEqual([
			['s0', 's2', 's4'],
			['s1', 's3', 's5'],
		]);
	});

	test('are not held up by each other, as long as 1,000 in a minute are enough', async () => {
		const { clock, sent, ask } = setUp();
		ask(named(500));
		ask(named(500, 't'), { action: soft });
		await clock.run(1_000);
		expect(sent.map(({ at }) => at)).toEqual([100, 100]);
	});

	test('are 1,000 in a minute, all together', async () => {
		const { clock, sent, ask } = setUp();
		ask(named(600));
		ask(named(600, 't'), { action: soft });
		await clock.run(200_000);
		expect(sent.map(({ at, action, ids }) => [at, action, ids.length])).toEqual([
			[100, 'os-start', 600],
			[60_100, 'os-stop', 600],
		]);
	});
});
