import { pressure } from '../../../../../nodes/cloud/session/gate/pressure';
import {
	answered,
	CHOICES,
	ecs,
	gateway,
	HTML_502,
	KEYSTONE_401,
	lost,
	nova,
	refusal,
} from '../../../answers';

describe('an answer about one server says that the cloud is fine', () => {
	test.each([
		['an acceptance', answered(202)],
		['a page of servers', answered(200, { servers: [] })],
		['a conflict', answered(409, nova(409, 'conflictingRequest'))],
		['a missing server', answered(404, nova(404, 'itemNotFound'))],
		['a missing permission', answered(403, nova(403, 'forbidden'))],
		['no capacity', answered(400, ecs('Ecs.0319'))],
		['a bad request', answered(400, nova(400, 'badRequest'))],
		['an unknown microversion', answered(406, nova(406, 'computeFault'))],
		['a wrong API root', answered(300, CHOICES)],
	])('%s', (_, answer) => {
		expect(pressure(answer)).toEqual({ word: 'fine' });
	});
});

describe('all signals to slow down count alike', () => {
	test.each([
		['429', answered(429), 'throttled'],
		['429 with HTML', answered(429, HTML_502), 'throttled'],
		['413', answered(413, nova(413, 'overLimit')), 'throttled'],
		['202 with Common.0024', answered(202, ecs('Common.0024')), 'throttled'],
		['Common.1503', answered(429, ecs('Common.1503')), 'throttled'],
		['APIG.0308', answered(429, gateway('APIG.0308')), 'throttled'],
		['APIGW.0308', answered(429, gateway('APIGW.0308')), 'throttled'],
		['503', answered(503), 'unavailable'],
	])('%s', (_, answer, reason) => {
		expect(pressure(answer)).toMatchObject({ word: 'slowDown', reason });
	});

	test('with the wait that the cloud asks for', () => {
		expect(pressure(answered(429, '', { 'retry-after': '7' }))).toMatchObject({
			word: 'slowDown',
			retryAfterMs: 7_000,
		});
		expect(pressure(answered(503, '', { 'retry-after': '7' }))).toMatchObject({
			retryAfterMs: 7_000,
		});
	});
});

test.each(['61', '3600', '9'.repeat(400)])(
	'no cloud is believed that it wants to be left alone for more than a minute (%s s)',
	(seconds) => {
		expect(pressure(answered(429, '', { 'retry-after': seconds }))).toMatchObject({
			retryAfterMs: 60_000,
		});
	},
);

describe('the cloud may be out', () => {
	test.each([
		['500', answered(500), 'unavailable'],
		['502', answered(502, HTML_502), 'unavailable'],
		['504', answered(504), 'unavailable'],
		['408', answered(408), 'unreachable'],
		['a lost answer', lost('ECONNRESET'), 'unreachable'],
		['a time-out', lost('ECONNABORTED'), 'unreachable'],
		['a refused connection', lost('ECONNREFUSED', false), 'unreachable'],
		['an unknown host', lost('ENOTFOUND', false), 'unreachable'],
	])('%s', (_, answer, reason) => {
		expect(pressure(answer)).toMatchObject({ word: 'trouble', reason });
	});
});

describe('the cloud takes nothing from this credential', () => {
	test.each([
		['401', answered(401, KEYSTONE_401), 'unauthorized'],
		['401 with HTML', answered(401, HTML_502), 'unauthorized'],
		['a bad signature', answered(401, gateway('APIGW.0301')), 'unauthorized'],
		['Common.0013', answered(401, ecs('Common.0013')), 'unauthorized'],
		['an untrusted certificate', lost('CERT_HAS_EXPIRED', false), 'unreachable'],
		['a certificate of its own making', lost('DEPTH_ZERO_SELF_SIGNED_CERT', false), 'unreachable'],
	])('%s', (_, answer, reason) => {
		expect(pressure(answer)).toMatchObject({ word: 'closed', reason });
	});
});

describe('a login that gave no token', () => {
	const fault = { message: 'said IAM', explanation: { why: 'the login', hint: 'Wait' } };

	test('was asked to slow down: everybody does, for as long as IAM asks', () => {
		expect(pressure(refusal('throttled', false, fault, 7_000))).toEqual({
			word: 'slowDown',
			reason: 'throttled',
			retryAfterMs: 7_000,
			fault,
		});
		expect(pressure(refusal('throttled', false, fault))).toMatchObject({ word: 'slowDown' });
	});

	test.each(['unavailable', 'unreachable'] as const)('%s: the cloud may be out', (reason) => {
		expect(pressure(refusal(reason, false, fault))).toEqual({ word: 'trouble', reason, fault });
	});

	test.each(['unauthorized', 'invalidInput'] as const)('%s: nobody need try any more', (reason) => {
		expect(pressure(refusal(reason, true, fault))).toEqual({ word: 'closed', reason, fault });
	});
});
