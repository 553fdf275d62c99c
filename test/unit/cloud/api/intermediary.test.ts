import { explainProxy } from '../../../../nodes/cloud/api/intermediary';
import { answered, HTML_502, nova } from '../../answers';

const whyOf = (...answer: Parameters<typeof answered>) => explainProxy(answered(...answer))?.why;
const REFUSED = 'a proxy or firewall between n8n and the cloud refused the request';

test.each([
	['a page', HTML_502],
	['nothing', ''],
	['words of its own', { error: 'login' }],
])('407 with %s: the proxy wants a login', (_, body) => {
	expect(whyOf(407, body)).toContain('wants a login');
});

test.each([
	['a page', HTML_502],
	['nothing', ''],
])('403 with %s: refused on the way, whoever says so', (_, body) => {
	expect(whyOf(403, body, { server: 'nginx', date: 'now' })).toBe(REFUSED);
});

describe('503 without words of an API', () => {
	test.each<[string, Record<string, unknown>]>([
		['bears the mark of squid', { server: 'nginx', 'x-squid-error': 'ERR_DNS_FAIL 0' }],
		['says which proxy it is from', { server: 'nginx', 'proxy-status': 'proxy; error=x' }],
		['names neither its server nor the time', {}],
	])('that %s is of a proxy', (_, headers) => {
		expect(whyOf(503, HTML_502, headers)).toBe(REFUSED);
	});

	test.each([
		'squid',
		'Squid/5.7',
		'tinyproxy/1.11',
		'privoxy',
		'mitmproxy 10',
		'Zscaler/6',
		'BlueCoat',
	])('from %s is of a proxy', (server) => {
		expect(whyOf(503, HTML_502, { server, date: 'now' })).toBe(REFUSED);
	});

	test.each<[string, Record<string, unknown>]>([
		['a web server', { server: 'nginx' }],
		['a web server that tells the time', { server: 'nginx', date: 'now' }],
		['somebody who tells the time', { date: 'now' }],
		['a server that is called after a proxy', { server: 'my-squid' }],
		['a server whose name begins so', { server: 'squidward' }],
	])('from %s is of the cloud', (_, headers) => {
		expect(whyOf(503, HTML_502, headers)).toBeUndefined();
	});
});

test.each([401, 404, 500, 502, 504])('a bare %i is the cloud, whoever says so', (status) => {
	expect(whyOf(status, '', { 'x-squid-error': 'x' })).toBeUndefined();
});

test.each([403, 503])('%i in the words of an API is the cloud, also through a proxy', (status) => {
	expect(whyOf(status, nova(status, 'x'), { server: 'squid' })).toBeUndefined();
});
