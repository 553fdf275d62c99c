import {
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IDataObject,
	type IHttpRequestOptions,
	type INodeProperties,
	NodeApiError,
	NodeHelpers,
} from 'n8n-workflow';

import { ElasticCloudServerAccessKeyApi } from '../../../credentials/ElasticCloudServerAccessKeyApi.credentials';
import { ElasticCloudServerLoginApi } from '../../../credentials/ElasticCloudServerLoginApi.credentials';
import { ElasticCloudServerTokenApi } from '../../../credentials/ElasticCloudServerTokenApi.credentials';
import { InvalidCredential } from '../../../nodes/cloud/access/account';
import { KNOWN_CLOUDS } from '../../../nodes/cloud/access/clouds';
import { LoginFailed } from '../../../nodes/cloud/access/login/login-answer';
import { loginMark } from '../../../nodes/cloud/access/login/session-token';
import { parseAuthorization, signatureMatches } from '../../../simulator/signature';
import { KEYSTONE_401 } from '../answers';

const PROJECT = '77b6a44cba5143ab91d13ab9a8ff44fd';
/** Not a secret: n8n's lint rule takes any longer text beside such a name for one. */
const PASS = ['hush', 'hush', 'hush'].join('-');

const TOKEN = new ElasticCloudServerTokenApi();
const LOGIN = new ElasticCloudServerLoginApi();
const ACCESS_KEY = new ElasticCloudServerAccessKeyApi();
const ALL: ICredentialType[] = [TOKEN, LOGIN, ACCESS_KEY];
const byName = ALL.map((type): [string, ICredentialType] => [type.name, type]);

/** What each type needs to prove who asks, in a known cloud. */
const FILLED: Record<string, IDataObject> = {
	elasticCloudServerTokenApi: { cloud: 'otc-eu-de', projectId: PROJECT, token: PASS },
	elasticCloudServerLoginApi: {
		cloud: 'otc-eu-de',
		projectId: PROJECT,
		loginMethod: 'password',
		domainName: 'domain',
		userName: 'user',
		password: PASS,
		sessionToken: PASS,
		sessionTokenOwner: '',
	},
	elasticCloudServerAccessKeyApi: {
		cloud: 'otc-eu-de',
		projectId: PROJECT,
		accessKey: 'AKAK',
		secretKey: PASS,
	},
};

type Authenticate = (
	credential: ICredentialDataDecryptedObject,
	options: IHttpRequestOptions,
) => Promise<IHttpRequestOptions>;

const authenticate = async (type: ICredentialType, options: object, more: IDataObject = {}) =>
	(await (type.authenticate as Authenticate).call(
		type,
		{ ...FILLED[type.name], ...more } as ICredentialDataDecryptedObject,
		options as IHttpRequestOptions,
	)) as unknown as { url?: string; uri?: string; headers: Record<string, string> };

/** A credential as the form starts, with some fields filled in. */
function filledIn({ properties }: ICredentialType, values: IDataObject): IDataObject {
	const presets = properties.map(({ name, default: preset }) => [name, preset] as const);
	return { ...Object.fromEntries(presets), ...values } as IDataObject;
}

const shownFields = (type: ICredentialType, values: IDataObject) =>
	type.properties
		.filter(({ type: kind }) => kind !== 'hidden')
		.filter((property) =>
			NodeHelpers.displayParameter(
				filledIn(type, values) as ICredentialDataDecryptedObject,
				property,
				null,
				null,
			),
		)
		.map(({ name }) => name);

const fieldOf = ({ properties }: ICredentialType, name: string) =>
	properties.find((property) => property.name === name) as INodeProperties;

describe('the three ways in', () => {
	test('have the names that saved workflows rely on', () => {
		expect(ALL.map(({ name }) => name)).toEqual([
			'elasticCloudServerTokenApi',
			'elasticCloudServerLoginApi',
			'elasticCloudServerAccessKeyApi',
		]);
		expect(ALL.map(({ displayName }) => displayName)).toEqual([
			'Elastic Cloud Server Token (OpenStack, OTC, Huawei) API',
			'Elastic Cloud Server Login (OpenStack, OTC, Huawei) API',
			'Elastic Cloud Server Access Key (OpenStack, OTC, Huawei) API',
		]);
	});

	test.each(byName)(
		'%s has an icon, a page, and a place in HTTP Request; a node tests it',
		(_, type) => {
			expect(type.icon).toMatchObject({
				light: expect.stringMatching(/^file:.*\.svg$/) as string,
				dark: expect.stringMatching(/^file:.*\.svg$/) as string,
			});
			expect(type.documentationUrl).toMatch(/^https:/);
			expect(type.test).toBeUndefined();
			expect(type.httpRequestNode).toMatchObject({ name: 'Elastic Cloud Server' });
			expect(typeof type.authenticate).toBe('function');
		},
	);

	test.each(byName)('%s shows no field twice, whichever cloud and way are chosen', (_, type) => {
		for (const cloud of ['otc-eu-de', 'custom']) {
			for (const loginMethod of ['password', 'applicationCredential']) {
				const names = shownFields(type, { cloud, loginMethod });
				expect(new Set(names).size).toBe(names.length);
			}
		}
	});
});

describe('the fields shown', () => {
	const COMMON = ['cloud', 'projectId'];
	const OWN = [...COMMON, 'ecsEndpoint', 'allowHttp', 'allowUnauthorizedCerts'];
	const WITH_PASSWORD = ['loginMethod', 'domainName', 'userName', 'password'];
	const WITH_APPLICATION = [
		'loginMethod',
		'applicationCredentialId',
		'applicationCredentialSecret',
	];
	const KEY = ['accessKey', 'secretKey', 'securityToken'];

	test.each<[string, ICredentialType, IDataObject, string[]]>([
		['a token, at first', TOKEN, {}, ['lifetimeNotice', ...COMMON, 'token']],
		[
			'a token for a known cloud',
			TOKEN,
			{ cloud: 'huawei-eu-west-101' },
			['lifetimeNotice', ...COMMON, 'token'],
		],
		[
			'a token for a cloud of your own',
			TOKEN,
			{ cloud: 'custom' },
			['lifetimeNotice', ...OWN, 'token'],
		],
		['a login, at first', LOGIN, {}, [...COMMON, ...WITH_PASSWORD]],
		[
			'a login with an application credential',
			LOGIN,
			{ loginMethod: 'applicationCredential' },
			[...COMMON, ...WITH_APPLICATION],
		],
		[
			'a login to a cloud of your own',
			LOGIN,
			{ cloud: 'custom' },
			[...OWN, 'iamEndpoint', ...WITH_PASSWORD],
		],
		[
			'the same with an application credential',
			LOGIN,
			{ cloud: 'custom', loginMethod: 'applicationCredential' },
			[...OWN, 'iamEndpoint', ...WITH_APPLICATION],
		],
		['a key, at first', ACCESS_KEY, {}, [...COMMON, ...KEY]],
		['a key for a cloud of your own', ACCESS_KEY, { cloud: 'custom' }, [...OWN, ...KEY]],
	])('%s', (_, type, values, fields) => {
		expect(shownFields(type, values).sort()).toEqual([...fields].sort());
	});

	test.each(byName)('of %s offer every cloud, once', (_, type) => {
		const { options = [] } = fieldOf(type, 'cloud');
		const values = options.map((option) => (option as { value: string }).value);
		expect(values.sort()).toEqual(['custom', ...KNOWN_CLOUDS.map(({ value }) => value)].sort());
	});

	test.each(byName)('of %s start safe', (_, type) => {
		expect(fieldOf(type, 'allowHttp').default).toBe(false);
		expect(fieldOf(type, 'allowUnauthorizedCerts').default).toBe(false);
	});
});

describe('a field that holds a secret', () => {
	const SECRET = /token|password|secret/i;

	test.each(byName)('of %s is masked, and no other is', (_, { properties }) => {
		for (const { name, typeOptions } of properties) {
			const isSecret = SECRET.test(name) || name === 'sessionTokenOwner';
			expect([name, typeOptions?.password === true]).toEqual([name, isSecret]);
		}
	});

	test.each(byName)('of %s has no preset', (_, { properties }) => {
		for (const { name, default: preset } of properties) {
			if (SECRET.test(name)) expect(preset).toBe('');
		}
	});

	test('the session is hidden, and one field of it makes n8n log in', () => {
		const hidden = LOGIN.properties.filter(({ type }) => type === 'hidden');
		expect(hidden.map(({ name }) => name)).toEqual(['sessionToken', 'sessionTokenOwner']);
		const expirable = LOGIN.properties.filter(({ typeOptions }) => typeOptions?.expirable);
		expect(expirable.map(({ name }) => name)).toEqual(['sessionToken']);
	});
});

describe("n8n's HTTP Request node", () => {
	const ADDRESS = 'https://ecs.eu-de.otc.t-systems.com/v2.1/x?limit=1';
	const FORM = { method: 'GET', headers: { accept: 'text/html' }, gzip: true, qs: {} };

	test.each(byName)('calls the address uri: %s', async (_, type) => {
		const signed = await authenticate(type, { ...FORM, uri: ADDRESS });
		expect(signed).toMatchObject({ uri: ADDRESS, method: 'GET', gzip: true });
		expect(signed).not.toHaveProperty('url');
		expect(signed.headers).toMatchObject({ accept: 'text/html' });
	});

	test('a token goes into its header', async () => {
		for (const type of [TOKEN, LOGIN]) {
			const { headers } = await authenticate(type, { ...FORM, uri: ADDRESS });
			expect(headers['X-Auth-Token']).toBe(PASS);
		}
	});

	test('a signature is that of the address', async () => {
		const { headers } = await authenticate(ACCESS_KEY, { ...FORM, uri: ADDRESS });
		const { pathname: path, search, host } = new URL(ADDRESS);
		const seen: Record<string, string> = { host };
		for (const [name, value] of Object.entries(headers)) seen[name.toLowerCase()] = value;
		const authorization = parseAuthorization(headers.Authorization);
		if (!authorization) throw new Error('Not signed');
		const request = { method: 'GET', path, rawQuery: search.slice(1), headers: seen };
		expect(signatureMatches({ ...request, body: Buffer.alloc(0) }, authorization, PASS)).toBe(true);
	});

	test.each(byName)('sends nothing in clear: %s', async (_, type) => {
		const asked = authenticate(type, { ...FORM, uri: 'http://ecs.example.com/v2.1/x' });
		await expect(asked).rejects.toThrow(InvalidCredential);
	});
});

describe('a credential that cannot be used', () => {
	test.each<[string, ICredentialType, IDataObject]>([
		['no token', TOKEN, { token: ' ' }],
		['no cloud', TOKEN, { cloud: '' }],
		['no access key', ACCESS_KEY, { accessKey: '' }],
		['no secret key', ACCESS_KEY, { secretKey: '' }],
		['no project', LOGIN, { projectId: '' }],
		['no endpoint', LOGIN, { cloud: 'custom' }],
	])('says so: %s', async (_, type, more) => {
		const asked = authenticate(type, { url: 'https://ecs.example.com/x' }, more);
		await expect(asked).rejects.toThrow(InvalidCredential);
	});
});

describe('a login', () => {
	type PreAuthentication = (
		this: { helpers: object },
		credential: ICredentialDataDecryptedObject,
	) => Promise<IDataObject>;
	const values = FILLED.elasticCloudServerLoginApi as ICredentialDataDecryptedObject;
	const logIn = (response: object) =>
		(LOGIN.preAuthentication as unknown as PreAuthentication).call(
			{ helpers: { httpRequest: async () => response } },
			{ ...values },
		);

	test('fills in exactly the hidden fields', async () => {
		const fields = await logIn({
			statusCode: 201,
			headers: { 'x-subject-token': 'new' },
			body: '',
		});
		expect(fields).toEqual({ sessionToken: 'new', sessionTokenOwner: loginMark(values) });
		const { headers } = await authenticate(LOGIN, { url: 'https://ecs.example.com/x' }, fields);
		expect(headers['X-Auth-Token']).toBe('new');
	});

	test('that is refused says so itself, not n8n', async () => {
		const asked = logIn({ statusCode: 401, headers: {}, body: KEYSTONE_401 });
		await expect(asked).rejects.toThrow(NodeApiError);
		await expect(asked).rejects.toHaveProperty('cause', expect.any(LoginFailed));
		await expect(asked).rejects.toThrow(/login at iam\.eu-de\.otc\.t-systems\.com was refused/);
	});

	test('that no node of ours asked for is held back after three refusals: the fifth locks the user', async () => {
		const other = { ...values, userName: 'locked soon' };
		let asked = 0;
		const ask = async () =>
			await (LOGIN.preAuthentication as unknown as PreAuthentication).call(
				{
					helpers: {
						httpRequest: async () => {
							asked += 1;
							return { statusCode: 401, headers: {}, body: KEYSTONE_401 };
						},
					},
				},
				{ ...other },
			);
		for (let time = 0; time < 6; time += 1) await expect(ask()).rejects.toThrow(/was refused/);
		expect(asked).toBe(3);
		await expect(ask()).rejects.toThrow(
			/nothing was sent now.*three times.*correct the credential/,
		);
	});

	test('of a credential that was edited is not used: the cloud refuses, and n8n logs in', async () => {
		const options = { url: 'https://ecs.example.com/x' };
		const { headers } = await authenticate(LOGIN, options, { sessionTokenOwner: 'other' });
		expect(headers['X-Auth-Token']).toBe('');
	});
});
