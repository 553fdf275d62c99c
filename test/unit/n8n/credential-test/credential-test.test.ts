import type {
	ICredentialDataDecryptedObject,
	ICredentialTestFunctions,
	IDataObject,
} from 'n8n-workflow';

import { tokenMark } from '../../../../nodes/cloud/access/token';
import { readAccount } from '../../../../nodes/cloud/access/account';
import { placeOf } from '../../../../nodes/cloud/access/mark';
import { sharedBy } from '../../../../nodes/cloud/process/sharing';
import { credentialTest } from '../../../../nodes/n8n/credential-test/credential-test';
import { gateway, KEYSTONE_401, nova, NO_SUCH_ROUTE } from '../../answers';
import { VirtualClock } from '../../virtual-clock';

const PROJECT = '77b6a44cba5143ab91d13ab9a8ff44fd';
/** Not a secret: n8n's lint rule takes any longer text beside such a name for one. */
const PASS = ['hush', 'hush', 'hush'].join('-');
const ENDPOINT = 'https://nova.example.com:8774';
const IAM = 'https://keystone.example.com:5000';

const PLACE = { cloud: 'custom', ecsEndpoint: ENDPOINT, projectId: PROJECT };
const CREDENTIALS = {
	elasticCloudServerTokenApi: { ...PLACE, token: PASS },
	elasticCloudServerLoginApi: {
		...PLACE,
		iamEndpoint: IAM,
		loginMethod: 'password',
		domainName: 'domain',
		userName: 'user',
		password: PASS,
		sessionToken: 'a session that lives on',
		sessionTokenOwner: '',
	},
	elasticCloudServerAccessKeyApi: { ...PLACE, accessKey: 'QTWAOYT', secretKey: PASS },
};
type Type = keyof typeof CREDENTIALS;
const TYPES = Object.keys(CREDENTIALS) as Type[];
const [TOKEN, LOGIN, ACCESS_KEY] = TYPES;

type Reply = { statusCode: number; headers?: object; body?: unknown } | Error;

const NEW_TOKEN = { statusCode: 201, headers: { 'x-subject-token': 'new-token' }, body: {} };
const NO_SERVERS = { statusCode: 200, headers: {}, body: { servers: [] } };

const refusing = (statusCode: number, body: unknown, headers: object = { server: 'nginx' }) => ({
	statusCode,
	headers,
	body,
});

const failing = (code: string, message: string) => Object.assign(new Error(message), { code });

/** Tests a credential against a cloud whose IAM and whose Nova reply so. */
async function run(
	type: Type,
	{
		change = {},
		login = NEW_TOKEN,
		list = NO_SERVERS,
		clock = new VirtualClock(),
	}: { change?: object; login?: Reply; list?: Reply; clock?: VirtualClock } = {},
) {
	const asked: IDataObject[] = [];
	const context = {
		helpers: {
			request: async (options: IDataObject) => {
				asked.push(options);
				const reply = String(options.uri).startsWith(IAM) ? login : list;
				if (reply instanceof Error) throw reply;
				return reply;
			},
		},
	} as unknown as ICredentialTestFunctions;
	const data = { ...CREDENTIALS[type], ...change } as ICredentialDataDecryptedObject;
	const result = await credentialTest(clock).call(context, { id: '1', name: 'My', type, data });
	return { ...result, asked };
}

const logins = (asked: IDataObject[]) =>
	asked.filter(({ uri }) => String(uri).startsWith(IAM)).length;

describe('a Test', () => {
	test.each(TYPES)(
		'of %s asks for one server of the list, and says that it works',
		async (type) => {
			const { status, message, asked } = await run(type);
			expect([status, message]).toEqual(['OK', 'Connection successful!']);
			expect(asked).toHaveLength(type === LOGIN ? 2 : 1);
			const { uri, qs, followRedirect, simple } = asked.at(-1) as IDataObject;
			const limited = qs
				? { ...(qs as object) }
				: Object.fromEntries(new URL(String(uri)).searchParams);
			expect(new URL(String(uri)).pathname).toBe(`/v2.1/${PROJECT}/servers/detail`);
			expect(limited).toEqual({ limit: '1' });
			expect([followRedirect, simple]).toEqual([false, false]);
		},
	);

	test('proves who asks as the node does', async () => {
		const headersOf = async (type: Type) => (await run(type)).asked.at(-1)?.headers;
		expect(await headersOf(TOKEN)).toMatchObject({ 'X-Auth-Token': PASS });
		expect(await headersOf(LOGIN)).toMatchObject({ 'X-Auth-Token': 'new-token' });
		expect(await headersOf(ACCESS_KEY)).toMatchObject({
			Authorization: expect.stringMatching(/^SDK-HMAC-SHA256 Access=QTWAOYT/) as string,
		});
	});

	test('asks ECS v1 where the cloud has no Nova, and each once more where it has neither', async () => {
		const { status, message, asked } = await run(TOKEN, {
			list: refusing(404, NO_SUCH_ROUTE),
		});
		const both = [`/v2.1/${PROJECT}/servers/detail`, `/v1/${PROJECT}/cloudservers/detail`];
		const paths = asked.map(({ uri }) => new URL(String(uri)).pathname);
		expect(paths).toEqual([...both, ...both]);
		expect([status, message]).toEqual(['Error', expect.stringMatching(/neither Nova nor ECS v1/)]);
	});

	test.each([
		['custom', true, false],
		['custom', false, undefined],
		['otc-eu-de', true, undefined],
	])('checks certificates as the node does: %s, %s', async (cloud, ignore, expected) => {
		const { asked } = await run(TOKEN, { change: { cloud, allowUnauthorizedCerts: ignore } });
		expect(asked[0].rejectUnauthorized).toBe(expected);
	});
});

describe('a Test of a login', () => {
	test('logs in each time, though a stored session lives', async () => {
		const clock = new VirtualClock();
		for (let time = 0; time < 2; time += 1) {
			expect(logins((await run(LOGIN, { clock })).asked)).toBe(1);
		}
	});

	test('fails when the password was changed, though a stored session lives', async () => {
		const { status, message, asked } = await run(LOGIN, { login: refusing(401, KEYSTONE_401) });
		expect(status).toBe('Error');
		expect(message).toMatch(/^The login at keystone\.example\.com:5000 was refused/);
		expect(asked).toHaveLength(1);
	});

	test('is not sent after three refusals in 10 minutes: the fifth locks the user', async () => {
		const clock = new VirtualClock();
		const refused = { login: refusing(401, KEYSTONE_401), clock };
		for (let time = 0; time < 3; time += 1) await run(LOGIN, refused);
		const { message, asked } = await run(LOGIN, refused);
		expect(asked).toEqual([]);
		expect(message).toMatch(/nothing was sent now.*three times in 10 minutes/);
		await clock.run(10 * 60_000);
		expect(logins((await run(LOGIN, refused)).asked)).toBe(1);
	});
});

describe('what a Test says is a sentence: what happened, where, why, and what to do', () => {
	const SECOND_FACTOR = refusing(401, { error: { code: 401, message: 'MFA is required' } });
	const OPENSSL =
		'write EPROTO 808C88A77C7F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/openssl/ssl/record/ssl3_record.c:350:\n';
	const WRONG_PROJECT = nova(
		400,
		'badRequest',
		`Malformed request URL: URL's project_id '${PROJECT}' doesn't match Context's project_id 'a'`,
	);

	test.each<[string, Type, Parameters<typeof run>[1], RegExp]>([
		[
			'no such host',
			TOKEN,
			{ list: failing('ENOTFOUND', 'getaddrinfo ENOTFOUND nova.example.com') },
			/^The list of servers at nova\.example\.com:8774 could not be read: the cloud did not answer: .*\. Check the endpoint/,
		],
		[
			'nobody listens',
			TOKEN,
			{ list: failing('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1') },
			/the cloud did not answer: .*\. Check the endpoint/,
		],
		[
			'no TLS there',
			ACCESS_KEY,
			{ list: failing('EPROTO', OPENSSL) },
			/did not answer: write EPROTO SSL routines:ssl3_get_record:wrong version number\. .*speaks no TLS.*port/,
		],
		[
			'certificate not trusted',
			TOKEN,
			{ list: failing('SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate') },
			/does not trust the certificate.*Ignore SSL Issues/,
		],
		[
			'no such host of IAM',
			LOGIN,
			{ login: failing('ENOTFOUND', 'getaddrinfo ENOTFOUND keystone.example.com') },
			/^The login at keystone\.example\.com:5000 got no answer, as no such host is known\. Check the cloud/,
		],
		[
			'no IAM there',
			LOGIN,
			{ login: refusing(404, '<html></html>') },
			/^There is no IAM service \(Keystone v3\) at keystone\.example\.com:5000.*Identity Endpoint/,
		],
		[
			'second factor',
			LOGIN,
			{ login: SECOND_FACTOR },
			/second factor \(MFA\).*Use a user made for/,
		],
		[
			'account and user swapped',
			LOGIN,
			{ login: refusing(401, KEYSTONE_401) },
			/was refused.*account \(domain\) name and the user name, which are easily swapped/,
		],
		['IAM slows down', LOGIN, { login: refusing(429, '') }, /login at .* was asked to slow down/],
		[
			'token expired',
			TOKEN,
			{ list: refusing(401, KEYSTONE_401) },
			/refused the token.*new token.*24 hours/,
		],
		[
			'key unknown',
			ACCESS_KEY,
			{
				list: refusing(
					401,
					gateway('APIGW.0301', 'Incorrect IAM authentication information: AK not exist'),
				),
			},
			/does not know access key QTWA….*made in this cloud/,
		],
		[
			'wrong project',
			TOKEN,
			{ list: refusing(400, WRONG_PROJECT) },
			/is not for the project that was asked for: .*Check 'Project ID'.*token must have been issued for/,
		],
		[
			'an application credential of another project',
			LOGIN,
			{
				change: {
					loginMethod: 'applicationCredential',
					applicationCredentialId: 'a1',
					applicationCredentialSecret: PASS,
				},
				list: refusing(400, WRONG_PROJECT),
			},
			/is not for the project that was asked for: .*'a' \(HTTP 400.*the project that it was created in/,
		],
		[
			'no permission',
			TOKEN,
			{ list: refusing(403, nova(403, 'forbidden', "Policy doesn't allow it")) },
			/not allowed.*Allow the user to read servers/,
		],
		['a page', TOKEN, { list: refusing(200, '<html>') }, /does not fit.*something other than/],
		[
			'a redirect',
			TOKEN,
			{ list: refusing(302, '') },
			/redirects to another address.*Put the address/,
		],
		['slow down', TOKEN, { list: refusing(429, '') }, /asked to slow down.*Test again/],
		['an outage', TOKEN, { list: refusing(503, {}) }, /not available.*Test again/],
		['no token', TOKEN, { change: { token: ' ' } }, /^'Token' in the credential is empty$/],
		['no password', LOGIN, { change: { password: '' } }, /^'Password' in the credential is empty$/],
	])('%s', async (_, type, how, expected) => {
		const { status, message } = await run(type, how);
		expect(status).toBe('Error');
		expect(message).toMatch(expected);
	});

	test.each<[Type, RegExp]>([
		[TOKEN, /could not be read: the cloud did not answer/],
		[LOGIN, /^The login at keystone\.example\.com:5000 got no answer/],
	])('no answer at all, or one that never ends, within 30 seconds: %s', async (type, expected) => {
		const clock = new VirtualClock();
		const never = { helpers: { request: async () => await new Promise(() => {}) } };
		const tested = credentialTest(clock).call(never as unknown as ICredentialTestFunctions, {
			id: '1',
			name: 'My',
			type,
			data: CREDENTIALS[type],
		});
		await clock.run(30_000);
		expect((await tested).message).toMatch(expected);
		expect(clock.timers).toBe(0);
	});
});

describe('a Test shows no secret', () => {
	const echoOf = (secret: string) =>
		refusing(400, nova(400, 'badRequest', `You sent ${secret} just now`));

	test.each(TYPES)('of %s, whatever the cloud repeats', async (type) => {
		for (const how of [{ list: echoOf(PASS) }, { login: echoOf(PASS) }]) {
			expect((await run(type, how)).message).not.toContain(PASS);
		}
		expect((await run(type, { list: new Error(`No ${PASS}`) })).message).not.toContain(PASS);
	});

	test('nor the token that a login gave', async () => {
		const { message } = await run(LOGIN, { list: echoOf('new-token') });
		expect(message).toContain('You sent *** just now');
	});
});

describe('what executions were refused', () => {
	const data = CREDENTIALS[TOKEN];
	const place = placeOf(readAccount(data));

	async function refusalAfter(list: Reply) {
		const clock = new VirtualClock();
		const { refusals } = sharedBy(clock).proofs.at(tokenMark(data));
		refusals.note(place, { message: '' });
		await run(TOKEN, { list, clock });
		return refusals.standing(place);
	}

	test('is tried again after a Test that succeeds', async () => {
		expect(await refusalAfter(NO_SERVERS)).toBeUndefined();
	});

	test('stays refused after one that fails', async () => {
		expect(await refusalAfter(refusing(401, KEYSTONE_401))).toBeDefined();
	});
});
