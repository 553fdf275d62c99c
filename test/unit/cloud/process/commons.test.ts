import { Commons } from '../../../../nodes/cloud/process/commons';

const MINUTE_MS = 60_000;

describe('what executions share', () => {
	let now = 0;
	let made = 0;
	const commons = () =>
		new Commons(
			() => now,
			() => ({ number: (made += 1) }),
		);

	beforeEach(() => {
		now = 0;
		made = 0;
	});

	it('is the same thing for all who hold the same key', () => {
		const shared = commons();
		expect(shared.hold('a').shared).toBe(shared.hold('a').shared);
		expect(shared.hold('b').shared).not.toBe(shared.hold('a').shared);
	});

	it('is kept as long as anybody holds it, however long that is', () => {
		const shared = commons();
		const first = shared.hold('a');
		shared.hold('a').release();
		now = 600 * MINUTE_MS;
		expect(shared.hold('a').shared).toBe(first.shared);
	});

	it('is kept for ten minutes after the last one released it', () => {
		const shared = commons();
		const first = shared.hold('a');
		first.release();
		now = 10 * MINUTE_MS - 1;
		expect(shared.hold('a').shared).toBe(first.shared);
	});

	it('is forgotten ten minutes after the last one released it', () => {
		const shared = commons();
		shared.hold('a').release();
		now = 10 * MINUTE_MS;
		shared.hold('b');
		expect(shared.size).toBe(1);
		expect(shared.hold('a').shared).toEqual({ number: 3 });
	});

	it('is never more than a thousand things, those aside that are held', () => {
		const shared = commons();
		const held = shared.hold('held');
		for (let key = 0; key < 3_000; key += 1) shared.hold(String(key)).release();
		expect(shared.size).toBeLessThanOrEqual(1_000);
		expect(shared.hold('held').shared).toBe(held.shared);
	});

	it('forgets whoever was released longest ago, when there is too much', () => {
		const shared = commons();
		for (let key = 0; key < 1_000; key += 1) shared.hold(String(key)).release();
		shared.hold('0').release();
		shared.hold('new').release();
		expect(shared.hold('0').shared).toEqual({ number: 1 });
	});
});

test('what somebody asks for without holding it is kept for ten minutes from then', () => {
	let now = 0;
	const shared = new Commons(
		() => now,
		() => ({}),
	);
	const one = shared.at('a');
	now = 9 * MINUTE_MS;
	expect(shared.at('a')).toBe(one);
	now = 18 * MINUTE_MS;
	expect(shared.at('a')).toBe(one);
	now = 28 * MINUTE_MS;
	expect(shared.at('a')).not.toBe(one);
});
