import fc from 'fast-check';

import { parseServerId } from '../../../../nodes/cloud/api/requests';

const ID = '616fb98f-46ca-475e-917e-2563e5a8cd19';

describe('a server ID', () => {
	test.each([ID, ID.toUpperCase(), ` ${ID}\n`])('%j is one', (value) => {
		expect(parseServerId(value)).toBe(ID);
	});

	test.each([
		[undefined],
		[null],
		[''],
		[7],
		[{}],
		['web-1'],
		[ID.replaceAll('-', '')],
		[`${ID}/action`],
		[`../${ID}`],
		[`${ID}?x=1`],
		[`${ID}\n${ID}`],
		[`{${ID}}`],
		[ID.slice(1)],
		[`g${ID.slice(1)}`],
	])('%j is none', (value) => {
		expect(parseServerId(value)).toBeUndefined();
	});

	test('never brings anything into a path but hex digits and dashes', () => {
		fc.assert(
			fc.property(fc.oneof(fc.string(), fc.uuid(), fc.anything()), (value) => {
				const id = parseServerId(value);
				expect(id === undefined || /^[0-9a-f-]{36}$/.test(id)).toBe(true);
			}),
		);
	});
});
