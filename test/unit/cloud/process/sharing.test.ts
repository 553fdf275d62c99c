import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { loginOf, sharedBy } from '../../../../nodes/cloud/process/sharing';
import { systemClock } from '../../../../nodes/cloud/session/clock';
import { OTHER_PROJECT, PROJECT } from '../../projects';
import { VirtualClock } from '../../virtual-clock';

const LOGIN: ICredentialDataDecryptedObject = {
	cloud: 'otc-eu-de',
	projectId: PROJECT,
	loginMethod: 'password',
	domainName: 'domain',
	userName: 'user',
	password: ['hush', 'hush'].join('-'),
};

test('all who live by one clock share one world: the process by the clock of the system', () => {
	const clock = new VirtualClock();
	expect(sharedBy(clock)).toBe(sharedBy(clock));
	expect(sharedBy()).toBe(sharedBy(systemClock));
	expect(sharedBy(clock)).not.toBe(sharedBy());
});

test('two readings of a login share its session', () => {
	const sharing = sharedBy(new VirtualClock());
	const [one, other] = [loginOf(sharing, { ...LOGIN })(), loginOf(sharing, { ...LOGIN })()];
	expect(one).toEqual(other);
	expect(one.session).toBe(other.session);
});

test('two projects share what is known of the user, and no session', () => {
	const sharing = sharedBy(new VirtualClock());
	const one = loginOf(sharing, LOGIN)();
	const other = loginOf(sharing, { ...LOGIN, projectId: OTHER_PROJECT })();
	expect(one.refusals).toBe(other.refusals);
	expect(one.session).not.toBe(other.session);
});

test('another password shares nothing', () => {
	const sharing = sharedBy(new VirtualClock());
	const one = loginOf(sharing, LOGIN)();
	const other = loginOf(sharing, { ...LOGIN, password: 'corrected' })();
	expect(one.refusals).not.toBe(other.refusals);
	expect(one.session).not.toBe(other.session);
});

test('a login that is asked for now and then is not forgotten, one that is not is', async () => {
	const clock = new VirtualClock();
	const find = loginOf(sharedBy(clock), LOGIN);
	const { session } = find();
	for (let minute = 0; minute < 60; minute += 9) {
		expect(find().session).toBe(session);
		await clock.run(9 * 60_000);
	}
	await clock.run(60_000);
	expect(find().session).not.toBe(session);
	expect(clock.timers).toBe(0);
});
