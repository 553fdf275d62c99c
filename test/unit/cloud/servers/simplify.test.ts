import fc from 'fast-check';

import type { Row } from '../../../../nodes/cloud/session/reader';
import { toServer } from '../../../../nodes/cloud/api/server';
import { raw, simplify } from '../../../../nodes/cloud/servers/simplify';
import { server } from '../../servers';

function rowOf(more: Record<string, unknown>): Row {
	const json = server(1, more);
	const read = toServer(json);
	if (!read) throw new Error('Not a server');
	return { kind: 'row', server: read, json };
}

const FULL = {
	addresses: {
		net: [{ addr: '10.0.0.5', version: 4 }, { addr: 'fd00::5' }],
		public: [{ addr: '80.158.1.2' }],
	},
	flavor: { id: 's3.large.2', links: [] },
	'OS-EXT-AZ:availability_zone': 'eu-de-01',
	created: '2026-01-02T03:04:05Z',
	tags: ['env=test', 'nightly'],
	locked: true,
	'OS-EXT-SRV-ATTR:user_data': 'c2VjcmV0',
	metadata: { a: 'b' },
};

const isText = (value: unknown) => typeof value === 'string' && value !== '[object Object]';
const areTexts = (value: unknown) => Array.isArray(value) && value.every(isText);

describe('Simplify shows', () => {
	test('what people work with, the most useful first, in no more than ten fields', () => {
		const simple = simplify(rowOf(FULL));
		expect(Object.entries(simple)).toEqual([
			['id', '00000000-0000-4000-8000-000000000001'],
			['name', 'web-1'],
			['status', 'ACTIVE'],
			['addresses', ['10.0.0.5', 'fd00::5', '80.158.1.2']],
			['flavor', 's3.large.2'],
			['zone', 'eu-de-01'],
			['created', '2026-01-02T03:04:05Z'],
			['tags', ['env=test', 'nightly']],
			['locked', true],
		]);
	});

	test('the same fields where the cloud says little: null is what it does not say', () => {
		expect(simplify(rowOf({ name: null }))).toEqual({
			id: '00000000-0000-4000-8000-000000000001',
			name: null,
			status: 'ACTIVE',
			addresses: [],
			flavor: null,
			zone: null,
			created: null,
			tags: null,
			locked: null,
		});
	});

	test('the name of a flavor where the cloud gives no ID (from 2.47)', () => {
		expect(simplify(rowOf({ flavor: { original_name: 'm1.small', vcpus: 1 } }))).toMatchObject({
			flavor: 'm1.small',
		});
	});

	test('that there are none, and not null, where the cloud says so', () => {
		const said = { addresses: {}, tags: [], locked: false };
		expect(simplify(rowOf(said))).toMatchObject({ addresses: [], tags: [], locked: false });
	});

	test.each<[string, unknown, unknown]>([
		['name', {}, null],
		['addresses', 'none', []],
		['addresses', { net: 'none', other: [null, 7, {}, { addr: '' }] }, []],
		['addresses', [[{}]], []],
		['addresses', { net: [{ addr: {} }, { addr: '10.0.0.5' }] }, ['10.0.0.5']],
		['flavor', 's3', null],
		['flavor', null, null],
		['flavor', {}, null],
		['flavor', { id: {} }, null],
		['flavor', { id: '', original_name: 'm1.small' }, 'm1.small'],
		['OS-EXT-AZ:availability_zone', '', null],
		['OS-EXT-AZ:availability_zone', {}, null],
		['created', 1_767_323_045, null],
		['tags', 'env=test', null],
		['tags', { env: 'test' }, null],
		['tags', [1, null, {}, 'nightly'], ['nightly']],
		['locked', 'true', null],
	])('something of the right kind, whatever stands in %s (%j)', (name, value, shown) => {
		const field = name === 'OS-EXT-AZ:availability_zone' ? 'zone' : name;
		const simple = simplify(rowOf({ [name]: value }));
		expect(Object.keys(simple)).toHaveLength(9);
		expect(simple[field]).toEqual(shown);
	});

	test('never more than the nine fields, whatever a cloud sends', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (more) => {
				expect(Object.keys(simplify(rowOf({ ...more, id: 'x', status: 'ACTIVE' })))).toHaveLength(
					9,
				);
			}),
			{ numRuns: 500 },
		);
	});

	test('texts, lists of texts, a truth or null in them, whatever a cloud sends', () => {
		const value = fc.oneof(fc.anything(), fc.array(fc.anything()), fc.object());
		const json = fc.record({
			name: value,
			addresses: value,
			flavor: fc.oneof(value, fc.record({ id: value, original_name: value })),
			'OS-EXT-AZ:availability_zone': value,
			created: value,
			tags: value,
			locked: value,
		});
		fc.assert(
			fc.property(json, (more) => {
				const { addresses, tags, locked, ...texts } = simplify(rowOf(more));
				for (const text of Object.values(texts)) expect(isText(text) || text === null).toBe(true);
				expect(areTexts(addresses)).toBe(true);
				expect(areTexts(tags) || tags === null).toBe(true);
				expect(typeof locked === 'boolean' || locked === null).toBe(true);
			}),
			{ numRuns: 500 },
		);
	});
});

describe('user data, which may hold secrets, is never shown', () => {
	test.each([
		['simplified', simplify],
		['raw', raw],
	])('%s', (_, show) => {
		expect(JSON.stringify(show(rowOf(FULL)))).not.toContain('c2VjcmV0');
	});

	test('and all else is, without Simplify', () => {
		const row = rowOf(FULL);
		const { 'OS-EXT-SRV-ATTR:user_data': hidden, ...rest } = row.json;
		expect(raw(row)).toEqual(rest);
		expect(row.json['OS-EXT-SRV-ATTR:user_data']).toBe(hidden);
	});
});
