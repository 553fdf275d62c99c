import fc from 'fast-check';

import type { Answer } from '../../../../nodes/cloud/api/answer';
import type { Evidence } from '../../../../nodes/cloud/api/evidence';
import type { Rules } from '../../../../nodes/cloud/power/journey';
import { condition, type Server } from '../../../../nodes/cloud/api/server';
import { answered, ecs, HTML_502, KEYSTONE_401, lost, nova } from '../../answers';
import { ID, Story } from './story';

const ACCEPTED = answered(202, '', { 'x-compute-request-id': 'req-1' });
const CONFLICT = answered(409, nova(409, 'conflictingRequest', "Cannot 'start' instance"));
const LOCKED = answered(409, nova(409, 'conflictingRequest', `Instance ${ID} is locked`));
const LOST = lost('ECONNRESET', true, 'socket hang up');
const SLOW_DOWN = answered(429, nova(429, 'overLimit', 'This request was rate-limited.'));
const NO_RECORDS = { word: 'noRecords' } as const;
const ABSENT = { word: 'absent' } as const;
const RECORDED = { word: 'recorded', requestId: 'req-1' } as const;
/** Slow down, and when to come back. */
const COME_BACK = answered(429, nova(429, 'overLimit'), { 'retry-after': '2' });

const POWERING_ON = { task: 'powering-on' };
const POWERING_OFF = { task: 'powering-off' };

const begin = (rules?: Partial<Rules>) => new Story(rules);
const withoutWaiting = (rules?: Partial<Rules>) => new Story(rules, false);

describe('a stopped server', () => {
	test('is asked, waited for, and started', () => {
		const story = begin().asked(ACCEPTED);
		expect(story.next).toBe('look later');
		story.after(1).seen('SHUTOFF', POWERING_ON);
		expect(story.next).toBe('look later');
		story.after(20).seen('ACTIVE');
		expect(story.outcome).toBe('started');
		expect(story.journey).toMatchObject({ attempts: 1, accepted: { requestId: 'req-1' } });
	});

	test('is accepted where acceptance is enough, and nobody looks', () => {
		expect(withoutWaiting().asked(ACCEPTED).outcome).toBe('accepted');
	});

	test('is not running while it is ACTIVE with a dead guest', () => {
		const story = begin().asked(ACCEPTED).after(1).seen('ACTIVE', { poweredOff: true });
		expect(story.next).toBe('look later');
	});

	test('has all its time from its first request', () => {
		const story = begin({ waitTimeoutMs: 60_000 });
		const sentAt = story.now;
		story.asked(SLOW_DOWN).after(10).asked(SLOW_DOWN).after(10).asked(ACCEPTED);
		expect(story.journey.deadline).toBe(sentAt + 60_000);
	});
});

describe('409: the server itself tells why', () => {
	test('at once', () => {
		expect(begin().asked(CONFLICT).next).toBe('look soon');
	});

	test('it runs: alreadyRunning', () => {
		const story = begin().asked(CONFLICT).seen('ACTIVE');
		expect(story.outcome).toBe('alreadyRunning');
		expect(story.journey.attempts).toBe(1);
	});

	test('it runs, says ECS v1 with its own status and code', () => {
		const story = begin().asked(answered(400, ecs('Ecs.0100')));
		expect(story.seen('ACTIVE').outcome).toBe('alreadyRunning');
	});

	test('it runs and is locked: alreadyRunning', () => {
		expect(begin().asked(LOCKED).seen('ACTIVE', { locked: true }).outcome).toBe('alreadyRunning');
	});

	test('it runs, but that was to fail', () => {
		const { failure } = begin({ failIfAlreadyDone: true }).asked(CONFLICT).seen('ACTIVE');
		expect(failure).toMatchObject({ reason: 'wrongState', status: 'ACTIVE', httpStatus: 409 });
		expect(failure.message).toContain("'web-1'");
		expect(failure.message).toContain('already running');
		expect(failure.hint).toContain('Fail If Already Done');
	});

	test('somebody else is starting it: the start is joined, and started', () => {
		const story = begin({ failIfAlreadyDone: true }).asked(CONFLICT).seen('SHUTOFF', POWERING_ON);
		expect(story.next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').outcome).toBe('started');
		expect(story.journey.attempts).toBe(1);
	});

	test('somebody else is starting it, and acceptance is enough', () => {
		const story = withoutWaiting().asked(CONFLICT).seen('SHUTOFF', POWERING_ON);
		expect(story.outcome).toBe('accepted');
	});

	test("somebody else's start falls back: it is asked for once more", () => {
		const story = begin().asked(CONFLICT).seen('SHUTOFF', POWERING_ON).after(5).seen('SHUTOFF');
		expect(story.next).toBe('ask');
		expect(story.asked(ACCEPTED).after(5).seen('ACTIVE').outcome).toBe('started');
	});

	test('it is being stopped: wait, ask once more, started', () => {
		const story = begin().asked(CONFLICT).seen('ACTIVE', POWERING_OFF);
		expect(story.next).toBe('look later');
		story.after(5).seen('ACTIVE', POWERING_OFF).after(5).seen('SHUTOFF');
		expect(story.next).toBe('ask');
		expect(story.asked(ACCEPTED).after(5).seen('ACTIVE').outcome).toBe('started');
		expect(story.journey.attempts).toBe(2);
	});

	test.each(['REBOOT', 'HARD_REBOOT'])('it is being restarted (%s): wait for it', (status) => {
		const story = begin().asked(CONFLICT).seen(status, { task: 'rebooting' });
		expect(story.next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').outcome).toBe('alreadyRunning');
	});

	test('it looks startable by now (a race): ask once more', () => {
		const story = begin().asked(CONFLICT).seen('SHUTOFF');
		expect(story.next).toBe('ask');
		expect(story.asked(ACCEPTED).after(5).seen('ACTIVE').outcome).toBe('started');
	});

	test('it looks startable, but the cloud refuses again: that is enough', () => {
		const { failure, journey } = begin()
			.asked(CONFLICT)
			.seen('SHUTOFF')
			.asked(CONFLICT)
			.seen('SHUTOFF');
		expect(journey.attempts).toBe(2);
		expect(failure).toMatchObject({ reason: 'wrongState', httpStatus: 409, status: 'SHUTOFF' });
		expect(failure.message).toContain("'web-1'");
	});

	test('it is being stopped, and no try is left: busy', () => {
		const { failure } = begin({ maxTries: 1 }).asked(CONFLICT).seen('ACTIVE', POWERING_OFF);
		expect(failure.reason).toBe('busy');
		expect(failure.message).toContain('being stopped');
		expect(failure.hint).toContain('Max Tries');
	});

	test('it is being stopped, and nobody waits: busy', () => {
		const { failure } = withoutWaiting().asked(CONFLICT).seen('ACTIVE', POWERING_OFF);
		expect(failure).toMatchObject({ reason: 'busy', status: 'ACTIVE' });
		expect(failure.message).toContain("'web-1'");
		expect(failure.message).toContain('being stopped');
		expect(failure.hint).toContain('Wait Until Running');
	});

	test('it is being built, and nobody waits: busy, with what it does', () => {
		const { failure } = withoutWaiting().asked(CONFLICT).seen('BUILD', { task: 'spawning' });
		expect(failure.reason).toBe('busy');
		expect(failure.message).toContain('BUILD, spawning');
	});

	test('it is locked, says the server', () => {
		const { failure } = begin().asked(CONFLICT).seen('SHUTOFF', { locked: true });
		expect(failure).toMatchObject({ reason: 'locked', httpStatus: 409 });
		expect(failure.message).toContain("'web-1'");
		expect(failure.hint).toContain('Unlock');
	});

	test('it is locked, says the refusal where the server cannot', () => {
		expect(begin().asked(LOCKED).seen('SHUTOFF').next).toBe('fail locked');
		const v1 = begin().asked(answered(400, ecs('Ecs.0605', 'locked')));
		expect(v1.seen('SHUTOFF').next).toBe('fail locked');
	});

	test('it is not locked, says the server: it is asked once more, whatever the words', () => {
		expect(begin().asked(LOCKED).seen('SHUTOFF', { locked: false }).next).toBe('ask');
	});

	test.each([
		['PAUSED', 'Unpause'],
		['SUSPENDED', 'Resume'],
		['SHELVED', 'Unshelve'],
		['SHELVED_OFFLOADED', 'Unshelve'],
		['RESCUE', 'rescue'],
		['VERIFY_RESIZE', 'resize'],
	])('it is %s: wrongState, and the way out (%s)', (status, wayOut) => {
		const { failure } = begin().asked(CONFLICT).seen(status);
		expect(failure).toMatchObject({ reason: 'wrongState', status, httpStatus: 409 });
		expect(failure.message).toContain("'web-1'");
		expect(failure.message).toContain(status);
		expect(failure.hint).toContain(wayOut);
	});

	test('it is in ERROR: wrongState, with its fault', () => {
		const { failure } = begin().asked(CONFLICT).seen('ERROR', { fault: 'No valid host was found' });
		expect(failure).toMatchObject({ reason: 'wrongState', status: 'ERROR' });
		expect(failure.message).toContain('No valid host was found');
	});

	test('it is deleted, or cannot be found any more', () => {
		expect(begin().asked(CONFLICT).seen('DELETED').next).toBe('fail notFound');
		expect(begin().asked(CONFLICT).seen('SOFT_DELETED').next).toBe('fail notFound');
		const { failure } = begin().asked(CONFLICT).looked({ kind: 'gone' });
		expect(failure.reason).toBe('notFound');
		expect(failure.message).toContain(ID);
	});
});

describe('a lost answer: the server is read before it is asked again', () => {
	test.each([
		['a reset connection', LOST],
		['502', answered(502, HTML_502)],
		['504', answered(504)],
		['500', answered(500, nova(500, 'computeFault'))],
		['a time-out', lost('ECONNABORTED')],
	])('at once, after %s', (_, answer) => {
		expect(begin().asked(answer).next).toBe('look soon');
	});

	test('it is on its way: the cloud had taken it', () => {
		const story = begin().asked(LOST).seen('SHUTOFF', POWERING_ON);
		expect(story.next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').outcome).toBe('started');
		expect(story.journey.attempts).toBe(1);
	});

	test('it is on its way, and acceptance is enough', () => {
		expect(withoutWaiting().asked(LOST).seen('SHUTOFF', POWERING_ON).outcome).toBe('accepted');
	});

	test('it runs: started', () => {
		expect(begin().asked(LOST).seen('ACTIVE').outcome).toBe('started');
		expect(begin({ failIfAlreadyDone: true }).asked(LOST).seen('ACTIVE').outcome).toBe('started');
	});

	test('it is stopped without a task: asked again', () => {
		const story = begin().asked(LOST).seen('SHUTOFF');
		expect(story.next).toBe('ask');
		expect(story.asked(ACCEPTED).after(5).seen('ACTIVE').outcome).toBe('started');
		expect(story.journey.attempts).toBe(2);
	});

	test('the second request meets the first at work: one start, started', () => {
		const story = begin().asked(LOST).seen('SHUTOFF').asked(CONFLICT);
		expect(story.seen('SHUTOFF', POWERING_ON).next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').outcome).toBe('started');
	});

	test('the second request finds it running: started', () => {
		const story = begin().asked(LOST).seen('SHUTOFF').asked(CONFLICT).seen('ACTIVE');
		expect(story.outcome).toBe('started');
	});

	test('on its way, then back: as with any accepted start, the records tell', () => {
		const story = begin().asked(LOST).seen('SHUTOFF', POWERING_ON).after(5).seen('SHUTOFF');
		expect(story.next).toBe('findEvidence');
		expect(story.recorded({ word: 'failed', message: 'Error' }).next).toBe('fail startFailed');
	});

	test('again and again, until the tries are used up', () => {
		const story = begin({ maxTries: 3 });
		story.asked(LOST).seen('SHUTOFF').asked(LOST).seen('SHUTOFF').asked(LOST).seen('SHUTOFF');
		const { failure } = story;
		expect(story.journey.attempts).toBe(3);
		expect(failure).toMatchObject({ reason: 'unreachable', code: 'ECONNRESET', status: 'SHUTOFF' });
		expect(failure.message).toContain("'web-1'");
		expect(failure.message).toContain('3 tries');
		expect(failure.message).toContain('socket hang up');
		expect(failure.message).toMatch(/may have been taken/);
		expect(failure.hint).toMatch(/network|endpoint/);
	});

	test('after an error of the cloud the reason is the cloud', () => {
		const { failure } = begin({ maxTries: 1 }).asked(answered(502, HTML_502)).seen('SHUTOFF');
		expect(failure).toMatchObject({ reason: 'unavailable', httpStatus: 502 });
		expect(failure.message).toContain('HTTP 502');
	});

	test('never sent: asked again without a look', () => {
		const story = begin({ maxTries: 2 }).asked(lost('ECONNREFUSED', false));
		expect(story.next).toBe('ask');
		const { failure } = story.asked(lost('ECONNREFUSED', false));
		expect(failure).toMatchObject({ reason: 'unreachable', code: 'ECONNREFUSED' });
		expect(failure.message).not.toMatch(/may have been taken/);
	});
});

describe('the cloud asks to slow down', () => {
	test('until the tries are used up, never more', () => {
		const story = begin({ maxTries: 4 });
		for (let tries = 1; tries < 4; tries += 1) expect(story.asked(SLOW_DOWN).next).toBe('ask');
		const { failure } = story.asked(SLOW_DOWN);
		expect(story.journey.attempts).toBe(4);
		expect(failure).toMatchObject({ reason: 'throttled', httpStatus: 429 });
		expect(failure.message).toContain(ID);
		expect(failure.message).toContain('rate-limited');
		expect(failure.message).not.toMatch(/may have been taken/);
		expect(failure.hint).toMatch(/later|Concurrency/);
	});

	test('then takes it', () => {
		const story = begin()
			.asked(answered(202, ecs('Common.0024')))
			.asked(answered(503));
		expect(story.asked(ACCEPTED).after(5).seen('ACTIVE').outcome).toBe('started');
		expect(story.journey.attempts).toBe(3);
	});

	test('after a lost answer that may have been taken', () => {
		const story = begin({ maxTries: 2 }).asked(LOST).seen('SHUTOFF').asked(SLOW_DOWN);
		expect(story.failure.reason).toBe('throttled');
		expect(story.failure.message).toMatch(/may have been taken/);
	});
});

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

describe('an accepted start that falls back', () => {
	const fellBack = () => begin().asked(ACCEPTED).seen('SHUTOFF', POWERING_ON).after(5);

	test('is no failure without evidence', () => {
		expect(fellBack().seen('SHUTOFF').next).toBe('findEvidence');
	});

	test('has failed if its own action says so', () => {
		const story = fellBack().seen('SHUTOFF').recorded({ word: 'failed', message: 'Error' });
		const { failure } = story;
		expect(failure).toMatchObject({ reason: 'startFailed', status: 'SHUTOFF', requestId: 'req-1' });
		expect(failure.message).toContain("'web-1'");
		expect(failure.message).toContain('accepted');
		expect(failure.message).not.toContain('Error');
		expect(failure.hint).toMatch(/capacity/);
	});

	test('tells what its action says, if that says anything', () => {
		const story = fellBack().seen('SHUTOFF');
		const { failure } = story.recorded({ word: 'failed', message: 'no such device' });
		expect(failure.message).toContain('no such device');
	});

	test.each(['absent', 'unread'] as const)('goes on while its action is %s', (word) => {
		const story = fellBack().seen('SHUTOFF').recorded({ word });
		expect(story.next).toBe('look later');
		expect(story.after(5).seen('SHUTOFF').next).toBe('findEvidence');
		expect(story.recorded({ word }).after(5).seen('ACTIVE').outcome).toBe('started');
	});

	test('is on record without an error: at the second look without a task it has failed', () => {
		const story = fellBack().seen('SHUTOFF').recorded(RECORDED);
		expect(story.next).toBe('look later');
		const { failure } = story.after(5).seen('SHUTOFF').recorded(RECORDED);
		expect(failure).toMatchObject({ reason: 'startFailed', status: 'SHUTOFF' });
	});

	test('is on record without an error at the last two looks of a short time: it has failed', () => {
		const story = begin({ waitTimeoutMs: 9_000 }).asked(ACCEPTED).after(1).seen('SHUTOFF');
		expect(story.after(6).seen('SHUTOFF').next).toBe('findEvidence');
		const { failure } = story.recorded(RECORDED).after(1.5).seen('SHUTOFF');
		expect(failure).toMatchObject({ reason: 'startFailed', status: 'SHUTOFF' });
	});

	test('is on record without an error, and comes up all the same: started', () => {
		const story = fellBack().seen('SHUTOFF').recorded(RECORDED);
		expect(story.after(5).seen('ACTIVE').outcome).toBe('started');
	});

	test('has failed where the cloud keeps no records', () => {
		expect(fellBack().seen('SHUTOFF').recorded(NO_RECORDS).next).toBe('fail startFailed');
	});

	test('was undone if a later stop is on record', () => {
		const { failure } = fellBack().seen('SHUTOFF').recorded({ word: 'undone' });
		expect(failure).toMatchObject({ reason: 'startFailed', status: 'SHUTOFF' });
		expect(failure.message).toContain('did not stay running');
		expect(failure.message).toContain('SHUTOFF');
		expect(failure.hint).toMatch(/log|actions/);
	});

	test('may come up while somebody stops it: what it becomes counts', () => {
		const story = begin().asked(ACCEPTED).seen('SHUTOFF', POWERING_ON).after(5);
		expect(story.seen('ACTIVE', POWERING_OFF).next).toBe('look later');
		expect(story.after(5).seen('SHUTOFF').next).toBe('findEvidence');
	});
});

describe('an accepted start that a gateway still queues', () => {
	test('is SHUTOFF without a task at first, and needs no proof for 10 seconds', () => {
		const story = begin().asked(ACCEPTED);
		expect(story.after(1).seen('SHUTOFF').next).toBe('look later');
		expect(story.after(8.9).seen('SHUTOFF').next).toBe('look later');
		expect(story.after(0.1).seen('SHUTOFF').next).toBe('findEvidence');
	});

	test('goes on queueing as long as no action is on record', () => {
		const story = begin().asked(ACCEPTED).after(10).seen('SHUTOFF').recorded(ABSENT);
		expect(story.next).toBe('look later');
		story.after(200).seen('SHUTOFF').recorded(ABSENT);
		expect(story.after(5).seen('SHUTOFF', POWERING_ON).next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').outcome).toBe('started');
	});

	test('its records are not read at every poll', () => {
		const story = begin().asked(ACCEPTED).after(10).seen('SHUTOFF').recorded(ABSENT);
		expect(story.after(5).seen('SHUTOFF').next).toBe('look later');
	});

	test('its records are read at once when it was seen on its way, and is back', () => {
		const story = begin().asked(ACCEPTED).after(10).seen('SHUTOFF').recorded(ABSENT);
		story.after(1).seen('SHUTOFF', POWERING_ON);
		story.after(20).seen('SHUTOFF');
		expect(story.next).toBe('findEvidence');
	});

	test('has 30 seconds where the cloud keeps no records', () => {
		const story = begin().asked(ACCEPTED).after(10).seen('SHUTOFF').recorded(NO_RECORDS);
		expect(story.next).toBe('look later');
		story.after(19).seen('SHUTOFF').recorded(NO_RECORDS);
		expect(story.next).toBe('look later');
		story.after(1).seen('SHUTOFF').recorded(NO_RECORDS);
		expect(story.failure.reason).toBe('startFailed');
	});
});

describe('a start with little time', () => {
	test('that fell back: its record is read before the time is up', () => {
		const story = begin({ waitTimeoutMs: 8_000 }).asked(ACCEPTED);
		expect(story.after(1).seen('SHUTOFF').next).toBe('look later');
		expect(story.after(6.5).seen('SHUTOFF').next).toBe('findEvidence');
		const { failure } = story.recorded({ word: 'failed', message: 'Error' });
		expect(failure.reason).toBe('startFailed');
	});

	test('whose record was read too early: it is read again before the time is up', () => {
		const story = begin({ waitTimeoutMs: 30_000 }).asked(ACCEPTED).after(20).seen('SHUTOFF');
		story.recorded(ABSENT);
		expect(story.after(5).seen('SHUTOFF').next).toBe('look later');
		expect(story.after(4.5).seen('SHUTOFF').next).toBe('findEvidence');
	});
});

describe('an answer that does not exclude that the cloud took it', () => {
	test('503, then a server that runs: started, also where that was to fail', () => {
		const story = begin({ failIfAlreadyDone: true }).asked(answered(503));
		expect(story.next).toBe('ask');
		expect(story.asked(CONFLICT).seen('ACTIVE').outcome).toBe('started');
	});

	test('503 each time: it may have been taken all the same', () => {
		const { failure } = begin({ maxTries: 1 }).asked(answered(503));
		expect(failure.reason).toBe('unavailable');
		expect(failure.message).toContain('may have been taken');
	});

	test('but a cloud that asks to slow down has taken nothing: alreadyRunning', () => {
		expect(begin().asked(SLOW_DOWN).asked(CONFLICT).seen('ACTIVE').outcome).toBe('alreadyRunning');
	});
});

describe('a cloud that says when to come back', () => {
	test('uses up no try, but each request counts', () => {
		const story = begin({ maxTries: 2 });
		for (let times = 0; times < 6; times += 1) story.asked(COME_BACK).after(2);
		expect(story.next).toBe('ask');
		expect(story.asked(ACCEPTED).after(5).seen('ACTIVE').outcome).toBe('started');
		expect(story.journey.attempts).toBe(7);
	});

	test('until the time is up: throttled, with all the requests', () => {
		const { failure } = begin().asked(COME_BACK).asked(COME_BACK).notSent('timedOut');
		expect(failure.reason).toBe('throttled');
		expect(failure.message).toContain('(2 tries)');
	});
});

describe('a start that was refused for a stop which has ended, with no try left', () => {
	test('busy: something else was under way', () => {
		const { failure } = begin({ maxTries: 1 }).asked(CONFLICT).seen('SHUTOFF');
		expect(failure).toMatchObject({ reason: 'busy', status: 'SHUTOFF', httpStatus: 409 });
		expect(failure.message).toContain('something else was under way');
		expect(failure.hint).toContain('Max Tries');
	});
});

describe('states that no waiting ends', () => {
	const TOO_LATE = { kind: 'tooLate' } as const;

	test('ACTIVE with its guest off: said so, and that a forceful restart helps', () => {
		const story = begin().asked(CONFLICT).seen('ACTIVE', { poweredOff: true });
		const { failure } = story.after(300).looked(TOO_LATE);
		expect(failure.reason).toBe('timedOut');
		expect(failure.message).toContain('ACTIVE although its guest is powered off');
		expect(failure.message).not.toContain('being stopped');
		expect(failure.hint).toContain('Forceful');
	});

	test('a status that nobody knows: said so', () => {
		const story = begin().asked(CONFLICT).seen('FROZEN').after(300).looked(TOO_LATE);
		expect(story.failure.message).toContain('FROZEN, a status that this node does not know');
	});
});

describe('a start in a batch', () => {
	const TAKEN = answered(200, { job_id: 'job-1' });
	const failedWith = (code: string, message = '') =>
		({ word: 'failed', fault: { code, message } }) as const;

	test('is followed by its job, then looked at: started', () => {
		const story = begin().batched(TAKEN);
		expect(story.next).toBe('followJob');
		expect(story.after(20).told({ word: 'done' }).next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').outcome).toBe('started');
	});

	test('is accepted with the job where nobody waits', () => {
		expect(withoutWaiting().batched(TAKEN).outcome).toBe('accepted');
	});

	test('of which the job says nothing: the server itself tells', () => {
		const story = begin().batched(TAKEN).after(20).told({ word: 'silent' });
		expect(story.next).toBe('look soon');
		expect(story.seen('ACTIVE').outcome).toBe('started');
	});

	test('that met a running server: alreadyRunning', () => {
		const story = begin().batched(TAKEN).told(failedWith('Ecs.0100'));
		expect(story.next).toBe('look soon');
		expect(story.seen('ACTIVE').outcome).toBe('alreadyRunning');
	});

	test('that met a server on its way down: wait, ask once more', () => {
		const story = begin().batched(TAKEN).told(failedWith('Ecs.0100'));
		story.seen('ACTIVE', POWERING_OFF).after(5).seen('SHUTOFF');
		expect(story.next).toBe('ask');
	});

	test('that met a lock', () => {
		const story = begin().batched(TAKEN).told(failedWith('Ecs.0605'));
		expect(story.seen('SHUTOFF', { locked: true }).next).toBe('fail locked');
	});

	test('that found no capacity: quotaExceeded', () => {
		const story = begin().batched(TAKEN).told(failedWith('Ecs.0319', 'sold out'));
		const { failure } = story.seen('SHUTOFF');
		expect(failure).toMatchObject({ reason: 'quotaExceeded', code: 'Ecs.0319', status: 'SHUTOFF' });
		expect(failure.message).toContain('sold out');
	});

	test('that failed for reasons of the cloud: startFailed, with its words', () => {
		const story = begin().batched(TAKEN).told(failedWith('Common.0021', 'host is down'));
		const { failure } = story.seen('SHUTOFF');
		expect(failure).toMatchObject({ reason: 'startFailed', status: 'SHUTOFF' });
		expect(failure.message).toContain('host is down');
		expect(failure.hint).not.toBe('');
	});

	test('that failed and left the server in ERROR: startFailed', () => {
		const story = begin().batched(TAKEN).told(failedWith('Common.0021', 'host is down'));
		expect(story.seen('ERROR', { fault: 'libvirt died' }).next).toBe('fail startFailed');
	});

	test('whose answer was lost: read first, then asked again only if it needs to be', () => {
		expect(begin().batched(LOST).seen('ACTIVE').outcome).toBe('started');
		expect(begin().batched(LOST).seen('SHUTOFF', POWERING_ON).next).toBe('look later');
		expect(begin().batched(LOST).seen('SHUTOFF').next).toBe('ask');
	});

	describe('whose first answer was lost: a later job settles what was lost', () => {
		const toldAfterLoss = (code: string) =>
			begin().batched(LOST).seen('SHUTOFF').batched(TAKEN).told(failedWith(code));

		test.each([
			['Common.0021', 'startFailed'],
			['Ecs.0319', 'quotaExceeded'],
		])('failed with %s: not asked for again, %s', (code, reason) => {
			expect(toldAfterLoss(code).seen('SHUTOFF').next).toBe(`fail ${reason}`);
		});

		test('failed for its state: asked for once more, like after any conflict', () => {
			const story = toldAfterLoss('Ecs.0100').seen('SHUTOFF');
			expect(story.next).toBe('ask');
			story.batched(TAKEN).told(failedWith('Ecs.0100')).seen('SHUTOFF');
			expect(story.next).toBe('fail wrongState');
		});

		test('failed, but the server runs: started, as the lost one may have done it', () => {
			expect(toldAfterLoss('Ecs.0100').seen('ACTIVE').outcome).toBe('started');
		});
	});

	test('refused because of another server in it: asked once more', () => {
		const story = begin().batched(answered(404, ecs('Ecs.0114')));
		expect(story.next).toBe('look soon');
		expect(story.seen('SHUTOFF').next).toBe('ask');
	});

	test('that the cloud does not know: what to change', () => {
		const { failure } = begin().batched(answered(300));
		expect(failure.reason).toBe('invalidInput');
		expect(failure.hint).toContain('Send As');
	});
});

describe('an end that no waiting changes', () => {
	test.each(['SHELVED', 'SHELVED_OFFLOADED', 'SUSPENDED', 'PAUSED'])('%s: at once', (status) => {
		const { failure } = begin().asked(ACCEPTED).after(5).seen(status);
		expect(failure).toMatchObject({ reason: 'startFailed', status });
		expect(failure.message).toContain(status);
	});

	test('ERROR: at once, with its fault', () => {
		const { failure } = begin().asked(ACCEPTED).after(5).seen('ERROR', { fault: 'libvirt died' });
		expect(failure).toMatchObject({ reason: 'startFailed', status: 'ERROR' });
		expect(failure.message).toContain('libvirt died');
	});

	test.each(['DELETED', 'SOFT_DELETED'])('%s: at once', (status) => {
		expect(begin().asked(ACCEPTED).after(5).seen(status).next).toBe('fail notFound');
	});

	test('404: at once, and it was there before', () => {
		const story = begin().asked(ACCEPTED).after(1).seen('SHUTOFF', POWERING_ON);
		const { failure } = story.after(5).looked({ kind: 'gone' });
		expect(failure.reason).toBe('notFound');
		expect(failure.message).toContain("'web-1'");
		expect(failure.message).toContain('deleted');
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

describe('Wait Timeout is over', () => {
	const TOO_LATE = { kind: 'tooLate' } as const;

	test('while it starts: the start may still work', () => {
		const story = begin().asked(ACCEPTED).after(5).seen('SHUTOFF', POWERING_ON);
		const { failure } = story.after(295).looked(TOO_LATE);
		expect(failure).toMatchObject({ reason: 'timedOut', status: 'SHUTOFF', requestId: 'req-1' });
		expect(failure.message).toContain("'web-1'");
		expect(failure.message).toContain('accepted');
		expect(failure.message).toContain('300 seconds');
		expect(failure.message).toContain('SHUTOFF, powering-on');
		expect(failure.hint).toMatch(/still/);
		expect(failure.hint).toContain('Wait Timeout');
	});

	test('before it was ever seen: accepted, and why no look worked', () => {
		const fault = { httpStatus: 503, message: 'upstream is out' };
		const { failure } = begin().asked(ACCEPTED).looked({ kind: 'tooLate', fault });
		expect(failure.reason).toBe('timedOut');
		expect(failure.message).toContain(ID);
		expect(failure.message).toContain('accepted');
		expect(failure.message).toContain('upstream is out');
	});

	test('while somebody else starts it: the cloud had not accepted ours', () => {
		const story = begin().asked(CONFLICT).seen('SHUTOFF', POWERING_ON);
		const { failure } = story.after(300).looked(TOO_LATE);
		expect(failure).toMatchObject({ reason: 'timedOut', status: 'SHUTOFF' });
		expect(failure.message).toContain('SHUTOFF, powering-on');
		expect(failure.message).not.toContain('accepted');
	});

	test('while it is being stopped', () => {
		const story = begin().asked(CONFLICT).seen('ACTIVE', POWERING_OFF);
		const { failure } = story.after(300).looked(TOO_LATE);
		expect(failure).toMatchObject({ reason: 'timedOut', status: 'ACTIVE' });
		expect(failure.message).toContain('being stopped');
		expect(failure.message).toContain('300 seconds');
		expect(failure.message).not.toContain('accepted');
	});

	test('after a lost answer, with no look that worked: the reason of the loss', () => {
		const { failure } = begin().asked(LOST).after(300).looked(TOO_LATE);
		expect(failure).toMatchObject({ reason: 'unreachable', code: 'ECONNRESET' });
		expect(failure.message).toMatch(/may have been taken/);
	});

	test('after a lost answer that was seen at work', () => {
		const story = begin().asked(LOST).seen('SHUTOFF', POWERING_ON);
		const { failure } = story.after(300).looked(TOO_LATE);
		expect(failure.reason).toBe('timedOut');
	});

	test('after a conflict, with no look that worked', () => {
		const { failure } = begin().asked(CONFLICT).after(300).looked(TOO_LATE);
		expect(failure.reason).toBe('timedOut');
		expect(failure.message).toContain(ID);
	});
});

describe('whatever happens on the way', () => {
	const answers = fc.constantFrom(
		ACCEPTED,
		CONFLICT,
		LOCKED,
		LOST,
		SLOW_DOWN,
		answered(503),
		answered(502),
		lost('ECONNREFUSED', false),
	);
	const states = fc.constantFrom(
		{ status: 'SHUTOFF' },
		{ status: 'SHUTOFF', ...POWERING_ON },
		{ status: 'ACTIVE', ...POWERING_OFF },
		{ status: 'BUILD' },
		{ status: 'REBOOT' },
		{ status: 'ACTIVE', poweredOff: true },
	);
	const evidences = fc.constantFrom(ABSENT, NO_RECORDS);

	/** A cloud that never lets a server start: on and on, until the story ends or is long enough. */
	function play(
		story: Story,
		rolls: ReadonlyArray<readonly [Answer, Pick<Server, 'status'>, Evidence]>,
	) {
		for (const [answer, state, evidence] of rolls) {
			if (story.step.do === 'ask') story.asked(answer);
			else if (story.step.do === 'look') story.after(5).seen(state.status, state);
			else if (story.step.do === 'findEvidence') story.recorded(evidence);
		}
	}

	const dice = fc.array(fc.tuple(answers, states, evidences), { minLength: 20, maxLength: 60 });

	test('Max Tries is never exceeded', () => {
		fc.assert(
			fc.property(fc.integer({ min: 1, max: 10 }), fc.boolean(), dice, (maxTries, wait, rolls) => {
				const story = new Story({ maxTries }, wait);
				play(story, rolls);
				expect(story.journey.attempts).toBeLessThanOrEqual(maxTries);
			}),
			{ numRuns: 1000 },
		);
	});

	test('a server that was never seen running is never reported as such', () => {
		fc.assert(
			fc.property(fc.boolean(), dice, (wait, rolls) => {
				const story = new Story({}, wait);
				play(story, rolls);
				expect(['end started', 'end alreadyRunning']).not.toContain(story.next);
			}),
			{ numRuns: 1000 },
		);
	});

	test('the first look that shows it running ends the story', () => {
		fc.assert(
			fc.property(fc.boolean(), dice, (wait, rolls) => {
				const story = new Story({}, wait);
				play(story, rolls);
				if (story.step.do === 'look') expect(story.seen('ACTIVE').step.do).toBe('end');
			}),
			{ numRuns: 500 },
		);
	});

	test('every failure names the server, has a reason and says what to do', () => {
		fc.assert(
			fc.property(fc.boolean(), dice, (wait, rolls) => {
				const story = new Story({ maxTries: 3 }, wait);
				play(story, rolls);
				if (story.step.do !== 'fail') return;
				const { message, hint, reason } = story.step.failure;
				expect(message).toContain(ID);
				expect(hint).not.toBe('');
				expect(reason).not.toBe('');
				expect(message).not.toMatch(/undefined|\[object/);
			}),
			{ numRuns: 1000 },
		);
	});
});

test('the states of this file are what they are called', () => {
	const server = { id: ID, status: 'SHUTOFF', poweredOff: false };
	expect(condition({ ...server, ...POWERING_ON })).toBe('starting');
	expect(condition({ ...server, status: 'ACTIVE', ...POWERING_OFF })).toBe('stopping');
});
