import type { Rules } from '../../../../../nodes/cloud/power/journey';
import { stop } from '../../../../../nodes/cloud/power/actions/stop';
import { answered, ecs, lost, nova } from '../../../answers';
import { Story } from '../story';

const ACCEPTED = answered(202, '', { 'x-compute-request-id': 'req-1' });
const CONFLICT = answered(409, nova(409, 'conflictingRequest', "Cannot 'stop' instance"));
const LOST = lost('ECONNRESET', true, 'socket hang up');

const POWERING_ON = { task: 'powering-on' };
const POWERING_OFF = { task: 'powering-off' };

const begin = (rules?: Partial<Rules>) => new Story({ action: stop(false), ...rules });
const forceful = (rules?: Partial<Rules>) => begin({ action: stop(true), ...rules });
const withoutWaiting = () => new Story({ action: stop(false) }, false);

describe('what is sent', () => {
	test('has no type, so that the guest is shut down', () => {
		expect(stop(false).body).toEqual({ 'os-stop': {} });
		expect(stop(false).batchBody(['a', 'b'])).toEqual({
			'os-stop': { servers: [{ id: 'a' }, { id: 'b' }] },
		});
	});

	test('says HARD with Forceful', () => {
		expect(stop(true).body).toEqual({ 'os-stop': { type: 'HARD' } });
		expect(stop(true).batchBody(['a'])).toEqual({
			'os-stop': { servers: [{ id: 'a' }], type: 'HARD' },
		});
	});
});

describe('a running server', () => {
	test('is asked, waited for, and stopped', () => {
		const story = begin().asked(ACCEPTED);
		expect(story.next).toBe('look later');
		expect(story.after(1).seen('ACTIVE', POWERING_OFF).next).toBe('look later');
		expect(story.after(20).seen('SHUTOFF').outcome).toBe('stopped');
		expect(story.journey).toMatchObject({ attempts: 1, accepted: { requestId: 'req-1' } });
	});

	test('is accepted where acceptance is enough, and nobody looks', () => {
		expect(withoutWaiting().asked(ACCEPTED).outcome).toBe('accepted');
	});

	test('whose guest has gone off while it is called ACTIVE is on its way', () => {
		const story = begin().asked(ACCEPTED).after(1).seen('ACTIVE', { poweredOff: true });
		expect(story.next).toBe('look later');
		expect(story.after(5).seen('SHUTOFF').outcome).toBe('stopped');
	});

	test('is not stopped while somebody starts it again', () => {
		const story = begin().asked(ACCEPTED).after(1).seen('ACTIVE', POWERING_OFF);
		expect(story.after(5).seen('SHUTOFF', POWERING_ON).next).toBe('look later');
	});
});

describe('409: the server itself tells why', () => {
	test('it is stopped: alreadyStopped', () => {
		expect(begin().asked(CONFLICT).seen('SHUTOFF').outcome).toBe('alreadyStopped');
	});

	test('it is stopped, says ECS v1 with its own status and code', () => {
		const story = begin().asked(answered(400, ecs('Ecs.0100')));
		expect(story.seen('SHUTOFF').outcome).toBe('alreadyStopped');
	});

	test('it is stopped and locked: alreadyStopped', () => {
		const story = begin().asked(CONFLICT).seen('SHUTOFF', { locked: true });
		expect(story.outcome).toBe('alreadyStopped');
	});

	test('it is stopped, but that was to fail', () => {
		const { failure } = begin({ failIfAlreadyDone: true }).asked(CONFLICT).seen('SHUTOFF');
		expect(failure).toMatchObject({ reason: 'wrongState', status: 'SHUTOFF' });
		expect(failure.message).toContain('already stopped');
		expect(failure.hint).toContain('Fail If Already Done');
	});

	test('somebody else is stopping it: the stop is joined, and stopped', () => {
		const story = begin({ failIfAlreadyDone: true }).asked(CONFLICT).seen('ACTIVE', POWERING_OFF);
		expect(story.next).toBe('look later');
		expect(story.after(5).seen('SHUTOFF').outcome).toBe('stopped');
		expect(story.journey.attempts).toBe(1);
	});

	test('it is being started: wait, ask once more, stopped', () => {
		const story = begin().asked(CONFLICT).seen('SHUTOFF', POWERING_ON);
		expect(story.next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').next).toBe('ask');
		expect(story.asked(ACCEPTED).after(5).seen('SHUTOFF').outcome).toBe('stopped');
		expect(story.journey.attempts).toBe(2);
	});

	test('it is being started, and nobody waits: busy', () => {
		const { failure } = withoutWaiting().asked(CONFLICT).seen('SHUTOFF', POWERING_ON);
		expect(failure).toMatchObject({ reason: 'busy', status: 'SHUTOFF' });
		expect(failure.message).toContain('did not stop');
		expect(failure.message).toContain('being started');
		expect(failure.hint).toContain('Wait Until Stopped');
	});

	test('it is being started, and no try is left: busy', () => {
		const { failure } = begin({ maxTries: 1 }).asked(CONFLICT).seen('SHUTOFF', POWERING_ON);
		expect(failure.reason).toBe('busy');
		expect(failure.hint).toContain('Max Tries');
	});

	test.each(['REBOOT', 'HARD_REBOOT'])('it is being restarted (%s): wait, ask again', (status) => {
		const story = begin().asked(CONFLICT).seen(status, { task: 'rebooting' });
		expect(story.next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').next).toBe('ask');
	});

	test('it looks stoppable, but the cloud refuses again: that is enough', () => {
		const story = begin().asked(CONFLICT).seen('ACTIVE').asked(CONFLICT).seen('ACTIVE');
		expect(story.failure).toMatchObject({ reason: 'wrongState', status: 'ACTIVE' });
		expect(story.journey.attempts).toBe(2);
	});

	test('it runs and is locked', () => {
		const { failure } = begin().asked(CONFLICT).seen('ACTIVE', { locked: true });
		expect(failure.reason).toBe('locked');
		expect(failure.message).toContain('did not stop');
	});

	test.each([
		['PAUSED', 'Unpause'],
		['SUSPENDED', 'Resume'],
		['SHELVED_OFFLOADED', 'Unshelve'],
		['RESCUE', 'rescue'],
		['VERIFY_RESIZE', 'resize'],
		['ERROR', 'fault'],
	])('it is %s: wrongState, and the way out (%s)', (status, wayOut) => {
		const { failure } = begin().asked(CONFLICT).seen(status);
		expect(failure).toMatchObject({ reason: 'wrongState', status, httpStatus: 409 });
		expect(failure.message).toContain(`cannot stop while it is ${status}`);
		expect(failure.hint).toContain(wayOut);
	});
});

describe('a lost answer: the server is read before it is asked again', () => {
	test('it is on its way, or stopped: the cloud had taken it', () => {
		const story = begin().asked(LOST).seen('ACTIVE', POWERING_OFF);
		expect(story.after(5).seen('SHUTOFF').outcome).toBe('stopped');
		expect(begin().asked(LOST).seen('SHUTOFF').outcome).toBe('stopped');
	});

	test('it runs without a task: asked again', () => {
		const story = begin().asked(LOST).seen('ACTIVE');
		expect(story.next).toBe('ask');
		expect(story.asked(ACCEPTED).after(5).seen('SHUTOFF').outcome).toBe('stopped');
	});

	test('again and again, until the tries are used up', () => {
		const { failure } = begin({ maxTries: 2 })
			.asked(LOST)
			.seen('ACTIVE')
			.asked(LOST)
			.seen('ACTIVE');
		expect(failure).toMatchObject({ reason: 'unreachable', status: 'ACTIVE' });
		expect(failure.message).toMatch(/request to stop may have been taken/);
	});
});

describe('an accepted stop that falls back', () => {
	const back = () => begin().asked(ACCEPTED).seen('ACTIVE', POWERING_OFF).after(60).seen('ACTIVE');

	test('is no failure without evidence', () => {
		expect(back().next).toBe('findEvidence');
	});

	test('has failed if its own action says so', () => {
		const { failure } = back().recorded({ word: 'failed', message: 'guest hangs' });
		expect(failure).toMatchObject({ reason: 'stopFailed', status: 'ACTIVE', requestId: 'req-1' });
		expect(failure.message).toContain('did not stop');
		expect(failure.message).toContain('guest hangs');
		expect(failure.hint).toContain('Stop it in the cloud console');
	});

	test.each(['absent', 'unread', 'recorded'] as const)('goes on while its action is %s', (word) => {
		const story = back().recorded({ word, requestId: 'req-1' });
		expect(story.next).toBe('look later');
		expect(story.after(5).seen('SHUTOFF').outcome).toBe('stopped');
	});

	test('has failed where the cloud keeps no records', () => {
		expect(back().recorded({ word: 'noRecords' }).next).toBe('fail stopFailed');
	});

	test('was undone if a later start is on record', () => {
		const { failure } = back().recorded({ word: 'undone' });
		expect(failure).toMatchObject({ reason: 'stopFailed', status: 'ACTIVE' });
		expect(failure.message).toContain('somebody started it');
	});
});

test('409 while a snapshot is being made: wait, then ask once more', () => {
	const conflict = answered(409, nova(409, 'conflictingRequest', "Cannot 'stop' instance"));
	const story = new Story({ action: stop(false) }).asked(conflict);
	expect(story.seen('ACTIVE', { task: 'image_snapshot' }).next).toBe('look later');
	expect(story.after(5).seen('ACTIVE').next).toBe('ask');
});

describe('Wait Timeout is over', () => {
	const tooLate = (story: Story) =>
		story.asked(ACCEPTED).seen('ACTIVE', POWERING_OFF).after(299).looked({ kind: 'tooLate' })
			.failure;

	test('while the guest shuts down: names Forceful', () => {
		const failure = tooLate(begin());
		expect(failure).toMatchObject({ reason: 'timedOut', status: 'ACTIVE' });
		expect(failure.message).toContain('not stopped after 300 seconds');
		expect(failure.message).toContain('ACTIVE, powering-off');
		expect(failure.hint).toContain("'Forceful'");
		expect(failure.hint).toContain('Running this again does no harm');
	});

	test('of a forceful stop does not', () => {
		expect(tooLate(forceful()).hint).not.toContain('Forceful');
	});

	test('while it is still being started', () => {
		const story = begin().asked(CONFLICT).seen('SHUTOFF', POWERING_ON).after(300);
		const { failure } = story.looked({ kind: 'tooLate' });
		expect(failure.reason).toBe('timedOut');
		expect(failure.message).toContain('still being started');
		expect(failure.message).toContain('so it did not stop');
	});
});

test.each([
	['forbidden', answered(403, nova(403, 'forbidden')), /ecs:servers:stop/],
	['notFound', answered(404, nova(404, 'itemNotFound')), /region/],
])('%s says what to do', (reason, answer, hint) => {
	const { failure } = begin().asked(answer);
	expect(failure.reason).toBe(reason);
	expect(failure.hint).toMatch(hint);
});

describe('a stop in a batch', () => {
	const TAKEN = answered(200, { job_id: 'job-1' });

	test('is followed by its job, then looked at: stopped', () => {
		const story = begin().batched(TAKEN).after(20).told({ word: 'done' });
		expect(story.after(5).seen('SHUTOFF').outcome).toBe('stopped');
	});

	test('that met a stopped server: alreadyStopped', () => {
		const fault = { code: 'Ecs.0100', message: '' };
		const story = begin().batched(TAKEN).told({ word: 'failed', fault });
		expect(story.seen('SHUTOFF').outcome).toBe('alreadyStopped');
	});

	test('that failed for reasons of the cloud: stopFailed, with its words', () => {
		const fault = { code: 'Common.0021', message: 'host is down' };
		const { failure } = begin().batched(TAKEN).told({ word: 'failed', fault }).seen('ACTIVE');
		expect(failure.reason).toBe('stopFailed');
		expect(failure.message).toContain('host is down');
	});
});
