import { retryAfterMs } from '../../../../nodes/cloud/api/retry-after';
import { answered } from '../../answers';

const asked = (value: unknown, headers: object = {}) =>
	retryAfterMs(answered(429, '', { 'retry-after': value, ...headers }));

test.each([
	['0', 0],
	['2', 2_000],
	[' 120 ', 120_000],
	['007', 7_000],
])('%j is seconds', (value, ms) => {
	expect(asked(value)).toBe(ms);
});

test.each([
	undefined,
	'',
	' ',
	'soon',
	'-1',
	'1.5',
	'2s',
	's2',
	'2026-11-25T10:00:00Z',
	'25 Nov 2026 10:00:00 GMT',
	'W, 25 Nov 2026 10:00:00 GMT',
	'Wed',
])('%j asks for nothing', (value) => {
	expect(asked(value)).toBeUndefined();
});

const DATE = 'Wed, 25 Nov 2026 10:00:00 GMT';

test("a date is read against the answer's own", () => {
	expect(asked('Wed, 25 Nov 2026 10:00:30 GMT', { date: DATE })).toBe(30_000);
});

test('a date in small letters is one, too', () => {
	expect(asked('wed, 25 nov 2026 10:00:30 gmt', { date: DATE })).toBe(30_000);
});

test('a date that is over asks for no wait', () => {
	expect(asked('Wed, 25 Nov 2026 09:59:00 GMT', { date: DATE })).toBe(0);
});

test.each([undefined, 'today'])(
	"is read against this machine's clock beside the date %j",
	(date) => {
		jest.useFakeTimers({ now: Date.parse('2026-11-25T10:00:00Z') });
		try {
			expect(asked('Wed, 25 Nov 2026 10:00:05 GMT', { date })).toBe(5_000);
		} finally {
			jest.useRealTimers();
		}
	},
);
