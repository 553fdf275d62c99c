import type { Answer } from '../../../../../nodes/cloud/api/answer';
import { Lister, type Poll } from '../../../../../nodes/cloud/session/watch/lister';
import { Listings } from '../../../../../nodes/cloud/session/watch/listings';
import { answered } from '../../../answers';
import { settle } from '../../../virtual-clock';
import { Looking } from './looking';
import { idOf, MINUTES_5, range } from './project';

/** A list of all there is, asked of a cloud that lists servers 1 to 9. */
function setUp() {
	const looking = new Looking();
	const listings = new Listings();
	const lister = new Lister(looking.clock, looking.waiters, listings);
	const list = async (serverIds: string[], poll: Poll = {}) =>
		await lister.list('all', {}, new Set(serverIds), poll);
	return { looking, listings, list, a: looking.viewer('a'), b: looking.viewer('b') };
}

/** A page of a list that goes on. */
const pageOf = (serverIds: string[]): Answer =>
	answered(200, {
		servers: serverIds.map((id) => ({ id, status: 'ACTIVE' })),
		servers_links: [{ rel: 'next', href: 'x' }],
	});

/** The cloud's answers to one list after the other. */
function inTurn(looking: Looking, answers: Answer[]): void {
	looking.instead = () => answers.shift();
}

describe('a list', () => {
	test('tells whoever waits for a server that it shows, and leaves the others', async () => {
		const { looking, list, a, b } = setUp();
		looking.wait(a, [idOf(1), idOf(10)]);
		looking.wait(b, [idOf(2)]);
		expect(await list([idOf(1), idOf(10)])).toEqual({
			missing: new Set([idOf(10)]),
			failed: false,
		});
		expect([...looking.looks.keys()]).toEqual(range(1, 2));
	});

	test('goes on as long as more servers are missing than it has taken calls', async () => {
		const { looking, list, listings, a } = setUp();
		inTurn(looking, [pageOf([idOf(1)]), pageOf([idOf(2)])]);
		looking.wait(a, range(1, 4));
		expect(await list(range(1, 4))).toEqual({ missing: new Set(range(3, 4)), failed: false });
		expect(looking.calls).toEqual(['list a', 'list a']);
		expect([3, 4].map((servers) => listings.isWorth('all', servers))).toEqual([false, true]);
	});

	test('that shows none of them is not worth it again', async () => {
		const { looking, list, listings, a } = setUp();
		looking.wait(a, range(10, 12));
		expect((await list(range(10, 12))).missing.size).toBe(3);
		expect(listings.isWorth('all', 1_000)).toBe(false);
	});

	test('is not asked for where nobody waits', async () => {
		const { looking, list } = setUp();
		expect(await list(range(1, 2))).toEqual({ missing: new Set(range(1, 2)), failed: false });
		expect(looking.calls).toEqual([]);
	});

	test('tells nothing to who has begun to wait since it was sent', async () => {
		const { looking, list, a, b } = setUp();
		let reply: (answer: Answer) => void = () => undefined;
		looking.instead = () => new Promise<Answer>((resolve) => (reply = resolve));
		looking.wait(a, [idOf(1)]);
		const listing = list([idOf(1)]);
		await settle();
		looking.wait(b, [idOf(2)]);
		reply(pageOf(range(1, 2)));
		await listing;
		expect([...looking.looks.keys()]).toEqual([idOf(1)]);
	});
});

describe('it goes out', () => {
	test('through who has the most time, as the poll tells', async () => {
		const { looking, list, a, b } = setUp();
		const poll: Poll = {};
		looking.wait(a, [idOf(1)], MINUTES_5 - 1);
		looking.wait(b, [idOf(2)], MINUTES_5);
		await list(range(1, 2), poll);
		expect(looking.calls).toEqual(['list b']);
		expect(poll.carrier).toBe(b);
	});

	test('through the one that it is for alone', async () => {
		const { looking, list, a, b } = setUp();
		looking.wait(a, [idOf(1)], MINUTES_5 - 1);
		looking.wait(b, [idOf(2)], MINUTES_5);
		await list(range(1, 2), { only: a });
		expect(looking.calls).toEqual(['list a']);
	});

	test('through another when the first has ended', async () => {
		const { looking, list, a } = setUp();
		const { viewer: ends, end } = looking.viewerThatEnds('ends');
		looking.wait(a, [idOf(1)], MINUTES_5 - 1);
		looking.wait(ends, [idOf(2)], MINUTES_5);
		const listing = list(range(1, 2));
		await settle();
		end();
		await listing;
		expect(looking.calls).toEqual(['list ends', 'list a']);
	});

	test('through another when the first is refused, which waits for nothing more', async () => {
		const { looking, list, a, b } = setUp();
		inTurn(looking, [answered(401)]);
		looking.wait(a, [idOf(1)], MINUTES_5 - 1);
		looking.wait(b, [idOf(2)], MINUTES_5);
		await list(range(1, 2));
		expect(looking.calls).toEqual(['list b', 'list a']);
		expect(range(1, 2).map((id) => looking.looks.get(id)?.kind)).toEqual(['seen', 'refused']);
	});
});

describe('a list that fails', () => {
	const faultsOf = (looking: Looking) => [...looking.waiters].map(({ fault }) => fault?.httpStatus);

	test('leaves its servers to single reads, and its fault with all who wait', async () => {
		const { looking, list, a, b } = setUp();
		inTurn(looking, [answered(500)]);
		looking.wait(a, range(1, 2));
		looking.wait(b, [idOf(3)]);
		expect(await list(range(1, 2))).toEqual({ missing: new Set(range(1, 2)), failed: true });
		expect(faultsOf(looking)).toEqual([500, 500, 500]);
	});

	test('by a slow-down leaves none', async () => {
		const { looking, list, a } = setUp();
		inTurn(looking, [answered(429)]);
		looking.wait(a, range(1, 2));
		expect(await list(range(1, 2))).toEqual({ missing: new Set(), failed: true });
	});

	test('as there is none is not asked for again, and no fault', async () => {
		const { looking, list, listings, a } = setUp();
		inTurn(looking, [answered(400)]);
		looking.wait(a, range(1, 2));
		expect(await list(range(1, 2))).toEqual({ missing: new Set(range(1, 2)), failed: false });
		expect(faultsOf(looking)).toEqual([undefined, undefined]);
		expect(listings.isWorth('all', 1_000)).toBe(false);
	});
});
