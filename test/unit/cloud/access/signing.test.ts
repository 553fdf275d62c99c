import { createHash } from 'crypto';
import fc from 'fast-check';

import {
	canonicalRequest,
	encodePath,
	encodeQuery,
	sign,
	type SignableRequest,
} from '../../../../nodes/cloud/access/signing';
import {
	parseAuthorization,
	parseSdkDate,
	signatureMatches,
} from '../../../../simulator/signature';

/** The sample key of the cloud's own signing guide. */
const SAMPLE = {
	accessKey: ['QTWAOYTTIND', 'UT2QVKYUC'].join(''),
	secretKey: ['MFyfvK41ba2giqM7Uio6PznpdUKGp', 'ownRZlmVmHc'].join(''),
};
const TIME = '20191115T033655Z';
const DATE = new Date('2019-11-15T03:36:55Z');
const PROJECT = '77b6a44cba5143ab91d13ab9a8ff44fd';
const OTC = 'https://ecs.eu-de.otc.t-systems.com';
const START_URL = `${OTC}/v2.1/${PROJECT}/servers/616fb98f-46ca-475e-917e-2563e5a8cd19/action`;
const JSON_TYPE = { 'content-type': 'application/json' };
const NO_BODY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const sha256 = (data: string | Buffer) => createHash('sha256').update(data).digest('hex');

const request = (url: string, more: Partial<SignableRequest> = {}): SignableRequest => ({
	method: 'GET',
	url: new URL(url),
	headers: {},
	body: '',
	...more,
});

/** The parts of a canonical request; the headers take as many lines as there are. */
function partsOf(what: SignableRequest) {
	const lines = canonicalRequest(what, TIME).split('\n');
	const [method, path, query] = lines;
	const [blank, names, body] = lines.slice(-3);
	return { method, path, query, headers: lines.slice(3, -3), blank, names, body };
}

/** What the cloud makes of a request, which it reads off the wire. */
function isAccepted(what: SignableRequest, date = DATE, key = SAMPLE): boolean {
	const signature = sign(what, key, date);
	const authorization = parseAuthorization(signature.Authorization);
	if (!authorization) return false;
	const headers: Record<string, string> = { host: what.url.host };
	for (const [name, value] of Object.entries({ ...what.headers, ...signature })) {
		headers[name.toLowerCase()] = value;
	}
	const { pathname: path, search } = what.url;
	const seen = { method: what.method, path, rawQuery: search.slice(1), headers };
	const body = Buffer.from(what.body as string);
	return signatureMatches({ ...seen, body }, authorization, key.secretKey);
}

interface Vector {
	name: string;
	request: SignableRequest;
	canonicalHash?: string;
	signedHeaders: string;
	signature: string;
}

const vectors: Vector[] = [
	{
		name: 'published: a GET with a query',
		request: request(
			`https://service.region.example.com/v1/${PROJECT}/vpcs?limit=2&marker=13551d6b-755d-4757-b956-536f674975c0`,
			{ headers: JSON_TYPE },
		),
		canonicalHash: 'b25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a',
		signedHeaders: 'content-type;host;x-sdk-date',
		signature: '7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe',
	},
	{
		name: 'published: a GET without a query',
		request: request(`https://service.test-region-1.myhuaweicloud.com/v1/${PROJECT}/vpcs`, {
			headers: JSON_TYPE,
		}),
		signedHeaders: 'content-type;host;x-sdk-date',
		signature: '4a30e690c3032a1975323588d79e858f188834f91df411a47ada7def6ad8081f',
	},
	{
		name: 'a start',
		request: request(START_URL, {
			method: 'POST',
			headers: { 'Content-Type': 'application/json', 'X-Project-Id': PROJECT },
			body: '{"os-start":{}}',
		}),
		canonicalHash: 'e23e38aa0e9926ecdc9b5d0783602630dcdccca4a5a37860b5dca8271b09d95c',
		signedHeaders: 'content-type;host;x-project-id;x-sdk-date',
		signature: 'ae31e0ac2b840a7d66716cf86bcab854a51eb5c481ff1407f1e2f777d00f8329',
	},
	{
		name: 'a start with a temporary key',
		request: request(START_URL, {
			method: 'POST',
			headers: {
				'Content-Type': 'application/json',
				'X-Security-Token': 'TESTTOKEN',
				'X-Project-Id': PROJECT,
			},
			body: Buffer.from('{"os-start":{}}'),
		}),
		canonicalHash: '4c094fefac796f60f43113e8b39e7c7267f804d25af5d00f102b6e6162a307e0',
		signedHeaders: 'content-type;host;x-project-id;x-sdk-date;x-security-token',
		signature: '583a62d871ef1fa8a1b16393b0aba650d029cc423d21c8e554cfda0b0e9890c2',
	},
	{
		name: 'a query to be encoded and sorted',
		request: request(
			`${OTC}/v1/${PROJECT}/cloudservers/detail?name=web server&limit=2&not-tags=&tags=a,b`,
			{ headers: JSON_TYPE },
		),
		canonicalHash: '80f119c2eb23a2882e9298fac628d2ea21c3361f5352e4c6144c2047f8a82a97',
		signedHeaders: 'content-type;host;x-sdk-date',
		signature: '6b9ac1498460c63f6b2928c740b2a5b86d73c405c4f9b4af468fb3d17792cc0c',
	},
];

describe('a vector', () => {
	test.each(vectors)('$name', ({ request: what, canonicalHash, signedHeaders, signature }) => {
		if (canonicalHash) expect(sha256(canonicalRequest(what, TIME))).toBe(canonicalHash);
		expect(sign(what, SAMPLE, DATE)).toEqual({
			'X-Sdk-Date': TIME,
			Authorization: `SDK-HMAC-SHA256 Access=${SAMPLE.accessKey}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
		});
	});

	test('the whole canonical request, line by line', () => {
		expect(canonicalRequest(vectors[0].request, TIME)).toBe(
			[
				'GET',
				`/v1/${PROJECT}/vpcs/`,
				'limit=2&marker=13551d6b-755d-4757-b956-536f674975c0',
				'content-type:application/json',
				'host:service.region.example.com',
				`x-sdk-date:${TIME}`,
				'',
				'content-type;host;x-sdk-date',
				NO_BODY,
			].join('\n'),
		);
	});
});

describe('the path', () => {
	test.each([
		['no path', '', '/'],
		['the root', '/', '/'],
		['one part', '/a', '/a/'],
		['a slash at the end', '/a/', '/a/'],
		['a base path', '/compute/v2.1/x', '/compute/v2.1/x/'],
		['an empty part', '/a//b', '/a//b/'],
		['an empty part at the end', '/a//', '/a//'],
		['nothing but slashes', '//', '//'],
		['a blank', '/a b', '/a%20b/'],
		['an encoded blank', '/a%20b', '/a%20b/'],
		['a plus, which is a plus', '/a+b', '/a%2Bb/'],
		['an encoded plus', '/a%2bb', '/a%2Bb/'],
		['an encoded slash', '/a%2Fb', '/a%2Fb/'],
		['an encoded slash in small letters', '/a%2fb', '/a%2Fb/'],
		['what encodeURIComponent leaves', "/!'()*", '/%21%27%28%29%2A/'],
		['the same, encoded', '/%21%27%28%29%2a', '/%21%27%28%29%2A/'],
		['the unreserved', '/aZ09-_.~', '/aZ09-_.~/'],
		['the unreserved, encoded', '/%61%7E%2D', '/a~-/'],
		['other delimiters', '/a:b@c;d=e&f$g,h', '/a%3Ab%40c%3Bd%3De%26f%24g%2Ch/'],
		['an umlaut', '/ü', '/%C3%BC/'],
		['an umlaut, encoded in small letters', '/%c3%bc', '/%C3%BC/'],
		['three bytes', '/日本', '/%E6%97%A5%E6%9C%AC/'],
		['four bytes', '/😀', '/%F0%9F%98%80/'],
		['an encoded percent sign', '/%25', '/%25/'],
		['an encoded escape', '/%2525', '/%2525/'],
		['half an escape', '/%', '/%25/'],
		['an escape that is none', '/%zz', '/%25zz/'],
		['bytes that are no text', '/%E4', '/%25E4/'],
		['a way back', '/a/../b', '/b/'],
	])('%s', (_, path, canonical) => {
		expect(partsOf(request(`https://ecs.example.com${path}`)).path).toBe(canonical);
	});

	test('as it is sent has a slash at its end only where there was one', () => {
		expect(encodePath(new URL('https://ecs.example.com/a'))).toBe('/a');
		expect(encodePath(new URL('https://ecs.example.com/a/'))).toBe('/a/');
		expect(encodePath(new URL('https://ecs.example.com'))).toBe('/');
	});

	test('once encoded, stays as it is', () => {
		fc.assert(
			fc.property(fc.array(fc.string({ unit: 'binary' })), (segments) => {
				const url = new URL('https://ecs.example.com');
				url.pathname = segments.join('/');
				const once = encodePath(url);
				expect(encodePath(new URL(`https://ecs.example.com${once}`))).toBe(once);
			}),
		);
	});
});

describe('the query', () => {
	test.each([
		['none', '', ''],
		['an empty one', '?', ''],
		['sorted by name', '?b=2&a=1', 'a=1&b=2'],
		['sorted by value, too', '?a=2&a=10&a=&a=1', 'a=&a=1&a=10&a=2'],
		['the same twice', '?a=1&a=1', 'a=1&a=1'],
		['capitals first', '?a=2&B=1&A=1', 'A=1&B=1&a=2'],
		['a name that begins another', '?a-b=1&a=2&ab=3', 'a=2&a-b=1&ab=3'],
		['sorted as encoded', '?a=.&a=/', 'a=%2F&a=.'],
		['a name without a value', '?a', 'a='],
		['an empty value', '?a=&b=1', 'a=&b=1'],
		['a value without a name', '?=a', '=a'],
		['nothing between two ampersands', '?&&a=1&', 'a=1'],
		['an equals sign in the value', '?a=b=c', 'a=b%3Dc'],
		['a blank', '?a=b c', 'a=b%20c'],
		['a plus, which is a blank', '?a=b+c', 'a=b%20c'],
		['an encoded plus', '?a=b%2Bc', 'a=b%2Bc'],
		['an encoded ampersand', '?a=b%26c', 'a=b%26c'],
		['a slash', '?a=b/c', 'a=b%2Fc'],
		['an encoded slash in small letters', '?a=b%2fc', 'a=b%2Fc'],
		['what encodeURIComponent leaves', "?a=!'()*", 'a=%21%27%28%29%2A'],
		['the unreserved, encoded', '?%61=%7e', 'a=~'],
		['an umlaut in the name, too', '?ü=ä', '%C3%BC=%C3%A4'],
		['an umlaut, encoded in small letters', '?a=%c3%a4', 'a=%C3%A4'],
		['four bytes', '?a=😀', 'a=%F0%9F%98%80'],
		['a list', '?tags=a,b', 'tags=a%2Cb'],
		['brackets', '?a[0]=1', 'a%5B0%5D=1'],
		['an encoded escape', '?a=%252F', 'a=%252F'],
		['half an escape', '?a=%', 'a=%25'],
		['a fragment, which is never sent', '?a=1#b', 'a=1'],
	])('%s', (_, query, canonical) => {
		expect(partsOf(request(`https://ecs.example.com/x${query}`)).query).toBe(canonical);
	});

	test('once encoded, stays as it is', () => {
		const text = fc.string({ unit: 'binary' });
		fc.assert(
			fc.property(fc.array(fc.tuple(text, text)), (pairs) => {
				const url = new URL('https://ecs.example.com/x');
				for (const [name, value] of pairs) url.searchParams.append(name, value);
				const once = encodeQuery(url);
				expect(encodeQuery(new URL(`https://ecs.example.com/x?${once}`))).toBe(once);
			}),
		);
	});
});

describe('the headers', () => {
	test.each([
		['https://ecs.example.com/x', 'ecs.example.com'],
		['https://ecs.example.com:443/x', 'ecs.example.com'],
		['https://ecs.example.com:8774/x', 'ecs.example.com:8774'],
		['http://127.0.0.1:80/x', '127.0.0.1'],
		['http://127.0.0.1:443/x', '127.0.0.1:443'],
		['https://ECS.Example.com/x', 'ecs.example.com'],
		['https://[2001:DB8::1]:8774/x', '[2001:db8::1]:8774'],
		['https://user@ecs.example.com/x', 'ecs.example.com'],
	])('the host of %s is %s', (url, host) => {
		expect(partsOf(request(url)).headers).toEqual([`host:${host}`, `x-sdk-date:${TIME}`]);
	});

	test('are sorted, in small letters, without the blanks around their values', () => {
		const headers = {
			'X-Z': '  z \t',
			'x-b': 'b  b',
			'Content-Type': ' text/plain ',
			'X-Empty': '',
		};
		const parts = partsOf(request('https://ecs.example.com/x', { headers }));
		expect(parts.headers).toEqual([
			'content-type:text/plain',
			'host:ecs.example.com',
			'x-b:b  b',
			'x-empty:',
			`x-sdk-date:${TIME}`,
			'x-z:z',
		]);
		expect(parts.blank).toBe('');
		expect(parts.names).toBe('content-type;host;x-b;x-empty;x-sdk-date;x-z');
	});
});

describe('the rest', () => {
	test.each(['get', 'GET', 'Get'])('the method is in capitals: %s', (method) => {
		expect(partsOf(request('https://ecs.example.com', { method })).method).toBe('GET');
	});

	test.each([
		['no body', '', NO_BODY],
		['an empty buffer', Buffer.alloc(0), NO_BODY],
		[
			'a body',
			'{"os-start":{}}',
			'ead3e5c7c60bc108530f13c237ca1d806cf110d2e44e09243c70d0bc1f1053bb',
		],
		['an umlaut, as UTF-8', 'ü', sha256(Buffer.from([0xc3, 0xbc]))],
		['bytes that are no text', Buffer.from([0xff, 0]), sha256(Buffer.from([0xff, 0]))],
		['blanks, which count', ' {} \n', sha256(Buffer.from(' {} \n'))],
	])('the hash of %s', (_, body, hash) => {
		expect(partsOf(request('https://ecs.example.com', { body })).body).toBe(hash);
	});

	test('the date is in UTC, to the second', () => {
		const date = new Date('2026-01-02T03:04:05.678+02:00');
		const signed = sign(request('https://ecs.example.com'), SAMPLE, date);
		expect(signed['X-Sdk-Date']).toBe('20260102T010405Z');
	});

	test('the secret key is nowhere in what is sent', () => {
		const signed = JSON.stringify(sign(vectors[3].request, SAMPLE, DATE));
		expect(signed).toContain(SAMPLE.accessKey);
		expect(signed).not.toContain(SAMPLE.secretKey);
	});

	test('another request, date or key gives another signature', () => {
		const [{ request: what }] = vectors;
		const others = [
			sign(what, SAMPLE, DATE),
			sign({ ...what, method: 'POST' }, SAMPLE, DATE),
			sign({ ...what, url: new URL(`${what.url.href}0`) }, SAMPLE, DATE),
			sign({ ...what, url: new URL(what.url.href.replace('region', 'other')) }, SAMPLE, DATE),
			sign({ ...what, headers: { 'content-type': 'text/plain' } }, SAMPLE, DATE),
			sign({ ...what, body: ' ' }, SAMPLE, DATE),
			sign(what, SAMPLE, new Date(DATE.getTime() + 1_000)),
			sign(what, { ...SAMPLE, secretKey: 'other' }, DATE),
		].map(({ Authorization }) => parseAuthorization(Authorization)?.signature);
		expect(new Set(others).size).toBe(others.length);
	});
});

describe('whatever is signed', () => {
	const text = fc.string({ unit: 'binary' });
	const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
	const aRequest = fc.record({
		method: fc.constantFrom('GET', 'POST', 'delete'),
		host: fc.constantFrom('ecs.example.com', 'ecs.example.com:8774', '127.0.0.1:443'),
		segments: fc.array(fc.oneof(text, text.map(encodeURIComponent), fc.constantFrom('%', '+', ''))),
		pairs: fc.array(fc.tuple(text, text)),
		headers: fc.dictionary(
			word.map((name) => `x-a-${name}`),
			word.map((value) => ` ${value}\t`),
		),
		body: fc.oneof(
			text,
			fc.uint8Array().map((bytes) => Buffer.from(bytes)),
		),
		date: fc.date({
			min: new Date('2000-01-01T00:00:00Z'),
			max: new Date('2099-12-31T23:59:59Z'),
			noInvalidDate: true,
		}),
	});

	test('is what an independent verifier computes from the request as sent', () => {
		fc.assert(
			fc.property(aRequest, ({ method, host, segments, pairs, headers, body, date }) => {
				const url = new URL(`https://${host}`);
				url.pathname = segments.join('/');
				for (const [name, value] of pairs) url.searchParams.append(name, value);
				expect(isAccepted({ method, url, headers, body }, date)).toBe(true);
				const signed = sign({ method, url, headers, body }, SAMPLE, date)['X-Sdk-Date'];
				expect(parseSdkDate(signed)).toBe(Math.floor(date.getTime() / 1000) * 1000);
			}),
			{ numRuns: 500 },
		);
	});
});
