import { pick } from './client';
import {
	account,
	act,
	expectAccepted,
	expectConflict,
	expectFault,
	HARD_REBOOT,
	isRunning,
	isStopped,
	makeBroken,
	makeRunning,
	makeStopped,
	makeTrouble,
	nova,
	park,
	PARKED,
	REBOOTING_HARD,
	server,
	SOFT_REBOOT,
	start,
	stateOf,
	stop,
	target,
	tokenOf,
	until,
	useLab,
	userWith,
	withReader,
	withTrouble,
} from './lab';
import { waitUntil } from './target';

useLab();

describe(`Stopping and rebooting a server of ${target.name}`, () => {
	beforeEach(async () => await makeStopped());

	test.each([{}, null, { type: 'HARD' }])(
		'os-stop with %p stops a running server',
		async (value) => {
			await makeRunning();

			expectAccepted(await act(server, { 'os-stop': value }));

			expect(await until(isStopped)).toEqual({
				status: 'SHUTOFF',
				task: null,
				vm: 'stopped',
				power: 4,
			});
		},
	);

	test('a stopped server cannot be stopped', async () => {
		expectConflict(
			await stop(),
			`Cannot 'stop' instance ${server} while it is in vm_state stopped`,
		);
	});

	withTrouble('a start under way cannot be cancelled by a stop', async () => {
		await makeTrouble({ start: 'slow' });
		await start();

		expectConflict(
			await stop(),
			`Cannot 'stop' instance ${server} while it is in vm_state stopped`,
		);
	});

	withTrouble('a stop that fails leaves the server running, and only the log says so', async () => {
		await makeRunning();
		await makeTrouble({ stop: 'fallsBack' });
		const requestId = (await stop()).headers['x-compute-request-id'];

		await until(isRunning);

		const log = await nova('GET', `/servers/${server}/os-instance-actions/${requestId}`);
		expect(pick(log.json, 'instanceAction', 'message')).toBe('Error');
	});

	test('a soft reboot of a stopped server conflicts', async () => {
		expectConflict(
			await act(server, { reboot: { type: 'SOFT' } }),
			`Cannot 'reboot' instance ${server} while it is in vm_state stopped`,
		);
	});

	test('a hard reboot of a stopped server starts it', async () => {
		expectAccepted(await act(server, { reboot: { type: 'HARD' } }));

		await until(isRunning);
	});

	withTrouble('while it does, only the task says so, and no other action is taken', async () => {
		await makeTrouble({ reboot: 'slow' });
		await act(server, HARD_REBOOT);

		expect(await stateOf()).toEqual({
			status: 'SHUTOFF',
			task: REBOOTING_HARD,
			vm: 'stopped',
			power: 4,
		});
		await until(({ task }) => task === 'reboot_started_hard');
		const where = `instance ${server} while it is in`;
		expectConflict(await start(), `Cannot 'start' ${where} task_state reboot_started_hard`);
		expectConflict(await stop(), `Cannot 'stop' ${where} vm_state stopped`);
		expectConflict(await act(server, SOFT_REBOOT), `Cannot 'reboot' ${where} vm_state stopped`);
		await until(isRunning);
	});

	test.each(PARKED)('a server in %s takes nothing but a hard reboot', async (status) => {
		await park(status);
		const { vm, power } = await stateOf();
		for (const [body, action] of [
			[{ 'os-start': {} }, 'start'],
			[{ 'os-stop': {} }, 'stop'],
			[SOFT_REBOOT, 'reboot'],
		]) {
			expectConflict(
				await act(server, body),
				`Cannot '${String(action)}' instance ${server} while it is in vm_state ${String(vm)}`,
			);
		}
		await makeTrouble({ reboot: 'slow' });

		expectAccepted(await act(server, HARD_REBOOT));

		expect(await stateOf()).toEqual({ status, task: REBOOTING_HARD, vm, power });
		expect(await until(isRunning)).toEqual(expect.objectContaining({ vm: 'active', power: 1 }));
	});

	withTrouble('a server in ERROR takes a hard reboot, but no soft one', async () => {
		await makeBroken({ reboot: 'slow' });
		expectConflict(
			await act(server, SOFT_REBOOT),
			`Cannot 'reboot' instance ${server} while it is in vm_state error`,
		);

		expectAccepted(await act(server, HARD_REBOOT));

		expect(await stateOf()).toEqual(
			expect.objectContaining({ status: 'ERROR', task: REBOOTING_HARD, vm: 'error' }),
		);
		await until(isRunning);
	});

	withTrouble('while a server in ERROR stops, it shows ERROR, and the task', async () => {
		await makeBroken({ stop: 'slow' });

		expectAccepted(await stop());

		expect(await stateOf()).toEqual(
			expect.objectContaining({ status: 'ERROR', task: 'powering-off', vm: 'error' }),
		);
		await until(isStopped);
	});

	withTrouble.each([SOFT_REBOOT, HARD_REBOOT])(
		'a reboot (%j) of a running server that fails leaves no trace',
		async (body) => {
			await makeRunning();
			await makeTrouble({ reboot: 'fallsBack' });
			const requestId = (await act(server, body)).headers['x-compute-request-id'];

			await until(isRunning);

			const path = `/servers/${server}/os-instance-actions/${requestId}`;
			const events = await waitUntil(
				async () => await nova('GET', path, { microversion: '2.51' }),
				({ json }) => pick(json, 'instanceAction', 'events', 0, 'finish_time') !== null,
			);
			expect(pick(events.json, 'instanceAction', 'message')).toBeNull();
		},
	);

	withTrouble('a hard reboot of a stopped server that fails ends in ERROR', async () => {
		await makeTrouble({ reboot: 'fallsBack' });
		const requestId = (await act(server, HARD_REBOOT)).headers['x-compute-request-id'];

		await until(({ status, task }) => status === 'ERROR' && task === null);

		const { json } = await nova('GET', `/servers/${server}`);
		expect(pick(json, 'server', 'fault', 'message')).toEqual(expect.any(String));
		await waitUntil(
			async () => await nova('GET', `/servers/${server}/os-instance-actions/${requestId}`),
			(log) => pick(log.json, 'instanceAction', 'message') === 'Error',
		);
	});

	test('a locked server cannot be rebooted', async () => {
		await makeRunning();
		await act(server, { lock: null });

		for (const body of [SOFT_REBOOT, HARD_REBOOT]) {
			expectConflict(await act(server, body), `Instance ${server} is locked`);
		}
	});

	test.each(['SOFT', 'HARD', 'soft', 'Hard'])('a %s reboot ends running', async (type) => {
		await makeRunning();

		expectAccepted(await act(server, { reboot: { type } }));

		await until(isRunning);
	});

	withTrouble.each([
		['SOFT', 'REBOOT', 'reboot_started'],
		['HARD', 'HARD_REBOOT', 'reboot_started_hard'],
	])('while a %s reboot runs, the status is %s', async (type, status, task) => {
		await makeRunning();
		await makeTrouble({ reboot: 'slow' });
		await act(server, { reboot: { type } });

		expect(await stateOf()).toEqual(expect.objectContaining({ status, vm: 'active', power: 1 }));
		await until((state) => state.task === task);
		expectConflict(
			await start(),
			`Cannot 'start' instance ${server} while it is in vm_state active`,
		);
		expectConflict(
			await stop(),
			`Cannot 'stop' instance ${server} while it is in task_state ${task}`,
		);
		expectConflict(
			await act(server, { reboot: { type: 'SOFT' } }),
			`Cannot 'reboot' instance ${server} while it is in task_state ${task}`,
		);
		await until(isRunning);
	});

	test.each([
		[null, "reboot. Value: None. None is not of type 'object'"],
		[{}, "reboot. Value: {}. 'type' is a required property"],
		[
			{ type: 'WARM' },
			"type. Value: WARM. 'WARM' is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']",
		],
	])('a reboot of %p is a bad request', async (value, message) => {
		expectFault(
			await act(server, { reboot: value }),
			400,
			'badRequest',
			`Invalid input for field/attribute ${message}`,
		);
	});

	withReader('a reader may neither stop nor reboot nor lock', async () => {
		const reader = await tokenOf(userWith({ name: account.readerName }));

		for (const [body, policy] of [
			[{ 'os-stop': {} }, 'servers:stop'],
			[{ reboot: { type: 'HARD' } }, 'servers:reboot'],
			[{ lock: null }, 'os-lock-server:lock'],
		]) {
			expectFault(
				await act(server, body, { token: reader }),
				403,
				'forbidden',
				`Policy doesn't allow os_compute_api:${String(policy)} to be performed.`,
			);
		}
	});
});
