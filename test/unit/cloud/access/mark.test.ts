import { markOf } from '../../../../nodes/cloud/access/mark';

const FIELDS = { cloud: 'otc-eu-de', projectId: 'p' };
const mark = (fields: object, type = 'login') => markOf(type, { ...fields });

test('a credential is the same in whatever order its fields come', () => {
	expect(mark({ projectId: 'p', cloud: 'otc-eu-de' })).toBe(mark(FIELDS));
});

test.each(['sessionToken', 'sessionTokenOwner'])(
	'%s, which a login changes, is no part',
	(name) => {
		expect(mark({ ...FIELDS, [name]: 'x' })).toBe(mark(FIELDS));
	},
);

test('any other field makes another credential', () => {
	expect(mark({ ...FIELDS, projectId: 'q' })).not.toBe(mark(FIELDS));
	expect(mark({ ...FIELDS, userName: 'x' })).not.toBe(mark(FIELDS));
});

test('so does another type', () => {
	expect(mark(FIELDS, 'token')).not.toBe(mark(FIELDS));
});

test('no field can be read from it', () => {
	expect(mark(FIELDS)).toMatch(/^[0-9a-f]{64}$/);
});
