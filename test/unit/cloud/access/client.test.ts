import { type IAllExecuteFunctions, type IHttpRequestOptions, NodeApiError } from 'n8n-workflow';

import { InvalidCredential } from '../../../../nodes/cloud/access/account';
import type { Answer, Answered } from '../../../../nodes/cloud/api/answer';
import { createClient } from '../../../../nodes/cloud/access/client';
import { leave } from '../../../../nodes/cloud/api/departure';
import { readFault } from '../../../../nodes/cloud/api/fault';
import { LoginFailed } from '../../../../nodes/cloud/access/login/login-answer';
import type { CloudRequest } from '../../../../nodes/cloud/api/requests';
import { verdict } from '../../../../nodes/cloud/api/verdict';
import { aDeparture } from '../../departure';

const TOKEN = 'MIIF-hush-hush';
const NODE = {
	id: '1',
	name: 'ECS',
	type: 'elasticCloudServer',
	typeVersion: 1,
	position: [0, 0] as [number, number],
	parameters: {},
};
const EXPLANATION = { why: 'the cloud refused the token', hint: 'Get a new one' };
const POST: CloudRequest = { method: 'POST', path: '/v2.1/p/servers/x/action', body: { a: {} } };

interface HandedOver {
	self: unknown;
	type: string;
	options: IHttpRequestOptions;
	more: unknown;
}

/** A client whose requests end in `reply`, and what it handed over to n8n. */
function clientWith(
	reply: () => unknown,
	{
		credential = { token: TOKEN } as Record<string, string>,
		allowUnauthorizedCerts = false,
		/** False: n8n fails before that. */
		leaves = true,
	} = {},
) {
	const handed: HandedOver[] = [];
	const explained: Array<{ answer: Answered; credential: object }> = [];
	const context = {
		helpers: {
			async httpRequestWithAuthentication(
				this: unknown,
				type: string,
				options: IHttpRequestOptions,
				more: unknown,
			) {
				handed.push({ self: this, type, options, more });
				// What our credentials do when they have put their proof on it.
				if (leaves) leave(options);
				return reply();
			},
		},
	} as unknown as IAllExecuteFunctions;
	const client = createClient({
		context,
		credentialType: 'elasticCloudServerTokenApi',
		credential,
		account: {
			ecsEndpoint: 'https://ecs.example.com/compute',
			projectId: 'p',
			allowUnauthorizedCerts,
		},
		explainRefusal(answer, of) {
			explained.push({ answer, credential: of });
			return EXPLANATION;
		},
	});
	const send = async (request: CloudRequest, timeoutMs: number) =>
		await client(request, timeoutMs, aDeparture());
	return { send, client, handed, explained, context };
}

const replying = (statusCode: number, body: unknown, headers: object = {}) =>
	clientWith(() => ({ statusCode, headers, body, statusMessage: '' }));

const failing = (error: unknown, credential?: Record<string, string>) =>
	clientWith(() => {
		throw error;
	}, credential && { credential });

const networkError = (code: string, message = 'no luck') =>
	new NodeApiError(NODE, Object.assign(new Error(message), { code }) as never);

describe('a request', () => {
	test("goes through n8n's authenticated helper, to the credential's own endpoint", async () => {
		const { send, handed, context } = replying(202, '');
		await send(POST, 30_000);
		expect(handed).toHaveLength(1);
		expect(handed[0].self).toBe(context);
		expect(handed[0].type).toBe('elasticCloudServerTokenApi');
		expect(handed[0].options).toMatchObject({
			method: 'POST',
			url: 'https://ecs.example.com/compute/v2.1/p/servers/x/action',
			body: { a: {} },
			json: true,
		});
	});

	test('takes every status as an answer, follows no redirect, and does not wait for ever', async () => {
		const { send, handed } = replying(202, '');
		await send(POST, 1_234.5);
		expect(handed[0].options).toMatchObject({
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			disableFollowRedirect: true,
			timeout: 1_235,
		});
	});

	test.each([0, -100, 0.2])(
		'with no time left (%d) still has a time-out: 0 is none',
		async (ms) => {
			const { send, handed } = replying(202, '');
			await send(POST, ms);
			expect(handed[0].options.timeout).toBe(1);
		},
	);

	test('hands over the decrypted credential, so that n8n does not read it each time', async () => {
		const { send, handed } = replying(202, '');
		await send(POST, 1_000);
		expect(handed[0].more).toMatchObject({
			credentialsDecrypted: { type: 'elasticCloudServerTokenApi', data: { token: TOKEN } },
		});
	});

	test('carries its query and headers, and asks for JSON', async () => {
		const { send, handed } = replying(200, {});
		await send({ method: 'GET', path: '/x', query: { limit: '1' }, headers: { A: 'b' } }, 1_000);
		expect(handed[0].options).toMatchObject({
			qs: { limit: '1' },
			headers: { Accept: 'application/json', A: 'b' },
		});
		expect(JSON.stringify(handed[0].options)).not.toContain(TOKEN);
	});

	test.each([true, false])('checks certificates unless told otherwise (%s)', async (ignore) => {
		const { send, handed } = clientWith(() => ({ statusCode: 202 }), {
			allowUnauthorizedCerts: ignore,
		});
		await send(POST, 1_000);
		expect(handed[0].options.skipSslCertificateValidation).toBe(ignore);
	});
});

describe('an answer', () => {
	test.each([200, 202, 204, 302, 400, 403, 404, 409, 429, 500, 503])(
		'%i is one',
		async (status) => {
			const { send, explained } = replying(status, { a: 1 }, { date: 'x' });
			expect(await send(POST, 1_000)).toEqual({
				kind: 'answered',
				status,
				headers: { date: 'x' },
				body: { a: 1 },
			});
			expect(explained).toEqual([]);
		},
	);

	test('400 is no refusal of the credential, but says what to check where it is of another project', async () => {
		const message = "URL's project_id 'p' doesn't match Context's project_id 'q'";
		const body = { badRequest: { code: 400, message } };
		const { send, explained } = replying(400, body);
		expect(await send(POST, 1_000)).toMatchObject({
			explanation: { why: 'the credential is not for the project that was asked for' },
		});
		expect(explained).toEqual([]);
	});

	test('401 is one, too, and says what to check in the credential', async () => {
		const credential = { token: TOKEN };
		const { send, explained } = clientWith(
			() => ({ statusCode: 401, headers: { date: 'x' }, body: { a: 1 } }),
			{ credential },
		);
		const answer = { kind: 'answered', status: 401, headers: { date: 'x' }, body: { a: 1 } };
		expect(await send(POST, 1_000)).toEqual({ ...answer, explanation: EXPLANATION });
		expect(explained).toEqual([{ answer, credential }]);
		expect(explained[0].credential).toBe(credential);
	});

	test.each([undefined, null, '', 'text', {}, { statusCode: '202' }])(
		'%j from n8n is none: it may have been taken',
		async (response) => {
			const { send } = clientWith(() => response);
			expect(await send(POST, 1_000)).toMatchObject({ kind: 'lost', sent: true });
		},
	);

	test('without headers is one all the same', async () => {
		const { send } = clientWith(() => ({ statusCode: 202, body: '' }));
		expect(await send(POST, 1_000)).toMatchObject({ kind: 'answered', headers: {} });
	});
});

describe('no answer', () => {
	test.each(['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE', 'ERR_BAD_RESPONSE'])(
		'%s: it may have been taken',
		async (code) => {
			expect(await failing(networkError(code)).send(POST, 1_000)).toMatchObject({
				kind: 'lost',
				sent: true,
				code,
			});
		},
	);

	test.each([
		'ECONNREFUSED',
		'ENOTFOUND',
		'EAI_AGAIN',
		'EHOSTUNREACH',
		'ENETUNREACH',
		'CERT_HAS_EXPIRED',
		'DEPTH_ZERO_SELF_SIGNED_CERT',
		'SELF_SIGNED_CERT_IN_CHAIN',
		'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
		'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
		'ERR_TLS_CERT_ALTNAME_INVALID',
	])('%s: it was never sent', async (code) => {
		expect(await failing(networkError(code)).send(POST, 1_000)).toMatchObject({
			kind: 'lost',
			sent: false,
			code,
		});
	});

	test('keeps the words of the network rather than those of n8n', async () => {
		const answer = await failing(networkError('ECONNRESET', 'socket hang up')).send(POST, 1_000);
		expect(answer).toMatchObject({ message: 'socket hang up' });
	});

	test.each([new Error('no code'), 'text', undefined, null, 7, {}])(
		'nothing that n8n throws gets through: %p',
		async (error) => {
			expect(await failing(error).send(POST, 1_000)).toMatchObject({ kind: 'lost' });
		},
	);

	test('n8n failed before the request left, as when it cannot store a new token: nothing was sent', async () => {
		const error = new Error(`database is locked, ${TOKEN}`);
		const { send } = clientWith(
			() => {
				throw error;
			},
			{ leaves: false },
		);
		const answer = await send(POST, 1_000);
		expect(answer).toMatchObject({
			kind: 'lost',
			sent: false,
			refusal: {
				reason: 'unreachable',
				final: false,
				fault: { message: 'database is locked, ***' },
			},
		});
		expect(verdict(answer)).toMatchObject({ word: 'retry', unsent: true });
	});

	test('a request that was given up while n8n logged in never leaves', async () => {
		let left = false;
		const { client } = clientWith(() => {
			left = true;
		});
		const answer = await client(POST, 1_000, aDeparture('missed'));
		expect(left).toBe(false);
		expect(answer).toMatchObject({ kind: 'lost', sent: false, refusal: { final: false } });
	});

	test('a credential that cannot be used was never sent', async () => {
		const cause = new InvalidCredential("'Token' in the credential is empty");
		const answer = await failing(new NodeApiError(NODE, cause as never)).send(POST, 1_000);
		expect(answer).toMatchObject({ kind: 'lost', sent: false });
	});

	test.each([
		['as it is', (error: Error) => error],
		['wrapped by n8n', (error: Error) => new NodeApiError(NODE, error as never)],
	])('a field that cannot be used is a final refusal, in its own words (%s)', async (_, wrap) => {
		const error = new InvalidCredential("'Token' in the credential is empty");
		expect(await failing(wrap(error)).send(POST, 1_000)).toEqual({
			kind: 'lost',
			sent: false,
			code: '',
			message: '',
			refusal: {
				reason: 'invalidInput',
				final: true,
				fault: {
					message: '',
					explanation: { why: error.message, hint: 'Correct the credential' },
				},
			},
		});
	});

	test.each([
		['as it is', (error: Error) => error],
		['wrapped by n8n', (error: Error) => new NodeApiError(NODE, error as never)],
	])('a login that gave no token is why the request was not sent (%s)', async (_, wrap) => {
		const fault = { httpStatus: 429, message: 'slow down', explanation: EXPLANATION };
		const error = new LoginFailed('throttled', false, fault, 7_000);
		const answer = await failing(wrap(error)).send(POST, 1_000);
		expect(answer).toMatchObject({
			kind: 'lost',
			sent: false,
			code: '',
			message: '',
			refusal: { reason: 'throttled', final: false, fault, retryAfterMs: 7_000 },
		});
	});
});

describe('secrets', () => {
	const textOf = (answer: Answer) => JSON.stringify(answer);

	test.each([
		['text', 401, `bad token ${TOKEN}, sorry`],
		['JSON', 401, { error: { code: 'APIGW.0301', message: `x-auth-token:${TOKEN}` } }],
		['JSON, deep inside', 500, { a: [{ b: { c: `${TOKEN}${TOKEN}` } }] }],
		['an error inside a success', 202, { error: { code: 'Common.0024', message: TOKEN } }],
		['an error inside a 200', 200, { error: { code: 'Common.0024', message: TOKEN } }],
	])('are taken out of a body: %s', async (_, status, body) => {
		const answer = await replying(status, body).send(POST, 1_000);
		expect(answer.kind).toBe('answered');
		expect(textOf(answer)).not.toContain(TOKEN);
		expect(textOf(answer)).toContain('***');
	});

	test('are taken out of an error', async () => {
		const answer = await failing(networkError('ECONNRESET', `bad ${TOKEN}`)).send(POST, 1_000);
		expect(textOf(answer)).not.toContain(TOKEN);
	});

	test.each([
		'token',
		'sessionToken',
		'password',
		'applicationCredentialSecret',
		'secretKey',
		'securityToken',
	])('are what is in the field %s', async (field) => {
		const { send } = clientWith(() => ({ statusCode: 400, body: 'says my-secret!' }), {
			credential: { [field]: ' my-secret!\n', userName: 'says' },
		});
		expect(await send(POST, 1_000)).toMatchObject({ body: 'says ***' });
	});

	test('are those of the moment: a login changes the token while the request is under way', async () => {
		const credential = { sessionToken: 'stale-one', password: 'pass-word' };
		const { send } = clientWith(
			() => {
				credential.sessionToken = 'fresh-one';
				return { statusCode: 401, headers: { echo: 'fresh-one' }, body: 'fresh-one pass-word' };
			},
			{ credential },
		);
		const answer = await send(POST, 1_000);
		expect(answer).toMatchObject({ headers: { echo: '***' }, body: '*** ***' });
	});

	test('are taken out before anybody explains the refusal', async () => {
		const { send, explained } = replying(401, `bad ${TOKEN}`);
		await send(POST, 1_000);
		expect(explained[0].answer.body).toBe('bad ***');
	});

	test('with characters that JSON escapes are found, too', async () => {
		const password = 'pa"ss\\word';
		const { send } = clientWith(
			() => ({ statusCode: 400, body: { error: { code: 'x', message: `not ${password}` } } }),
			{ credential: { password } },
		);
		const answer = await send(POST, 1_000);
		if (answer.kind !== 'answered') throw new Error('Lost');
		expect(readFault(answer).message).toBe('not ***');
	});

	test.each(['4090', 'null', 'true', 'error', 'code'])(
		'that look like a part of JSON do not break an answer: %s',
		async (password) => {
			const body = { error: { code: 4090, message: 'busy', details: null, final: true } };
			const { send } = clientWith(() => ({ statusCode: 409, body }), { credential: { password } });
			expect(await send(POST, 1_000)).toMatchObject({ kind: 'answered', status: 409 });
		},
	);

	test('that are too short to be one hide nothing', async () => {
		const { send } = clientWith(() => ({ statusCode: 400, body: 'a e i o u' }), {
			credential: { password: 'e', token: '' },
		});
		expect(await send(POST, 1_000)).toMatchObject({ body: 'a e i o u' });
	});
});
