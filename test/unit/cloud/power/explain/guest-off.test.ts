/** A server whose guest has gone off, while the cloud calls it ACTIVE. */
import { stop } from '../../../../../nodes/cloud/power/actions/stop';
import { answered, nova } from '../../../answers';
import { Story } from '../story';

const ACCEPTED = answered(202);
const CONFLICT = answered(409, nova(409, 'conflictingRequest'));
const OFF = { poweredOff: true };
const RESTART_HINT = "A restart with 'Forceful' turned on";

const late = (story: Story) => story.after(300).looked({ kind: 'tooLate' }).failure;

describe('a guest that is off', () => {
	test('and stays so after a start: said so, and that a forceful restart helps', () => {
		const { message, hint } = late(new Story().asked(ACCEPTED).seen('ACTIVE', OFF));
		expect(message).toContain('last seen: ACTIVE, the guest is powered off)');
		expect(hint).toContain(RESTART_HINT);
	});

	test('is no reason to restart a server that was to be stopped', () => {
		const story = new Story({ action: stop(false) }).asked(ACCEPTED).seen('ACTIVE', OFF);
		expect(late(story).hint).not.toContain(RESTART_HINT);
	});

	test('under a task is for the task to bring back', () => {
		const { message, hint } = late(
			new Story().asked(CONFLICT).seen('ACTIVE', { ...OFF, task: 'image_snapshot' }),
		);
		expect(message).toContain('still busy (ACTIVE, image_snapshot, the guest is powered off)');
		expect(hint).not.toContain(RESTART_HINT);
	});

	test('is what a stopped server has: that is not worth a word', () => {
		const { message, hint } = late(new Story().asked(ACCEPTED).seen('SHUTOFF', OFF));
		expect(message).toContain('last seen: SHUTOFF)');
		expect(hint).not.toContain(RESTART_HINT);
	});
});

test('a guest that runs is not called off', () => {
	const { message, hint } = late(
		new Story({ action: stop(false) }).asked(ACCEPTED).seen('ACTIVE', { task: 'powering-off' }),
	);
	expect(message).toContain('last seen: ACTIVE, powering-off)');
	expect(hint).not.toContain(RESTART_HINT);
});
