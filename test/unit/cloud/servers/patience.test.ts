import type { Unread } from '../../../../nodes/cloud/session/reader';
import type { Reason } from '../../../../nodes/cloud/api/reason';
import { inTime, readPatiently } from '../../../../nodes/cloud/servers/patience';
import { answered } from '../../answers';
import { FakeCloud } from '../../session';
import { settle } from '../../virtual-clock';

const GOT = { kind: 'row' } as const;
const unread = (reason: Reason): Unread => ({
	kind: 'unread',
	reason,
	fault: { message: '' },
	final: false,
});

const cloudWith = (settings: { maxTries?: number; waitTimeoutMs?: number }) =>
	new FakeCloud(() => answered(200), settings);

describe('a read is tried again', () => {
	/** How often it is tried with this result, and what comes of it. */
	async function tried(result: typeof GOT | Unread, maxTries = 3) {
		const read = jest.fn(async () => await Promise.resolve(result));
		return [await readPatiently(cloudWith({ maxTries }).session, read), read.mock.calls.length];
	}

	test.each<Reason>(['throttled', 'unavailable', 'unreachable'])(
		'Max Tries times in all while the cloud is %s',
		async (reason) => {
			expect(await tried(unread(reason))).toEqual([unread(reason), 3]);
		},
	);

	test('not where one try is enough', async () => {
		expect(await tried(unread('unavailable'), 1)).toEqual([unread('unavailable'), 1]);
	});

	test.each<Reason>(['notFound', 'forbidden', 'timedOut'])('not after %s', async (reason) => {
		expect(await tried(unread(reason))).toEqual([unread(reason), 1]);
	});

	test('not after it worked', async () => {
		expect(await tried(GOT)).toEqual([GOT, 1]);
	});
});

describe('work is held to Wait Timeout', () => {
	const never = async () => await new Promise<never>(() => undefined);

	test('from its first request on, less what was spent', async () => {
		const { session, clock } = cloudWith({ waitTimeoutMs: 10_000 });
		let deadline: number | undefined;
		const work = inTime(session, 4_000, async (turnOf) => {
			await clock.sleep(50_000, session.signal);
			turnOf().onSend?.();
			({ deadline } = turnOf());
			return await never();
		});
		expect(await clock.until(work)).toEqual(unread('timedOut'));
		expect(deadline).toBe(56_000);
		expect(clock.now()).toBe(56_000);
	});

	test('which later requests do not move', async () => {
		const { session, clock } = cloudWith({ waitTimeoutMs: 10_000 });
		const work = inTime(session, 0, async (turnOf) => {
			turnOf().onSend?.();
			await clock.sleep(7_000, session.signal);
			turnOf().onSend?.();
			return await never();
		});
		await clock.until(work);
		expect(clock.now()).toBe(10_000);
	});

	test('and what it took since then is told', async () => {
		const { session, clock } = cloudWith({ waitTimeoutMs: 10_000 });
		const work = inTime(session, 4_000, async (turnOf, tookMs) => {
			turnOf().onSend?.();
			await clock.sleep(2_000, session.signal);
			return { tookMs: tookMs() };
		});
		expect(await clock.until(work)).toEqual({ tookMs: 2_000 });
	});

	test('and leaves no timer when it is done', async () => {
		const { session, clock } = cloudWith({});
		await inTime(session, 0, async (turnOf) => {
			turnOf().onSend?.();
			return await Promise.resolve(GOT);
		});
		await settle();
		expect(clock.timers).toBe(0);
	});

	test('and may fail by itself', async () => {
		const { session } = cloudWith({});
		const work = inTime(session, 0, async () => await Promise.reject(new Error('broken')));
		await expect(work).rejects.toThrow('broken');
	});

	test('and never settles after cancellation', async () => {
		const { session, clock, cancel } = cloudWith({ waitTimeoutMs: 10_000 });
		let settled = false;
		void inTime(session, 0, async (turnOf) => {
			turnOf().onSend?.();
			return await never();
		}).then(() => {
			settled = true;
		});
		await clock.run(1_000);
		cancel.abort();
		await clock.run(60_000);
		expect(settled).toBe(false);
		expect(clock.timers).toBe(0);
	});
});
