/** What is stored between two polls: small, and of no use where it does not fit. */
import type { Entry, Known } from '../../../../nodes/cloud/changes/known';
import {
	packEntries,
	packIds,
	unpackEntries,
	unpackIds,
} from '../../../../nodes/cloud/changes/pack';
import { fromState, toState } from '../../../../nodes/cloud/changes/state';
import { idOf } from '../../servers';
import { at, NOON, row, stock, time } from './stories';

const SCOPE = 'x'.repeat(64);

const known = stock([
	row(1, 'SHUTOFF'),
	row(2, 'ERROR', -3),
	row(3, 'ACTIVE', -1, { created: time(-1) }),
]);

/** So many servers that are off. */
function withOff(count: number): Known {
	return stock(Array.from({ length: count }, (_, index) => row(index, 'SHUTOFF')));
}

const sizeOf = (one: Known) => JSON.stringify(toState(SCOPE, one)).length;

test('it survives being stored', () => {
	expect(fromState(JSON.parse(JSON.stringify(toState('here', known))), 'here', false)).toEqual(
		known,
	);
});

test('every kind of entry does, with its second', () => {
	const kinds = ['off', 'failed', 'building', 'there', 'binned', 'deleted'] as const;
	const entries = new Map<string, Entry>(
		kinds.map((kind, index) => [idOf(index), { kind, at: NOON + index * 1000 }]),
	);

	expect(unpackEntries(packEntries(entries))).toEqual(entries);
});

test('a server takes 29 characters, an ID 22', () => {
	expect(packEntries(new Map([[idOf(1), { kind: 'off', at: at(0) }]]))).toHaveLength(29);
	expect(packIds(new Set([idOf(1), idOf(2)]))).toHaveLength(44);
	expect(unpackIds(packIds(new Set([idOf(1), idOf(2)])))).toEqual(new Set([idOf(1), idOf(2)]));
});

test.each([0, 100, 500])('with %i servers off it takes 32 bytes for each, and 250', (count) => {
	expect(sizeOf(withOff(count))).toBeLessThan(250 + 32 * count);
});

test('servers that run take nothing: 5,000 with 100 off are less than 4 kB', () => {
	const rows = Array.from({ length: 5_000 }, (_, index) =>
		row(index, index % 50 === 0 ? 'SHUTOFF' : 'ACTIVE'),
	);

	expect(sizeOf(stock(rows))).toBe(sizeOf(withOff(100)));
	expect(sizeOf(stock(rows))).toBeLessThan(4_000);
});

test.each([
	['of another scope', toState('there', known)],
	['of another version', { ...toState('here', known), version: 2 }],
	['whose servers are damaged', { ...toState('here', known), servers: 'x' }],
	['without a time', { ...toState('here', known), since: null }],
	['that is empty', {}],
	['that is none', 'here'],
])('one %s is not used', (_, state) => {
	expect(fromState(state, 'here', false)).toBeUndefined();
});

test('one without the IDs that are needed now is not used', () => {
	expect(fromState(toState('here', known), 'here', true)).toBeUndefined();
	expect(fromState(toState('here', { ...known, fitting: new Set() }), 'here', true)).toBeDefined();
});
