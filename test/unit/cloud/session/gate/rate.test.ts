import {
	afterOneMore,
	afterSending,
	afterSlowDown,
	afterWork,
	dueAt,
	perSecondAt,
	type Rate,
	UNLIMITED,
} from '../../../../../nodes/cloud/session/gate/rate';

/** What is known after the cloud worked for `count` requests, the last one at `until`, a millisecond apart. */
const worked = (count: number, until: number, rate = UNLIMITED): Rate =>
	Array.from({ length: count }, (_, index) => until - index)
		.reverse()
		.reduce<Rate>(afterWork, rate);

/** The cloud refuses three requests at once. */
const slowed = (rate: Rate, now: number, resumesAt: number): Rate =>
	afterOneMore(afterOneMore(afterSlowDown(rate, now, resumesAt)));

const SLOWED = slowed(worked(40, 1_000), 1_000, 3_000);

describe('the limit', () => {
	test.each<[string, Rate, number, number]>([
		['none while the cloud never asked to slow down', worked(500, 1_000), 1_000, Infinity],
		['none where nothing was taken before', slowed(UNLIMITED, 0, 2_000), 2_000, Infinity],
		['a little below what the cloud took in the second before', SLOWED, 3_000, 38],
		['what was taken earlier is no measure', slowed(worked(40, 0), 1_000, 3_000), 3_000, Infinity],
		[
			'none after little: a run that has begun has seen no rate',
			slowed(worked(4, 0), 0, 0),
			0,
			Infinity,
		],
		[
			'none where one request was refused, which may be about that one',
			afterSlowDown(worked(40, 1_000), 1_000, 3_000),
			3_000,
			Infinity,
		],
		['counts what was under way as well', worked(20, 1_500, SLOWED), 3_000, 57],
		['5 % more after ten seconds', SLOWED, 13_000, 39.9],
		['twice as much for ten seconds more than half a minute', SLOWED, 43_000, 87.98],
		['forgotten after a minute', SLOWED, 63_001, Infinity],
	])('%s', (_, rate, now, limit) => {
		expect(perSecondAt(rate, now)).toBeCloseTo(limit, 1);
	});

	test('a second one is below the first, by what was taken', () => {
		const again = afterSlowDown(worked(36, 4_000, SLOWED), 4_000, 5_000);
		expect(perSecondAt(again, 5_000)).toBeCloseTo(36 * 0.9);
	});

	test('stays where it has held for a second and a half, and had grown too high', () => {
		const again = afterSlowDown(worked(38 * 3 + 1, 20_000, SLOWED), 20_000, 21_000);
		expect(perSecondAt(again, 21_000)).toBe(38);
	});

	test('is doubled where it has held, and had not grown: the cloud refuses for another reason', () => {
		const again = afterSlowDown(worked(38 * 3 + 1, 6_500, SLOWED), 6_500, 7_500);
		expect(perSecondAt(again, 7_500)).toBe(76);
	});

	test('is halved at most, at a time', () => {
		const again = afterSlowDown(worked(5, 4_000, SLOWED), 4_000, 5_000);
		expect(perSecondAt(again, 5_000)).toBeCloseTo((38 / 2) * 0.9, 0);
	});

	test('is measured from when the cloud was asked again', () => {
		const again = afterSlowDown(worked(18, 3_500, SLOWED), 3_500, 5_000);
		expect(perSecondAt(again, 5_000)).toBeCloseTo(36 * 0.9);
	});

	test.each([0, 4])('stays where %i were taken since, which measures nothing', (taken) => {
		const again = afterSlowDown(worked(taken, 3_100, SLOWED), 3_100, 6_000);
		expect(perSecondAt(again, 6_000)).toBeCloseTo(38, 1);
	});

	test('is found from little, where that is so twice in a row', () => {
		const once = slowed(worked(3, 1_000), 1_000, 2_000);
		expect(perSecondAt(once, 2_000)).toBe(Infinity);
		const twice = slowed(worked(3, 3_000, once), 3_000, 4_000);
		expect(perSecondAt(twice, 4_000)).toBeCloseTo(3 * 0.95);
	});

	test('is one request a second at least', () => {
		let rate = SLOWED;
		for (let second = 4; second < 60; second += 1) {
			rate = afterSlowDown(worked(1, second * 1_000, rate), second * 1_000, second * 1_000);
		}
		expect(perSecondAt(rate, 59_000)).toBe(1);
	});
});

describe('the next request', () => {
	test('may go at once without a limit', () => {
		expect(dueAt(afterSending(UNLIMITED, 5), 5)).toBe(5);
	});

	test('comes after the pause, then each at its distance', () => {
		expect(dueAt(SLOWED, 1_000)).toBe(3_000);
		const one = afterSending(SLOWED, 3_000);
		expect(dueAt(one, 3_000)).toBeCloseTo(3_000 + 1_000 / 38);
		const two = afterSending(one, 3_000);
		expect(dueAt(two, 3_000)).toBeCloseTo(3_000 + 2_000 / 38);
	});

	test('makes up for no time in which nobody asked', () => {
		const one = afterSending(afterSending(SLOWED, 3_000), 9_000);
		expect(dueAt(one, 9_000)).toBeGreaterThan(9_020);
	});
});
