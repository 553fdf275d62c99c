import { departingBy, leave, NOT_SENT_IN_TIME } from '../../../../nodes/cloud/api/departure';
import { aDeparture } from '../../departure';

const OPTIONS = { url: 'https://ecs.example.com/x', timeout: 30_000 };

/** A departure that leaves this much time, in milliseconds. */
const leaving = (ms: number) => ({ ...aDeparture(), leave: () => ms });

test('a request leaves with the time that is left to it, and nothing else of it changes', () => {
	expect(leave(departingBy(leaving(12_000), OPTIONS))).toEqual({ ...OPTIONS, timeout: 12_000 });
});

test('the options of the caller stay as they are', () => {
	const options = { ...OPTIONS };
	leave(departingBy(leaving(1), options));
	expect(options).toEqual(OPTIONS);
});

test('what goes out carries no departure any more', () => {
	expect(Object.getOwnPropertySymbols(leave(departingBy(aDeparture(), OPTIONS)))).toEqual([]);
});

test.each([
	[0.2, 1],
	[0, 1],
	[1.2, 2],
])('with %d ms left n8n gets %i: it takes 0 for no limit at all', (left, timeout) => {
	expect(leave(departingBy(leaving(left), OPTIONS)).timeout).toBe(timeout);
});

test('a request that was given up does not leave', () => {
	expect(() => leave(departingBy(aDeparture('missed'), OPTIONS))).toThrow('Too late');
});

test('a request of another node goes as it is', () => {
	expect(leave(OPTIONS)).toBe(OPTIONS);
});

test('what was not sent in time may be asked again, and is no matter of the cloud', () => {
	expect(NOT_SENT_IN_TIME).toMatchObject({
		kind: 'lost',
		sent: false,
		refusal: {
			reason: 'unreachable',
			final: false,
			fault: { explanation: { why: expect.stringContaining('log in') as string } },
		},
	});
});
