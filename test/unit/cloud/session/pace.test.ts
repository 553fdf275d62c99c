import { isTooLate, Pace } from '../../../../nodes/cloud/session/pace';
import { VirtualClock } from '../../virtual-clock';

/** When each of these had its turn, in seconds. */
async function turnsOf(...takes: number[]): Promise<number[]> {
	const clock = new VirtualClock();
	const pace = new Pace(clock, new AbortController().signal);
	const turns: number[] = [];
	for (const servers of takes) {
		void pace.take(servers).then(() => turns.push(clock.now() / 1000));
	}
	await clock.run(300_000);
	return turns;
}

describe('servers in a minute', () => {
	test('are 1,000, in one batch', async () => {
		expect(await turnsOf(1000, 1000, 500, 500)).toEqual([0, 60, 120, 120]);
	});

	test('are 1,000, one by one', async () => {
		const turns = await turnsOf(...Array.from({ length: 1005 }, () => 1));
		expect(turns.filter((at) => at === 0)).toHaveLength(1000);
		expect(turns.filter((at) => at === 60)).toHaveLength(5);
	});

	test('are 1,000, one by one and in batches together', async () => {
		expect(await turnsOf(1, 1000, 1)).toEqual([0, 60, 120]);
	});
});

describe('what the cloud has not taken', () => {
	test('others are asked for in its place', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock, new AbortController().signal);
		const giveBack = await pace.take(1000);
		expect(pace.comesAt(600)).toBe(60_000);
		giveBack();
		expect(pace.comesAt(1000)).toBe(0);
	});

	test('leaves alone what it has taken', async () => {
		const clock = new VirtualClock();
		const pace = new Pace(clock, new AbortController().signal);
		await pace.take(900);
		const giveBack = await pace.take(100);
		giveBack();
		expect([pace.comesAt(100), pace.comesAt(101)]).toEqual([0, 60_000]);
	});
});

test.each([
	[undefined, false],
	[60_001, false],
	[60_000, true],
])('a turn after a minute is too late for who has until %s: %s', (deadline, late) => {
	expect(isTooLate({ deadline }, 60_000)).toBe(late);
});

test('who has cancelled does not wait', async () => {
	const clock = new VirtualClock();
	const cancel = new AbortController();
	const pace = new Pace(clock, cancel.signal);
	void pace.take(1000);
	const second = pace.take(1);
	await clock.run(1_000);
	cancel.abort();
	await second;
	expect(clock.timers).toBe(0);
});
