import axios, { AxiosHeaders } from 'axios';
import fc from 'fast-check';
import type { IDataObject, IHttpRequestOptions } from 'n8n-workflow';

import {
	authenticateWithAccessKey,
	explainRefusedKey,
	readAccessKey,
} from '../../../../nodes/cloud/access/access-key';
import { InvalidCredential } from '../../../../nodes/cloud/access/account';
import type { TargetOptions } from '../../../../nodes/cloud/access/token';
import {
	canonicalRequest,
	parseAuthorization,
	signatureMatches,
} from '../../../../simulator/signature';
import { answered, gateway } from '../../answers';

/** The sample key of the cloud's own signing guide. */
const SECRET = ['MFyfvK41ba2giqM7Uio6PznpdUKGp', 'ownRZlmVmHc'].join('');
const PROJECT = '77b6a44cba5143ab91d13ab9a8ff44fd';
const CREDENTIAL = {
	cloud: 'otc-eu-de',
	projectId: PROJECT,
	accessKey: ['QTWAOYTTIND', 'UT2QVKYUC'].join(''),
	secretKey: SECRET,
};
const CUSTOM = { ...CREDENTIAL, cloud: 'custom', ecsEndpoint: 'https://nova.example.com' };
const DATE = new Date('2019-11-15T03:36:55Z');
const TIME = '20191115T033655Z';
const OTC = 'https://ecs.eu-de.otc.t-systems.com';
const START_URL = `${OTC}/v2.1/${PROJECT}/servers/616fb98f-46ca-475e-917e-2563e5a8cd19/action`;
const FORM = 'application/x-www-form-urlencoded';
const URL_HERE = `${OTC}/v2.1/x`;

/** What n8n and others hand over: more than their types say. */
type Given = TargetOptions & Record<string, unknown>;
type Signed = Omit<IHttpRequestOptions, 'headers'> & {
	headers: Record<string, string>;
	uri?: string;
};

const authenticate = (options: object, credential: IDataObject = CREDENTIAL, date = DATE) =>
	authenticateWithAccessKey(
		{ ...credential } as typeof CREDENTIAL,
		options as Given,
		date,
	) as unknown as Signed;

/** The bytes that leave this machine: the HTTP client behind n8n has a say in them. */
function bytesOf({ body, headers }: Signed): Buffer {
	const [transform] = axios.defaults.transformRequest as [
		(data: unknown, headers: AxiosHeaders) => unknown,
	];
	// n8n reads such a body as a form first, and cannot read bytes.
	if (headers['Content-Type'] === FORM && body) new URLSearchParams(body as string);
	const sent = transform.call({} as never, body, AxiosHeaders.from(headers)) ?? '';
	return Buffer.isBuffer(sent) ? sent : Buffer.from(String(sent));
}

/** What the cloud sees of it. */
function onTheWire(signed: Signed) {
	const address = signed.url ?? signed.uri ?? '';
	const [, host, path, , rawQuery = ''] =
		/^https?:\/\/([^/?]+)([^?]*)(\?(.*))?$/.exec(address) ?? [];
	const headers: Record<string, string> = { host };
	for (const [name, value] of Object.entries(signed.headers)) headers[name.toLowerCase()] = value;
	return { method: signed.method ?? 'GET', path, rawQuery, headers, body: bytesOf(signed) };
}

function isAccepted(signed: Signed, key = SECRET): boolean {
	const authorization = parseAuthorization(signed.headers.Authorization);
	return authorization !== null && signatureMatches(onTheWire(signed), authorization, key);
}

const canonicalOf = (signed: Signed) => {
	const authorization = parseAuthorization(signed.headers.Authorization);
	return canonicalRequest(onTheWire(signed), authorization?.signedHeaders ?? []);
};

describe('a signed request', () => {
	test('is that of the vector: a start', () => {
		const options = { method: 'POST', url: START_URL, body: { 'os-start': {} } };
		expect(authenticate(options).headers).toEqual({
			'Content-Type': 'application/json',
			'X-Project-Id': PROJECT,
			'X-Sdk-Date': TIME,
			Authorization:
				'SDK-HMAC-SHA256 Access=QTWAOYTTINDUT2QVKYUC, SignedHeaders=content-type;host;x-project-id;x-sdk-date, Signature=ae31e0ac2b840a7d66716cf86bcab854a51eb5c481ff1407f1e2f777d00f8329',
		});
	});

	test('is that of the vector: a start with a temporary key', () => {
		const options = { method: 'POST', url: START_URL, body: { 'os-start': {} } };
		const { headers } = authenticate(options, { ...CREDENTIAL, securityToken: ' TESTTOKEN\n' });
		expect(headers['X-Security-Token']).toBe('TESTTOKEN');
		expect(headers.Authorization).toMatch(
			/=content-type;host;x-project-id;x-sdk-date;x-security-token, Signature=583a62d871ef1fa8a1b16393b0aba650d029cc423d21c8e554cfda0b0e9890c2$/,
		);
	});

	test.each(['', '  ', undefined])('without a security token (%j) has no header for it', (none) => {
		const { headers } = authenticate({ url: URL_HERE }, { ...CREDENTIAL, securityToken: none });
		expect(Object.keys(headers).sort()).toEqual(['Authorization', 'X-Project-Id', 'X-Sdk-Date']);
	});

	test('keeps what has nothing to do with it', () => {
		const others = {
			json: true,
			returnFullResponse: true,
			disableFollowRedirect: true,
			timeout: 7,
			skipSslCertificateValidation: true,
		};
		const signed = authenticate({ url: URL_HERE, headers: { Accept: 'text/plain' }, ...others });
		expect(signed).toMatchObject({ ...others, headers: { Accept: 'text/plain' } });
	});

	test('leaves the options that were handed over as they were', () => {
		const options = {
			baseURL: OTC,
			url: '/x',
			qs: { a: [1] },
			headers: { authorization: 'old' },
			body: { a: 1 },
		};
		const before = structuredClone(options);
		authenticate(options);
		expect(options).toEqual(before);
	});

	test('takes a key with blanks around it, as pasted', () => {
		const pasted = {
			...CREDENTIAL,
			accessKey: ` ${CREDENTIAL.accessKey}\n`,
			secretKey: `${SECRET}\r\n`,
		};
		expect(authenticate({ url: URL_HERE }, pasted)).toEqual(authenticate({ url: URL_HERE }));
	});

	test('has the date of now where none is given', () => {
		const before = Math.floor(Date.now() / 1000) * 1000;
		const { headers } = authenticateWithAccessKey({ ...CREDENTIAL }, { url: URL_HERE }) as Signed;
		const [, y, m, d, h, i, s] =
			/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(headers['X-Sdk-Date']) ?? [];
		const at = Date.parse(`${y}-${m}-${d}T${h}:${i}:${s}Z`);
		expect(at).toBeGreaterThanOrEqual(before);
		expect(at).toBeLessThanOrEqual(Date.now());
	});
});

describe('where it goes', () => {
	const WHOLE = 'https://ecs.example.com/base/v2.1/x?a=1&b=2';

	test.each([
		['url', { url: WHOLE }, 'url'],
		['uri', { uri: WHOLE }, 'uri'],
		['baseURL and url', { baseURL: 'https://ecs.example.com/base', url: '/v2.1/x?b=2&a=1' }, 'url'],
		[
			'baseURL with a slash',
			{ baseURL: 'https://ecs.example.com/base/', url: 'v2.1/x?b=2&a=1' },
			'url',
		],
		['url and qs', { url: 'https://ecs.example.com/base/v2.1/x', qs: { b: 2, a: '1' } }, 'url'],
		['uri and qs', { uri: 'https://ecs.example.com/base/v2.1/x', qs: { b: 2, a: '1' } }, 'uri'],
		['a query in both', { url: 'https://ecs.example.com/base/v2.1/x?b=2', qs: { a: 1 } }, 'url'],
		[
			'all apart',
			{ baseURL: 'https://ecs.example.com', url: '/base/v2.1/x', qs: { a: 1, b: 2 } },
			'url',
		],
	])('is the same request, however it is said: %s', (_, options, field) => {
		const signed = authenticate(options);
		expect(signed).toMatchObject({ [field]: WHOLE });
		expect(signed.headers).toEqual(authenticate({ url: WHOLE }).headers);
		expect(signed).not.toHaveProperty('qs');
		expect(signed).not.toHaveProperty('baseURL');
		expect(signed).not.toHaveProperty(field === 'url' ? 'uri' : 'url');
		expect(isAccepted(signed)).toBe(true);
	});

	test('both url and uri are the address', () => {
		expect(authenticate({ url: WHOLE, uri: WHOLE })).toMatchObject({ url: WHOLE, uri: WHOLE });
	});

	test('a list is a repeated name, nothing is an empty value, undefined is left out', () => {
		const { url } = authenticate({
			url: URL_HERE,
			qs: { list: ['b', 'a'], none: '', missing: undefined, yes: true, some: 0 },
		});
		expect(new URL(url).search).toBe('?list=a&list=b&none=&some=0&yes=true');
	});

	test.each([
		['https://ecs.example.com:8774/x', 'https://ecs.example.com:8774/x'],
		['https://ecs.example.com:443/x', 'https://ecs.example.com/x'],
		['https://ecs.example.com', 'https://ecs.example.com/'],
		['https://ecs.example.com/x/', 'https://ecs.example.com/x/'],
		[
			"https://ecs.example.com/a b/%2f/ü?q=1+2&p='",
			'https://ecs.example.com/a%20b/%2F/%C3%BC?p=%27&q=1%202',
		],
		['https://ecs.example.com/x?#top', 'https://ecs.example.com/x'],
		['https://user:pass@ecs.example.com/x', 'https://ecs.example.com/x'],
	])('%s is sent as %s', (url, address) => {
		const signed = authenticate({ url });
		expect(signed.url).toBe(address);
		expect(isAccepted(signed)).toBe(true);
	});

	test('an address that is none is refused', () => {
		expect(() => authenticate({ url: '/v2.1/x' })).toThrow();
		expect(() => authenticate({})).toThrow();
	});
});

describe('the body', () => {
	const post = (body: unknown, headers?: object) =>
		authenticate({ method: 'POST', url: URL_HERE, body, headers, json: true });

	test.each([
		['an object', { 'os-start': {} }, '{"os-start":{}}'],
		['an empty object', {}, '{}'],
		['a list', [1, { a: 'ü' }], '[1,{"a":"ü"}]'],
		['an empty list', [], '[]'],
		['blanks inside texts', { a: ' b \n' }, '{"a":" b \\n"}'],
	])('%s is sent as exactly the JSON that was signed', (_, body, text) => {
		const signed = post(body);
		expect(bytesOf(signed).toString()).toBe(text);
		expect(signed.headers['Content-Type']).toBe('application/json');
		expect(isAccepted(signed)).toBe(true);
	});

	test.each([
		['JSON', '{"a":1}'],
		['JSON with blanks around it, as typed into an editor', ' {"a":1}\n'],
		['no JSON', 'hello'],
		['an umlaut', '"ü"'],
	])('a text is sent byte for byte: %s', (_, text) => {
		const signed = post(text);
		expect(bytesOf(signed).toString()).toBe(text);
		expect(signed.headers['Content-Type']).toBe('application/json');
		expect(isAccepted(signed)).toBe(true);
	});

	test('bytes are sent as they are', () => {
		const bytes = Buffer.from([0xff, 0, 0x20, 0x0a]);
		const signed = post(bytes, { 'content-type': 'application/octet-stream' });
		expect(bytesOf(signed)).toEqual(bytes);
		expect(signed.headers['Content-Type']).toBe('application/octet-stream');
		expect(isAccepted(signed)).toBe(true);
	});

	test('a URL-encoded form is sent as what it is', () => {
		const signed = post(new URLSearchParams({ a: 'b c', d: 'ü&' }));
		expect(bytesOf(signed).toString()).toBe('a=b+c&d=%C3%BC%26');
		expect(signed.headers['Content-Type']).toBe(FORM);
		expect(isAccepted(signed)).toBe(true);
	});

	test.each(['content-type', 'Content-Type', 'CONTENT-TYPE'])('keeps its own type: %s', (name) => {
		const type = 'application/json;charset=utf8';
		for (const body of [{ a: 1 }, '{"a":1}', new URLSearchParams({ a: '1' })]) {
			const signed = post(body, { [name]: type });
			expect(signed.headers['Content-Type']).toBe(type);
			const names = Object.keys(signed.headers).map((one) => one.toLowerCase());
			expect(names.filter((one) => one === 'content-type')).toHaveLength(1);
		}
	});

	test.each([undefined, null, '', Buffer.alloc(0), new URLSearchParams()])(
		'none is none (%p)',
		(body) => {
			const signed = post(body);
			expect(bytesOf(signed)).toHaveLength(0);
			expect(isAccepted(signed)).toBe(true);
		},
	);

	test('a type without a body is not signed, as nobody sends one', () => {
		const signed = authenticate({ url: URL_HERE, headers: { 'content-type': 'application/json' } });
		expect(Object.keys(signed.headers).map((name) => name.toLowerCase())).not.toContain(
			'content-type',
		);
	});

	test.each([
		['a form with files', new FormData()],
		['a stream', new ReadableStream()],
		['something else', new Date()],
	])('%s cannot be signed, and says so', (_, body) => {
		expect(() => post(body)).toThrow(InvalidCredential);
		expect(() => post(body)).toThrow(/form or a stream/);
	});

	test.each(['form', 'formData'])(
		"nor can the %s of n8n's HTTP Request node, which is sent beside the body",
		(field) => {
			const options = { method: 'POST', uri: URL_HERE, [field]: { a: '1' }, headers: {} };
			expect(() => authenticate(options)).toThrow(InvalidCredential);
		},
	);
});

describe('a second time, on its own output', () => {
	const REQUESTS: Array<[string, object]> = [
		['a read', { url: `${URL_HERE}?b=1+2&a=%2f`, qs: { c: ['ü', "'"] } }],
		['a start', { method: 'POST', url: START_URL, body: { 'os-start': {} }, json: true }],
		['uri', { uri: URL_HERE, qs: { a: 1 }, headers: { 'X-Other': 'y' } }],
		['baseURL', { baseURL: `${OTC}/base/`, url: '/%zz/a b' }],
		[
			'a text',
			{ method: 'PUT', url: URL_HERE, body: 'ü', headers: { 'content-type': 'text/plain' } },
		],
		['a form', { method: 'POST', url: URL_HERE, body: new URLSearchParams({ a: 'b c' }) }],
	];

	test.each(REQUESTS)('%s stays as it is', (_, options) => {
		const once = authenticate(options);
		expect(authenticate(once)).toEqual(once);
	});

	test.each(REQUESTS)('%s gets another signature later, for the same request', (_, options) => {
		const once = authenticate(options);
		const twice = authenticate(once, CREDENTIAL, new Date(DATE.getTime() + 60_000));
		expect(twice.headers['X-Sdk-Date']).toBe('20191115T033755Z');
		expect(twice.headers.Authorization).not.toBe(once.headers.Authorization);
		expect(Object.keys(twice.headers).sort()).toEqual(Object.keys(once.headers).sort());
		expect(canonicalOf(twice)).toBe(canonicalOf(once).replace(TIME, '20191115T033755Z'));
		expect(isAccepted(twice)).toBe(true);
	});

	test('a key that is no longer temporary leaves no security token behind', () => {
		const once = authenticate({ url: URL_HERE }, { ...CREDENTIAL, securityToken: 'temporary' });
		expect(authenticate(once).headers).not.toHaveProperty('X-Security-Token');
	});
});

describe('headers of the same name', () => {
	test.each(['toLowerCase', 'toUpperCase'] as const)('are replaced (%s)', (change) => {
		const names = ['Authorization', 'X-Sdk-Date', 'X-Project-Id', 'X-Security-Token', 'Host'];
		const headers = Object.fromEntries(names.map((name) => [name[change](), 'foreign']));
		const signed = authenticate({ url: URL_HERE, headers });
		expect(Object.values(signed.headers)).not.toContain('foreign');
		expect(Object.keys(signed.headers).sort()).toEqual([
			'Authorization',
			'X-Project-Id',
			'X-Sdk-Date',
		]);
		expect(isAccepted(signed)).toBe(true);
	});

	test('others are sent, but not signed: somebody may change them on the way', () => {
		const signed = authenticate({
			url: URL_HERE,
			headers: { Accept: 'application/json', 'X-A': 'b' },
		});
		expect(signed.headers).toMatchObject({ Accept: 'application/json', 'X-A': 'b' });
		expect(parseAuthorization(signed.headers.Authorization)?.signedHeaders).toEqual([
			'host',
			'x-project-id',
			'x-sdk-date',
		]);
	});
});

describe('whatever is asked for', () => {
	const text = fc.string({ unit: 'binary' });
	const aBody = fc.oneof(
		fc.constant(undefined),
		fc.dictionary(text, fc.jsonValue(), { noNullPrototype: true }),
		fc.uint8Array().map((bytes) => Buffer.from(bytes)),
		fc.array(fc.tuple(text, text)).map((pairs) => new URLSearchParams(pairs)),
	);
	const options = (body: fc.Arbitrary<unknown>) =>
		fc.record({
			method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
			base: fc.constantFrom('https://ecs.example.com', 'https://nova.example.com:8774/compute/'),
			path: fc.oneof(fc.webPath(), text.map(encodeURI), text.map(encodeURIComponent)),
			query: fc.oneof(
				fc.webQueryParameters(),
				text.map((value) => `a=${value}`),
			),
			qs: fc.dictionary(text, fc.oneof(text, fc.integer(), fc.array(text))),
			field: fc.constantFrom('url', 'uri', 'baseURL'),
			body,
		});
	const check = (body: fc.Arbitrary<unknown>) =>
		fc.assert(
			fc.property(options(body), ({ base, path, query, qs, field, ...rest }) => {
				const address = `/${path}?${query.replace(/#/g, '')}`.replace(/^\/+/, '/');
				const target =
					field === 'baseURL'
						? { baseURL: base, url: address }
						: { [field]: base.replace(/\/$/, '') + address };
				const signed = authenticate({ ...rest, ...target, qs });
				expect(isAccepted(signed)).toBe(true);
				expect(isAccepted(authenticate(signed))).toBe(true);
				// The client must find nothing more to encode.
				const sent = signed.url ?? signed.uri ?? '';
				expect(new URL(sent).href).toBe(sent);
			}),
			{ numRuns: 300 },
		);

	test('the cloud computes the same signature from what is sent', () => check(aBody));

	test('the same with any text as body', () => check(text));
});

describe('over plain http', () => {
	test.each([
		['url', { url: 'http://nova.example.com/v2.1' }],
		['uri', { uri: 'http://nova.example.com/v2.1' }],
		['baseURL', { baseURL: 'http://nova.example.com', url: '/v2.1' }],
	])('nothing is signed (%s)', (_, options) => {
		expect(() => authenticate(options, CUSTOM)).toThrow(InvalidCredential);
		expect(() => authenticate(options, CUSTOM)).toThrow(/Allow Plain HTTP/);
		expect(() => authenticate(options)).toThrow(InvalidCredential);
	});

	test.each(['http://127.0.0.1:8774/x', 'http://localhost/x', 'http://[::1]:8774/x'])(
		'unless it stays on this machine: %s',
		(url) => {
			expect(isAccepted(authenticate({ url }, CUSTOM))).toBe(true);
		},
	);

	test('or the user allows it, for a cloud of his own only', () => {
		const options = { url: 'http://nova.example.com/x' };
		expect(isAccepted(authenticate(options, { ...CUSTOM, allowHttp: true }))).toBe(true);
		expect(() => authenticate(options, { ...CREDENTIAL, allowHttp: true })).toThrow(
			InvalidCredential,
		);
	});
});

describe('a key that cannot be used', () => {
	test.each([
		[{ accessKey: '' }, /'Access Key'.*empty/],
		[{ accessKey: '  ' }, /'Access Key'.*empty/],
		[{ accessKey: undefined }, /'Access Key'.*empty/],
		[{ accessKey: {} }, /'Access Key'.*empty/],
		[{ secretKey: '' }, /'Secret Key'.*empty/],
		[{ secretKey: ' \n' }, /'Secret Key'.*empty/],
		[{ secretKey: null }, /'Secret Key'.*empty/],
		[{ accessKey: 'two words' }, /'Access Key'/],
		[{ accessKey: 'two\nlines' }, /'Access Key'/],
		[{ accessKey: 'schlüssel' }, /'Access Key'/],
		[{ projectId: '' }, /'Project ID'/],
		[{ cloud: 'nowhere' }, /unknown cloud/],
		[{ securityToken: 'two\nlines' }, /'Security Token'/],
	])('%j is refused, with the name of the field', (fields, why) => {
		const credential = { ...CREDENTIAL, ...fields } as IDataObject;
		expect(() => authenticate({ url: URL_HERE }, credential)).toThrow(InvalidCredential);
		expect(() => authenticate({ url: URL_HERE }, credential)).toThrow(why);
		expect(() => authenticate({ url: URL_HERE }, credential)).not.toThrow(SECRET);
	});

	test('one that can is read without the blanks around it', () => {
		expect(readAccessKey({ accessKey: ' ak ', secretKey: '\tsk\n' })).toEqual({
			accessKey: 'ak',
			secretKey: 'sk',
			securityToken: '',
		});
	});
});

describe('a refused key', () => {
	const CLOUD_TIME = 'Wed, 25 Nov 2026 12:00:00 GMT';
	const explain = (secondsAhead: number, headers: object = { date: CLOUD_TIME }) =>
		explainRefusedKey(
			answered(401, '', { ...headers }),
			{ ...CREDENTIAL },
			new Date(Date.parse(CLOUD_TIME) + secondsAhead * 1000),
		);

	test.each([
		[1_200, '1200 seconds ahead of'],
		[-86_400, '86400 seconds behind'],
		[900.4, '900 seconds ahead of'],
	])('with a clock that is %d seconds off says so', (seconds, words) => {
		const { why, hint } = explain(seconds);
		expect(why).toContain(words);
		expect(hint).toMatch(/clock/);
		expect(hint).toContain('15 minutes');
	});

	test.each([
		[301, '301 seconds ahead of'],
		[-301, '301 seconds behind'],
	])(
		'with a clock that is %d seconds off, which a cloud still takes, says both',
		(seconds, words) => {
			const { why, hint } = explain(seconds);
			expect(why).not.toMatch(/clock/);
			expect(hint).toMatch(/access key.*secret key/);
			expect(hint).toContain(words);
		},
	);

	test.each([0, 1, -1, 59, -59, 60, -60])(
		'with a clock that is %d seconds off says which key',
		(seconds) => {
			const { why, hint } = explain(seconds);
			expect(why).not.toMatch(/clock/);
			expect(hint).toMatch(/access key.*secret key.*security token/);
			expect(hint).toMatch(/locks the key for five minutes/);
		},
	);

	test.each([{}, { date: '' }, { date: 'yesterday' }, { date: 7 }])(
		'without a date to compare (%j) says which key',
		(headers) => {
			expect(explain(5_000, headers).why).toMatch(/access key QTWA…$/);
		},
	);

	test('is shown by its first four characters, and its secret not at all', () => {
		for (const seconds of [0, 5_000]) {
			const { why, hint } = explain(seconds);
			expect(why + hint).not.toContain('QTWAO');
			expect(why + hint).not.toContain(SECRET.slice(0, 5));
		}
		expect(explain(0).why).toContain('QTWA…');
	});
});

test('a key that the cloud does not know is no matter of the secret key', () => {
	const refused = answered(401, gateway('APIGW.0301', 'Incorrect IAM information: ak X not exist'));
	const { why, hint } = explainRefusedKey(refused, CREDENTIAL, new Date());
	expect(why).toBe('the cloud does not know access key QTWA…');
	expect(hint).toMatch(/deleted.*each cloud has its own/);
});
