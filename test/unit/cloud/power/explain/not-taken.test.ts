import { answered, ecs, HTML_502, KEYSTONE_401, lost, nova } from '../../../answers';
import { ACCEPTED, begin, LOST, SLOW_DOWN } from '../a-start';
import { ID } from '../story';

describe('a refusal for good', () => {
	test.each([
		[answered(404, nova(404, 'itemNotFound', 'no such')), 'notFound', /not found/, /region/],
		[answered(403, nova(403, 'forbidden')), 'forbidden', /not allowed/, /ecs:servers:start/],
		[answered(403, ecs('Pdp.0001')), 'forbidden', /not allowed/, /policy/i],
		[answered(403, ecs('Ecs.0067')), 'forbidden', /not allowed/, /payment|budget/],
		[answered(400, ecs('Ecs.0319')), 'quotaExceeded', /capacity/, /flavor/],
		[answered(400, ecs('Common.0018')), 'invalidInput', /project/, /project/i],
		[answered(200, HTML_502), 'unexpectedResponse', /does not fit/, /endpoint/],
		[lost('SELF_SIGNED_CERT_IN_CHAIN', false), 'unreachable', /did not/, /NODE_EXTRA_CA_CERTS/],
		[lost('CERT_HAS_EXPIRED', false), 'unreachable', /did not/, /has expired/],
		[lost('ERR_TLS_CERT_ALTNAME_INVALID', false), 'unreachable', /did not/, /another host name/],
	])('%j: %s', (answer, reason, message, hint) => {
		const { failure, journey } = begin().asked(answer);
		expect(failure.reason).toBe(reason);
		expect(failure.message).toContain(ID);
		expect(failure.message).toMatch(message);
		expect(failure.hint).toMatch(hint);
		expect(journey.attempts).toBe(1);
	});

	test('of the token does not count as an attempt', () => {
		const { failure, journey } = begin().asked(answered(401, KEYSTONE_401));
		expect(failure).toMatchObject({ reason: 'unauthorized', httpStatus: 401 });
		expect(failure.message).toContain(ID);
		expect(failure.hint).toMatch(/new token/);
		expect(journey.attempts).toBe(0);
	});

	test('of the token at a later try does not count either', () => {
		const story = begin().asked(LOST).seen('SHUTOFF').asked(answered(401, KEYSTONE_401));
		expect(story.next).toBe('fail unauthorized');
		expect(story.journey.attempts).toBe(1);
	});

	test('keeps what the cloud said, once', () => {
		const body = ecs('Ecs.0005', 'The parameter is wrong.');
		const { failure } = begin().asked(answered(400, body, { 'x-request-id': 'gw-1' }));
		expect(failure).toMatchObject({ code: 'Ecs.0005', httpStatus: 400, requestId: 'gw-1' });
		expect(failure.message.match(/The parameter is wrong/g)).toHaveLength(1);
		expect(failure.message).toContain('HTTP 400');
		expect(failure.message).toContain('Ecs.0005');
	});
});

describe('a request that is given up before it is sent', () => {
	test.each([
		['unauthorized', /credential/],
		['throttled', /slow down/],
		['unavailable', /not available/],
		['unreachable', /did not answer/],
	] as const)('for %s: the server was not asked', (reason, why) => {
		const { failure, journey } = begin().notSent(reason, { httpStatus: 503, message: 'out' });
		expect(failure.reason).toBe(reason);
		expect(failure.message).toContain(ID);
		expect(failure.message).toContain('was not asked to start');
		expect(failure.message).toMatch(why);
		expect(failure.hint).not.toBe('');
		expect(journey.attempts).toBe(0);
	});

	test('after earlier tries: the reason is what those met', () => {
		const { failure } = begin().asked(SLOW_DOWN).notSent('timedOut');
		expect(failure.reason).toBe('throttled');
		expect(failure.message).toContain('one try');
	});

	test('after a lost answer: it may have been taken', () => {
		const { failure } = begin().asked(LOST).seen('SHUTOFF').notSent('unavailable');
		expect(failure.reason).toBe('unavailable');
		expect(failure.message).toMatch(/may have been taken/);
	});
});

describe('looks that the cloud refuses', () => {
	test('403 after acceptance: that was accepted is said, and what to allow', () => {
		const fault = { httpStatus: 403, message: 'no' };
		const look = { kind: 'refused', reason: 'forbidden', fault } as const;
		const { failure } = begin().asked(ACCEPTED).looked(look);
		expect(failure).toMatchObject({ reason: 'forbidden', httpStatus: 403 });
		expect(failure.message).toContain('accepted');
		expect(failure.hint).toContain('ecs:servers:list');
		expect(failure.hint).toContain('Wait Until Running');
	});

	test('401 after acceptance: that was accepted is said, and to renew the token', () => {
		const fault = { httpStatus: 401, message: 'expired' };
		const look = { kind: 'refused', reason: 'unauthorized', fault } as const;
		const { failure } = begin().asked(ACCEPTED).looked(look);
		expect(failure.reason).toBe('unauthorized');
		expect(failure.message).toContain('accepted');
		expect(failure.hint).toContain('new token');
	});

	test('403 after a lost answer: nobody knows', () => {
		const look = { kind: 'refused', reason: 'forbidden', fault: { message: '' } } as const;
		const { failure } = begin().asked(LOST).looked(look);
		expect(failure.message).toContain('may or may not start');
	});
});
