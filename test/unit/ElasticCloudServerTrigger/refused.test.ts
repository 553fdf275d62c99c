/** A credential that the cloud refuses, and the triggers of one process that use it. */
import { sharedBy } from '../../../nodes/cloud/process/sharing';
import { answered, KEYSTONE_401 } from '../answers';
import { openProcess } from './process';

const MINUTE_MS = 60_000;
const REFUSED = { message: expect.stringContaining('the cloud refused the token') };

/** The same with a cloud that takes the token until `refuse` is called. */
function openRefusing() {
	const all = openProcess();
	return {
		...all,
		async refuse() {
			// What worked within the last minute is given one more chance.
			await all.clock.run(2 * MINUTE_MS);
			all.failWith(answered(401, KEYSTONE_401));
		},
	};
}

test('a refused token is told, and not sent again for 30 minutes', async () => {
	const { clock, publish, refuse, sent } = openRefusing();
	const trigger = publish('a');
	await trigger.activate();
	await refuse();
	await expect(trigger.poll()).rejects.toMatchObject(REFUSED);

	for (let minute = 1; minute < 30; minute += 1) {
		await clock.run(MINUTE_MS);
		expect(await trigger.poll()).toBeNull();
	}
	expect(sent()).toBe(1);

	await clock.run(MINUTE_MS);
	expect(await trigger.poll()).toBeNull();
	expect(sent()).toBe(2);
});

test('what one workflow was refused, another does not send', async () => {
	const { publish, refuse, sent } = openRefusing();
	const [one, other] = [publish('a'), publish('b')];
	await one.activate();
	await other.activate();
	await refuse();
	await expect(one.poll()).rejects.toMatchObject(REFUSED);

	await expect(other.poll()).rejects.toMatchObject(REFUSED);

	expect(sent()).toBe(1);
});

test.each(['activate', 'fetchTestEvent'] as const)(
	'%s tries once, whatever was refused before',
	async (byHand) => {
		const { publish, refuse, sent } = openRefusing();
		const trigger = publish('a');
		await trigger.activate();
		await refuse();
		await expect(trigger.poll()).rejects.toMatchObject(REFUSED);

		await expect(trigger[byHand]()).rejects.toMatchObject(REFUSED);

		expect(sent()).toBe(2);
	},
);

test('a poll, and Fetch Test Event, hold nothing of what is shared when they have ended', async () => {
	const { clock, publish } = openRefusing();
	const trigger = publish('a');
	await trigger.activate();
	await trigger.poll();
	await trigger.fetchTestEvent();
	const { projects, accounts } = sharedBy(clock);

	await clock.run(10 * MINUTE_MS);
	projects.at('another');
	accounts.at('another');

	expect([projects.size, accounts.size, clock.timers]).toEqual([1, 1, 0]);
});
