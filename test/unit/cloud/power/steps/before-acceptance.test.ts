import { restart } from '../../../../../nodes/cloud/power/actions/restart';
import { stop } from '../../../../../nodes/cloud/power/actions/stop';
import { answered, ecs } from '../../../answers';
import {
	ACCEPTED,
	begin,
	CONFLICT,
	LOCKED,
	LOST,
	POWERING_OFF,
	POWERING_ON,
	withoutWaiting,
} from '../a-start';
import { ID, type Story } from '../story';

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

describe('a start that was refused for a stop which has ended, with no try left', () => {
	test('busy: something else was under way', () => {
		const { failure } = begin({ maxTries: 1 }).asked(CONFLICT).seen('SHUTOFF');
		expect(failure).toMatchObject({ reason: 'busy', status: 'SHUTOFF', httpStatus: 409 });
		expect(failure.message).toContain('something else was under way');
		expect(failure.hint).toContain('Max Tries');
	});
});

describe('a server that was locked when it was asked, and is unlocked since, with no try left', () => {
	test('locked: its message says that it no longer is', () => {
		const { failure } = begin({ maxTries: 1 }).asked(LOCKED).seen('SHUTOFF', { locked: false });
		expect(failure).toMatchObject({ reason: 'locked', status: 'SHUTOFF', httpStatus: 409 });
		expect(failure.message).toContain('was locked when it was asked; by now it is not');
		expect(failure.hint).toContain('Run this again');
	});
});

describe('a server in ERROR, which can be stopped', () => {
	const stopping = () => begin({ action: stop(false) });

	test('is asked again where the answer was lost', () => {
		const story = stopping().asked(LOST).seen('ERROR');
		expect(story.next).toBe('ask');
		expect(story.asked(ACCEPTED).after(5).seen('SHUTOFF').outcome).toBe('stopped');
	});

	test('is in the wrong state where the cloud refuses it', () => {
		expect(stopping().asked(CONFLICT).seen('ERROR').failure.reason).toBe('wrongState');
	});

	test('has failed where its job says so', () => {
		const fault = { code: 'Common.0021', message: 'host is down' };
		const story = stopping().batched(answered(200, { job_id: 'job-1' }));
		expect(story.told({ word: 'failed', fault }).seen('ERROR').failure.reason).toBe('stopFailed');
	});
});

describe('503 of whatever is in the way', () => {
	const NOBODY_KNOWS = { ...answered(503, '<html>503 Service Unavailable</html>'), headers: {} };

	test('a server that runs after it was started', () => {
		expect(begin().asked(NOBODY_KNOWS).asked(CONFLICT).seen('ACTIVE').outcome).toBe('started');
	});

	test('a restart is not asked for again without a look', () => {
		expect(begin({ action: restart(false) }).asked(NOBODY_KNOWS).next).toBe('look soon');
	});
});

describe('a server that somebody else starts between our look and our request', () => {
	test('is alreadyRunning, where it was seen stopped before the first', () => {
		const story = begin().seenFirst('SHUTOFF').asked(CONFLICT).seen('ACTIVE');
		expect(story.outcome).toBe('alreadyRunning');
	});

	test('is alreadyRunning, where it was seen stopped before the second', () => {
		const story = begin().asked(CONFLICT).seen('SHUTOFF', POWERING_ON).after(5).seen('SHUTOFF');
		expect(story.asked(CONFLICT).seen('ACTIVE').outcome).toBe('alreadyRunning');
	});
});

describe('a start that meets a server which cannot be started', () => {
	test('is in the wrong state in ERROR, also where the answer was lost', () => {
		expect(begin().asked(LOST).seen('ERROR').next).toBe('fail wrongState');
	});

	test('is in the wrong state where somebody paused it after its job had failed', () => {
		const fault = { code: 'Common.0021', message: 'host is down' };
		const story = begin().batched(answered(200, { job_id: 'job-1' }));
		expect(story.told({ word: 'failed', fault }).seen('PAUSED').next).toBe('fail wrongState');
	});
});

describe('Ecs.0603: busy with another command, which the server need not show', () => {
	const BUSY = answered(
		501,
		ecs('Ecs.0603', 'Commands are being executed, try again 1 minute later.'),
	);
	/** Asked, and looked at each 5 s from then on; how many seconds later it is asked again. */
	const secondsTillAsked = (story: Story) => {
		const refused = story.asked(BUSY).seen('SHUTOFF');
		for (let seconds = 0; seconds <= 300; seconds += 5) {
			if (refused.next !== 'look later') return refused.next === 'ask' ? seconds : refused.next;
			refused.after(5).seen('SHUTOFF');
		}
		return 'never';
	};

	test('it is looked at, and not asked in the same breath', () => {
		const story = begin().asked(BUSY);
		expect(story.next).toBe('look soon');
		expect(story.seen('SHUTOFF').next).toBe('look later');
	});

	test('it is asked later each time, and the last time after the minute of which the cloud speaks', () => {
		const story = begin();
		expect([1, 2, 3, 4].map(() => secondsTillAsked(story))).toEqual([10, 15, 30, 60]);
		expect(secondsTillAsked(story)).toBe('fail busy');
	});

	test('two tries are a minute apart', () => {
		const story = begin({ maxTries: 2 });
		expect(secondsTillAsked(story)).toBe(60);
		expect(secondsTillAsked(story)).toBe('fail busy');
	});

	test('with one try alone it has failed, once it was looked at', () => {
		const { failure } = begin({ maxTries: 1 }).asked(BUSY).seen('SHUTOFF');
		expect(failure.reason).toBe('busy');
		expect(failure.message).toContain('busy with another command (one try)');
	});

	test('it is asked again with waiting off, too', () => {
		expect(secondsTillAsked(withoutWaiting())).toBe(10);
	});

	test('it is taken after all', () => {
		const story = begin().asked(BUSY).seen('SHUTOFF').after(15).seen('SHUTOFF').asked(ACCEPTED);
		expect(story.after(5).seen('ACTIVE').outcome).toBe('started');
		expect(story.journey.attempts).toBe(2);
	});

	test('it runs by then: alreadyRunning, with no try left, too', () => {
		expect(begin({ maxTries: 1 }).asked(BUSY).seen('ACTIVE').outcome).toBe('alreadyRunning');
	});

	test('as long as the server shows what it is busy with, that is waited for', () => {
		const story = begin().asked(BUSY).seen('SHUTOFF', { task: 'image_uploading' });
		expect(story.after(60).seen('SHUTOFF', { task: 'image_uploading' }).next).toBe('look later');
		expect(story.after(5).seen('SHUTOFF').next).toBe('ask');
	});

	test('who may not read it asks again all the same', () => {
		const forbidden = { kind: 'refused', reason: 'forbidden', fault: { message: '' } } as const;
		const story = begin().asked(BUSY).looked(forbidden);
		expect(story.next).toBe('look later');
		expect(story.after(15).looked(forbidden).next).toBe('ask');
	});

	test('until its time is up: busy, in the words of the cloud', () => {
		const story = begin().asked(BUSY).seen('SHUTOFF').after(300);
		const { failure } = story.looked({ kind: 'tooLate' });
		expect(failure).toMatchObject({ reason: 'busy', httpStatus: 501, code: 'Ecs.0603' });
		expect(failure.message).toContain('try again 1 minute later');
	});

	test('a restart is asked again, as nothing was taken', () => {
		const story = begin({ action: restart(false) })
			.asked(BUSY)
			.seen('ACTIVE')
			.after(15);
		expect(story.seen('ACTIVE').next).toBe('ask');
	});

	test('a job says so of it: the same', () => {
		const job = answered(200, { job_id: 'job-1' });
		const fault = { code: 'Ecs.0603', message: '' };
		const story = begin().batched(job).told({ word: 'failed', fault }).seen('SHUTOFF');
		expect(story.next).toBe('look later');
		expect(story.after(15).seen('SHUTOFF').next).toBe('ask');
	});
});
