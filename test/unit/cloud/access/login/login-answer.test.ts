import { LoginFailed, readLogin } from '../../../../../nodes/cloud/access/login/login-answer';
import type { Answered } from '../../../../../nodes/cloud/api/answer';
import {
	answered,
	CHOICES,
	gateway,
	HTML_502,
	KEYSTONE_401,
	NO_SUCH_ROUTE,
	nova,
} from '../../../answers';
import { HOST, SESSION } from './logins';

function failureOf(answer: Answered, method?: string): LoginFailed {
	let thrown: unknown;
	try {
		readLogin(answer, HOST, method);
	} catch (error) {
		thrown = error;
	}
	expect(thrown).toBeInstanceOf(LoginFailed);
	return thrown as LoginFailed;
}

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
		[
			'302 to another host',
			answered(302, '', { location: 'https://x.example/v3?ticket=secret' }),
			'invalidInput',
			true,
			`the login at ${HOST} is redirected to https://x.example`,
		],
		[
			'308 without saying where to',
			answered(308),
			'invalidInput',
			true,
			`the login at ${HOST} is redirected to another address`,
		],
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
		[
			'404 with its code inside an error',
			answered(404, { error: { code: 'APIGW.0101', message: 'no' } }),
			'invalidInput',
			true,
			NO_IAM,
		],
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

	test.each([
		['password', /password, the account \(domain\) name and the user name.*swapped/],
		['applicationCredential', /ID and the secret of the application credential/],
	])('that refuses a login by %s says what to check of it', (method, hint) => {
		const { fault } = failureOf(answered(401, KEYSTONE_401), method);
		expect(fault.explanation?.hint).toMatch(hint);
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
		[401, '', /after about five refused/],
	])('%i %s says what to do', (status, code, hint) => {
		expect(failureOf(answered(status, gateway(code))).fault.explanation?.hint).toMatch(hint);
	});
});
