import {
	filtersOf,
	type Listing,
	LISTINGS,
	Listings,
	partsOf,
} from '../../../../../nodes/cloud/session/watch/listings';
import { answered } from '../../../answers';
import { Looking } from './looking';
import { DATE, idOf, range } from './project';

/** Which ways to list are worth it for so many servers. */
const worth = (listings: Listings, servers: number): Listing[] =>
	LISTINGS.filter((listing) => listings.isWorth(listing, servers));

describe('to list is worth it', () => {
	test('for two servers and more, as long as it is known of no way to take more than a call', () => {
		expect(worth(new Listings(), 1)).toEqual([]);
		expect(worth(new Listings(), 2)).toEqual(['changed', 'chosen', 'all']);
	});

	test.each([
		['for more servers than it has taken calls', false, [3, 4]],
		['where it was left before its end, for one server more', true, [4, 5]],
	] as const)('%s', (_, isCutShort, [tooFew, enough]) => {
		const listings = new Listings();
		listings.hasShown('all', { calls: 3, count: 7, isCutShort });
		expect(listings.isWorth('all', tooFew)).toBe(false);
		expect(listings.isWorth('all', enough)).toBe(true);
	});

	test('by their IDs, a hundred by a call, unless all take fewer calls', () => {
		const listings = new Listings();
		expect(listings.isWorth('chosen', 101)).toBe(false);
		listings.hasShown('all', { calls: 2, count: 1, isCutShort: false });
		expect(listings.isWorth('chosen', 200)).toBe(true);
		expect(listings.isWorth('chosen', 201)).toBe(false);
	});

	test('no more where it shows none of them, until another execution joins', () => {
		const listings = new Listings();
		listings.hasShown('changed', { calls: 1, count: 0, isCutShort: true });
		expect(listings.isWorth('changed', 1_000)).toBe(false);
		listings.expectMore();
		expect(listings.isWorth('changed', 2)).toBe(true);
	});

	test('no more where there is no such list', () => {
		const listings = new Listings();
		listings.hasNone('changed');
		expect(worth(listings, 1_000)).not.toContain('changed');
	});
});

describe('a list that fails while single reads work', () => {
	test('is tried again, and after the second time for a hundred times as many', () => {
		const listings = new Listings();
		listings.hasFailedAlone('all');
		expect(listings.isWorth('all', 2)).toBe(true);
		listings.hasFailedAlone('all');
		expect(listings.isWorth('all', 100)).toBe(false);
		expect(listings.isWorth('all', 101)).toBe(true);
	});

	test('works no better for another execution', () => {
		const listings = new Listings();
		for (let time = 0; time < 2; time++) listings.hasFailedAlone('all');
		listings.expectMore();
		expect(listings.isWorth('all', 100)).toBe(false);
	});

	test('counts as one that has never failed once it has worked', () => {
		const listings = new Listings();
		listings.hasFailedAlone('all');
		listings.hasShown('all', { calls: 1, count: 1, isCutShort: false });
		listings.hasFailedAlone('all');
		expect(listings.isWorth('all', 2)).toBe(true);
	});
});

describe('a list is asked for', () => {
	test('a hundred servers at a time, where it is by their IDs', () => {
		const parts = partsOf('chosen', new Set(range(1, 201)));
		expect(parts.map((part) => [...part])).toEqual([
			range(1, 100),
			range(101, 200),
			range(201, 201),
		]);
	});

	test.each(['changed', 'all'] as const)('as many as are looked for, where it is %s', (listing) => {
		const wanted = new Set(range(1, 201));
		expect(partsOf(listing, wanted)).toEqual([wanted]);
	});

	/** What it is asked for those to whom the cloud has told these times: each waits for another server. */
	function asked(api: 'nova' | 'ecsV1', listing: Listing, times: string[] = ['', '']) {
		const looking = new Looking(api);
		for (const [index, date] of times.entries()) {
			const viewer = looking.viewer(date);
			viewer.cloudTime.note(answered(200, '', { date }), 0);
			looking.wait(viewer, [idOf(index + 1)]);
		}
		return filtersOf(listing, new Set(range(1, times.length)), looking.waiters);
	}

	test('all there is, without a filter', () => {
		expect(asked('nova', 'all')).toEqual({});
	});

	test('these servers, where the cloud lists by IDs', () => {
		expect(asked('ecsV1', 'chosen')).toEqual({ server_id: range(1, 2).join(',') });
		expect(asked('nova', 'chosen')).toBeUndefined();
	});

	test('what has changed since the first of them began, where the cloud lists changes', () => {
		const times = ['Wed, 25 Nov 2026 11:00:00 GMT', DATE, ''];
		expect(asked('nova', 'changed', times)).toEqual({ 'changes-since': '2026-11-25T09:59:00Z' });
		expect(asked('ecsV1', 'changed', times)).toBeUndefined();
	});

	test('no changes, where the cloud has told nobody its time', () => {
		expect(asked('nova', 'changed')).toBeUndefined();
	});
});
