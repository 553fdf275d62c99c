import fc from 'fast-check';

import { toolsFor } from '../../../../../nodes/cloud/power/tools';
import type { Answer } from '../../../../../nodes/cloud/api/answer';
import type { Evidence } from '../../../../../nodes/cloud/api/evidence';
import type { Rules } from '../../../../../nodes/cloud/power/journey';
import { perform } from '../../../../../nodes/cloud/power/perform';
import { restart } from '../../../../../nodes/cloud/power/actions/restart';
import type { SessionSettings } from '../../../../../nodes/cloud/session/session';
import { answered, HTML_502, lost, nova } from '../../../answers';
import { FakeCloud } from '../../../session';
import { ID, Story } from '../story';

const ACCEPTED = answered(202, '', { 'x-compute-request-id': 'req-1' });
const CONFLICT = answered(409, nova(409, 'conflictingRequest', "Cannot 'reboot' instance"));
const LOST = lost('ECONNRESET', true, 'socket hang up');
const SLOW_DOWN = answered(429, nova(429, 'overLimit', 'This request was rate-limited.'));

const REBOOTING = { task: 'rebooting' };
const ABSENT = { word: 'absent' } as const;
const UNREAD = { word: 'unread' } as const;
const RECORDED = { word: 'recorded', requestId: 'req-1' } as const;
const NO_RECORDS = { word: 'noRecords' } as const;

const soft = (rules?: Partial<Rules>) => new Story({ action: restart(false), ...rules });
const hard = (rules?: Partial<Rules>) => new Story({ action: restart(true), ...rules });
const withoutWaiting = () => new Story({ action: restart(false) }, false);

describe('a running server is restarted', () => {
	test.each([
		['REBOOT', REBOOTING],
		['HARD_REBOOT', { task: 'rebooting_hard' }],
		['ACTIVE', REBOOTING],
	])('when it was seen rebooting (%s) and runs', (status, task) => {
		const story = soft().asked(ACCEPTED);
		expect(story.next).toBe('look later');
		expect(story.after(1).seen(status, task).next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').recorded(RECORDED).outcome).toBe('restarted');
		expect(story.journey.attempts).toBe(1);
	});

	test('not just because it runs after the request', () => {
		const story = soft().asked(ACCEPTED).after(1).seen('ACTIVE');
		expect(story.next).toBe('findEvidence');
		expect(story.recorded(ABSENT).next).toBe('look later');
	});

	test('when its own request is on record and it runs: the reboot was too quick to be seen', () => {
		const story = soft().asked(ACCEPTED).after(1).seen('ACTIVE').recorded(RECORDED);
		expect(story.next).toBe('look soon');
		expect(story.after(1).seen('ACTIVE').outcome).toBe('restarted');
	});

	test.each([ABSENT, UNREAD, NO_RECORDS])(
		'when it was seen rebooting and runs, though its record says nothing (%j)',
		(evidence) => {
			const story = soft().asked(ACCEPTED).seen('REBOOT', REBOOTING).after(5).seen('ACTIVE');
			expect(story.recorded(evidence).outcome).toBe('restarted');
		},
	);

	test('not when its own record says that it failed: it was seen in a reboot of somebody else', () => {
		const story = soft().asked(ACCEPTED).seen('REBOOT', REBOOTING).after(5).seen('ACTIVE');
		const { failure } = story.recorded({ word: 'failed', message: 'Error' });
		expect(failure.reason).toBe('restartFailed');
	});

	test('also when somebody has stopped and started it since', () => {
		const story = soft().asked(LOST).seen('ACTIVE').recorded({ word: 'undone' });
		expect(story.outcome).toBe('restarted');
	});

	test('not when it is off again: somebody stopped it', () => {
		const story = soft().asked(ACCEPTED).seen('REBOOT', REBOOTING).after(5).seen('SHUTOFF');
		const { failure } = story.recorded({ word: 'undone' });
		expect(failure).toMatchObject({ reason: 'restartFailed', status: 'SHUTOFF' });
		expect(failure.message).toContain('did not stay running');
	});

	test('not before a look that came after the record: it had only just begun', () => {
		const story = soft().asked(ACCEPTED).after(1).seen('ACTIVE').recorded(RECORDED);
		expect(story.after(1).seen('REBOOT', REBOOTING).next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').outcome).toBe('restarted');
	});

	test('not when its request is on record and it stays off: that has failed', () => {
		const story = hard().asked(ACCEPTED).after(1).seen('SHUTOFF').recorded(RECORDED);
		expect(story.after(1).seen('SHUTOFF').recorded(RECORDED).next).toBe('fail restartFailed');
	});

	test('not while nothing is on record', () => {
		const story = soft().asked(ACCEPTED).after(10).seen('ACTIVE').recorded(ABSENT);
		expect(story.next).toBe('look later');
		expect(story.after(200).seen('ACTIVE').recorded(ABSENT).next).toBe('look later');
		expect(
			story.after(5).seen('REBOOT', REBOOTING).after(5).seen('ACTIVE').recorded(RECORDED).outcome,
		).toBe('restarted');
	});

	test('not while its records cannot be read', () => {
		const story = soft().asked(ACCEPTED).after(60).seen('ACTIVE').recorded(UNREAD);
		expect(story.next).toBe('look later');
	});

	test('never, where the cloud keeps no records and nobody saw it: says so after 30 s', () => {
		const story = soft().asked(ACCEPTED).after(10).seen('ACTIVE').recorded(NO_RECORDS);
		expect(story.next).toBe('look later');
		const { failure } = story.after(20).seen('ACTIVE').recorded(NO_RECORDS);
		expect(failure).toMatchObject({ reason: 'restartFailed', status: 'ACTIVE' });
		expect(failure.message).toContain('nothing shows that it did');
	});

	test('is accepted where acceptance is enough, and nobody looks', () => {
		expect(withoutWaiting().asked(ACCEPTED).outcome).toBe('accepted');
	});

	test('also with Fail If Already Done: it always has something to do', () => {
		const story = soft({ failIfAlreadyDone: true }).asked(ACCEPTED).seen('REBOOT', REBOOTING);
		expect(story.after(5).seen('ACTIVE').recorded(RECORDED).outcome).toBe('restarted');
	});
});

describe('a restart in a batch', () => {
	const TAKEN = answered(200, { job_id: 'job-1' });

	test('is proven by the SUCCESS of its job', () => {
		const story = soft().batched(TAKEN);
		expect(story.next).toBe('followJob');
		story.after(20).told({ word: 'done' });
		expect(story.after(5).seen('ACTIVE').outcome).toBe('restarted');
	});

	test('is not proven by a job that says nothing', () => {
		const story = soft().batched(TAKEN).after(20).told({ word: 'silent' });
		expect(story.next).toBe('look soon');
		expect(story.seen('ACTIVE').next).toBe('findEvidence');
	});

	test('whose job failed has failed, with its words', () => {
		const fault = { code: 'Common.0021', message: 'host is down' };
		const story = soft().batched(TAKEN).told({ word: 'failed', fault }).seen('ACTIVE');
		const { failure } = story.recorded(ABSENT);
		expect(failure.reason).toBe('restartFailed');
		expect(failure.message).toContain('host is down');
	});

	test.each([
		['Ecs.0605', 'ACTIVE', { locked: true }, 'locked'],
		['Ecs.0100', 'SHUTOFF', {}, 'wrongState'],
	])('whose job says why it was not taken (%s)', (code, status, more, reason) => {
		const fault = { code, message: 'no' };
		const story = soft().batched(TAKEN).told({ word: 'failed', fault }).seen(status, more);
		expect(story.failure.reason).toBe(reason);
		expect(story.failure.message).not.toMatch(/may have been taken/);
	});

	test('whose job failed for others only: its own record tells', () => {
		const fault = { code: 'Common.0021', message: 'Subjob failed' };
		const story = soft().batched(TAKEN).told({ word: 'failed', fault }).seen('ACTIVE');
		expect(story.recorded(RECORDED).after(1).seen('ACTIVE').outcome).toBe('restarted');
	});

	test('whose job failed, and whose record cannot be read in time: that is not known', () => {
		const fault = { code: 'Common.0021', message: 'Subjob failed' };
		const story = soft().batched(TAKEN).told({ word: 'failed', fault }).seen('ACTIVE');
		const { failure } = story.recorded(UNREAD).after(299).looked({ kind: 'tooLate' });
		expect(failure.reason).toBe('timedOut');
		expect(failure.message).toContain('nothing shows that it did after 300 seconds');
	});

	test('whose answer was lost is not asked for again', () => {
		expect(soft().batched(LOST).seen('ACTIVE').next).toBe('findEvidence');
	});
});

describe('a lost answer', () => {
	test.each([
		['a reset connection', LOST, 'unreachable'],
		['a time-out', lost('ECONNABORTED'), 'unreachable'],
		['500', answered(500, nova(500, 'computeFault')), 'unavailable'],
		['502', answered(502, HTML_502), 'unavailable'],
		['504', answered(504), 'unavailable'],
	])('%s, without proof: the reason of the loss, and that it may be taken', (_, answer, reason) => {
		const story = soft().asked(answer);
		expect(story.next).toBe('look soon');
		story.seen('ACTIVE').recorded(ABSENT);
		expect(story.next).toBe('look later');
		const { failure, journey } = story.after(10).seen('ACTIVE').recorded(ABSENT);
		expect(failure).toMatchObject({ reason, status: 'ACTIVE' });
		expect(failure.message).toContain("'web-1'");
		expect(failure.message).toMatch(/request to restart may have been taken/);
		expect(journey.attempts).toBe(1);
	});

	test('without proof, as the cloud keeps no records', () => {
		const { failure } = soft().asked(LOST).seen('ACTIVE').recorded(NO_RECORDS);
		expect(failure.reason).toBe('unreachable');
		expect(failure.message).toMatch(/may have been taken/);
	});

	test('it is seen rebooting, which may be the work of somebody else: only a record is proof', () => {
		const story = soft().asked(LOST).seen('REBOOT', REBOOTING);
		expect(story.recorded(ABSENT).next).toBe('look later');
		story.after(11).seen('ACTIVE').recorded(ABSENT);
		expect(story.failure.reason).toBe('unreachable');
	});

	test('it is rebooting, and that is on record: restarted when it runs', () => {
		const story = soft().asked(LOST).seen('REBOOT', REBOOTING).recorded(RECORDED);
		expect(story.after(1).seen('REBOOT', REBOOTING).next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').outcome).toBe('restarted');
		expect(story.journey.accepted?.requestId).toBe('req-1');
	});

	test('a reboot since the request is on record, and acceptance is enough', () => {
		expect(withoutWaiting().asked(LOST).seen('ACTIVE').recorded(RECORDED).outcome).toBe('accepted');
	});

	test('a reboot since the request is on record: restarted', () => {
		const story = soft().asked(LOST).seen('ACTIVE').recorded(RECORDED);
		expect(story.after(1).seen('ACTIVE').outcome).toBe('restarted');
	});

	test('the records cannot be read for now: they are read again later', () => {
		const story = soft().asked(LOST).seen('ACTIVE').recorded(UNREAD).after(40);
		expect(story.seen('ACTIVE').recorded(UNREAD).next).toBe('look later');
		story.after(60).seen('ACTIVE').recorded(RECORDED);
		expect(story.after(1).seen('ACTIVE').outcome).toBe('restarted');
	});

	test('a reboot since the request is on record as failed', () => {
		const story = soft().asked(LOST).seen('ACTIVE');
		const { failure } = story.recorded({ word: 'failed', message: 'guest hangs' });
		expect(failure.reason).toBe('restartFailed');
		expect(failure.message).toContain('guest hangs');
	});

	test.each(['SHUTOFF', 'ERROR', 'PAUSED'])('it is %s: the reason of the loss', (status) => {
		const story = soft().asked(LOST).seen(status).recorded(ABSENT);
		const { failure } = story.after(10).seen(status).recorded(ABSENT);
		expect(failure).toMatchObject({ reason: 'unreachable', status });
		expect(failure.message).toMatch(/may have been taken/);
	});

	test('and time is up: the reason of the loss', () => {
		const { failure } = soft().asked(LOST).after(300).looked({ kind: 'tooLate' });
		expect(failure.reason).toBe('unreachable');
		expect(failure.message).toMatch(/may have been taken/);
	});
});

describe('a refusal', () => {
	test.each([
		['429', SLOW_DOWN],
		['a connection that never was', lost('ECONNREFUSED', false)],
	])('that took nothing (%s): asked again', (_, answer) => {
		const story = soft().asked(answer);
		expect(story.next).toBe('ask');
		story.asked(ACCEPTED).seen('REBOOT', REBOOTING);
		expect(story.after(5).seen('ACTIVE').recorded(RECORDED).outcome).toBe('restarted');
		expect(story.journey.attempts).toBe(2);
	});

	test('503, of which nothing is on record: asked again', () => {
		const story = soft().asked(answered(503)).seen('ACTIVE');
		expect(story.recorded(ABSENT).next).toBe('ask');
		story.asked(ACCEPTED).seen('REBOOT', REBOOTING);
		expect(story.after(5).seen('ACTIVE').recorded(RECORDED).outcome).toBe('restarted');
	});

	test('503, and it was taken all the same: not asked again', () => {
		const story = soft().asked(answered(503)).seen('ACTIVE').recorded(RECORDED);
		expect(story.after(1).seen('ACTIVE').outcome).toBe('restarted');
		expect(story.journey.attempts).toBe(1);
	});

	test('503, and nothing tells whether it was taken: the reason, and that it may have been', () => {
		const { failure } = soft().asked(answered(503)).seen('ACTIVE').recorded(NO_RECORDS);
		expect(failure.reason).toBe('unavailable');
		expect(failure.message).toMatch(/may have been taken/);
	});

	test('503, and it is seen rebooting: wait for the record, as a second one does harm', () => {
		const story = hard().asked(answered(503)).seen('HARD_REBOOT');
		expect(story.recorded(ABSENT).next).toBe('look later');
		story.after(5).seen('HARD_REBOOT').recorded(RECORDED);
		expect(story.after(1).seen('ACTIVE').outcome).toBe('restarted');
	});

	test('503 again and again, of which nothing is on record: until the tries are used up', () => {
		const story = soft({ maxTries: 2 }).asked(answered(503)).seen('ACTIVE').recorded(ABSENT);
		const { failure } = story.asked(answered(503)).seen('ACTIVE').recorded(ABSENT);
		expect(failure.reason).toBe('unavailable');
	});

	test('until the tries are used up', () => {
		const { failure, journey } = soft({ maxTries: 2 }).asked(SLOW_DOWN).asked(SLOW_DOWN);
		expect(failure.reason).toBe('throttled');
		expect(failure.message).not.toMatch(/may have been taken/);
		expect(journey.attempts).toBe(2);
	});

	test('409, it is stopped: start it instead', () => {
		const { failure } = soft().asked(CONFLICT).seen('SHUTOFF');
		expect(failure).toMatchObject({ reason: 'wrongState', status: 'SHUTOFF', httpStatus: 409 });
		expect(failure.message).toContain('cannot restart while it is SHUTOFF');
		expect(failure.hint).toBe('Start the server instead');
	});

	test('409, somebody else restarts it: busy, as a second restart right after it does harm', () => {
		const { failure } = soft().asked(CONFLICT).seen('REBOOT', REBOOTING);
		expect(failure.reason).toBe('busy');
		expect(failure.message).toContain('restarted by another request');
	});

	test('409, somebody else restarts it, and nobody waits: busy', () => {
		const { failure } = withoutWaiting().asked(CONFLICT).seen('REBOOT', REBOOTING);
		expect(failure.reason).toBe('busy');
		expect(failure.message).toContain('restarted by another request');
		expect(failure.hint).toContain('Wait until it runs');
	});

	test('409, it is being stopped: wait, then start it instead', () => {
		const story = soft().asked(CONFLICT).seen('ACTIVE', { task: 'powering-off' });
		expect(story.next).toBe('look later');
		expect(story.after(5).seen('SHUTOFF').next).toBe('fail wrongState');
	});

	test('409, a snapshot is being made: wait, then ask once more', () => {
		const story = soft().asked(CONFLICT).seen('ACTIVE', { task: 'image_snapshot' });
		expect(story.next).toBe('look later');
		expect(story.after(5).seen('ACTIVE').next).toBe('ask');
	});

	test('409, a snapshot is being made, and nobody waits: busy', () => {
		const story = withoutWaiting().asked(CONFLICT).seen('ACTIVE', { task: 'image_snapshot' });
		expect(story.failure.reason).toBe('busy');
	});

	test('409, it runs: asked once more, and no more', () => {
		const story = soft().asked(CONFLICT).seen('ACTIVE').asked(CONFLICT).seen('ACTIVE');
		expect(story.failure.reason).toBe('wrongState');
		expect(story.journey.attempts).toBe(2);
	});

	test('409, it is locked', () => {
		expect(soft().asked(CONFLICT).seen('ACTIVE', { locked: true }).next).toBe('fail locked');
	});

	test.each(['PAUSED', 'SUSPENDED', 'SHELVED', 'RESCUE', 'ERROR'])(
		'409, it is %s: wrongState',
		(status) => {
			expect(soft().asked(CONFLICT).seen(status).next).toBe('fail wrongState');
		},
	);

	test('403 names the permission', () => {
		const { failure } = soft().asked(answered(403, nova(403, 'forbidden')));
		expect(failure.hint).toContain('ecs:servers:reboot');
	});
});

describe('with Forceful', () => {
	test('a stopped server comes up: restarted', () => {
		const story = hard().asked(ACCEPTED);
		expect(story.after(1).seen('SHUTOFF').recorded(ABSENT).next).toBe('look later');
		expect(story.after(1).seen('SHUTOFF', { task: 'rebooting_hard' }).next).toBe('look later');
		expect(story.after(20).seen('ACTIVE').recorded(RECORDED).outcome).toBe('restarted');
	});

	test.each(['ERROR', 'PAUSED', 'SUSPENDED'])(
		'a server that is %s comes up: restarted',
		(status) => {
			const story = hard().asked(ACCEPTED).after(1).seen(status).recorded(ABSENT);
			story.after(5).seen(status, { task: 'reboot_started_hard' });
			expect(story.after(20).seen('ACTIVE').recorded(RECORDED).outcome).toBe('restarted');
		},
	);

	test('409, it is being stopped: wait, then ask once more', () => {
		const story = hard().asked(CONFLICT).seen('ACTIVE', { task: 'powering-off' });
		expect(story.next).toBe('look later');
		expect(story.after(5).seen('SHUTOFF').next).toBe('ask');
	});

	test('a server that falls into ERROR on the way has failed', () => {
		const story = hard().asked(ACCEPTED).seen('HARD_REBOOT').after(5).seen('ERROR');
		expect(story.failure.reason).toBe('restartFailed');
	});

	test('a stopped server that stays so has failed', () => {
		const story = hard().asked(ACCEPTED).seen('SHUTOFF', { task: 'rebooting_hard' });
		story.after(20).seen('SHUTOFF').recorded({ word: 'failed', message: 'Error' });
		expect(story.failure).toMatchObject({ reason: 'restartFailed', status: 'SHUTOFF' });
		expect(story.failure.message).toContain('it failed');
	});
});

describe('a restart that does not end', () => {
	const tooLate = (story: Story) =>
		story.asked(ACCEPTED).seen('REBOOT', REBOOTING).after(299).looked({ kind: 'tooLate' }).failure;

	test('SOFT: says so, and names Forceful', () => {
		const failure = tooLate(soft());
		expect(failure).toMatchObject({ reason: 'timedOut', status: 'REBOOT' });
		expect(failure.message).toContain('not running after 300 seconds');
		expect(failure.hint).toContain("'Forceful'");
	});

	test('HARD: Forceful was no help', () => {
		expect(tooLate(hard()).hint).not.toContain('Forceful');
	});

	test('is not said to do no harm the second time', () => {
		expect(tooLate(soft()).hint).not.toContain('no harm');
	});

	test('and leaves the server in ERROR: restartFailed, with its fault', () => {
		const story = soft().asked(ACCEPTED).seen('REBOOT', REBOOTING).after(5);
		const { failure } = story.seen('ERROR', { fault: 'libvirt died' });
		expect(failure).toMatchObject({ reason: 'restartFailed', status: 'ERROR' });
		expect(failure.message).toContain('libvirt died');
	});

	test('and the server is deleted', () => {
		const story = soft().asked(ACCEPTED).seen('REBOOT', REBOOTING).after(5);
		expect(story.looked({ kind: 'gone' }).failure.message).toContain('deleted');
	});
});

describe('whatever happens on the way', () => {
	const rolls = fc.array(
		fc.tuple(
			fc.constantFrom<Answer>(
				ACCEPTED,
				CONFLICT,
				LOST,
				SLOW_DOWN,
				answered(502),
				answered(503),
				lost('ECONNREFUSED', false),
			),
			fc.constantFrom(
				{ status: 'ACTIVE' },
				{ status: 'ACTIVE', task: 'powering-off' },
				{ status: 'SHUTOFF', task: 'powering-on' },
				{ status: 'REBOOT', ...REBOOTING },
				{ status: 'BUILD' },
			),
			fc.constantFrom<Evidence>(ABSENT, UNREAD, NO_RECORDS),
		),
		{ minLength: 20, maxLength: 60 },
	);
	const isLost = (answer: Answer) =>
		answer.kind === 'lost' ? answer.sent : [500, 502, 504].includes(answer.status);

	test('nothing is asked for after a lost answer or an acceptance', () => {
		fc.assert(
			fc.property(fc.boolean(), fc.boolean(), rolls, (forceful, wait, dice) => {
				const story = new Story({ action: restart(forceful) }, wait);
				let mayBeAtWork = false;
				for (const [answer, state, evidence] of dice) {
					if (story.step.do === 'ask') {
						expect(mayBeAtWork).toBe(false);
						story.asked(answer);
						mayBeAtWork = isLost(answer) || answer === ACCEPTED;
					} else if (story.step.do === 'look') story.after(5).seen(state.status, state);
					else if (story.step.do === 'findEvidence') story.recorded(evidence);
				}
			}),
			{ numRuns: 1000 },
		);
	});

	test('it is never restarted where no reboot was seen or recorded', () => {
		fc.assert(
			fc.property(fc.boolean(), rolls, (wait, dice) => {
				const story = new Story({ action: restart(false) }, wait);
				for (const [answer, state, evidence] of dice) {
					if (story.step.do === 'ask') story.asked(answer);
					else if (story.step.do === 'look' && state.status !== 'REBOOT') {
						story.after(5).seen(state.status, state);
					} else if (story.step.do === 'findEvidence') story.recorded(evidence);
				}
				expect(story.next).not.toBe('end restarted');
			}),
			{ numRuns: 1000 },
		);
	});

	test('every failure names the server, has a reason and says what to do', () => {
		fc.assert(
			fc.property(fc.boolean(), rolls, (wait, dice) => {
				const story = new Story({ action: restart(false), maxTries: 3 }, wait);
				for (const [answer, state, evidence] of dice) {
					if (story.step.do === 'ask') story.asked(answer);
					else if (story.step.do === 'look') story.after(5).seen(state.status, state);
					else if (story.step.do === 'findEvidence') story.recorded(evidence);
				}
				if (story.step.do !== 'fail') return;
				const { message, hint } = story.step.failure;
				expect(message).toContain(ID);
				expect(hint).not.toBe('');
				expect(message).not.toMatch(/undefined|\[object/);
			}),
			{ numRuns: 1000 },
		);
	});
});

describe("by the cloud's own list of actions", () => {
	const DATE = 'Wed, 25 Nov 2026 10:00:00 GMT';
	const reboot = (requestId: string, time: string) => ({
		action: 'reboot',
		request_id: requestId,
		start_time: `2026-11-25T${time}.000000`,
		message: null,
	});

	/** A cloud that says ACTIVE each time, so that only its records can tell. */
	function play(
		answers: Answer[],
		actions: object[],
		settings: Partial<SessionSettings> = { waitTimeoutMs: 60_000 },
	) {
		const cloud = new FakeCloud(({ method, path }) => {
			if (method === 'POST') return answers.shift() ?? ACCEPTED;
			const body = path.endsWith('os-instance-actions')
				? { instanceActions: actions }
				: { server: { id: ID, name: 'web-1', status: 'ACTIVE' } };
			return answered(200, body, { date: DATE });
		}, settings);
		const tools = toolsFor(cloud.session, restart(false));
		return { cloud, fate: cloud.clock.until(perform(ID, true, tools)) };
	}

	const told = (answer: Answer) =>
		answer.kind === 'answered' ? { ...answer, headers: { ...answer.headers, date: DATE } } : answer;

	test('the record of its own request proves it, whatever its time', async () => {
		const { cloud, fate } = play([told(ACCEPTED)], [reboot('req-1', '09:00:00')]);
		expect(await fate).toMatchObject({ result: { outcome: 'restarted' }, attempts: 1 });
		expect(cloud.posts).toHaveLength(1);
	});

	test('an older reboot is no proof', async () => {
		const { fate } = play([LOST], [reboot('req-0', '09:59:30')]);
		const { result } = await fate;
		expect(result).toMatchObject({ failure: { reason: 'unreachable' } });
	});

	test('a reboot since the lost request is', async () => {
		const { cloud, fate } = play([LOST], [reboot('req-7', '10:00:01')]);
		expect(await fate).toMatchObject({ result: { outcome: 'restarted' }, attempts: 1 });
		expect(cloud.posts).toHaveLength(1);
	});

	test('a reboot between a refused and a lost request is none of ours', async () => {
		// 429 at 10:00:00 asks for a minute; the lost request goes out at 10:01:00.
		const wait = answered(429, '', { date: DATE, 'retry-after': '60' });
		const { fate } = play([wait, LOST], [reboot('req-9', '10:00:30')], {});
		const { result, attempts } = await fate;
		expect(result).toMatchObject({ failure: { reason: 'unreachable' } });
		expect(attempts).toBe(2);
	});
});

describe('the records are read', () => {
	test.each([
		['after a lost answer', LOST],
		['after an acceptance', ACCEPTED],
	])('not at every poll, but after as long again as it took so far: %s', (_, answer) => {
		const story = soft().asked(answer).after(2).seen('ACTIVE').recorded(ABSENT);
		expect(story.after(1).seen('ACTIVE').next).toBe('look later');
		expect(story.after(1).seen('ACTIVE').next).toBe('findEvidence');
	});

	test('not while somebody else stops the server', () => {
		const story = soft().asked(ACCEPTED).seen('ACTIVE', { task: 'powering-off' });
		expect(story.next).toBe('look later');
	});
});

test('503, of which nothing is on record: what is refused after it was not taken', () => {
	const story = soft({ maxTries: 2 }).asked(answered(503)).seen('ACTIVE').recorded(ABSENT);
	const { failure } = story.asked(SLOW_DOWN);
	expect(failure.reason).toBe('throttled');
	expect(failure.message).not.toMatch(/may have been taken/);
});

describe('a restart that nothing proves', () => {
	const UNPROVEN = 'nothing shows that it did';

	test('may have worked where the server runs', () => {
		const story = soft().asked(ACCEPTED).after(31).seen('ACTIVE').recorded(NO_RECORDS);
		expect(story.failure.message).toContain(UNPROVEN);
	});

	test('has failed where the server is off', () => {
		const story = hard().asked(ACCEPTED).after(31).seen('SHUTOFF').recorded(NO_RECORDS);
		expect(story.failure.reason).toBe('restartFailed');
		expect(story.failure.message).not.toContain(UNPROVEN);
	});

	test('has failed where the server shows a fault', () => {
		const story = soft().asked(ACCEPTED).after(31);
		const { failure } = story.seen('ACTIVE', { fault: 'libvirt died' }).recorded(NO_RECORDS);
		expect(failure.message).not.toContain(UNPROVEN);
		expect(failure.message).toContain('libvirt died');
	});
});
