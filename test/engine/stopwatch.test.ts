/** What the bounds of the other tests are worth on a busy machine. */
import { openTimedProcess } from './timed-process';

jest.setTimeout(60_000);

test('the time in which a process was not let run is left out', async () => {
	const { stop, seconds } = await openTimedProcess();

	await stop(2_000);

	expect(await seconds()).toBeLessThan(1);
});

test('the time in which it has worked counts', async () => {
	const { seconds } = await openTimedProcess(300);

	expect(await seconds()).toBeGreaterThanOrEqual(0.3);
});

test('the time in which it has waited counts', async () => {
	const { wait, seconds } = await openTimedProcess();

	await wait(1_000);

	expect(await seconds()).toBeGreaterThan(0.7);
});
