import { within } from '../../../../nodes/cloud/session/within';
import { VirtualClock } from '../../virtual-clock';

describe('work that is given some time', () => {
	test('gives what it comes to in that time, and leaves no timer behind', async () => {
		const clock = new VirtualClock();
		expect(await within(clock, 1_000, Promise.resolve('done'))).toBe('done');
		expect(clock.timers).toBe(0);
	});

	test('gives nothing once the time is up', async () => {
		const clock = new VirtualClock();
		const given = within(clock, 1_000, new Promise<string>(() => {}));
		await clock.run(1_000);
		expect(await given).toBeUndefined();
	});

	test('gives nothing if its time was up before', async () => {
		const clock = new VirtualClock();
		const given = within(clock, -1, new Promise<string>(() => {}));
		await clock.run(0);
		expect(await given).toBeUndefined();
	});

	test('gives nothing once the signal aborts', async () => {
		const clock = new VirtualClock();
		const cancel = new AbortController();
		const given = within(clock, 1_000, new Promise<string>(() => {}), cancel.signal);
		cancel.abort();
		expect(await given).toBeUndefined();
		expect(clock.timers).toBe(0);
	});

	test('fails as the work fails', async () => {
		const clock = new VirtualClock();
		const failed = Promise.reject(new Error('no such thing'));
		await expect(within(clock, 1_000, failed)).rejects.toThrow('no such thing');
		expect(clock.timers).toBe(0);
	});
});
