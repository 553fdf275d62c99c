import { redirectTarget } from '../../../../nodes/cloud/api/redirect';
import { answered } from '../../answers';

test.each([301, 302, 303, 307, 308])('%i leads to the host of its location', (status) => {
	const answer = answered(status, '', { location: 'https://iam.example.com/v3' });
	expect(redirectTarget(answer)).toBe('https://iam.example.com');
});

test.each([200, 201, 300, 304, 401])('%i leads nowhere', (status) => {
	const answer = answered(status, '', { location: 'https://iam.example.com/v3' });
	expect(redirectTarget(answer)).toBeUndefined();
});

test.each([
	['to another port', 'http://iam.example.com:5000/v3', 'http://iam.example.com:5000'],
	[
		'with a secret in it',
		'https://u:secret@sso.example.com/?token=secret#x',
		'https://sso.example.com',
	],
	['to another path', '/identity/v3', 'another address'],
	['in another scheme', 'javascript:alert(1)', 'another address'],
	['that cannot be read', 'https://', 'another address'],
	['without a location', undefined, 'another address'],
])('one %s', (_, location, target) => {
	expect(redirectTarget(answered(302, '', { location }))).toBe(target);
});
