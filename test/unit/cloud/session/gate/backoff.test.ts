import fc from 'fast-check';

import { retryAfterMs } from '../../../../../nodes/cloud/api/retry-after';
import { backoffMs, pauseMs } from '../../../../../nodes/cloud/session/gate/backoff';
import { answered } from '../../../answers';

const asks = (value: unknown, date?: string) =>
	retryAfterMs(answered(429, '', { 'retry-after': value, ...(date ? { date } : {}) }));

describe('Retry-After', () => {
	test.each([
		['0', 0],
		['1', 1_000],
		['120', 120_000],
		[' 7 ', 7_000],
	])('%j is so many seconds', (value, ms) => {
		expect(asks(value)).toBe(ms);
	});

	test.each([
		['Wed, 25 Nov 2026 10:00:30 GMT', 'Wed, 25 Nov 2026 10:00:00 GMT', 30_000],
		['Wed, 25 Nov 2026 10:00:00 GMT', 'Wed, 25 Nov 2026 10:00:00 GMT', 0],
		['Wed, 25 Nov 2026 09:00:00 GMT', 'Wed, 25 Nov 2026 10:00:00 GMT', 0],
		['Sat, 01 Jan 2000 00:01:00 GMT', 'Sat, 01 Jan 2000 00:00:00 GMT', 60_000],
	])("a date (%s) is read against the answer's own Date (%s)", (value, date, ms) => {
		expect(asks(value, date)).toBe(ms);
	});

	test('a date is read against this machine where the answer has none', () => {
		jest.useFakeTimers({ now: Date.parse('2026-11-25T10:00:00Z') });
		expect(asks('Wed, 25 Nov 2026 10:00:30 GMT')).toBe(30_000);
		jest.useRealTimers();
	});

	test.each([['soon'], [''], ['-5'], ['1.5'], ['5 minutes'], ['NaN'], ['1e3'], [null], [{}]])(
		'garbage (%j) asks for nothing, so that the usual back-off holds',
		(value) => {
			expect(asks(value, 'Wed, 25 Nov 2026 10:00:00 GMT')).toBeUndefined();
		},
	);

	test('is not needed', () => {
		expect(retryAfterMs(answered(429))).toBeUndefined();
	});
});

describe('the back-off', () => {
	test.each([
		[1, 2_000],
		[2, 4_000],
		[3, 8_000],
		[4, 16_000],
		[5, 32_000],
		[6, 60_000],
		[7, 60_000],
		[5_000, 60_000],
	])('after %i troubles in a row is below %i ms', (strikes, limit) => {
		expect(backoffMs(strikes, 0)).toBe(0);
		expect(backoffMs(strikes, 0.5)).toBe(limit / 2);
		expect(backoffMs(strikes, 1)).toBe(limit);
	});

	test('has full jitter: any wait from nothing to the limit is as likely', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 1, max: 100 }),
				fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
				(strikes, random) => {
					const limit = Math.min(60_000, 2_000 * 2 ** (strikes - 1));
					expect(backoffMs(strikes, random)).toBeCloseTo(random * limit, 6);
				},
			),
		);
	});
});

describe('the pause', () => {
	test.each<[string, number, number | undefined, number, number]>([
		['none without trouble', 0, undefined, 0.5, 0],
		['the back-off where the cloud names no time', 2, undefined, 0.5, 2_000],
		['the time that the cloud names, and up to a second', 0, 7_000, 0.5, 7_500],
		['never less than the back-off', 3, 1_000, 0.5, 4_000],
		['at least what the cloud names', 1, 7_000, 0, 7_000],
	])('is %s', (_, strikes, askedMs, random, ms) => {
		expect(pauseMs(strikes, askedMs, random)).toBe(ms);
	});
});
