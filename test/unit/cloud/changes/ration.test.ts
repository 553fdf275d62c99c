/** Which failures of a trigger are told: n8n makes a failed execution of each. */
import type { Reason } from '../../../../nodes/cloud/api/reason';
import { isStillRefused, NO_TROUBLES, ration } from '../../../../nodes/cloud/changes/ration';

const MINUTE = 60_000;

/** The minutes at which a poll a minute, each with this failure, tells of it. */
function toldAt(reason: Reason, minutes: number): number[] {
	let troubles = NO_TROUBLES;
	const told: number[] = [];
	for (let minute = 0; minute <= minutes; minute += 1) {
		const result = ration(troubles, reason, minute * MINUTE);
		troubles = result.troubles;
		if (result.tell) told.push(minute);
	}
	return told;
}

test.each(['unauthorized', 'forbidden', 'notFound', 'invalidInput', 'unexpectedResponse'] as const)(
	'%s is told at once, then once an hour',
	(reason) => {
		expect(toldAt(reason, 130)).toEqual([0, 60, 120]);
	},
);

test.each(['unavailable', 'unreachable', 'throttled', 'timedOut'] as const)(
	'%s is told after 15 minutes, then every 6 hours',
	(reason) => {
		expect(toldAt(reason, 800)).toEqual([15, 375, 735]);
	},
);

test('an outage counts as one, whatever its reasons', () => {
	const { troubles } = ration(NO_TROUBLES, 'unavailable', 0);

	expect(ration(troubles, 'timedOut', 15 * MINUTE).tell).toBe(true);
});

test('another reason that somebody must mend is told at once', () => {
	const { troubles } = ration(NO_TROUBLES, 'forbidden', 0);

	expect(ration(troubles, 'forbidden', MINUTE).tell).toBe(false);
	expect(ration(troubles, 'unauthorized', MINUTE).tell).toBe(true);
});

test('a refused credential rests for 30 minutes, unless it was changed', () => {
	const refusal = { mark: 'a', at: 0 };

	expect(isStillRefused(refusal, 'a', 30 * MINUTE - 1)).toBe(true);
	expect(isStillRefused(refusal, 'a', 30 * MINUTE)).toBe(false);
	expect(isStillRefused(refusal, 'b', 1)).toBe(false);
	expect(isStillRefused(undefined, 'a', 1)).toBe(false);
});
