/** Before a batch, one look shows who needs no request, and who could not be helped by one. */
import type { Rules } from '../../../../../nodes/cloud/power/journey';
import { restart } from '../../../../../nodes/cloud/power/actions/restart';
import { stop } from '../../../../../nodes/cloud/power/actions/stop';
import { answered, lost } from '../../../answers';
import { Story } from '../story';

const TAKEN = answered(200, { job_id: 'job-1' });
const LOST = lost('ECONNRESET', true, 'socket hang up');

const start = (rules?: Partial<Rules>) => new Story(rules);
const stopping = (forceful = false) => new Story({ action: stop(forceful) });
const restarting = (forceful = false) => new Story({ action: restart(forceful) });
const withoutWaiting = () => new Story({}, false);

describe('a server that needs no request', () => {
	test('is alreadyRunning, and was asked nothing', () => {
		const story = start().seenFirst('ACTIVE');
		expect(story.outcome).toBe('alreadyRunning');
		expect(story.journey).toMatchObject({ attempts: 0, tries: 0 });
	});

	test('is alreadyRunning with waiting off, too', () => {
		expect(withoutWaiting().seenFirst('ACTIVE').outcome).toBe('alreadyRunning');
	});

	test('is alreadyRunning although it is locked', () => {
		expect(start().seenFirst('ACTIVE', { locked: true }).outcome).toBe('alreadyRunning');
	});

	test('is alreadyStopped', () => {
		expect(stopping().seenFirst('SHUTOFF').outcome).toBe('alreadyStopped');
	});

	test('fails with wrongState where that counts as a failure', () => {
		const { failure } = start({ failIfAlreadyDone: true }).seenFirst('ACTIVE');
		expect(failure).toMatchObject({ reason: 'wrongState', status: 'ACTIVE' });
		expect(failure.message).toContain('is already running');
	});

	test('is waited for while somebody else starts it', () => {
		const story = start().seenFirst('SHUTOFF', { task: 'powering-on' });
		expect(story.next).toBe('look later');
		expect(story.after(20).seen('ACTIVE').outcome).toBe('started');
		expect(story.journey.attempts).toBe(0);
	});

	test('is asked after all when the start of somebody else came to nothing', () => {
		const story = start().seenFirst('SHUTOFF', { task: 'powering-on' }).after(20).seen('SHUTOFF');
		expect(story.next).toBe('ask');
		expect(story.batched(TAKEN).told({ word: 'silent' }).seen('ACTIVE').outcome).toBe('started');
	});
});

describe('a server that no request could help', () => {
	test('is locked', () => {
		const { failure } = start().seenFirst('SHUTOFF', { locked: true });
		expect(failure).toMatchObject({ reason: 'locked', status: 'SHUTOFF' });
		expect(failure.message).not.toMatch(/undefined/);
	});

	test.each(['PAUSED', 'SHELVED', 'ERROR'])('is in the wrong state: %s', (status) => {
		const { failure } = start().seenFirst(status);
		expect(failure).toMatchObject({ reason: 'wrongState', status });
		expect(failure.message).toContain(`cannot start while it is ${status}`);
	});

	test('is not found', () => {
		const { failure } = start().lookedFirst({ kind: 'gone' });
		expect(failure).toMatchObject({ reason: 'notFound' });
	});

	test('was deleted', () => {
		expect(start().seenFirst('DELETED').failure.reason).toBe('notFound');
	});

	test('is being restarted by somebody else, so that a restart is busy', () => {
		expect(restarting().seenFirst('REBOOT').failure.reason).toBe('busy');
	});

	test('is off, so that a restart is in the wrong state', () => {
		expect(restarting().seenFirst('SHUTOFF').failure.reason).toBe('wrongState');
	});
});

describe('a server that is asked', () => {
	test('is stopped, and is started when it is seen running after it', () => {
		const story = start().seenFirst('SHUTOFF');
		expect(story.next).toBe('ask');
		expect(story.batched(TAKEN).told({ word: 'silent' }).seen('ACTIVE').outcome).toBe('started');
	});

	test('is stopped, and its batch was lost', () => {
		expect(start().seenFirst('SHUTOFF').batched(LOST).seen('ACTIVE').outcome).toBe('started');
	});

	test('is being stopped: that is waited for', () => {
		const story = start().seenFirst('ACTIVE', { task: 'powering-off' });
		expect(story.next).toBe('look later');
		expect(story.after(10).seen('SHUTOFF').next).toBe('ask');
	});

	test('is being stopped, and nobody waits: it is busy', () => {
		const { failure } = withoutWaiting().seenFirst('ACTIVE', { task: 'powering-off' });
		expect(failure.reason).toBe('busy');
	});

	test('is still being stopped when Wait Timeout is over', () => {
		const story = start().seenFirst('ACTIVE', { task: 'powering-off' }).after(300);
		const { failure } = story.looked({ kind: 'tooLate' });
		expect(failure.reason).toBe('timedOut');
		expect(failure.message).toContain('was still being stopped after 300 seconds');
	});

	test('is running, so that it can be stopped or restarted', () => {
		expect(stopping().seenFirst('ACTIVE').next).toBe('ask');
		expect(restarting().seenFirst('ACTIVE').next).toBe('ask');
	});

	test('is broken, so that it can be stopped, and restarted forcefully', () => {
		expect(stopping().seenFirst('ERROR').next).toBe('ask');
		expect(restarting(true).seenFirst('ERROR').next).toBe('ask');
		expect(restarting().seenFirst('ERROR').failure.reason).toBe('wrongState');
	});

	test('cannot be looked at, as the user may not: the cloud is asked all the same', () => {
		const fault = { httpStatus: 403, message: 'not allowed' };
		const look = { kind: 'refused', reason: 'forbidden', fault } as const;
		expect(start().lookedFirst(look).next).toBe('ask');
	});

	test('was not shown in time: the cloud is asked all the same', () => {
		expect(start().lookedFirst({ kind: 'tooLate' }).next).toBe('ask');
	});
});

describe('a server that is ACTIVE with its guest off', () => {
	const OFF = { poweredOff: true };

	test('is stopped, as by one request: nobody else is stopping it', () => {
		const story = stopping().seenFirst('ACTIVE', OFF);
		expect(story.next).toBe('ask');
		expect(story.batched(TAKEN).told({ word: 'done' }).seen('SHUTOFF').outcome).toBe('stopped');
	});

	test('is restarted forcefully, which is its way out', () => {
		expect(restarting(true).seenFirst('ACTIVE', OFF).next).toBe('ask');
	});

	test('that is being stopped by somebody else is on its way', () => {
		expect(stopping().seenFirst('ACTIVE', { ...OFF, task: 'powering-off' }).next).toBe(
			'look later',
		);
	});
});

test('a look that the cloud refuses after the request ends in its reason, not in a time-out', () => {
	const fault = { httpStatus: 403, message: 'not allowed' };
	const story = start().asked(answered(202));
	const { failure } = story.looked({ kind: 'refused', reason: 'forbidden', fault });
	expect(failure).toMatchObject({ reason: 'forbidden', httpStatus: 403 });
});
