/** A credential that the cloud refuses, and the triggers of one process that use it. */
import type { IPollFunctions } from 'n8n-workflow';

import { sharedBy } from '../../../nodes/cloud/process/sharing';
import { poller } from '../../../nodes/ElasticCloudServerTrigger/poll';
import { answered, KEYSTONE_401 } from '../answers';
import { contextWith } from '../context';
import { projectOf, toResponse } from '../responses';
import { fleet } from '../servers';
import { VirtualClock } from '../virtual-clock';

const MINUTE_MS = 60_000;
const REFUSED = { description: expect.stringMatching(/\[unauthorized\]$/) };

/** A cloud that takes the token until `refuse` is called, and published workflows that begin with the trigger. */
function openProcess() {
	const clock = new VirtualClock();
	const poll = poller(clock);
	const list = projectOf(fleet(3));
	let refuses = false;
	let sent = 0;

	function publish(workflow: string) {
		const { helpers, getNode, getCredentials } = contextWith(
			{},
			{
				respond(request) {
					sent += 1;
					return refuses ? toResponse(answered(401, KEYSTONE_401)) : list(request);
				},
			},
		);
		const parameters: Record<string, unknown> = { authentication: 'token', stopCause: 'all' };
		const state = {};
		const contextOf = (mode: string, activation: string) =>
			({
				helpers,
				getNode,
				getCredentials,
				getMode: () => mode,
				getActivationMode: () => activation,
				getWorkflow: () => ({ id: workflow }),
				getWorkflowStaticData: () => state,
				getNodeParameter: (name: string, preset: unknown) => parameters[name] ?? preset,
			}) as unknown as IPollFunctions;
		let context = contextOf('trigger', 'activate');
		const pollIn = async (one: IPollFunctions) => await clock.until(poll.call(one));
		return {
			poll: async () => await pollIn(context),
			async activate() {
				context = contextOf('trigger', 'activate');
				return await pollIn(context);
			},
			fetchTestEvent: async () => await pollIn(contextOf('manual', 'manual')),
		};
	}

	return {
		clock,
		publish,
		sent: () => sent,
		async refuse() {
			// What worked within the last minute is given one more chance.
			await clock.run(2 * MINUTE_MS);
			refuses = true;
			sent = 0;
		},
	};
}

test('a refused token is told, and not sent again for 30 minutes', async () => {
	const { clock, publish, refuse, sent } = openProcess();
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
	const { publish, refuse, sent } = openProcess();
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
		const { publish, refuse, sent } = openProcess();
		const trigger = publish('a');
		await trigger.activate();
		await refuse();
		await expect(trigger.poll()).rejects.toMatchObject(REFUSED);

		await expect(trigger[byHand]()).rejects.toMatchObject(REFUSED);

		expect(sent()).toBe(2);
	},
);

test('a poll, and Fetch Test Event, hold nothing of what is shared when they have ended', async () => {
	const { clock, publish } = openProcess();
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
