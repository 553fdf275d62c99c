import { pick } from './client';
import {
	account,
	act,
	expectAccepted,
	expectConflict,
	expectFault,
	makeRunning,
	makeStopped,
	makeTrouble,
	nova,
	server,
	start,
	stateOf,
	stop,
	target,
	tokenOf,
	UNKNOWN_ID,
	useLab,
	userWith,
	withReader,
	withTrouble,
} from './lab';

useLab();

describe(`A start that ${target.name} refuses`, () => {
	beforeEach(async () => await makeStopped());

	test('a running server conflicts', async () => {
		await makeRunning();

		expectConflict(
			await start(),
			`Cannot 'start' instance ${server} while it is in vm_state active`,
		);
	});

	withTrouble('a server that is being started conflicts', async () => {
		await makeTrouble({ start: 'slow' });
		await start();

		expectConflict(
			await start(),
			`Cannot 'start' instance ${server} while it is in task_state powering-on`,
		);
	});

	withTrouble('a server that is being stopped conflicts, as a running one does', async () => {
		await makeRunning();
		await makeTrouble({ stop: 'slow' });
		await stop();

		expect(await stateOf()).toEqual({
			status: 'ACTIVE',
			task: 'powering-off',
			vm: 'active',
			power: 1,
		});
		expectConflict(
			await start(),
			`Cannot 'start' instance ${server} while it is in vm_state active`,
		);
	});

	test('a locked server conflicts, whether it runs or not', async () => {
		expectAccepted(await act(server, { lock: null }));
		expectConflict(await start(), `Instance ${server} is locked`);

		await act(server, { unlock: null });
		await makeRunning();
		await act(server, { lock: null });
		expectConflict(await start(), `Instance ${server} is locked`);
		expectConflict(await stop(), `Instance ${server} is locked`);
	});

	test('after it was unlocked it can be started again', async () => {
		await act(server, { lock: null });
		expectAccepted(await act(server, { unlock: null }));

		expectAccepted(await start());
	});

	test.each([
		['an unknown id', () => UNKNOWN_ID],
		['a word', () => 'not-a-uuid'],
		['an id without dashes', () => server.replaceAll('-', '')],
	])('%s is not found, in one wording for actions and another for reads', async (_name, id) => {
		expectFault(
			await start(id()),
			404,
			'itemNotFound',
			`Instance ${id()} has no mapping to a cell.`,
		);
		for (const path of ['', '/os-instance-actions', '/metadata']) {
			expectFault(
				await nova('GET', `/servers/${id()}${path}`),
				404,
				'itemNotFound',
				`Instance ${id()} could not be found.`,
			);
		}
	});

	test('reboots and locks of an unknown id use the wording of reads', async () => {
		for (const body of [{ reboot: { type: 'HARD' } }, { lock: null }]) {
			expectFault(
				await act(UNKNOWN_ID, body),
				404,
				'itemNotFound',
				`Instance ${UNKNOWN_ID} could not be found.`,
			);
		}
	});

	withReader('a user who may only read is forbidden to start, and may read', async () => {
		const reader = await tokenOf(userWith({ name: account.readerName }));

		expectFault(
			await act(server, { 'os-start': {} }, { token: reader }),
			403,
			'forbidden',
			"Policy doesn't allow os_compute_api:servers:start to be performed.",
		);
		expect((await nova('GET', `/servers/${server}`, { token: reader })).status).toBe(200);
	});

	withReader(
		'for a reader, too, an unknown server is not found rather than forbidden',
		async () => {
			const reader = await tokenOf(userWith({ name: account.readerName }));

			expect((await act(UNKNOWN_ID, { 'os-start': {} }, { token: reader })).status).toBe(404);
		},
	);

	test.each(['{"os-start": ', '', '[]', '"os-start"', '{}', '{"os-start": null, "os-stop": null}'])(
		'the body %p is malformed',
		async (rawBody) => {
			expectFault(
				await act(server, undefined, { rawBody }),
				400,
				'badRequest',
				'Malformed request body',
			);
		},
	);

	test('an action that is not there is a bad request', async () => {
		expectFault(
			await act(server, { 'os-launch': {} }),
			400,
			'badRequest',
			'There is no such action: os-launch',
		);
	});

	test('a form is no media type for an action', async () => {
		expectFault(
			await act(server, { 'os-start': {} }, { contentType: 'application/x-www-form-urlencoded' }),
			415,
			'badMediaType',
			'Unsupported Content-Type',
		);
	});

	test('a body of 120 kB is too large', async () => {
		const reply = await act(server, { 'os-start': 'x'.repeat(120_000) });

		expect(reply.status).toBe(413);
		expect(pick(reply.json, 'code')).toBe('413 Request Entity Too Large');
	});
});
