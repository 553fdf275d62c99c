/** Until when a request may wait for its turn. */
import type { Answer, NotSent } from '../../../../../nodes/cloud/api/answer';
import { answered, nova } from '../../../answers';
import { FakeCloud } from '../../../session';

const OK = answered(200);

const slowDown = (seconds: number) =>
	answered(429, nova(429, 'overLimit'), { 'retry-after': String(seconds) });

const told = (answer: Answer | NotSent) =>
	answer.kind === 'notSent' ? `not sent: ${answer.reason}` : answer.kind;

describe('the first request for a server, where the cloud names a time to come back', () => {
	test.each([
		[59, 'answered'],
		[60, 'not sent: throttled'],
	])('after %i s of a Wait Timeout of 60 s: %s', async (seconds, expected) => {
		const { session, clock } = new FakeCloud(() => OK, { waitTimeoutMs: 60_000 });
		await session.gate.pass(async () => await Promise.resolve(slowDown(seconds)), {
			lane: 'first',
		});
		const next = session.gate.pass(async () => await Promise.resolve(OK), { lane: 'first' });
		expect(told(await clock.until(next))).toBe(expected);
		expect(clock.now()).toBeLessThan(60_000);
	});
});

describe('a request that is good until 5 s, where the one before it takes its time', () => {
	test.each([
		[4_999, 'answered', 4_999],
		[5_000, 'not sent: timedOut', 5_000],
		[9_000, 'not sent: timedOut', 5_000],
	])('%i ms: %s', async (ms, expected, at) => {
		const { session, clock } = new FakeCloud(() => OK, { concurrency: 1 });
		const slow = async () => {
			await clock.sleep(ms, session.signal);
			return OK;
		};
		void session.gate.pass(slow, { lane: 'read' });
		const turn = { lane: 'read', deadline: 5_000 } as const;
		const next = session.gate.pass(async () => await Promise.resolve(OK), turn);
		expect(told(await clock.until(next))).toBe(expected);
		expect(clock.now()).toBe(at);
	});
});
