import {
	type ICredentialDataDecryptedObject,
	type ICredentialType,
	type IDataObject,
	type IHttpRequestOptions,
	type INodeProperties,
	type INodeTypes,
	NodeApiError,
	NodeHelpers,
	Workflow,
} from 'n8n-workflow';

import { ElasticCloudServerAccessKeyApi } from '../../../credentials/ElasticCloudServerAccessKeyApi.credentials';
import { ElasticCloudServerLoginApi } from '../../../credentials/ElasticCloudServerLoginApi.credentials';
import { ElasticCloudServerTokenApi } from '../../../credentials/ElasticCloudServerTokenApi.credentials';
import { InvalidCredential, readAccount } from '../../../nodes/cloud/access/account';
import { KNOWN_CLOUDS } from '../../../nodes/cloud/access/clouds';
import { LoginFailed } from '../../../nodes/cloud/access/login/login-answer';
import { loginMark } from '../../../nodes/cloud/access/login/session-token';
import { isHuaweiCloud } from '../../../nodes/cloud/api/choice';
import { isTest } from '../../../nodes/cloud/access/test-mark';
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

	test.each(byName)('%s has an icon, a page, a test, and a place in HTTP Request', (_, type) => {
		expect(type.icon).toMatchObject({
			light: expect.stringMatching(/^file:.*\.svg$/) as string,
			dark: expect.stringMatching(/^file:.*\.svg$/) as string,
		});
		expect(type.documentationUrl).toMatch(/^https:/);
		expect(type.test?.request.url).toContain('/servers');
		expect(type.httpRequestNode).toMatchObject({ name: 'Elastic Cloud Server' });
		expect(typeof type.authenticate).toBe('function');
	});

	test.each(byName)(
		'%s has each field once, but the domain, which OpenStack calls by another name',
		(_, { properties }) => {
			const names = properties.map(({ name }) => name).filter((name) => name !== 'domainName');
			expect(new Set(names).size).toBe(names.length);
		},
	);
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

describe('the test in the editor', () => {
	const workflow = new Workflow({
		nodes: [
			{ id: '1', name: 'Test', type: 'test', typeVersion: 1, position: [0, 0], parameters: {} },
		],
		connections: {},
		active: false,
		nodeTypes: {
			getByNameAndVersion: () => ({ description: { properties: [] } }),
		} as unknown as INodeTypes,
	});

	/** The request that n8n makes of the test of a credential. */
	function requestFor(type: ICredentialType, values: IDataObject): IDataObject {
		return workflow.expression.getParameterValue(
			type.test?.request as never,
			null,
			0,
			0,
			'Test',
			[],
			'internal',
			{ $credentials: filledIn(type, values) as never },
		) as IDataObject;
	}

	const endpointOf = (values: IDataObject) =>
		readAccount(values as ICredentialDataDecryptedObject).ecsEndpoint;
	/** n8n joins the two with a slash; a URL is the same however its host is written. */
	const addressOf = ({ baseURL, url }: IDataObject) =>
		new URL(`${String(baseURL)}${String(url)}`).href;

	describe.each(byName)('of %s', (_, type) => {
		test.each(KNOWN_CLOUDS.map(({ value }) => value))('asks where the node does: %s', (cloud) => {
			const values = { cloud, projectId: ` ${PROJECT}\n`, ecsEndpoint: 'https://evil.example' };
			const { baseURL, url } = requestFor(type, values);
			expect(baseURL).toBe(endpointOf(values));
			const isHuawei = cloud.startsWith('huawei-');
			expect(url).toBe(
				isHuawei ? `/v1/${PROJECT}/cloudservers/detail` : `/v2.1/${PROJECT}/servers`,
			);
		});

		test.each([
			'https://ecs.cn-north-11.myhuaweicloud.com',
			'https://ECS.eu-west-101.myhuaweicloud.eu:443/',
			'https://proxy.myhuaweicloud.com/ecs',
			'https://myhuaweicloud.com.example.com',
			'https://nova.example.com/.myhuaweicloud.com',
		])('asks the API that the node asks first: %s', (ecsEndpoint) => {
			const { url } = requestFor(type, { cloud: 'custom', projectId: PROJECT, ecsEndpoint });
			expect(String(url).startsWith('/v1/')).toBe(isHuaweiCloud(ecsEndpoint));
		});

		test.each([
			'https://nova.example.com',
			'https://nova.example.com/',
			'https://nova.example.com///',
			'  https://nova.example.com:8774 \n',
			'https://NOVA.example.com:443',
			'https://cloud.example.com/compute',
			'https://cloud.example.com/compute/',
			'https://nova.example.com/v2',
			'https://nova.example.com/v2.1/',
			`https://nova.example.com/v2.1/${PROJECT}`,
			` https://cloud.example.com/compute/v2.1/${PROJECT}// `,
			'https://cloud.example.com/v2.1/compute/nova',
			'https://[2001:db8::1]:8774/v2.1',
			'http://127.0.0.1:8774/v2.1/',
		])('asks where the node does: %j', (ecsEndpoint) => {
			const values = { cloud: 'custom', projectId: PROJECT, ecsEndpoint };
			const request = requestFor(type, values);
			expect(addressOf(request)).toBe(
				new URL(`${endpointOf(values)}/v2.1/${PROJECT}/servers`).href,
			);
		});

		test('asks for little, follows no redirect', () => {
			const values = { cloud: 'otc-eu-de', projectId: PROJECT };
			expect(requestFor(type, values)).toMatchObject({
				qs: { limit: 1 },
				disableFollowRedirect: true,
				skipSslCertificateValidation: false,
			});
		});

		test.each([
			['custom', true, true],
			['custom', false, false],
			['otc-eu-de', true, false],
		])('checks certificates as the node does: %s, %s', (cloud, allowUnauthorizedCerts, ignored) => {
			const ecsEndpoint = 'https://nova.example.com';
			const values = { cloud, projectId: PROJECT, ecsEndpoint, allowUnauthorizedCerts };
			expect(requestFor(type, values).skipSslCertificateValidation).toBe(ignored);
			expect(readAccount(values as ICredentialDataDecryptedObject).allowUnauthorizedCerts).toBe(
				ignored,
			);
		});

		test('says for each usual refusal what to check', () => {
			const rules = (type.test?.rules ?? []).map(({ properties }) => properties) as Array<{
				value: number;
				message: string;
			}>;
			const statuses = rules.map(({ value }) => value);
			expect(new Set(statuses).size).toBe(statuses.length);
			for (const status of [300, 301, 302, 400, 401, 403, 404, 429, 502, 503, 504]) {
				expect(statuses).toContain(status);
			}
			expect(rules.every(({ message }) => message.length > 20)).toBe(true);
		});

		test('is a request that the credential can prove', async () => {
			const asked = requestFor(type, FILLED[type.name]);
			const { headers } = await authenticate(type, { ...asked, method: 'GET' });
			expect(Object.keys(headers)).toContain(
				type === ACCESS_KEY ? 'Authorization' : 'X-Auth-Token',
			);
		});

		test('is known by a mark, which does not leave the house', async () => {
			const asked = requestFor(type, FILLED[type.name]);
			expect(isTest(asked as never)).toBe(true);
			expect(isTest({ url: '/' })).toBe(false);
			const sent = await authenticate(type, { ...asked, method: 'GET' });
			expect(JSON.stringify(sent)).not.toMatch(/credential-test/i);
		});
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
