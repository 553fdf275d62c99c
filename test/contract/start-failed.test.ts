import { pick } from './client';
import {
	expectAccepted,
	expectConflict,
	isRunning,
	isStopped,
	makeStopped,
	makeTrouble,
	nova,
	server,
	start,
	stateOf,
	stop,
	target,
	until,
	useLab,
	withTrouble,
} from './lab';

useLab();

describe(`A start that fails after ${target.name} accepted it`, () => {
	beforeEach(async () => await makeStopped());

	async function logOf(requestId: string): Promise<unknown> {
		const reply = await nova('GET', `/servers/${server}/os-instance-actions/${requestId}`);
		return pick(reply.json, 'instanceAction', 'message');
	}

	withTrouble('it falls back to SHUTOFF without a fault; only the log says Error', async () => {
		await makeTrouble({ start: 'fallsBack' });
		const requestId = (await start()).headers['x-compute-request-id'];
		expect(await stateOf()).toEqual(expect.objectContaining({ task: 'powering-on' }));
		expect(await logOf(requestId)).toBeNull();

		await until(isStopped);

		expect(await logOf(requestId)).toBe('Error');
		const { json } = await nova('GET', `/servers/${server}`);
		expect(pick(json, 'server')).not.toHaveProperty('fault');
	});

	withTrouble('it ends in ERROR with a fault, and a stop brings it back', async () => {
		await makeTrouble({ start: 'error' });
		const requestId = (await start()).headers['x-compute-request-id'];

		await until(({ status, task }) => status === 'ERROR' && task === null);

		expect(await logOf(requestId)).toBe('Error');
		const { json } = await nova('GET', `/servers/${server}`);
		expect(pick(json, 'server', 'fault')).toEqual({
			code: 400,
			created: expect.stringMatching(/Z$/),
			message: 'Failed to power on instance: hypervisor lost',
		});
		const listed = await nova('GET', `/servers/detail?status=ERROR&name=^${target.serverPrefix}`);
		expect(pick(listed.json, 'servers')).toContainEqual(pick(json, 'server'));
		expectConflict(
			await start(),
			`Cannot 'start' instance ${server} while it is in vm_state error`,
		);
		expectAccepted(await stop());
		await until(isStopped);
		expect(pick((await nova('GET', `/servers/${server}`)).json, 'server')).not.toHaveProperty(
			'fault',
		);
	});

	withTrouble('a guest that dies is stopped by the cloud, under an action of its own', async () => {
		await makeTrouble({ start: 'dies' });
		const requestId = (await start()).headers['x-compute-request-id'];

		await until(isRunning);
		await until(isStopped);

		expect(await logOf(requestId)).toBeNull();
		const log = await nova('GET', `/servers/${server}/os-instance-actions`);
		expect(pick(log.json, 'instanceActions', 0, 'action')).toBe('stop');
	});

	withTrouble('a guest that never came up shows ACTIVE with power state 4', async () => {
		await makeTrouble({ start: 'staysOff' });
		await start();

		const state = await until(({ status }) => status === 'ACTIVE');

		expect(state).toEqual({ status: 'ACTIVE', task: null, vm: 'active', power: 4 });
	});
});
