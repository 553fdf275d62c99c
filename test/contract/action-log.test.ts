import { pick, type Reply } from './client';
import {
	account,
	act,
	expectAccepted,
	expectConflict,
	HARD_REBOOT,
	isRunning,
	isStopped,
	makeRunning,
	makeStopped,
	makeTrouble,
	nova,
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

describe(`The list of what was done to a server of ${target.name}`, () => {
	beforeEach(async () => await makeStopped());

	const logOf = async () => {
		const reply = await nova('GET', `/servers/${server}/os-instance-actions`);
		expect(reply.status).toBe(200);
		return pick(reply.json, 'instanceActions') as Array<Record<string, unknown>>;
	};

	test.each([
		['start', { 'os-start': {} }],
		['stop', { 'os-stop': {} }],
		['stop', { 'os-stop': { type: 'HARD' } }],
		['reboot', { reboot: { type: 'SOFT' } }],
		['reboot', { reboot: { type: 'HARD' } }],
	])('a %s (%j) stands at its head as soon as it is accepted', async (action, body) => {
		if (action !== 'start') await makeRunning();

		const before = (await nova('GET', `/servers/${server}`)).headers.date;
		const reply = await act(server, body);

		const [newest] = await logOf();
		expectAccepted(reply);
		expect(newest).toEqual(
			expect.objectContaining({
				action,
				request_id: reply.headers['x-openstack-request-id'],
				message: null,
			}),
		);
		// The cloud tells UTC, and does not say so; its answers tell whole seconds.
		expect(newest.start_time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/);
		const began = Date.parse(`${String(newest.start_time)}Z`);
		expect(began % 1000).toBe(0);
		expect(began).toBeGreaterThanOrEqual(Date.parse(before));
		expect(began).toBeLessThanOrEqual(Date.parse(reply.headers.date) + 1000);
		await until(({ task }) => task === null);
	});

	test('it is ordered by time, the newest first', async () => {
		await makeRunning();
		await act(server, { reboot: { type: 'HARD' } });
		await until(isRunning);
		await stop();
		await until(isStopped);

		const log = await logOf();

		expect(log.slice(0, 3).map(({ action }) => action)).toEqual(['stop', 'reboot', 'start']);
		const times = log.map(({ start_time: time }) => String(time));
		expect(times).toEqual([...times].sort().reverse());
	});

	test('what the cloud refused is not in it', async () => {
		await makeRunning();
		const before = (await logOf()).length;

		expect((await start()).status).toBe(409);
		expect((await act(server, { reboot: { type: 'WARM' } })).status).toBe(400);

		expect(await logOf()).toHaveLength(before);
	});

	test('it begins with the creation of the server', async () => {
		expect((await logOf()).at(-1)).toEqual(expect.objectContaining({ action: 'create' }));
	});

	test('locks are in it under names of their own', async () => {
		await act(server, { lock: null });
		await act(server, { unlock: null });

		const actions = (await logOf()).map(({ action }) => action);
		expect(actions.slice(0, 2)).toEqual(['unlock', 'lock']);
	});

	/** What it says of the two newest, and the newest first, once they are done. */
	const twoReboots = async (replies: Reply[]) => {
		await until(isRunning);
		const log = await waitUntil(
			async () => await logOf(),
			([newest, older]) => newest.message === 'Error' || older.message === 'Error',
		);
		const ids = log.slice(0, 2).map(({ request_id: id }) => id);
		expect(ids).toEqual(replies.map(({ headers }) => headers['x-openstack-request-id']));
		return log.slice(0, 2).map(({ message }) => message);
	};

	withTrouble('a hard reboot overtakes a soft one that the host has not begun', async () => {
		await makeRunning();
		await makeTrouble({ reboot: 'slow' });

		// The host may begin before the second request comes; then the next test is the one.
		const messages = await waitUntil(
			async () => {
				const soft = await act(server, SOFT_REBOOT);
				const hard = await act(server, HARD_REBOOT);
				expectAccepted(hard);
				expect(await stateOf()).toEqual(expect.objectContaining({ status: 'HARD_REBOOT' }));
				return await twoReboots([hard, soft]);
			},
			([newest]) => newest === null,
		);

		expect(messages).toEqual([null, 'Error']);
	});

	withTrouble('a hard reboot is taken during a soft one, and given up after it', async () => {
		await makeRunning();
		await makeTrouble({ reboot: 'slow' });
		const soft = await act(server, SOFT_REBOOT);
		await until(({ task }) => task === 'reboot_started');

		const hard = await act(server, HARD_REBOOT);

		expectAccepted(hard);
		expect(await stateOf()).toEqual(expect.objectContaining({ status: 'HARD_REBOOT' }));
		expect(await twoReboots([hard, soft])).toEqual(['Error', null]);
	});

	withTrouble('of two hard reboots at once, the second is taken and given up', async () => {
		await makeRunning();
		await makeTrouble({ reboot: 'slow' });

		// Only until the host begins: see the next test.
		const [second, first] = await waitUntil(
			async () => {
				await until(isRunning);
				const older = await act(server, HARD_REBOOT);
				return [await act(server, HARD_REBOOT), older];
			},
			([newest]) => newest.status === 202,
		);

		expect(await twoReboots([second, first])).toEqual(['Error', null]);
	});

	withTrouble('a hard reboot that the host has begun leaves room for no other', async () => {
		await makeRunning();
		await makeTrouble({ reboot: 'slow' });
		await act(server, HARD_REBOOT);
		await until(({ task }) => task === 'reboot_started_hard');

		expectConflict(
			await act(server, HARD_REBOOT),
			`Cannot 'reboot' instance ${server} while it is in task_state reboot_started_hard`,
		);
		await until(isRunning);
	});

	test('a stop that somebody asked for bears the user', async () => {
		await makeRunning();
		await stop();
		await until(isStopped);

		const [newest] = await logOf();

		expect(newest).toEqual(expect.objectContaining({ action: 'stop', message: null }));
		expect(newest.user_id).toMatch(/^[0-9a-f]{32}$/);
	});

	withTrouble('one of a guest that died bears neither user nor project', async () => {
		await makeTrouble({ start: 'dies' });
		await start();
		await until(isRunning);
		await until(isStopped);

		expect((await logOf())[0]).toEqual(
			expect.objectContaining({ action: 'stop', user_id: null, project_id: null }),
		);
	});

	withReader('a reader may see it', async () => {
		const reader = await tokenOf(userWith({ name: account.readerName }));

		const reply = await nova('GET', `/servers/${server}/os-instance-actions`, { token: reader });

		expect(reply.status).toBe(200);
	});
});
