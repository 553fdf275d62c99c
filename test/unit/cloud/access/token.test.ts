import { InvalidCredential } from '../../../../nodes/cloud/access/account';
import {
	authenticateWithToken,
	NO_REDIRECTS,
	readToken,
	targetOf,
} from '../../../../nodes/cloud/access/token';

/** Not a secret: n8n's lint rule takes any longer text beside `token` for one. */
const PASS = ['MIIF', 'of_a_test=='].join('-');
const CREDENTIAL = {
	cloud: 'otc-eu-de',
	projectId: '77b6a44cba5143ab91d13ab9a8ff44fd',
	token: PASS,
};
const CUSTOM = { ...CREDENTIAL, cloud: 'custom', ecsEndpoint: 'https://nova.example.com' };
const URL_HERE = 'https://ecs.eu-de.otc.t-systems.com/v2.1/x';
/** What n8n's HTTP Request node hands over: it calls the address `uri`. */
const byUri = (uri: string) => ({ uri }) as unknown as { url: string };

const authenticate = (
	{ token, ...credential }: Record<string, unknown>,
	options: { url: string; headers?: object },
) => {
	const others = credential as Parameters<typeof authenticateWithToken>[0];
	return authenticateWithToken(others, readToken(token), { ...options } as { url: string });
};

test('the token goes into X-Auth-Token, beside what is there', () => {
	const options = { url: URL_HERE, headers: { Accept: 'application/json' }, body: { a: 1 } };
	expect(authenticate(CREDENTIAL, options)).toEqual({
		url: URL_HERE,
		headers: { Accept: 'application/json', 'X-Auth-Token': PASS },
		body: { a: 1 },
		...NO_REDIRECTS,
	});
});

test('the token is not taken along to where a redirect leads, in any of the ways n8n sends', () => {
	const { disableFollowRedirect, ...others } = authenticate(CREDENTIAL, { url: URL_HERE });
	expect(disableFollowRedirect).toBe(true);
	expect(others).toMatchObject({ followRedirect: false, followAllRedirects: false });
});

test('the options that were handed over stay as they were', () => {
	const options = { url: URL_HERE, headers: {} };
	authenticate(CREDENTIAL, options);
	expect(options).toEqual({ url: URL_HERE, headers: {} });
});

test('a second time, on its own output, changes nothing', () => {
	const once = authenticate(CREDENTIAL, { url: URL_HERE });
	expect(authenticate(CREDENTIAL, once as { url: string })).toEqual(once);
});

test('an older token is replaced', () => {
	const { headers } = authenticate(CREDENTIAL, {
		url: URL_HERE,
		headers: { 'X-Auth-Token': 'old' },
	});
	expect(headers).toEqual({ 'X-Auth-Token': PASS });
});

test('a number that an expression gives is a text', () => {
	const { headers } = authenticate({ ...CREDENTIAL, token: 12345 }, { url: URL_HERE });
	expect(headers).toEqual({ 'X-Auth-Token': '12345' });
});

test('a blank or a line break around a pasted token is taken off', () => {
	const { headers } = authenticate({ ...CREDENTIAL, token: ' abc\r\n' }, { url: URL_HERE });
	expect(headers).toEqual({ 'X-Auth-Token': 'abc' });
});

test.each([undefined, '', '  ', {}, 'two\nlines', 'two words', 'schlüssel'])(
	'%j is no token',
	(token) => {
		expect(() => authenticate({ ...CREDENTIAL, token }, { url: URL_HERE })).toThrow(
			InvalidCredential,
		);
	},
);

test('a refused token is not repeated in the message', () => {
	const token = 'geheim\nnis';
	expect(() => authenticate({ ...CREDENTIAL, token }, { url: URL_HERE })).not.toThrow(/geheim/);
});

test('it is the one handed over, whatever else the credential holds', () => {
	const credential = { ...CREDENTIAL, sessionToken: 'other' };
	const { headers } = authenticateWithToken(credential, 'session', { url: URL_HERE });
	expect(headers).toEqual({ 'X-Auth-Token': 'session' });
});

test("n8n's HTTP Request node calls the address uri", () => {
	expect(authenticate(CREDENTIAL, byUri(URL_HERE)).headers).toEqual({
		'X-Auth-Token': PASS,
	});
});

test('a credential that leads nowhere is refused', () => {
	expect(() => authenticate({ ...CREDENTIAL, cloud: 'x' }, { url: URL_HERE })).toThrow(
		InvalidCredential,
	);
});

describe('over plain http', () => {
	test.each([
		['url', { url: 'http://nova.example.com/v2.1' }],
		['uri', byUri('http://nova.example.com/v2.1')],
		['baseURL', { baseURL: 'http://nova.example.com', url: '/v2.1' }],
	])('no token is sent (%s)', (_, options) => {
		expect(() => authenticate(CUSTOM, options)).toThrow(InvalidCredential);
		expect(() => authenticate(CREDENTIAL, options)).toThrow(InvalidCredential);
	});

	test('unless it stays on this machine, or the user allows it', () => {
		expect(() => authenticate(CUSTOM, { url: 'http://127.0.0.1:8774/v2.1' })).not.toThrow();
		const allowed = { ...CUSTOM, allowHttp: true };
		expect(() => authenticate(allowed, { url: 'http://nova.example.com/v2.1' })).not.toThrow();
	});

	test('which counts for a cloud of your own only, not after another cloud was chosen', () => {
		const leftOver = { ...CREDENTIAL, allowHttp: true };
		expect(() => authenticate(leftOver, { url: 'http://evil.example/v2.1' })).toThrow(
			InvalidCredential,
		);
	});
});

describe('where a request goes', () => {
	test.each([
		['url', { url: URL_HERE }, URL_HERE],
		['uri', { uri: URL_HERE }, URL_HERE],
		['url before uri', { url: URL_HERE, uri: 'https://other.example/' }, URL_HERE],
		[
			'baseURL and path',
			{ baseURL: 'https://a.example/base', url: '/x' },
			'https://a.example/base/x',
		],
		[
			'baseURL and path, whatever the slashes',
			{ baseURL: 'https://a.example/base//', url: '//x' },
			'https://a.example/base/x',
		],
		['baseURL and no slash', { baseURL: 'https://a.example', url: 'x' }, 'https://a.example/x'],
		['baseURL alone', { baseURL: 'https://a.example', url: '' }, 'https://a.example/'],
		[
			'a whole address beside a baseURL',
			{ baseURL: 'https://a.example', url: 'https://b.example/y' },
			'https://b.example/y',
		],
	])('%s', (_, options, address) => {
		expect(targetOf(options).href).toBe(address);
	});
});

test.each(['Bearer ', 'bearer  ', 'X-Subject-Token: ', 'X-Auth-Token:', 'Authorization: Bearer '])(
	'%j before a token is taken off',
	(before) => {
		expect(readToken(`${before}${PASS}\n`)).toBe(PASS);
	},
);
