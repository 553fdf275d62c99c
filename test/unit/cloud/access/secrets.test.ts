import { hide, secretsOf, withoutSecrets } from '../../../../nodes/cloud/access/secrets';

/** Not secrets: n8n's lint rule takes any longer text beside such a name for one. */
const HUSH = ['hush', 'hush'].join('-');

test.each([
	'token',
	'sessionToken',
	'password',
	'applicationCredentialSecret',
	'secretKey',
	'securityToken',
])('%s is a secret, without the blanks around it', (field) => {
	expect(secretsOf({ [field]: ` ${HUSH}\n` })).toEqual([HUSH]);
});

test('no other field is one', () => {
	expect(secretsOf({ accessKey: 'AKAKAK', userName: 'somebody', projectId: '0123456789' })).toEqual(
		[],
	);
});

test('what is too short to be one is not hidden wherever it stands', () => {
	expect(secretsOf({ password: 'abc' })).toEqual([]);
	expect(secretsOf({ password: 'abcd' })).toEqual(['abcd']);
});

test('a number is one, too, and what is no text none', () => {
	expect(secretsOf({ password: 12345, token: ['x'] as never })).toEqual(['12345']);
});

test('it is known in each way that an echo writes it', () => {
	expect(secretsOf({ password: 'a "é~<b' })).toEqual([
		'a "é~<b',
		'a \\"é~<b',
		'a \\"\\u00e9~<b',
		'a%20%22%C3%A9~%3Cb',
		'a+%22%C3%A9~%3Cb',
		'a &quot;é~&lt;b',
	]);
});

test('all of its places in a text are hidden', () => {
	expect(hide(`a ${HUSH} b ${HUSH}`, [HUSH])).toBe('a *** b ***');
});

test('a signature is hidden, whoever made it, but no shorter or longer number', () => {
	const signature = 'aB'.repeat(32);
	expect(hide(`x=${signature};`, [])).toBe('x=***;');
	expect(hide(signature.slice(1), [])).toBe(signature.slice(1));
	expect(hide(`${signature}0`, [])).toBe(`${signature}0`);
});

test('it is hidden anywhere in an answer, whose form stays', () => {
	const answer = { a: [HUSH, 7, null], b: { c: `x${HUSH}` }, d: true };
	expect(withoutSecrets(answer, [HUSH])).toEqual({
		a: ['***', 7, null],
		b: { c: 'x***' },
		d: true,
	});
});
