import { type Journey, newJourney } from '../../../../../nodes/cloud/power/journey';
import { elapsed, mayStillBegin, readLater } from '../../../../../nodes/cloud/power/steps/records';
import { ABSENT, ACCEPTED, begin, NO_RECORDS, POWERING_ON } from '../a-start';

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

/** Taken at 3 s, with Wait Timeout at its end after 10 s. */
const taken: Journey = { ...newJourney('a', true), accepted: { at: 3_000 }, deadline: 10_000 };

test.each([
	['as long again as it took so far', taken, 5_000, 7_000],
	['two seconds before the time is up, at the latest', taken, 7_999, 8_000],
	['as long again, where that moment has come', taken, 8_000, 13_000],
	[
		'at the next look, where it was seen on its way',
		{ ...taken, seenOnTheWay: true },
		5_000,
		5_000,
	],
])('a record that shows nothing is read again %s', (_, journey, now, evidenceAt) => {
	expect(readLater(journey, now)[0].evidenceAt).toBe(evidenceAt);
});

test.each([
	['since the cloud took it', { ...taken, lastRequestAt: 1_000 }, 2_000],
	['since it was asked for', { ...taken, accepted: undefined, lastRequestAt: 1_000 }, 4_000],
	['not at all before', newJourney('a', true), 0],
])('time goes by for an action %s', (_, journey, ms) => {
	expect(elapsed(journey, 5_000)).toBe(ms);
});

test.each([
	['not taken yet', { ...taken, accepted: undefined, seenAt: 99_000 }, true],
	['taken, and not looked at', taken, true],
	['taken less than 30 seconds ago', { ...taken, seenAt: 32_999 }, true],
	['taken 30 seconds ago', { ...taken, seenAt: 33_000 }, false],
	['seen on its way', { ...taken, seenOnTheWay: true }, false],
])('where the cloud keeps no records an action may still begin: %s, %s', (_, journey, may) => {
	expect(mayStillBegin(journey)).toBe(may);
});
