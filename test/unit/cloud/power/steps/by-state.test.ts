import fc from 'fast-check';

import type { Answer } from '../../../../../nodes/cloud/api/answer';
import type { Evidence } from '../../../../../nodes/cloud/api/evidence';
import { stop } from '../../../../../nodes/cloud/power/actions/stop';
import { condition, type Server } from '../../../../../nodes/cloud/api/server';
import { answered, lost } from '../../../answers';
import {
	ABSENT,
	ACCEPTED,
	begin,
	CONFLICT,
	DONE_IN_JOB,
	LOCKED,
	LOST,
	NO_RECORDS,
	POWERING_OFF,
	POWERING_ON,
	RECORDED,
	SLOW_DOWN,
	withoutWaiting,
} from '../a-start';
import { ID, Story } from '../story';

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

	test('is on record without an error when there is just no time to read it once more', () => {
		const story = begin({ waitTimeoutMs: 9_000 }).asked(ACCEPTED).after(7).seen('SHUTOFF');
		expect(story.recorded(RECORDED).seen('SHUTOFF').next).toBe('fail startFailed');
	});

	test('has worked by the word of its job: at the second look without a task it did not stay', () => {
		const story = begin().asked(ACCEPTED).after(12).seen('SHUTOFF').recorded(DONE_IN_JOB);
		expect(story.next).toBe('look later');
		const { failure } = story.after(5).seen('SHUTOFF').recorded(DONE_IN_JOB);
		expect(failure).toMatchObject({ reason: 'startFailed', status: 'SHUTOFF' });
		expect(failure.message).toContain('did not stay running');
		expect(failure.hint).toContain('console log');
	});

	test('has worked by the word of its job, just before its time is up: it did not stay', () => {
		const story = begin({ waitTimeoutMs: 9_000 }).asked(ACCEPTED).after(6).seen('SHUTOFF');
		const { failure } = story.after(1).seen('SHUTOFF').recorded(DONE_IN_JOB).seen('SHUTOFF');
		expect(failure.message).toContain('did not stay running');
	});

	test('has worked by the word of the job of its batch, and there are no records: it did not stay', () => {
		const story = begin()
			.batched(answered(200, { job_id: 'job-1' }))
			.told({ word: 'done' });
		const { failure } = story.after(5).seen('SHUTOFF').recorded(NO_RECORDS);
		expect(failure.message).toContain('did not stay running');
	});

	test('has worked by the word of its job, and comes up late: started', () => {
		const story = begin().asked(ACCEPTED).after(12).seen('SHUTOFF').recorded(DONE_IN_JOB);
		expect(story.after(5).seen('ACTIVE').outcome).toBe('started');
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

test('an accepted stop of a server in ERROR, which may not have begun, is waited for', () => {
	const story = begin({ action: stop(false) })
		.asked(ACCEPTED)
		.after(1)
		.seen('ERROR');
	expect(story.next).toBe('look later');
	expect(story.after(5).seen('SHUTOFF').outcome).toBe('stopped');
});
