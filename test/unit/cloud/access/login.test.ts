import type { IDataObject, IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';

import { InvalidCredential } from '../../../../nodes/cloud/access/account';
import type { Answered } from '../../../../nodes/cloud/api/answer';
import { KNOWN_CLOUDS } from '../../../../nodes/cloud/access/clouds';
import {
	currentSession,
	login,
	LoginFailed,
	loginMark,
	loginRequest,
	readLogin,
} from '../../../../nodes/cloud/access/login';
import {
	answered,
	CHOICES,
	gateway,
	HTML_502,
	KEYSTONE_401,
	NO_SUCH_ROUTE,
	nova,
} from '../../answers';

const PROJECT = '77b6a44cba5143ab91d13ab9a8ff44fd';
/** Not secrets: n8n's lint rule takes any longer text beside such a name for one. */
const PASS = ['pa"ss', 'wörd '].join(' ');
const APP_PASS = ['app', 'hush', 'hush'].join('-');
const SESSION = ['MIIF', 'session'].join('-');
const CREDENTIAL: IDataObject = {
	cloud: 'otc-eu-de',
	loginMethod: 'password',
	domainName: 'OTC00000000001000000447',
	userName: 'n8n',
	password: PASS,
	projectId: PROJECT,
};
const APPLICATION: IDataObject = {
	cloud: 'otc-eu-de',
	loginMethod: 'applicationCredential',
	applicationCredentialId: 'app-id',
	applicationCredentialSecret: APP_PASS,
	projectId: PROJECT,
};
const CUSTOM: IDataObject = {
	...CREDENTIAL,
	cloud: 'custom',
	ecsEndpoint: 'https://nova.example.com',
	iamEndpoint: 'https://keystone.example.com:5000',
};
const HOST = 'iam.eu-de.otc.t-systems.com';

type Credential = Parameters<typeof loginRequest>[0];
const requestOf = (credential: IDataObject) => loginRequest(credential as Credential);
const markOf = (credential: IDataObject) => loginMark(credential as Credential);
const sessionOf = (credential: IDataObject) => currentSession(credential as Credential);

/** A login that IAM answers so, and what was sent. */
async function loginWith(reply: () => unknown, credential: IDataObject = CREDENTIAL) {
	const requests: IHttpRequestOptions[] = [];
	const helpers = {
		async httpRequest(request: IHttpRequestOptions) {
			requests.push(request);
			return reply();
		},
	} as unknown as IHttpRequestHelper['helpers'];
	const result = await login(helpers, credential as Credential).catch((error: unknown) => error);
	return { result, requests };
}

const replying = (answer: Answered) =>
	loginWith(() => ({ statusCode: answer.status, headers: answer.headers, body: answer.body }));

function failureOf(answer: Answered): LoginFailed {
	let thrown: unknown;
	try {
		readLogin(answer, HOST);
	} catch (error) {
		thrown = error;
	}
	expect(thrown).toBeInstanceOf(LoginFailed);
	return thrown as LoginFailed;
}

/** All that a person, or a log, may get to see of an error. */
const shown = (error: LoginFailed) =>
	[error.message, error.stack, JSON.stringify(error), JSON.stringify(error.fault)].join('\n');

describe('what is asked of IAM', () => {
	test('with a password: a token for the project', () => {
		expect(requestOf(CREDENTIAL).body).toEqual({
			auth: {
				identity: {
					methods: ['password'],
					password: {
						user: { domain: { name: 'OTC00000000001000000447' }, name: 'n8n', password: PASS },
					},
				},
				scope: { project: { id: PROJECT } },
			},
		});
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
		expect(requestOf({ ...CREDENTIAL, ...typed, projectId: ` ${PROJECT} ` }).body).toEqual({
			auth: {
				identity: {
					methods: ['password'],
					password: { user: { domain: { name: 'domain' }, name: 'user', password: ' secret ' } },
				},
				scope: { project: { id: PROJECT } },
			},
		});
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
			expect(ask).toThrow(iamEndpoint?.startsWith('http:') ? /plain http/ : /'IAM Endpoint'/);
		},
	);

	test('plain http is allowed where the user says so', () => {
		const allowed = { ...CUSTOM, iamEndpoint: 'http://keystone.example.com', allowHttp: true };
		expect(requestOf(allowed).url).toBe('http://keystone.example.com/v3/auth/tokens');
	});
});

describe('a field that is missing', () => {
	test.each([
		[CREDENTIAL, 'domainName', 'Account Name'],
		[CREDENTIAL, 'userName', 'User Name'],
		[CREDENTIAL, 'password', 'Password'],
		[CREDENTIAL, 'projectId', 'Project ID'],
		[APPLICATION, 'applicationCredentialId', 'Application Credential ID'],
		[APPLICATION, 'applicationCredentialSecret', 'Application Credential Secret'],
		[APPLICATION, 'projectId', 'Project ID'],
		[CUSTOM, 'ecsEndpoint', 'ECS Endpoint'],
	])('%# is named, and nothing is sent', async (credential, field, title) => {
		for (const value of ['', ' \n', undefined, null, {}]) {
			const ask = () => requestOf({ ...credential, [field]: value });
			expect(ask).toThrow(InvalidCredential);
			expect(ask).toThrow(`'${title}' in the credential is empty`);
		}
		const { result, requests } = await loginWith(() => '', { ...credential, [field]: '' });
		expect(result).toBeInstanceOf(InvalidCredential);
		expect(requests).toEqual([]);
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

describe('a login', () => {
	test('gives the two fields that hold the session', async () => {
		const { result, requests } = await replying(
			answered(201, { token: {} }, { 'x-subject-token': SESSION }),
		);
		expect(result).toEqual({ sessionToken: SESSION, sessionTokenOwner: markOf(CREDENTIAL) });
		expect(requests).toEqual([requestOf(CREDENTIAL)]);
	});

	test('its session is the one that is used from then on', async () => {
		const { result } = await replying(answered(201, '', { 'x-subject-token': SESSION }));
		expect(sessionOf({ ...CREDENTIAL, ...(result as IDataObject) })).toBe(SESSION);
	});

	test('is tried once, whatever comes back', async () => {
		for (const status of [201, 302, 400, 401, 403, 404, 429, 500, 503]) {
			const { result, requests } = await replying(answered(status));
			expect(result).toBeInstanceOf(LoginFailed);
			expect(requests).toHaveLength(1);
		}
	});

	test('has no response of its own: n8n would log in a second time on a 401', async () => {
		const { result } = await replying(answered(401, KEYSTONE_401));
		expect(result).not.toHaveProperty('response');
		expect(result).toHaveProperty('name', 'LoginFailed');
	});
});

describe('an answer of IAM', () => {
	test('is a token', () => {
		expect(readLogin(answered(201, '', { 'x-subject-token': SESSION }), HOST)).toBe(SESSION);
		expect(readLogin(answered(201, '', { 'x-subject-token': [SESSION] }), HOST)).toBe(SESSION);
	});

	const REFUSED = `the login at ${HOST} was refused`;
	const NO_IAM = `there is no IAM service (Keystone v3) at ${HOST}`;
	const AWAY = `the login at ${HOST} is not available`;
	const SLOW = `the login at ${HOST} was asked to slow down`;
	const APP_404 = {
		error: { code: 404, message: 'Could not find Application Credential: x.', title: 'Not Found' },
	};
	const API_404 = { message: 'API not found', request_id: 'x' };
	const AWAY_FROM = `the login at ${HOST} did not get there`;
	const PROXY = `${AWAY_FROM}: a proxy or firewall between n8n and the cloud refused the request`;
	const PROXY_LOGIN = `${AWAY_FROM}: the proxy between n8n and the cloud wants a login of its own`;
	const FLASK_404 = '<!doctype html>\n<html lang=en>\n<title>404 Not Found</title>';

	test.each<[string, Answered, string, boolean, string]>([
		['201 without a token', answered(201, { token: {} }), 'invalidInput', true, NO_IAM],
		[
			'201 with an empty one',
			answered(201, '', { 'x-subject-token': '' }),
			'invalidInput',
			true,
			NO_IAM,
		],
		[
			'200, with a token',
			answered(200, '', { 'x-subject-token': SESSION }),
			'invalidInput',
			true,
			NO_IAM,
		],
		['200, a page', answered(200, '<html>Welcome'), 'invalidInput', true, NO_IAM],
		['204', answered(204), 'invalidInput', true, NO_IAM],
		['300 of Nova', answered(300, CHOICES), 'invalidInput', true, NO_IAM],
		['302', answered(302, '', { location: 'https://x.example' }), 'invalidInput', true, NO_IAM],
		['308', answered(308), 'invalidInput', true, NO_IAM],
		[
			'404 of a service that has no such page',
			answered(404, FLASK_404),
			'invalidInput',
			true,
			NO_IAM,
		],
		['404 of a web framework', answered(404, NO_SUCH_ROUTE), 'invalidInput', true, NO_IAM],
		['405', answered(405, { message: 'The method is not allowed' }), 'invalidInput', true, NO_IAM],
		['a page with 403', answered(403, '<html>Blocked'), 'unreachable', true, PROXY],
		['403 without a word', answered(403), 'unreachable', true, PROXY],
		['407', answered(407), 'unreachable', true, PROXY_LOGIN],
		['503 of a proxy', answered(503, '', {}), 'unreachable', false, PROXY],
		['404 of OTC’s gateway', answered(404, API_404), 'invalidInput', true, NO_IAM],
		['404 with its code', answered(404, gateway('APIGW.0101')), 'invalidInput', true, NO_IAM],
		['404 of Kong', answered(404, { message: 'no Route' }), 'invalidInput', true, NO_IAM],
		['404 of Nova', answered(404, nova(404, 'itemNotFound')), 'invalidInput', true, NO_IAM],
		['404 without a word', answered(404), 'invalidInput', true, NO_IAM],
		[
			'400',
			answered(400, { error: { code: 400, message: 'Expecting' } }),
			'unauthorized',
			true,
			REFUSED,
		],
		['401', answered(401, KEYSTONE_401), 'unauthorized', true, REFUSED],
		['401 without a word', answered(401), 'unauthorized', true, REFUSED],
		['401 of the gateway', answered(401, gateway('IAM.0061')), 'unauthorized', true, REFUSED],
		['403', answered(403, gateway('IAM.0080')), 'unauthorized', true, REFUSED],
		['404, no such application credential', answered(404, APP_404), 'unauthorized', true, REFUSED],
		['408', answered(408), 'unavailable', false, AWAY],
		['429', answered(429, gateway('APIGW.0308')), 'throttled', false, SLOW],
		['500', answered(500, { error: { code: 500, message: 'oops' } }), 'unavailable', false, AWAY],
		['502, a page', answered(502, HTML_502), 'unavailable', false, AWAY],
		['503', answered(503), 'unavailable', false, AWAY],
		['504', answered(504), 'unavailable', false, AWAY],
	])('%s', (_, answer, reason, final, why) => {
		const error = failureOf(answer);
		expect(error).toMatchObject({ reason, final, fault: { explanation: { why } } });
		expect(error.message.toLowerCase().startsWith(why.toLowerCase())).toBe(true);
		expect(error.fault.httpStatus).toBe(answer.status);
		expect(error.fault.explanation?.hint).toBeTruthy();
		expect(error.retryAfterMs).toBeUndefined();
	});

	test.each([
		['a receipt', answered(401, KEYSTONE_401, { 'openstack-auth-receipt': 'gAAA' })],
		['the methods', answered(401, { receipt: {}, required_auth_methods: [['password', 'totp']] })],
		['words', answered(401, gateway('IAM.0001', 'The request needs mfa totp verification'))],
	])('asks for a second factor: %s', (_, answer) => {
		const { reason, final, fault } = failureOf(answer);
		expect([reason, final]).toEqual(['unauthorized', true]);
		expect(fault.explanation?.why).toMatch(/second factor/);
		expect(fault.explanation?.hint).toMatch(/application credential.*access key/);
	});

	test('429 says when to come back', () => {
		const error = failureOf(answered(429, '', { 'retry-after': '17' }));
		expect(error).toMatchObject({ reason: 'throttled', final: false, retryAfterMs: 17_000 });
	});

	test('keeps the words, the code and the id that IAM gave', () => {
		const { fault, message } = failureOf(
			answered(401, gateway('IAM.0062', 'Wrong password'), { 'x-openstack-request-id': 'req-1' }),
		);
		expect(fault).toMatchObject({
			httpStatus: 401,
			code: 'IAM.0062',
			message: 'Wrong password',
			requestId: 'req-1',
		});
		expect(message).toBe(
			'The login at iam.eu-de.otc.t-systems.com was refused: Wrong password. The password is wrong: correct it in the credential before the user gets locked',
		);
	});

	test.each([
		[401, 'IAM.0061', /locked.*15 minutes/],
		[401, 'IAM.0062', /password is wrong/],
		[401, 'IAM.0066', /expired/],
		[403, 'IAM.0080', /disabled/],
		[403, 'IAM.0081', /console only/],
		[403, 'IAM.0082', /disabled/],
		[401, 'IAM.9999', /account \(domain\) name/],
		[401, '', /five refused logins/],
	])('%i %s says what to do', (status, code, hint) => {
		expect(failureOf(answered(status, gateway(code))).fault.explanation?.hint).toMatch(hint);
	});
});

describe('no answer of IAM', () => {
	const networkError = (fields: object, message = 'socket hang up') =>
		Object.assign(new Error(message), fields);

	test.each([
		['a code', networkError({ code: 'ECONNRESET' }), 'ECONNRESET'],
		[
			'the code of the cause, which n8n wraps',
			networkError({ code: 'X', cause: { code: 'ETIMEDOUT' } }),
			'ETIMEDOUT',
		],
		['no code', networkError({}), 'UNKNOWN'],
	])('may be tried again: %s', async (_, error, code) => {
		const { result } = await loginWith(() => {
			throw error;
		});
		expect(result).toBeInstanceOf(LoginFailed);
		expect(result).toMatchObject({
			reason: 'unreachable',
			final: false,
			fault: {
				code,
				message: 'socket hang up',
				explanation: { why: `the login at ${HOST} got no answer` },
			},
		});
	});

	test.each([
		['DEPTH_ZERO_SELF_SIGNED_CERT', /NODE_EXTRA_CA_CERTS/],
		['CERT_HAS_EXPIRED', /has expired/],
		['ERR_TLS_CERT_ALTNAME_INVALID', /another host name/],
	])('is final where the certificate is to blame: %s', async (code, hint) => {
		const { result } = await loginWith(() => {
			throw networkError({ code }, 'no trust');
		});
		expect(result).toMatchObject({
			reason: 'unreachable',
			final: true,
			fault: { code, explanation: { hint: expect.stringMatching(hint) as string } },
		});
	});

	test('is told in one line', async () => {
		const { result } = await loginWith(() => {
			throw networkError({ code: 'EPROTO' }, 'write EPROTO:\nwrong version number:\n');
		});
		expect(result).toMatchObject({
			final: false,
			fault: { message: 'write EPROTO: wrong version number' },
		});
	});

	test('names the host with its port', async () => {
		const { result } = await loginWith(() => {
			throw networkError({ code: 'ENOTFOUND' });
		}, CUSTOM);
		expect((result as Error).message).toContain('keystone.example.com:5000');
	});
});

describe('secrets', () => {
	test.each([
		['password', CREDENTIAL, PASS],
		['application credential', APPLICATION, APP_PASS],
	])('are in no message: %s', async (_, credential, secret) => {
		for (const status of [201, 302, 400, 401, 403, 404, 408, 429, 500]) {
			const { result } = await loginWith(
				() => ({ statusCode: status, headers: {}, body: KEYSTONE_401 }),
				credential,
			);
			expect(shown(result as LoginFailed)).not.toContain(secret.trim());
		}
	});

	test.each([
		['password', CREDENTIAL, PASS],
		['application credential', APPLICATION, APP_PASS],
	])('are not repeated where IAM echoes them: %s', async (_, credential, secret) => {
		for (const body of [gateway('IAM.1', `refused ${secret}!`), `refused ${secret}!`]) {
			const { result } = await loginWith(
				() => ({ statusCode: 400, headers: {}, body }),
				credential,
			);
			expect(shown(result as LoginFailed)).not.toContain(secret.trim());
		}
	});
});

describe('the mark of a login', () => {
	test('tells nothing about the secrets in it', () => {
		expect(markOf(CREDENTIAL)).toMatch(/^[0-9a-f]{64}$/);
	});

	test.each([
		['cloud', CREDENTIAL, { cloud: 'otc-eu-nl' }],
		['projectId', CREDENTIAL, { projectId: 'other' }],
		['domainName', CREDENTIAL, { domainName: 'other' }],
		['userName', CREDENTIAL, { userName: 'other' }],
		['password', CREDENTIAL, { password: 'other' }],
		['a blank in the password', CREDENTIAL, { password: PASS.trim() }],
		['loginMethod', { ...APPLICATION, ...CREDENTIAL }, { loginMethod: 'applicationCredential' }],
		['applicationCredentialId', APPLICATION, { applicationCredentialId: 'other' }],
		['applicationCredentialSecret', APPLICATION, { applicationCredentialSecret: 'other' }],
		['iamEndpoint', CUSTOM, { iamEndpoint: 'https://other.example.com' }],
	])('changes with %s', (_, credential, change) => {
		expect(markOf({ ...credential, ...change })).not.toBe(markOf(credential));
	});

	test.each<[string, IDataObject, IDataObject]>([
		['the session itself', CREDENTIAL, { sessionToken: 'x', sessionTokenOwner: 'y' }],
		['blanks around a name', CREDENTIAL, { domainName: ' OTC00000000001000000447\n' }],
		['blanks around the project', CREDENTIAL, { projectId: ` ${PROJECT}` }],
		['the other method', CREDENTIAL, { applicationCredentialId: 'x' }],
		['the endpoints of another cloud', CREDENTIAL, { iamEndpoint: 'https://other.example.com' }],
		['the ECS endpoint', CUSTOM, { ecsEndpoint: 'https://other.example.com' }],
		[
			'another way to write the endpoint',
			CUSTOM,
			{ iamEndpoint: ' https://KEYSTONE.example.com:5000/v3/' },
		],
		['certificates', CUSTOM, { allowUnauthorizedCerts: true }],
		['plain http', CUSTOM, { allowHttp: true }],
		['a field of n8n', CREDENTIAL, { allowedHttpRequestDomains: 'all' }],
	])('stays with another value of %s', (_, credential, change) => {
		expect(markOf({ ...credential, ...change })).toBe(markOf(credential));
	});

	test('does not take two fields for another two', () => {
		const one = markOf({ ...CREDENTIAL, domainName: 'a', userName: 'bc' });
		expect(markOf({ ...CREDENTIAL, domainName: 'ab', userName: 'c' })).not.toBe(one);
	});
});

describe('the stored session', () => {
	const stored = (credential: IDataObject, more: IDataObject = {}) => ({
		...credential,
		sessionToken: SESSION,
		sessionTokenOwner: markOf(credential),
		...more,
	});

	test.each([CREDENTIAL, APPLICATION, CUSTOM])('is used (%#)', (credential) => {
		expect(sessionOf(stored(credential))).toBe(SESSION);
	});

	test.each([
		{ password: 'other' },
		{ userName: 'other' },
		{ projectId: 'other' },
		{ cloud: 'otc-eu-nl' },
		{ sessionTokenOwner: 'of another login' },
	])('is not, after the credential was edited: %j', (change) => {
		expect(sessionOf(stored(CREDENTIAL, change))).toBe('');
	});

	test.each([undefined, '', null, 7])('is none: %j', (sessionToken) => {
		expect(sessionOf(stored(CREDENTIAL, { sessionToken }))).toBe('');
	});

	test.each([undefined, ''])('without a mark (%j) is used: whose it is cannot be told', (mark) => {
		expect(sessionOf(stored(CREDENTIAL, { sessionTokenOwner: mark }))).toBe(SESSION);
	});
});
