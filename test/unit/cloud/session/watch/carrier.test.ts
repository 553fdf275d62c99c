import type { ReadTurn, ServerReader, Unread } from '../../../../../nodes/cloud/session/reader';
import { CloudTime } from '../../../../../nodes/cloud/session/cloud-time';
import {
	carrierOf,
	isRefused,
	listTurnOf,
	turnOf,
} from '../../../../../nodes/cloud/session/watch/carrier';
import type { Waiter } from '../../../../../nodes/cloud/session/watch/waiters';

const NOW = 100_000;
/** The longest that a read may take. */
const LONGEST_MS = 30_000;

/** Somebody of an execution of its own, who still waits for so long. */
function waiting(leftMs: number, { isBusy = false, isFirst = false } = {}): Waiter {
	return {
		viewer: {
			reader: { isBusy } as ServerReader,
			cloudTime: new CloudTime(),
			pollIntervalMs: 5_000,
			signal: new AbortController().signal,
		},
		serverId: 'server',
		order: 1,
		deadline: NOW + leftMs,
		isFirst,
		latest: NOW,
		settle: () => undefined,
	};
}

describe('a read goes out through', () => {
	test('nobody, where nobody waits', () => {
		expect(carrierOf([], undefined, NOW)).toBeUndefined();
	});

	test('whoever has the most time', () => {
		const [short, long, middle] = [40_000, 60_000, 50_000].map((ms) => waiting(ms));
		expect(carrierOf([short, long, middle], undefined, NOW)).toBe(long);
	});

	test('one with less time, where who has more has no room', () => {
		const [busy, free] = [waiting(60_000, { isBusy: true }), waiting(LONGEST_MS)];
		expect(carrierOf([busy, free], undefined, NOW)).toBe(free);
	});

	test('one without room, where no other has the time for a read', () => {
		const [busy, late] = [waiting(60_000, { isBusy: true }), waiting(LONGEST_MS - 1)];
		expect(carrierOf([late, busy], undefined, NOW)).toBe(busy);
	});

	test('the one that it is for alone, or nobody', () => {
		const [mine, other] = [waiting(1_000), waiting(60_000)];
		expect(carrierOf([mine, other], mine.viewer, NOW)).toBe(mine);
		expect(carrierOf([other], mine.viewer, NOW)).toBeUndefined();
	});
});

describe('it may take', () => {
	const turn = (timeoutMs: number, leftMs: number): ReadTurn => ({
		deadline: NOW + leftMs,
		timeoutMs,
	});

	test('as long as any, also where its carrier has less time', () => {
		const one = waiting(5_000);
		expect(turnOf(one, [one], NOW)).toEqual(turn(LONGEST_MS, 5_000));
	});

	test.each([
		[5_000, 5_000],
		[60_000, LONGEST_MS],
		[-1, 0],
	])('no longer than it is waited for before anything is asked: with %i ms %i', (left, ms) => {
		const one = waiting(left, { isFirst: true });
		expect(turnOf(one, [one], NOW)).toEqual(turn(ms, left));
	});

	test('as long as any where one of those who wait has asked', () => {
		const [first, asked] = [waiting(5_000, { isFirst: true }), waiting(4_000)];
		expect(turnOf(first, [first, asked], NOW)).toEqual(turn(LONGEST_MS, 5_000));
	});

	test.each([
		[90_000, LONGEST_MS],
		[20_000, 10_000],
		[1_500, 1_000],
	])('as a list half of the time that is left, and a second: of %i ms %i', (left, ms) => {
		const one = waiting(left);
		expect(listTurnOf(one, [one], NOW)).toEqual(turn(ms, left));
	});
});

test.each([
	['unauthorized', true],
	['forbidden', true],
	['notFound', false],
	['unavailable', false],
] as const)('the cloud refuses who carries it: %s %s', (reason, is) => {
	const unread: Unread = { kind: 'unread', reason, fault: { message: '' }, final: true };
	expect(isRefused(unread)).toBe(is);
});
