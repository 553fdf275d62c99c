import type { Look } from '../../../../../nodes/cloud/session/watch/waiters';
import { Looking } from './looking';
import { idOf } from './project';

const GONE: Look = { kind: 'gone' };

/** Two executions wait for server 1; the second has begun to after a read was sent. */
function setUp() {
	const looking = new Looking();
	const { waiters } = looking;
	looking.wait(looking.viewer('a'), [idOf(1)]);
	const { looks } = waiters;
	looking.wait(looking.viewer('b'), [idOf(1)]);
	const [early, late] = waiters.of(idOf(1));
	return { waiters, looks, early, late };
}

test('a read answers all who have waited since before it was sent', () => {
	const { waiters, looks, early, late } = setUp();
	waiters.answerAll(idOf(1), GONE, looks);
	expect([early, late].map((one) => waiters.has(one))).toEqual([false, true]);
	waiters.answerAll(idOf(1), GONE, waiters.looks);
	expect([...waiters]).toEqual([]);
});

test('one alone, where it says something to that one', () => {
	const { waiters, looks, early, late } = setUp();
	waiters.answer(late, GONE, looks);
	expect(waiters.has(late)).toBe(true);
	waiters.answer(early, GONE, looks);
	expect(waiters.of(idOf(1))).toEqual([late]);
});

test('what is no matter of a read answers one whenever it has begun to wait', () => {
	const { waiters, early, late } = setUp();
	waiters.settle(late, GONE);
	expect(waiters.of(idOf(1))).toEqual([early]);
});
