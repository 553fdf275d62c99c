import { ACCEPTED, begin, CONFLICT, LOST, POWERING_OFF, POWERING_ON } from '../a-start';
import { ID } from '../story';

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
