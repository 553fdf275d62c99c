import fc from 'fast-check';

import type { Answer } from '../../../../nodes/cloud/api/answer';
import { refusesCredential, verdict } from '../../../../nodes/cloud/api/verdict';
import {
	answered,
	CHOICES,
	ecs,
	gateway,
	HTML_502,
	KEYSTONE_401,
	lost,
	NO_SUCH_ROUTE,
	notSent,
	nova,
	refusal,
} from '../../answers';

/** The verdict in one line, such as `retry throttled` or `recheck unavailable maybe`. */
function said(answer: Answer): string {
	const judged = verdict(answer);
	if (judged.word === 'accepted') return 'accepted';
	const taken = judged.word === 'recheck' ? ` ${judged.taken}` : '';
	return `${judged.word} ${judged.reason}${taken}`;
}

describe('an HTTP status alone, without a body', () => {
	test.each([
		// OTC, "Returned values for general requests"
		[200, 'accepted'],
		[201, 'fail unexpectedResponse'],
		[202, 'accepted'],
		[204, 'accepted'],
		[300, 'fail unexpectedResponse'],
		[400, 'fail invalidInput'],
		[401, 'fail unauthorized'],
		// nobody but a proxy or firewall refuses without a word, and only Nova or ECS misses a server
		[403, 'fail unreachable'],
		[404, 'fail invalidInput'],
		[405, 'fail invalidInput'],
		[406, 'fail unexpectedResponse'],
		[407, 'fail unreachable'],
		[408, 'recheck unreachable maybe'],
		[409, 'recheck wrongState no'],
		[429, 'retry throttled'],
		[500, 'recheck unavailable maybe'],
		[501, 'fail unexpectedResponse'],
		[502, 'recheck unavailable maybe'],
		[503, 'retry unavailable'],
		[504, 'recheck unavailable maybe'],
		// their neighbours
		[203, 'fail unexpectedResponse'],
		[205, 'fail unexpectedResponse'],
		[206, 'fail unexpectedResponse'],
		[207, 'fail unexpectedResponse'],
		[299, 'fail unexpectedResponse'],
		[301, 'fail unexpectedResponse'],
		[302, 'fail unexpectedResponse'],
		[303, 'fail unexpectedResponse'],
		[304, 'fail unexpectedResponse'],
		[307, 'fail unexpectedResponse'],
		[308, 'fail unexpectedResponse'],
		[410, 'fail invalidInput'],
		[411, 'fail unexpectedResponse'],
		[412, 'fail unexpectedResponse'],
		[413, 'retry throttled'],
		[414, 'fail unexpectedResponse'],
		[415, 'fail unexpectedResponse'],
		[418, 'fail unexpectedResponse'],
		[505, 'recheck unavailable maybe'],
		[507, 'recheck unavailable maybe'],
		[520, 'recheck unavailable maybe'],
		[524, 'recheck unavailable maybe'],
		[599, 'recheck unavailable maybe'],
	])('%i: %s', (status, expected) => {
		expect(said(answered(status))).toBe(expected);
	});
});

describe('an acceptance', () => {
	test.each([
		['202 with an empty text', 202, ''],
		['202 with blanks', 202, ' \r\n\t'],
		['202 with nothing', 202, undefined],
		['202 with null', 202, null],
		['202 with an empty object', 202, {}],
		['202 with an object that holds no error', 202, { job_id: 'ff80808288d41e1b018990260955686a' }],
		['202 with an error field that is null', 202, { error: null }],
		['202 with empty gateway fields', 202, { error_code: '', error_msg: '' }],
		['200 with an empty text', 200, ''],
		['200 with blanks', 200, ' \n'],
		['200 with nothing', 200, undefined],
		['200 with an empty object', 200, {}],
		['204 with nothing', 204, undefined],
		['204 with blanks', 204, '  '],
	])('is %s', (_, status, body) => {
		expect(said(answered(status, body))).toBe('accepted');
	});

	test("carries Nova's id of the request", () => {
		const headers = { 'x-compute-request-id': 'req-1', 'x-openstack-request-id': 'req-2' };
		expect(verdict(answered(202, '', headers))).toEqual({ word: 'accepted', requestId: 'req-1' });
	});

	test('has no id where the cloud names none', () => {
		expect(verdict(answered(202))).toEqual({ word: 'accepted', requestId: undefined });
	});
});

describe('a success that is none', () => {
	test.each([
		['202 with Common.0024', 202, ecs('Common.0024'), 'retry throttled'],
		[
			'202 with Common.0024 and no words',
			202,
			{ error: { code: 'Common.0024' } },
			'retry throttled',
		],
		['202 with Common.0024, gateway form', 202, gateway('Common.0024'), 'retry throttled'],
		['202 with Common.1503', 202, ecs('Common.1503'), 'retry throttled'],
		['202 with a missing server', 202, ecs('Ecs.0114'), 'fail notFound'],
		['202 with a wrong state', 202, ecs('Ecs.0100'), 'recheck wrongState no'],
		['202 with an unknown code', 202, ecs('Ecs.9876'), 'fail unexpectedResponse'],
		['200 with Common.0024', 200, ecs('Common.0024'), 'retry throttled'],
		['200 with a policy that forbids', 200, ecs('Pdp.0001'), 'fail forbidden'],
		['202 with HTML', 202, HTML_502, 'fail unexpectedResponse'],
		['200 with HTML', 200, HTML_502, 'fail unexpectedResponse'],
		[
			'200 with a log-in page',
			200,
			'<!DOCTYPE html><title>Log in</title>',
			'fail unexpectedResponse',
		],
		['200 with a page behind blanks', 200, '\n\n <HTML></HTML>', 'fail unexpectedResponse'],
		[
			'200 with a page behind a comment',
			200,
			'<!-- portal --><html></html>',
			'fail unexpectedResponse',
		],
		[
			'200 with a script that leads away',
			200,
			'<script>location="/login"</script>',
			'fail unexpectedResponse',
		],
		[
			'200 with a page that leads away',
			200,
			'<META HTTP-EQUIV="refresh" CONTENT="0">',
			'fail unexpectedResponse',
		],
		['200 with an XML document', 200, '<?xml version="1.0"?><error/>', 'fail unexpectedResponse'],
		['204 with HTML', 204, HTML_502, 'fail unexpectedResponse'],
		['201 with a body', 201, { id: 'x' }, 'fail unexpectedResponse'],
		['300 with choices (a wrong API root)', 300, CHOICES, 'fail unexpectedResponse'],
		['302 with a page', 302, HTML_502, 'fail unexpectedResponse'],
	])('%s', (_, status, body, expected) => {
		expect(said(answered(status, body))).toBe(expected);
	});
});

test('a redirect is told with the host that it leads to', () => {
	const answer = answered(301, '', { location: 'https://nova.example.com/v2.1' });
	expect(verdict(answer)).toMatchObject({
		fault: { explanation: { why: 'the endpoint redirects to https://nova.example.com' } },
	});
});

describe('a refusal by Nova', () => {
	test.each([
		[400, 'badRequest', 'fail invalidInput'],
		[401, 'unauthorized', 'fail unauthorized'],
		[403, 'forbidden', 'fail forbidden'],
		[404, 'itemNotFound', 'fail notFound'],
		[405, 'badMethod', 'fail invalidInput'],
		[406, 'computeFault', 'fail unexpectedResponse'],
		[409, 'conflictingRequest', 'recheck wrongState no'],
		[413, 'overLimit', 'retry throttled'],
		[429, 'overLimit', 'retry throttled'],
		[415, 'badMediaType', 'fail unexpectedResponse'],
		[500, 'computeFault', 'recheck unavailable maybe'],
		[501, 'notImplemented', 'fail unexpectedResponse'],
		[503, 'serviceUnavailable', 'retry unavailable'],
	])('%i %s: %s', (status, name, expected) => {
		expect(said(answered(status, nova(status, name)))).toBe(expected);
	});

	test.each([
		"Cannot 'start' instance x while it is in vm_state active",
		"Cannot 'start' instance x while it is in task_state powering-on",
		"Cannot 'start' instance x while it is in task_state powering-off",
		'Instance x is locked',
		'Instance x is not ready',
		'Instance x in vm_state stopped. Cannot start while the instance is in this state.',
		'',
	])('409 is for the server to explain, whatever the words: %s', (message) => {
		const body = { ...nova(409, 'conflictingRequest', message), custom_errno: 'Ecs.1234' };
		expect(said(answered(409, body))).toBe('recheck wrongState no');
	});

	test('403 for a quota is no matter of permissions', () => {
		const body = nova(
			403,
			'forbidden',
			'Quota exceeded for cores: Requested 4, but already used 20',
		);
		expect(said(answered(403, body))).toBe('fail quotaExceeded');
	});

	test('400 for the project of another token', () => {
		const body = nova(
			400,
			'badRequest',
			"Malformed request URL: URL's project_id 'A' doesn't match Context's project_id 'B'",
		);
		expect(said(answered(400, body))).toBe('fail invalidInput');
	});
});

describe('a refusal by ECS v1', () => {
	test.each([
		[404, 'Ecs.0114', 'fail notFound'],
		[404, 'Ecs.0614', 'fail notFound'],
		[403, 'Ecs.0003', 'fail forbidden'],
		[403, 'Ecs.0110', 'fail forbidden'],
		[403, 'Ecs.0066', 'fail forbidden'],
		[403, 'Ecs.0067', 'fail forbidden'],
		[403, 'Ecs.0068', 'fail forbidden'],
		[403, 'Ecs.0069', 'fail forbidden'],
		[403, 'Ecs.0070', 'fail forbidden'],
		[403, 'Ecs.0071', 'fail forbidden'],
		[403, 'Pdp.0001', 'fail forbidden'],
		[400, 'Ecs.0023', 'fail invalidInput'],
		[400, 'Common.0018', 'fail invalidInput'],
		[401, 'Common.0013', 'fail unauthorized'],
		[400, 'Ecs.0100', 'recheck wrongState no'],
		[400, 'Ecs.0605', 'recheck wrongState no'],
		[400, 'Ecs.0319', 'fail quotaExceeded'],
		[400, 'Ecs.0005', 'fail invalidInput'],
		[400, 'Common.0002', 'fail invalidInput'],
		[400, 'Ecs.1000', 'recheck unavailable maybe'],
		[400, 'Ecs.1001', 'recheck unavailable maybe'],
		[400, 'Ecs.1002', 'recheck unavailable maybe'],
		[501, 'Ecs.0603', 'recheck busy no'],
		[400, 'Ecs.0000', 'recheck unavailable maybe'],
		[400, 'Ecs.0002', 'recheck unavailable maybe'],
		[400, 'Ecs.1100', 'recheck unavailable maybe'],
		[400, 'Ecs.1200', 'recheck unavailable maybe'],
		[500, 'Common.0001', 'recheck unavailable maybe'],
		[429, 'Common.1503', 'retry throttled'],
		[403, 'Common.1503', 'retry throttled'],
	])('%i %s: %s', (status, code, expected) => {
		expect(said(answered(status, ecs(code)))).toBe(expected);
		const withInternal = { ...ecs(code), internalError: [{ id: '1', error_code: 'x' }] };
		expect(said(answered(status, withInternal))).toBe(expected);
	});
});

describe('a refusal by ECS v1 that quotes another', () => {
	const quoting = (refusal: unknown) => ecs('Ecs.1000', `Nova failed: ${JSON.stringify(refusal)}`);
	const withDetail = (code: string, detail: string) => ({
		error: { code, message: 'said ECS', details: [{ code: detail, message: 'said the detail' }] },
	});

	test.each([
		['a quota of Nova', quoting(nova(403, 'forbidden', 'Quota exceeded')), 'fail quotaExceeded'],
		['a policy of Nova', quoting(nova(403, 'forbidden')), 'fail forbidden'],
		['a missing server', quoting(nova(404, 'itemNotFound')), 'fail notFound'],
		['a conflict', quoting(nova(409, 'conflictingRequest')), 'recheck wrongState no'],
		['a failure of Nova', quoting(nova(500, 'computeFault')), 'recheck unavailable maybe'],
		['a code in the details', withDetail('Ecs.1000', 'Ecs.0319'), 'fail quotaExceeded'],
		['details that nobody knows', withDetail('Ecs.0005', 'Ecs.0057'), 'fail invalidInput'],
		['braces that are no JSON', ecs('Ecs.1000', 'no {host} left'), 'recheck unavailable maybe'],
	])('means what that says: %s', (_, body, expected) => {
		expect(said(answered(400, body))).toBe(expected);
	});

	test('any other code passes where its words say so', () => {
		expect(said(answered(400, ecs('Ecs.9999', 'Oops. Try again later.')))).toBe(
			'recheck unavailable maybe',
		);
	});
});

describe('a proxy in between', () => {
	test.each([
		['407', answered(407, HTML_502), 'fail unreachable'],
		['403, a page', answered(403, HTML_502), 'fail unreachable'],
		['403, nothing', answered(403), 'fail unreachable'],
		['503 to CONNECT, a bare status', answered(503, '', {}), 'retry unreachable'],
		[
			'503 of squid',
			answered(503, HTML_502, { 'x-squid-error': 'ERR_CONNECT_FAIL 111', date: 'now' }),
			'retry unreachable',
		],
		['503 of squid by name', answered(503, '', { server: 'squid/5.7' }), 'retry unreachable'],
	])('is named: %s', (_, answer, expected) => {
		expect(said(answer)).toBe(expected);
		expect(verdict(answer)).toMatchObject({
			fault: { explanation: { why: expect.stringMatching(/proxy/) as string } },
		});
	});

	test.each([
		['403 of Nova', answered(403, nova(403, 'forbidden')), 'fail forbidden'],
		[
			'a 403 of Nova through squid',
			answered(403, nova(403, 'forbidden'), { server: 'squid' }),
			'fail forbidden',
		],
		['503 of a load balancer', answered(503, HTML_502, { server: 'nginx' }), 'retry unavailable'],
		['503 without a name', answered(503, '', { date: 'now' }), 'retry unavailable'],
	])('is not blamed for the cloud: %s', (_, answer, expected) => {
		expect(said(answer)).toBe(expected);
	});
});

describe('a refusal by the API gateway or IAM', () => {
	test.each([
		['APIGW.0301, a bad signature or token', 401, gateway('APIGW.0301'), 'fail unauthorized'],
		['APIG.0301, the older name', 401, gateway('APIG.0301'), 'fail unauthorized'],
		['APIGW.0308, a throttled user', 429, gateway('APIGW.0308'), 'retry throttled'],
		['APIG.0308, the older name', 429, gateway('APIG.0308'), 'retry throttled'],
		['APIGW.0308 under another status', 403, gateway('APIGW.0308'), 'retry throttled'],
		['APIGW.0101, no such API', 404, gateway('APIGW.0101'), 'fail invalidInput'],
		['OTC, no such API', 404, { message: 'API not found', request_id: 'x' }, 'fail invalidInput'],
		['Kong, no such route', 404, { message: 'no Route matched' }, 'fail invalidInput'],
		['Apigee, no such route', 404, { fault: { faultstring: 'x' } }, 'fail invalidInput'],
		['an expired security token', 400, gateway('APIG.0602'), 'fail unauthorized'],
		['APIGW.0201, a backend that is out', 504, gateway('APIGW.0201'), 'recheck unavailable maybe'],
		['IAM, wrapped', 401, KEYSTONE_401, 'fail unauthorized'],
		['IAM, unwrapped', 401, KEYSTONE_401.error, 'fail unauthorized'],
		['IAM extension', 403, { error_msg: 'no', error_code: 'IAM.0011' }, 'fail forbidden'],
		['no such route', 404, NO_SUCH_ROUTE, 'fail invalidInput'],
		[
			'503 at routing level',
			503,
			{ message: 'x', code: '503 Service Unavailable', title: 'x' },
			'retry unavailable',
		],
		['HTML on 502', 502, HTML_502, 'recheck unavailable maybe'],
		['HTML on 503', 503, HTML_502, 'retry unavailable'],
		['HTML on 504', 504, HTML_502, 'recheck unavailable maybe'],
		['HTML on 403', 403, HTML_502, 'fail unreachable'],
		['plain text on 403', 403, 'Forbidden', 'fail forbidden'],
		['HTML on 404', 404, HTML_502, 'fail invalidInput'],
		['HTML on 407', 407, HTML_502, 'fail unreachable'],
		['plain text on 429', 429, 'slow down', 'retry throttled'],
		['plain text on 500', 500, 'Internal Server Error', 'recheck unavailable maybe'],
	])('%s', (_, status, body, expected) => {
		expect(said(answered(status, body))).toBe(expected);
	});
});

describe('no answer', () => {
	test.each([
		['ECONNRESET', true, 'recheck unreachable maybe'],
		['ECONNABORTED', true, 'recheck unreachable maybe'],
		['ETIMEDOUT', true, 'recheck unreachable maybe'],
		['UNKNOWN', true, 'recheck unreachable maybe'],
		['ECONNREFUSED', false, 'retry unreachable'],
		['ENOTFOUND', false, 'retry unreachable'],
		['EAI_AGAIN', false, 'retry unreachable'],
		['CERT_HAS_EXPIRED', false, 'fail unreachable'],
		['DEPTH_ZERO_SELF_SIGNED_CERT', false, 'fail unreachable'],
		['SELF_SIGNED_CERT_IN_CHAIN', false, 'fail unreachable'],
		['UNABLE_TO_VERIFY_LEAF_SIGNATURE', false, 'fail unreachable'],
		['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', false, 'fail unreachable'],
		['ERR_TLS_CERT_ALTNAME_INVALID', false, 'fail unreachable'],
	])('%s (sent: %s): %s', (code, sent, expected) => {
		expect(said(lost(code, sent))).toBe(expected);
	});

	test('says in one line what the network said over two', () => {
		const broken = lost('EPROTO', false, 'write EPROTO: wrong version number:../ssl.c:354:\n');
		expect(verdict(broken)).toMatchObject({
			fault: { message: 'write EPROTO: wrong version number:../ssl.c:354' },
		});
	});

	test('keeps what the network said', () => {
		expect(verdict(lost('ECONNRESET', true, 'socket hang up'))).toMatchObject({
			fault: { code: 'ECONNRESET', message: 'socket hang up' },
		});
	});
});

describe('whatever comes', () => {
	const word = fc.string({ minLength: 1 });
	const errorInside = fc.oneof(
		fc.record({ error: fc.record({ code: fc.oneof(word, fc.integer()), message: fc.string() }) }),
		fc.record({ error: fc.record({ code: fc.oneof(word, fc.integer()) }) }),
		fc.record({ error_code: word, error_msg: fc.string() }),
		fc.record({ code: fc.integer(), message: fc.string(), title: fc.string() }),
		fc.record({ error: fc.constantFrom('Unauthorized', 'slow down') }),
		fc
			.tuple(fc.constantFrom('conflictingRequest', 'itemNotFound', 'computeFault'), fc.string())
			.map(([name, message]) => nova(409, name, message)),
	);

	test('an answer gets a verdict, and nothing is thrown', () => {
		fc.assert(
			fc.property(fc.integer({ min: 100, max: 999 }), fc.anything(), (status, body) => {
				const { word: judged } = verdict(answered(status, body));
				expect(['accepted', 'retry', 'recheck', 'fail']).toContain(judged);
			}),
			{ numRuns: 2000 },
		);
	});

	test('only 200, 202 and 204 are ever accepted', () => {
		fc.assert(
			fc.property(
				fc.integer({ min: 100, max: 599 }).filter((status) => ![200, 202, 204].includes(status)),
				fc.anything(),
				(status, body) => {
					expect(verdict(answered(status, body)).word).not.toBe('accepted');
				},
			),
		);
	});

	test('an answer with an error inside is never accepted', () => {
		fc.assert(
			fc.property(fc.constantFrom(200, 202, 204), errorInside, (status, body) => {
				expect(verdict(answered(status, body)).word).not.toBe('accepted');
			}),
			{ numRuns: 1000 },
		);
	});

	test('a code that is a number is an error, too', () => {
		expect(said(answered(202, { error_code: 1503, error_msg: 'flow control' }))).toBe(
			'fail unexpectedResponse',
		);
	});

	test('a lost answer is never accepted, and never final unless its certificate is to blame', () => {
		fc.assert(
			fc.property(fc.string(), fc.boolean(), fc.string(), (code, sent, message) => {
				const { word: judged } = verdict(lost(code, sent, message));
				const certificate = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ERR_TLS/.test(code);
				expect(judged === 'fail' ? certificate : ['retry', 'recheck'].includes(judged)).toBe(true);
			}),
		);
	});
});

describe('a request that was not sent, as the credential proved nothing', () => {
	const fault = { message: 'said IAM', explanation: { why: 'the login', hint: 'Wait' } };

	test.each([
		['unauthorized', true, 'fail'],
		['invalidInput', true, 'fail'],
		['throttled', false, 'retry'],
		['unavailable', false, 'retry'],
		['unreachable', false, 'retry'],
	] as const)('%s, final: %s: %s, in its own words', (reason, final, word) => {
		expect(verdict(refusal(reason, final, fault))).toEqual({ word, reason, fault, unsent: true });
	});
});

test('a refused credential is explained by who knows how it proves itself', () => {
	const explanation = { why: 'the cloud refused the token', hint: 'Get a new one' };
	const answer = { ...answered(401, KEYSTONE_401), explanation };
	expect(verdict(answer)).toMatchObject({
		word: 'fail',
		reason: 'unauthorized',
		fault: { httpStatus: 401, explanation },
	});
});

describe('words count only where the status and the code leave room for them', () => {
	const PASSING = 'Oops. Try again later.';
	const quoted = (refusal: object) => ecs('Ecs.1000', JSON.stringify(refusal));

	test.each([
		['501 that passes', answered(501, ecs('Ecs.9999', PASSING)), 'recheck unavailable maybe'],
		['403 does not pass', answered(403, ecs('Ecs.9999', PASSING)), 'fail forbidden'],
		['nor what ECS did not say', answered(400, ecs('Iam.1', PASSING)), 'fail invalidInput'],
		['nor a code like its', answered(400, ecs('XEcs.9999', PASSING)), 'fail invalidInput'],
		['nor without a code', answered(400, nova(400, 'x', PASSING)), 'fail invalidInput'],
		['a 400 about a quota', answered(400, nova(400, 'x', 'quota_set')), 'fail invalidInput'],
		['a quoted one', answered(400, quoted(nova(400, 'x', 'quota'))), 'fail invalidInput'],
		[
			'a quoted status of no meaning',
			answered(400, quoted(nova(418, 'x'))),
			'recheck unavailable maybe',
		],
		['a quote that is no error', answered(400, quoted({ x: 1 })), 'recheck unavailable maybe'],
	])('%s', (_, answer, expected) => {
		expect(said(answer)).toBe(expected);
	});

	describe('of the refusals that an error quotes, the first counts whose meaning is known', () => {
		const quoting = (...details: object[]) =>
			answered(400, { error: { code: 'Ecs.9999', message: 'x', details } });

		test.each([
			['one without a status', { message: 'a' }],
			['one with a status of no meaning', { code: 418, message: 'a' }],
		])('not %s', (_, unknown) => {
			const answer = quoting(unknown, { code: 409, message: 'b' });
			expect(said(answer)).toBe('recheck wrongState no');
		});

		test('not one whose code only looks like a status', () => {
			expect(said(quoting({ code: '409', message: 'a' }))).toBe('fail invalidInput');
		});
	});

	test('a failure says nothing of whether the request may be at work', () => {
		expect(verdict(answered(400, ecs('Ecs.0005')))).not.toHaveProperty('taken');
	});
});

test.each([
	['a message of a gateway', 202, { message: 'API not found', request_id: 'r' }],
	['a fault of a gateway', 200, { fault: { faultstring: 'Unable to route' } }],
	['a list of errors', 202, { errors: [{ message: 'no' }] }],
])('%s under a good status is no acceptance', (_, status, body) => {
	expect(verdict(answered(status, body)).word).not.toBe('accepted');
});

test('a request that was given up before it was sent stays so, and why', () => {
	const fault = { httpStatus: 503, message: 'out' };
	expect(verdict(notSent('unavailable', fault))).toEqual({
		word: 'notSent',
		reason: 'unavailable',
		fault,
	});
});

describe('whether the cloud refuses who asks', () => {
	test.each([
		['the 401 of Keystone', answered(401, KEYSTONE_401)],
		['a gateway, with another status', answered(400, gateway('APIGW.0301'))],
		['a login that is refused for good', refusal('unauthorized', true)],
	])('it does: %s', (_, answer) => {
		expect(refusesCredential(answer)).toBe(true);
	});

	test.each([
		['an acceptance', answered(202)],
		['a user who may not do that', answered(403, nova(403, 'forbidden'))],
		['a cloud that asks to slow down', answered(429)],
		['a login that may be taken later', refusal('unauthorized', false)],
	])('it does not: %s', (_, answer) => {
		expect(refusesCredential(answer)).toBe(false);
	});
});

describe('a cloud that asks to slow down has said when to come back', () => {
	const after = (seconds: string) => answered(429, nova(429, 'x'), { 'retry-after': seconds });

	test('where it names a time', () => {
		expect(verdict(after('2'))).toMatchObject({ word: 'retry', named: true });
		expect(verdict(refusal('throttled', false, { message: '' }, 2_000))).toMatchObject({
			word: 'retry',
			unsent: true,
			named: true,
		});
	});

	test('but not with a time that is over, or out of trouble', () => {
		expect(verdict(after('0'))).not.toHaveProperty('named');
		expect(verdict(answered(503, nova(503, 'x'), { 'retry-after': '2' }))).not.toHaveProperty(
			'named',
		);
	});
});
