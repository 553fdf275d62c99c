import type { Answer } from '../../../../nodes/cloud/api/answer';
import { Gate } from '../../../../nodes/cloud/session/gate/gate';
import { Traffic } from '../../../../nodes/cloud/session/gate/traffic';
import type { JobResult } from '../../../../nodes/cloud/api/job';
import { Jobs } from '../../../../nodes/cloud/session/jobs';
import { ecsV1 } from '../../../../nodes/cloud/api/ecs-v1/ecs-v1';
import { answered, lost, refusal } from '../../answers';
import { settle, VirtualClock } from '../../virtual-clock';

function setUp(reply: (now: number) => Answer | Promise<Answer>) {
	const clock = new VirtualClock();
	const cancel = new AbortController();
	const gate = new Gate(clock, new Traffic(clock), 10, 300_000, cancel.signal);
	const calls: string[] = [];
	const send = async ({ path }: { path: string }) => {
		calls.push(`${clock.now() / 1000} ${path}`);
		return await reply(clock.now());
	};
	const jobs = new Jobs(clock, gate, send, ecsV1('p', 'number'), 5_000, cancel.signal);
	const results = new Map<string, JobResult['word']>();
	const follow = (ids: string[], deadline = 300_000, jobId = 'j') => {
		for (const id of ids) {
			void jobs.result(jobId, id, deadline).then(({ word }) => results.set(id, word));
		}
	};
	return { clock, cancel, calls, results, follow };
}

const part = (id: string, status: string) => ({ status, entities: { server_id: id } });
const job = (status: string, ...parts: object[]) =>
	answered(200, { status, entities: { sub_jobs: parts } });

test('one poll serves all servers of a job: after a second, then at every poll interval', async () => {
	const { clock, calls, results, follow } = setUp((now) =>
		now < 10_000
			? job('RUNNING', part('a', 'SUCCESS'), part('b', 'RUNNING'))
			: job('FAIL', part('a', 'SUCCESS'), part('b', 'FAIL')),
	);
	follow(['a', 'b', 'c']);
	await clock.run(1_000);
	expect([...results]).toEqual([['a', 'done']]);
	await clock.run(60_000);
	expect(calls).toEqual(['1 /v1/p/jobs/j', '6 /v1/p/jobs/j', '11 /v1/p/jobs/j']);
	expect([...results]).toEqual([
		['a', 'done'],
		['b', 'failed'],
		['c', 'silent'],
	]);
	expect(clock.timers).toBe(0);
});

test('each job has its own polls', async () => {
	const { clock, calls, results, follow } = setUp(() =>
		job('SUCCESS', part('a', 'SUCCESS'), part('b', 'SUCCESS')),
	);
	follow(['a'], 300_000, 'j1');
	follow(['b'], 300_000, 'j2');
	await clock.run(10_000);
	expect(calls).toHaveLength(2);
	expect(results.size).toBe(2);
});

test.each([
	['500', answered(500)],
	['429', answered(429)],
	['a reset connection', lost('ECONNRESET')],
])('a failed poll is repeated: %s', async (_, answer) => {
	const { clock, results, follow } = setUp((now) =>
		now < 5_000 ? answer : job('SUCCESS', part('a', 'SUCCESS')),
	);
	follow(['a']);
	await clock.run(5_000);
	expect(results.size).toBe(0);
	await clock.run(10_000);
	expect(results.get('a')).toBe('done');
});

test('a job that does not exist leaves it to the servers', async () => {
	const { clock, results, follow } = setUp(() => answered(404));
	follow(['a']);
	await clock.run(1_000);
	expect(results.get('a')).toBe('silent');
});

test('a job that is followed by a credential that was refused leaves it to the servers', async () => {
	const { clock, calls, results, follow } = setUp(() => refusal('unauthorized', true));
	follow(['a', 'b']);
	await clock.run(1_000);
	expect([...results.values()]).toEqual(['silent', 'silent']);

	follow(['c'], 300_000, 'another');
	await clock.run(1_000);
	expect(results.get('c')).toBe('silent');
	expect(calls).toHaveLength(1);
	expect(clock.timers).toBe(0);
});

test('shortly before the time is up the server itself has to tell', async () => {
	const { clock, results, follow } = setUp(() => job('RUNNING'));
	follow(['a'], 60_000);
	await clock.run(60_000);
	expect(results.get('a')).toBe('silent');
	expect(clock.timers).toBe(0);
});

test('who joins a job that has ended by now hears so at the next poll', async () => {
	const { clock, results, follow } = setUp(() => job('SUCCESS', part('a', 'SUCCESS')));
	follow(['a']);
	await clock.run(1_000);
	follow(['b']);
	await clock.run(10_000);
	expect(results.get('b')).toBe('silent');
});

test('after cancellation nothing is sent, nothing settles, no timer is left', async () => {
	const { clock, cancel, calls, results, follow } = setUp(() => job('RUNNING'));
	follow(['a', 'b']);
	await clock.run(3_000);
	cancel.abort();
	await settle();
	expect(clock.timers).toBe(0);
	await clock.run(60_000);
	expect(calls).toHaveLength(1);
	expect(results.size).toBe(0);
});
