import { Alarm, systemClock } from '../../../../nodes/cloud/session/clock';
import { settle, VirtualClock } from '../../virtual-clock';

function setUp() {
	const clock = new VirtualClock();
	const rings: number[] = [];
	const alarm = new Alarm(clock, () => rings.push(clock.now()));
	return { clock, rings, alarm };
}

describe('an alarm', () => {
	test('rings once, at its time', async () => {
		const { clock, rings, alarm } = setUp();
		alarm.set(1_000);
		await clock.run(999);
		expect(rings).toEqual([]);
		await clock.run(10_000);
		expect(rings).toEqual([1_000]);
		expect(clock.timers).toBe(0);
	});

	test.each([
		['later', 5_000],
		['earlier', 500],
	])('can be moved to a time that is %s', async (_, at) => {
		const { clock, rings, alarm } = setUp();
		alarm.set(1_000);
		await clock.run(100);
		alarm.set(at);
		await settle();
		expect(clock.timers).toBe(1);
		await clock.run(10_000);
		expect(rings).toEqual([at]);
	});

	test('can be turned off', async () => {
		const { clock, rings, alarm } = setUp();
		alarm.set(1_000);
		alarm.set(undefined);
		await settle();
		expect(clock.timers).toBe(0);
		await clock.run(10_000);
		expect(rings).toEqual([]);
	});

	test('set to the same time again rings once', async () => {
		const { clock, rings, alarm } = setUp();
		alarm.set(1_000);
		alarm.set(1_000);
		expect(clock.timers).toBe(1);
		await clock.run(10_000);
		expect(rings).toEqual([1_000]);
	});

	test('set to a time that is over rings at once', async () => {
		const { clock, rings, alarm } = setUp();
		await clock.run(1_000);
		alarm.set(500);
		await clock.run(0);
		expect(rings).toEqual([1_000]);
	});

	test('can be set anew after it rang, to the same time, too', async () => {
		const { clock, rings, alarm } = setUp();
		alarm.set(1_000);
		await clock.run(1_000);
		alarm.set(1_000);
		await clock.run(0);
		alarm.set(2_000);
		await clock.run(1_000);
		expect(rings).toEqual([1_000, 1_000, 2_000]);
	});

	test('that is moved at the moment it would ring does not ring twice', async () => {
		const { clock, rings, alarm } = setUp();
		alarm.set(1_000);
		const moving = clock.sleep(1_000, new AbortController().signal).then(() => alarm.set(2_000));
		await clock.run(5_000);
		await moving;
		expect(rings.at(-1)).toBe(2_000);
		expect(rings.length).toBeLessThanOrEqual(2);
	});
});

describe('the clock of the system', () => {
	beforeEach(() => {
		jest.useFakeTimers();
	});

	afterEach(() => {
		jest.useRealTimers();
	});

	async function sleeping(ms: number, signal: AbortSignal) {
		const state = { awake: false };
		void systemClock.sleep(ms, signal).then(() => {
			state.awake = true;
		});
		await settle();
		return state;
	}

	test('sleeps as long as it is told', async () => {
		const sleeper = await sleeping(2_300, new AbortController().signal);
		await jest.advanceTimersByTimeAsync(2_299);
		expect(sleeper.awake).toBe(false);
		await jest.advanceTimersByTimeAsync(1);
		expect(sleeper.awake).toBe(true);
	});

	test('wakes at once when it is cancelled, and soon leaves no timer', async () => {
		const cancel = new AbortController();
		const sleeper = await sleeping(3_600_000, cancel.signal);
		await jest.advanceTimersByTimeAsync(10_000);
		cancel.abort();
		await settle();
		expect(sleeper.awake).toBe(true);
		await jest.advanceTimersByTimeAsync(500);
		expect(jest.getTimerCount()).toBe(0);
	});

	test.each([0, -5])('does not sleep for %i milliseconds', async (ms) => {
		expect((await sleeping(ms, new AbortController().signal)).awake).toBe(true);
	});

	test('does not fall asleep after cancellation', async () => {
		const cancel = new AbortController();
		cancel.abort();
		expect((await sleeping(1_000, cancel.signal)).awake).toBe(true);
		expect(jest.getTimerCount()).toBe(0);
	});

	test('never jumps with the time of day', async () => {
		const before = systemClock.now();
		jest.setSystemTime(0);
		expect(systemClock.now()).toBe(before);
		await jest.advanceTimersByTimeAsync(1_000);
		expect(systemClock.now() - before).toBe(1_000);
	});

	test('its chance is from 0 up to 1', () => {
		const chance = systemClock.random();
		expect(chance).toBeGreaterThanOrEqual(0);
		expect(chance).toBeLessThan(1);
	});
});
