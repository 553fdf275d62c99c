import {
	afterSuccess,
	afterTrouble,
	FAIR,
	isTooLate,
	opensFor,
	patienceEnds,
	type Trouble,
	type Weather,
	withRoomFor,
} from '../../../../../nodes/cloud/session/gate/weather';

const HALF = () => 0.5;
const FAULT = { message: '' };
const SLOW_DOWN: Trouble = { word: 'slowDown', reason: 'throttled', fault: FAULT };
const OUT: Trouble = { word: 'trouble', reason: 'unavailable', fault: FAULT };
const asking = (retryAfterMs: number): Trouble => ({ ...SLOW_DOWN, retryAfterMs });

/** The weather after these, a second apart from 1000 ms on, each felt by a request of the moment. */
const after = (...felt: Array<Trouble | 'success'>): Weather =>
	felt.reduce<Weather>(
		(weather, one, index) =>
			one === 'success'
				? afterSuccess(weather, weather.epoch)
				: afterTrouble(weather, one, weather.epoch, (index + 1) * 1_000, HALF),
		FAIR,
	);

describe('how many may be under way', () => {
	test.each<[string, Weather, number]>([
		['as many as one execution wants', withRoomFor(FAIR, 10), 10],
		['as many as the one that wants most', withRoomFor(withRoomFor(FAIR, 50), 10), 50],
		['no more for one that begins after trouble', withRoomFor(after(OUT), 10), 1],
		['more after each success', after('success', 'success'), 2],
		['one when the very first is told to slow down', after(SLOW_DOWN), 1],
		['one after trouble', after('success', OUT), 1],
		['two after the first success then', after('success', OUT, 'success'), 2],
		['eight after the third', after(SLOW_DOWN, 'success', 'success', 'success'), 8],
		['one again with new trouble', after(SLOW_DOWN, 'success', 'success', OUT), 1],
	])('%s', (_, weather, allowed) => {
		expect(weather.allowed).toBe(allowed);
	});
});

describe('the pause after trouble', () => {
	test.each<[string, Weather, Weather['pause']]>([
		['none before any', FAIR, { since: 0, asked: 0, own: 0 }],
		['up to 2 s by chance', after(SLOW_DOWN), { since: 1_000, asked: 1_000, own: 2_000 }],
		['twice that', after(SLOW_DOWN, OUT), { since: 2_000, asked: 2_000, own: 3_000 }],
		['none for one lost answer', after(OUT), { since: 1_000, asked: 1_000, own: 1_000 }],
		['one for the second', after(OUT, OUT), { since: 2_000, asked: 2_000, own: 3_000 }],
		['what is asked for', after(asking(7_000)), { since: 1_000, asked: 8_000, own: 8_500 }],
		['at least its own', after(asking(0)), { since: 1_000, asked: 1_000, own: 2_000 }],
		[
			'over with a success',
			after(SLOW_DOWN, 'success'),
			{ since: 1_000, asked: 1_000, own: 1_000 },
		],
		[
			'short again after a success',
			after(SLOW_DOWN, SLOW_DOWN, 'success', SLOW_DOWN),
			{ since: 4_000, asked: 4_000, own: 5_000 },
		],
	])('%s', (_, weather, pause) => {
		expect(weather.pause).toEqual(pause);
	});
});

describe('trouble', () => {
	test('counts in a row, since its beginning, and keeps what was felt last', () => {
		expect(after('success', SLOW_DOWN, OUT).trouble).toEqual({
			last: OUT,
			since: 2_000,
			strikes: 2,
		});
	});

	test('ends with a success', () => {
		expect(after(SLOW_DOWN, 'success').trouble).toBeUndefined();
	});
});

describe('what was sent before the last slow-down', () => {
	const slow = after('success', asking(5_000));
	const before = slow.epoch - 1;

	test('ends no trouble with its success', () => {
		expect(afterSuccess(slow, before)).toBe(slow);
	});

	test('is no second strike', () => {
		expect(afterTrouble(slow, SLOW_DOWN, before, 2_100, HALF)).toBe(slow);
		expect(afterTrouble(slow, OUT, before, 2_100, HALF)).toBe(slow);
	});

	test.each([
		[3_000, slow.pause],
		[5_000, { since: 2_000, asked: 7_100, own: 7_600 }],
		[12_000, { since: 2_000, asked: 14_100, own: 14_600 }],
	])('can only make the pause longer (%i ms)', (asked, pause) => {
		const later = afterTrouble(slow, asking(asked), before, 2_100, HALF);
		expect(later).toEqual({ ...slow, pause });
	});
});

describe('who is given up at a limit', () => {
	/** Paused by its own choice from 1,000 until 9,000, and by the cloud until 3,000. */
	const paused: Weather = { ...FAIR, pause: { since: 1_000, asked: 3_000, own: 9_000 } };

	test.each([
		['waits for the end of the pause where that is early enough', Infinity, 9_000],
		['the same, to the millisecond', 9_500, 9_000],
		['may go half a second before', 9_499, 8_999],
		['but not before the cloud allows it', 3_200, 3_000],
		['and has no last chance that lies before the pause', 1_500, 9_000],
		['but one that lies in it', 1_501, 3_000],
	])('%s', (_, limit, opens) => {
		expect(opensFor(paused, limit)).toBe(opens);
	});

	test.each([
		[5_000, 4_999, false],
		[5_000, 5_000, true],
		[3_001, 0, false],
		[3_000, 0, true],
		[1_500, 1_000, true],
		[Infinity, 1e12, false],
	])('at %i, seen at %i, is too late: %p', (limit, now, tooLate) => {
		expect(isTooLate(paused, limit, now)).toBe(tooLate);
	});
});

test.each([
	['never in fair weather', FAIR, Infinity],
	['so long after the trouble began', after('success', OUT, OUT), 62_000],
])('patience ends %s', (_, weather, ends) => {
	expect(patienceEnds(weather, 1_000, 60_000)).toBe(ends);
});

test('patience begins with the execution, where the trouble is older', () => {
	expect(patienceEnds(after('success', OUT, OUT), 30_000, 60_000)).toBe(90_000);
});
