/**
 * What the node's login relies on: its own requests, asked of a cloud. As in the other files here, the
 * cloud is the simulator, or the OpenStack that OS_AUTH_URL and its companions name.
 */
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';
import { readLogin } from '../../nodes/cloud/access/login/login-answer';
import { loginRequest } from '../../nodes/cloud/access/login/login-request';
import { pick, send, type Reply } from './client';
import {
	account,
	openAccount,
	target,
	UNKNOWN_PROJECT,
	withApplicationCredential,
	withReader,
} from './lab';

const HOST = 'the-cloud';

type Fields = Record<string, string>;

let byPassword: ICredentialDataDecryptedObject;
let novaRoot: string;

jest.setTimeout(60_000);

/** The node's login, sent by another client. */
async function login(fields: Fields = {}): Promise<Reply> {
	const { method = 'POST', url, qs, body } = loginRequest({ ...byPassword, ...fields });
	return await send(method, `${url}?${String(new URLSearchParams(qs as Fields))}`, { body });
}

/** What the node makes of an answer: the token, or why there is none. */
function outcomeOf({ status, headers, json, text }: Reply): string {
	try {
		return readLogin({ kind: 'answered', status, headers, body: json ?? text }, HOST);
	} catch (error) {
		const { reason, final } = error as { reason: string; final: boolean };
		return `${reason}${final ? ', for good' : ''}`;
	}
}

async function tokenOf(fields?: Fields): Promise<string> {
	const reply = await login(fields);
	expect(reply.status).toBe(201);
	return outcomeOf(reply);
}

const list = async (token: string) =>
	await send('GET', `${novaRoot}/v2.1/${account.projectId}/servers?limit=1`, {
		headers: { 'X-Auth-Token': token },
	});

async function revoke(token: string): Promise<Reply> {
	return await send('DELETE', `${account.authUrl}/auth/tokens`, {
		headers: { 'X-Auth-Token': token, 'X-Subject-Token': token },
	});
}

beforeAll(async () => {
	const described = await openAccount();
	const catalog = pick(described.json, 'token', 'catalog') as Array<{ type: string }>;
	const compute = catalog.find(({ type }) => type === 'compute');
	novaRoot = String(pick(compute, 'endpoints', 0, 'url')).replace(/\/v2\.1.*$/, '');
	byPassword = {
		cloud: 'custom',
		ecsEndpoint: novaRoot,
		iamEndpoint: account.authUrl.replace(/\/v3$/, ''),
		loginMethod: 'password',
		domainName: String(pick(described.json, 'token', 'user', 'domain', 'name')),
		userName: account.userName,
		password: account.password,
		projectId: account.projectId,
		allowHttp: true,
	};
});

afterAll(async () => await target.close());

describe(`The node's login at ${target.name}`, () => {
	test('by password: a token that opens the project', async () => {
		const reply = await login();

		expect(reply.status).toBe(201);
		expect(pick(reply.json, 'token', 'project', 'id')).toBe(account.projectId);
		expect(pick(reply.json, 'token')).not.toHaveProperty('catalog');
		expect(outcomeOf(reply)).toBe(reply.headers['x-subject-token']);
		expect((await list(outcomeOf(reply))).status).toBe(200);
	});

	withApplicationCredential('by application credential: a token that opens it too', async () => {
		const { id = '', secret = '' } = account.applicationCredential ?? {};
		const token = await tokenOf({
			loginMethod: 'applicationCredential',
			applicationCredentialId: id,
			applicationCredentialSecret: secret,
		});

		expect((await list(token)).status).toBe(200);
	});

	withReader('a user with a lesser role gets a token as well', async () => {
		expect((await list(await tokenOf({ userName: String(account.readerName) }))).status).toBe(200);
	});

	test.each([
		['a wrong password', { password: 'not the password' }],
		['an unknown user', { userName: 'nobody-of-that-name' }],
		['an unknown account', { domainName: 'no-such-domain' }],
		['a project where the user has no role', { projectId: UNKNOWN_PROJECT }],
	])('%s is refused for good', async (_, fields) => {
		const reply = await login(fields as Fields);

		expect(reply.status).toBe(401);
		expect(outcomeOf(reply)).toBe('unauthorized, for good');
		expect(reply.headers).not.toHaveProperty('x-subject-token');
	});

	withApplicationCredential.each([
		['applicationCredentialSecret', 401],
		['applicationCredentialId', 404],
	])('a wrong %s is refused for good', async (field, status) => {
		const { id = '', secret = '' } = account.applicationCredential ?? {};

		const reply = await login({
			loginMethod: 'applicationCredential',
			applicationCredentialId: id,
			applicationCredentialSecret: secret,
			[field]: 'wrong',
		});

		expect(reply.status).toBe(status);
		expect(outcomeOf(reply)).toBe('unauthorized, for good');
	});

	test('a path that is not that of IAM is told from a refusal', async () => {
		const { body } = loginRequest(byPassword);
		const url = `${account.authUrl}/v3/auth/tokens`;

		expect(outcomeOf(await send('POST', url, { body }))).toBe('invalidInput, for good');
	});

	test('each login gives a token of its own, and the older ones still hold', async () => {
		const tokens = [await tokenOf(), await tokenOf(), await tokenOf()];

		expect(new Set(tokens).size).toBe(3);
		for (const token of tokens) expect((await list(token)).status).toBe(200);
	});

	test('a revoked token is refused with 401, and another login helps', async () => {
		const token = await tokenOf();
		expect((await revoke(token)).status).toBe(204);

		expect((await list(token)).status).toBe(401);
		expect((await list(await tokenOf())).status).toBe(200);
	});

	test('an empty token is refused with 401 too, not with another status', async () => {
		expect((await list('')).status).toBe(401);
	});
});
