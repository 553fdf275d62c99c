import { BoundedMap } from '../../../../nodes/cloud/alarms/bounded-map';

it('forgets what is over its time', () => {
	const map = new BoundedMap<number>(10, 1_000);
	map.set('a', 1, 0);
	expect(map.get('a', 999)).toBe(1);
	expect(map.get('a', 1_000)).toBeUndefined();
});

it('forgets the oldest first when it is full', () => {
	const map = new BoundedMap<number>(2, 1_000);
	['a', 'b', 'a', 'c'].forEach((key, at) => map.set(key, at, at));
	expect(['a', 'b', 'c'].map((key) => map.get(key, 4))).toEqual([2, undefined, 3]);
});
