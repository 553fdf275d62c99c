import fc from 'fast-check';

import { afterLastOf, byNumber } from '../../../../../nodes/cloud/api/ecs-v1/paging';

describe('by the number of the page', () => {
	test('the first page needs none', () => {
		expect(byNumber.query(100)).toEqual({});
	});

	test('a page of another length goes on where the last one ended, or before', () => {
		expect(byNumber.follows({ length: 50, count: 5000, limit: 50 })).toEqual({
			more: true,
			next: '50',
			total: 5000,
		});
		expect(byNumber.query(1000, '50')).toEqual({});
		expect(byNumber.query(1000, '2000')).toEqual({ offset: '3' });
	});

	test.each([
		['shorter than asked for', { length: 99, count: undefined, limit: 100 }],
		['that completes the count', { length: 100, count: 300, limit: 100, after: '200' }],
	])('a page %s is the last', (_, come) => {
		expect(byNumber.follows(come)).toEqual({ more: false, total: come.count });
	});

	test('no server is left out, however the length of the pages changes', () => {
		const lengths = fc.array(fc.integer({ min: 10, max: 1000 }), { minLength: 60, maxLength: 60 });
		fc.assert(
			fc.property(fc.integer({ min: 0, max: 600 }), lengths, (count, limits) => {
				const seen = new Set<number>();
				let after: string | undefined;
				for (const limit of limits) {
					const { offset = '1' } = byNumber.query(limit, after);
					const start = (Number(offset) - 1) * limit;
					const length = Math.max(0, Math.min(limit, count - start));
					for (let index = 0; index < length; index += 1) seen.add(start + index);
					const { more, next } = byNumber.follows({ length, count, limit, after });
					if (!more) break;
					after = next;
				}
				expect(seen.size).toBe(count);
			}),
		);
	});
});

describe('after the last server of the page before', () => {
	test('goes on from its ID', () => {
		expect(afterLastOf.query(100)).toEqual({});
		expect(afterLastOf.query(100, 'id')).toEqual({ marker: 'id' });
	});

	test('as long as pages are full, or the first one holds all', () => {
		expect(afterLastOf.follows({ length: 100, count: 200, limit: 100 })).toEqual({ more: true });
		expect(afterLastOf.follows({ length: 100, count: 100, limit: 100 })).toEqual({ more: false });
		expect(afterLastOf.follows({ length: 9, count: 200, limit: 100 })).toEqual({ more: false });
		const later = { length: 100, count: 100, limit: 100, after: 'id' };
		expect(afterLastOf.follows(later)).toEqual({ more: true });
	});
});
