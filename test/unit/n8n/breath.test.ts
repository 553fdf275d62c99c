import { beginInBreaths, mapInBreaths } from '../../../nodes/n8n/breath';
import { VirtualClock } from '../virtual-clock';

const NUMBERS = Array.from({ length: 1000 }, (_, index) => index);

/** Each piece of work takes a millisecond; how long others had to wait in between. */
function busyClock() {
	const clock = new VirtualClock();
	const now = jest.spyOn(clock, 'now');
	let busyMs = 0;
	let restedAt = 0;
	const blocks: number[] = [];
	now.mockImplementation(() => busyMs);
	jest.spyOn(clock, 'sleep').mockImplementation(async () => {
		blocks.push(busyMs - restedAt);
		restedAt = busyMs;
		await Promise.resolve();
	});
	return { clock, blocks, work: () => void (busyMs += 1) };
}

test('all is done in order, and others wait no longer than 100 milliseconds', async () => {
	const { clock, blocks, work } = busyClock();
	const doubled = await mapInBreaths(clock, NUMBERS, (number) => {
		work();
		return number * 2;
	});
	expect(doubled).toEqual(NUMBERS.map((number) => number * 2));
	expect(blocks.length).toBeGreaterThanOrEqual(10);
	expect(Math.max(...blocks)).toBeLessThanOrEqual(100);
});

test('work that goes on is begun in the same way, and none waits for another', async () => {
	const { clock, blocks, work } = busyClock();
	let begun = 0;
	let allBegun = () => {};
	const end = new Promise<void>((resolve) => (allBegun = resolve));
	const results = await beginInBreaths(clock, NUMBERS, async (number) => {
		work();
		begun += 1;
		if (begun === NUMBERS.length) allBegun();
		await end;
		return number;
	});
	expect(results).toEqual(NUMBERS);
	expect(Math.max(...blocks)).toBeLessThanOrEqual(100);
});

test('what takes no time needs no breath', async () => {
	const { clock, blocks } = busyClock();
	await mapInBreaths(clock, NUMBERS, (number) => number);
	expect(blocks).toEqual([]);
});
