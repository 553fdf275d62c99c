/** Each case is one whole sentence, and says what to do. */
import { answered, lost, nova } from '../../../answers';
import {
	ABSENT,
	ACCEPTED,
	begin,
	CONFLICT,
	NO_RECORDS,
	POWERING_OFF,
	withoutWaiting,
} from '../a-start';
import { restart } from '../../../../../nodes/cloud/power/actions/restart';
import { Story } from '../story';

const SERVER = "Server 'web-1' (616fb98f-46ca-475e-917e-2563e5a8cd19)";
const restarting = () => new Story({ action: restart(false) });
const REFUSED = answered(409, nova(409, 'conflictingRequest', "Cannot 'reboot' instance"));

test('in a state in which the cloud does not take the action', () => {
	const { failure } = begin().asked(CONFLICT).seen('ERROR', { fault: 'No valid host' });
	expect(failure.message).toBe(`${SERVER} cannot start while it is ERROR (No valid host)`);
});

test('in that state after a lost answer: the request may have been taken', () => {
	const { failure } = begin().asked(lost('ECONNRESET')).seen('PAUSED');
	expect(failure.message).toBe(
		`${SERVER} cannot start while it is PAUSED. The request to start may have been taken all the same`,
	);
});

test('there already, and that was to fail', () => {
	const { failure } = begin({ failIfAlreadyDone: true }).asked(CONFLICT).seen('ACTIVE');
	expect(failure.message).toBe(`${SERVER} is already running`);
});

test('busy with something else: wait for it, or run it again', () => {
	const { failure } = withoutWaiting().asked(CONFLICT).seen('ACTIVE', POWERING_OFF);
	expect(failure.message).toBe(`${SERVER} did not start, because it is being stopped`);
	expect(failure.hint).toBe(
		"Run this again in a moment, or turn on 'Wait Until Running' to wait for it",
	);
});

test('busy with a guest that is off: a start does not help', () => {
	const { failure } = withoutWaiting().asked(CONFLICT).seen('ACTIVE', { poweredOff: true });
	expect(failure.message).toBe(
		`${SERVER} did not start, because it is ACTIVE although its guest is powered off`,
	);
	expect(failure.hint).toContain("A restart with 'Forceful' turned on");
});

test("busy with somebody else's restart: not to be restarted right after it", () => {
	const { failure } = restarting().asked(REFUSED).seen('REBOOT');
	expect(failure.message).toBe(
		`${SERVER} did not restart, because it is being restarted by another request`,
	);
	expect(failure.hint).toBe('Wait until it runs, and restart it then if it still needs that');
});

test('was busy when it was asked, and is so no more', () => {
	const { failure } = begin({ maxTries: 1 }).asked(CONFLICT).seen('SHUTOFF');
	expect(failure.message).toBe(
		`${SERVER} did not start, because something else was under way when it was asked; by now it is SHUTOFF`,
	);
});

test('accepted and failed, by the list of actions', () => {
	const story = begin().asked(ACCEPTED).after(10).seen('SHUTOFF');
	const { failure } = story.recorded({ word: 'failed', message: 'no such device' });
	expect(failure.message).toBe(
		`${SERVER} did not start: the cloud accepted the request, but it failed and the server is SHUTOFF: no such device`,
	);
});

test('accepted, and it looks well, but nothing shows that it was restarted', () => {
	const story = restarting().asked(ACCEPTED).after(10).seen('ACTIVE').recorded(NO_RECORDS);
	const { failure } = story.after(20).seen('ACTIVE').recorded(NO_RECORDS);
	expect(failure.message).toBe(
		`${SERVER} did not restart: the cloud accepted the request, but nothing shows that it did and the server is ACTIVE`,
	);
});

test('accepted, and it stays off: that is a failure, not a want of proof', () => {
	const story = restarting().asked(ACCEPTED).after(10).seen('SHUTOFF').recorded(NO_RECORDS);
	const { failure } = story.after(20).seen('SHUTOFF').recorded(NO_RECORDS);
	expect(failure.message).toContain('but it failed and the server is SHUTOFF');
	expect(failure.hint).toBe('Start the server instead');
});

test('brought back by somebody', () => {
	const story = begin().asked(ACCEPTED).after(10).seen('SHUTOFF').recorded({ word: 'undone' });
	expect(story.failure.message).toBe(
		`${SERVER} did not stay running: it is SHUTOFF again, because it went off by itself or somebody stopped it`,
	);
});

test('deleted on the way', () => {
	const story = begin().asked(ACCEPTED).after(10).seen('SHUTOFF').recorded(ABSENT);
	const { failure } = story.after(20).looked({ kind: 'gone' });
	expect(failure.message).toBe(`${SERVER} was deleted before it could start`);
	expect(failure.hint).toBe('If it is gone for good, take it out of the workflow');
});
