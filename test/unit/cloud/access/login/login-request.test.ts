import type { IDataObject } from 'n8n-workflow';

import { InvalidCredential } from '../../../../../nodes/cloud/access/account';
import { KNOWN_CLOUDS } from '../../../../../nodes/cloud/access/clouds';
import { loginRequest } from '../../../../../nodes/cloud/access/login/login-request';
import { APP_PASS, APPLICATION, CREDENTIAL, CUSTOM, PASS, PROJECT } from './logins';

type Credential = Parameters<typeof loginRequest>[0];
const requestOf = (credential: IDataObject) => loginRequest(credential as Credential);

/** For a token of this user, in the project. */
const asking = (user: object) => ({
	auth: {
		identity: { methods: ['password'], password: { user } },
		scope: { project: { id: PROJECT } },
	},
});

describe('what is asked of IAM', () => {
	test('with a password: a token for the project', () => {
		expect(requestOf(CREDENTIAL).body).toEqual(
			asking({ domain: { name: 'OTC00000000001000000447' }, name: 'n8n', password: PASS }),
		);
	});

	test('with an application credential: no scope, which Keystone would refuse', () => {
		expect(requestOf(APPLICATION).body).toEqual({
			auth: {
				identity: {
					methods: ['application_credential'],
					application_credential: { id: 'app-id', secret: APP_PASS },
				},
			},
		});
	});

	test('what was typed for the other method plays no part', () => {
		const both = { ...APPLICATION, ...CREDENTIAL };
		expect(requestOf(both)).toEqual(requestOf(CREDENTIAL));
		expect(requestOf({ ...both, loginMethod: 'applicationCredential' })).toEqual(
			requestOf(APPLICATION),
		);
	});

	test.each(['', ' ', undefined])(
		'the domain %j of a cloud of your own is Default, as its operator made no other',
		(domainName) => {
			expect(requestOf({ ...CUSTOM, domainName }).body).toMatchObject({
				auth: { identity: { password: { user: { domain: { name: 'Default' } } } } },
			});
		},
	);

	test.each([
		['OTC00000000001000000447', { name: 'OTC00000000001000000447' }],
		['Default', { name: 'Default' }],
		['default', { id: 'default' }],
		['d78cbac186b744899480f25bd022f468', { id: 'd78cbac186b744899480f25bd022f468' }],
		['d78cbac186b744899480f25bd022f46', { name: 'd78cbac186b744899480f25bd022f46' }],
	])('an account by its ID where %s looks like one, else by its name', (domainName, domain) => {
		expect(requestOf({ ...CREDENTIAL, domainName }).body).toMatchObject({
			auth: { identity: { password: { user: { domain } } } },
		});
	});

	test('names without the blanks around them, secrets with them', () => {
		const typed = { domainName: ' domain\n', userName: '\tuser ', password: ' secret ' };
		expect(requestOf({ ...CREDENTIAL, ...typed, projectId: ` ${PROJECT} ` }).body).toEqual(
			asking({ domain: { name: 'domain' }, name: 'user', password: ' secret ' }),
		);
		const pasted = { applicationCredentialId: ' id ', applicationCredentialSecret: ' s ' };
		expect(requestOf({ ...APPLICATION, ...pasted }).body).toMatchObject({
			auth: { identity: { application_credential: { id: 'id', secret: ' s ' } } },
		});
	});

	test('once, without the catalog, without redirects, and not for ever', () => {
		const request = requestOf(CREDENTIAL);
		expect(request).toMatchObject({
			method: 'POST',
			json: true,
			qs: { nocatalog: 'true' },
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: 30_000,
		});
		expect(JSON.stringify({ ...request, body: '' })).not.toContain(PASS);
	});

	test.each([
		[{ ...CUSTOM }, false],
		[{ ...CUSTOM, allowUnauthorizedCerts: true }, true],
		[{ ...CREDENTIAL, allowUnauthorizedCerts: true }, false],
	])('certificates are checked, but where the user says so (%#)', (credential, ignored) => {
		expect(requestOf(credential).skipSslCertificateValidation).toBe(ignored);
	});
});

describe('where IAM is', () => {
	test.each(KNOWN_CLOUDS.map(({ value, iamEndpoint }) => [value, iamEndpoint]))(
		'of %s is at %s',
		(cloud, endpoint) => {
			const { url } = requestOf({ ...CREDENTIAL, cloud, iamEndpoint: 'https://evil.example' });
			expect(url).toBe(`${endpoint}/v3/auth/tokens`);
		},
	);

	test.each([
		['https://keystone.example.com:5000', 'https://keystone.example.com:5000'],
		['https://keystone.example.com:5000/', 'https://keystone.example.com:5000'],
		['https://keystone.example.com:5000/v3', 'https://keystone.example.com:5000'],
		['https://keystone.example.com:5000/v3/', 'https://keystone.example.com:5000'],
		[' https://keystone.example.com/v3// \n', 'https://keystone.example.com'],
		['https://cloud.example.com/identity', 'https://cloud.example.com/identity'],
		['https://cloud.example.com/identity/v3', 'https://cloud.example.com/identity'],
		['https://keystone.example.com/v3/auth/tokens', 'https://keystone.example.com'],
		['https://cloud.example.com/identity/v3/auth/tokens/', 'https://cloud.example.com/identity'],
		['http://127.0.0.1:5000/v3', 'http://127.0.0.1:5000'],
	])('of a cloud of your own: %j', (iamEndpoint, base) => {
		expect(requestOf({ ...CUSTOM, iamEndpoint }).url).toBe(`${base}/v3/auth/tokens`);
	});

	test.each(['', '  ', undefined, 'keystone.example.com', 'http://keystone.example.com'])(
		'%j is nowhere, and the message names the field',
		(iamEndpoint) => {
			const ask = () => requestOf({ ...CUSTOM, iamEndpoint });
			expect(ask).toThrow(InvalidCredential);
			expect(ask).toThrow(iamEndpoint?.startsWith('http:') ? /plain http/ : /'Identity Endpoint'/);
		},
	);

	test('an empty field is told with an example', () => {
		expect(() => requestOf({ ...CUSTOM, iamEndpoint: '' })).toThrow(
			"'Identity Endpoint' in the credential is empty: for example https://keystone.example.com:5000",
		);
	});

	test('plain http is allowed where the user says so', () => {
		const allowed = { ...CUSTOM, iamEndpoint: 'http://keystone.example.com', allowHttp: true };
		expect(requestOf(allowed).url).toBe('http://keystone.example.com/v3/auth/tokens');
	});
});

test('numbers that expressions give are texts', () => {
	const { body } = requestOf({ ...CREDENTIAL, userName: 4711, password: 1234, projectId: 123 });
	expect(body).toMatchObject({
		auth: {
			identity: { password: { user: { name: '4711', password: '1234' } } },
			scope: { project: { id: '123' } },
		},
	});
});

test.each([null, '', 'Password', 7])('%j is no login method', (loginMethod) => {
	const ask = () => requestOf({ ...CREDENTIAL, loginMethod });
	expect(ask).toThrow(InvalidCredential);
	expect(ask).toThrow("'Login Method'");
});
