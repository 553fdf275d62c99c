import type { IDataObject, IHttpRequestHelper, IHttpRequestOptions } from 'n8n-workflow';

import { InvalidCredential } from '../../../../../nodes/cloud/access/account';
import { login } from '../../../../../nodes/cloud/access/login/login';
import { LoginFailed } from '../../../../../nodes/cloud/access/login/login-answer';
import { loginRequest } from '../../../../../nodes/cloud/access/login/login-request';
import { currentSession, loginMark } from '../../../../../nodes/cloud/access/login/session-token';
import type { Answered } from '../../../../../nodes/cloud/api/answer';
import { answered, gateway, KEYSTONE_401 } from '../../../answers';
import { aLogin, APP_PASS, APPLICATION, CREDENTIAL, CUSTOM, HOST, PASS, SESSION } from './logins';

type Credential = Parameters<typeof loginRequest>[0];
const requestOf = (credential: IDataObject) => loginRequest(credential as Credential);
const markOf = (credential: IDataObject) => loginMark(credential as Credential);
const sessionOf = (credential: IDataObject) => currentSession(credential as Credential);

/** A login that IAM answers so, and what was sent. */
async function loginWith(
	reply: () => unknown,
	credential: IDataObject = CREDENTIAL,
	shared = aLogin(CREDENTIAL),
) {
	const requests: IHttpRequestOptions[] = [];
	const helpers = {
		async httpRequest(request: IHttpRequestOptions) {
			requests.push(request);
			return reply();
		},
	} as unknown as IHttpRequestHelper['helpers'];
	const result = await login(helpers, credential as Credential, shared).catch(
		(error: unknown) => error,
	);
	return { result, requests };
}

const replying = (answer: Answered) =>
	loginWith(() => ({ statusCode: answer.status, headers: answer.headers, body: answer.body }));

/** All that a person, or a log, may get to see of an error. */
const shown = (error: LoginFailed) =>
	[error.message, error.stack, JSON.stringify(error), JSON.stringify(error.fault)].join('\n');

describe('a field that is missing', () => {
	test.each([
		[CREDENTIAL, 'domainName', 'Account Name'],
		[CREDENTIAL, 'userName', 'User Name'],
		[CREDENTIAL, 'password', 'Password'],
		[CREDENTIAL, 'projectId', 'Project ID'],
		[APPLICATION, 'applicationCredentialId', 'Application Credential ID'],
		[APPLICATION, 'applicationCredentialSecret', 'Application Credential Secret'],
		[APPLICATION, 'projectId', 'Project ID'],
		[CUSTOM, 'ecsEndpoint', 'Compute Endpoint'],
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
