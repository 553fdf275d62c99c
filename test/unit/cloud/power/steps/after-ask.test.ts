import type { Answer } from '../../../../../nodes/cloud/api/answer';
import { START } from '../../../../../nodes/cloud/power/actions/start';
import { asking, newJourney } from '../../../../../nodes/cloud/power/journey';
import { afterAsk } from '../../../../../nodes/cloud/power/steps/after-ask';
import { answered, ecs, HTML_502, lost, nova, refusal } from '../../../answers';
import {
	ACCEPTED,
	begin,
	COME_BACK,
	CONFLICT,
	LOST,
	POWERING_ON,
	SLOW_DOWN,
	withoutWaiting,
} from '../a-start';
import { ID } from '../story';

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

describe('how soon the server is read', () => {
	const again = () => begin().asked(LOST).seen('SHUTOFF');

	test('later, where one answer after another is lost', () => {
		expect(again().asked(LOST).next).toBe('look later');
	});

	test('at once after a conflict, also after a lost answer', () => {
		expect(again().asked(CONFLICT).next).toBe('look soon');
	});
});

describe('whether an answer of 5xx leaves open that the cloud took it', () => {
	const thenRuns = (answer: Answer) => begin().asked(answer).asked(CONFLICT).seen('ACTIVE').outcome;

	test('not where it asks to slow down: alreadyRunning', () => {
		expect(thenRuns(answered(503, ecs('Common.0024')))).toBe('alreadyRunning');
	});

	test('nor where it is busy with another command: alreadyRunning', () => {
		const busy = begin().asked(answered(501, ecs('Ecs.0603')));
		expect(busy.seen('ACTIVE').outcome).toBe('alreadyRunning');
	});

	test('it does otherwise: started', () => {
		expect(thenRuns(answered(503))).toBe('started');
	});
});

describe('the attempts that the user is told', () => {
	test.each([
		['refused for its token', answered(401), 0],
		['not sent, as n8n could not log in', refusal('unreachable', true), 0],
		['refused for another reason', answered(403, nova(403, 'forbidden')), 1],
		['lost', LOST, 1],
	])('a request that was %s', (_, answer, attempts) => {
		expect(begin().asked(answer).journey.attempts).toBe(attempts);
	});
});

describe('a job of one server alone', () => {
	const rules = { action: START, maxTries: 5, failIfAlreadyDone: false, waitTimeoutMs: 300_000 };
	const taken = { word: 'accepted', jobId: 'job-1', isAlone: true } as const;
	const asked = asking(newJourney(ID, true), rules, 0);

	test('tells no more than the server, where that was seen before', () => {
		const [, step] = afterAsk({ ...asked, seenAt: 0 }, taken, rules, 0);
		expect(step).toMatchObject({ do: 'look' });
	});

	test('tells whether there was anything to do, where it was not', () => {
		const [, step] = afterAsk(asked, taken, rules, 0);
		expect(step).toEqual({ do: 'followJob', jobId: 'job-1' });
	});
});
