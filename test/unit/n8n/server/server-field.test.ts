import { serverIdField, statusTitle } from '../../../../nodes/n8n/server/server-field';

test.each([
	['ACTIVE', 'Active'],
	['SHUTOFF', 'Shutoff'],
	['SHELVED_OFFLOADED', 'Shelved Offloaded'],
	['', ''],
])('a status is shown as people read it: %s', (status, title) => {
	expect(statusTitle(status)).toBe(title);
});

test('a server is picked from a list, or given by its ID or its name', () => {
	expect(serverIdField.modes?.map(({ name }) => name)).toEqual(['list', 'id', 'name']);
	expect(serverIdField.default).toEqual({ mode: 'list', value: '' });
	expect(serverIdField.required).toBe(true);
});

describe('the editor takes as an ID', () => {
	const byId = serverIdField.modes?.find(({ name }) => name === 'id');
	const [pattern] = (byId?.validation ?? []).flatMap((rule) =>
		typeof rule === 'object' ? [new RegExp((rule.properties as { regex: string }).regex)] : [],
	);
	const ID = '616fb98f-46ca-475e-917e-2563e5a8cd19';

	test.each([ID, ID.toUpperCase(), ` ${ID}\n`])('%j', (text) => {
		expect(text).toMatch(pattern);
	});

	test.each(['', 'web-1', `${ID}0`, `x${ID}`, ID.replaceAll('-', ''), `${ID} ${ID}`])(
		'but not %j',
		(text) => {
			expect(text).not.toMatch(pattern);
		},
	);
});
