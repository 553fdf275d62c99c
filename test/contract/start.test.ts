import { pick } from './client';
import {
	account,
	act,
	expectAccepted,
	expectFault,
	isRunning,
	makeStopped,
	makeTrouble,
	nova,
	server,
	start,
	stateOf,
	target,
	until,
	useLab,
	withTrouble,
} from './lab';
import { waitUntil } from './target';

useLab();

describe(`Starting a server of ${target.name}`, () => {
	beforeEach(async () => await makeStopped());

	test('it is accepted with an empty answer, and runs a little later', async () => {
		expectAccepted(await start());

		expect(await until(isRunning)).toEqual({
			status: 'ACTIVE',
			task: null,
			vm: 'active',
			power: 1,
		});
	});

	withTrouble('while it starts it still shows SHUTOFF, and the task powering-on', async () => {
		await makeTrouble({ start: 'slow' });
		await start();

		expect(await stateOf()).toEqual({
			status: 'SHUTOFF',
			task: 'powering-on',
			vm: 'stopped',
			power: 4,
		});
		await until(isRunning);
	});

	test.each([null, '', { x: 1 }, false, [], 'now'])(
		'what is said under os-start (%p) does not matter',
		async (value) => {
			expectAccepted(await act(server, { 'os-start': value }));
			await until(isRunning);
		},
	);

	test.each([
		['/v2/{project}', () => `/v2/${account.projectId}`],
		['/v2.1 without a project', () => '/v2.1'],
		['/v2 without a project', () => '/v2'],
		['/v2.1//{project}', () => `/v2.1//${account.projectId}`],
	])('it works under %s too', async (_name, root) => {
		expectAccepted(await act(server, { 'os-start': {} }, { root: root() }));
		await until(isRunning);
	});

	test('the id may be in upper case', async () => {
		expectAccepted(await act(server.toUpperCase(), { 'os-start': {} }));
		await until(isRunning);
	});

	test.each(['text/plain', 'application/json; charset=utf-8'])(
		'the body may come as %s',
		async (contentType) => {
			expectAccepted(await act(server, { 'os-start': {} }, { contentType }));
			await until(isRunning);
		},
	);

	test('its action is found in the log by the id of the request', async () => {
		const requestId = (await start()).headers['x-compute-request-id'];
		await until(isRunning);

		const one = await nova('GET', `/servers/${server}/os-instance-actions/${requestId}`);
		expect(pick(one.json, 'instanceAction')).toEqual({
			action: 'start',
			instance_uuid: server,
			request_id: requestId,
			user_id: expect.any(String),
			project_id: account.projectId,
			start_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000$/),
			message: null,
		});

		const all = await nova('GET', `/servers/${server}/os-instance-actions`);
		expect(pick(all.json, 'instanceActions', 0, 'request_id')).toBe(requestId);
	});

	test('from microversion 2.51 on a member sees the events of an action', async () => {
		const requestId = (await start()).headers['x-compute-request-id'];
		await until(isRunning);
		const path = `/servers/${server}/os-instance-actions/${requestId}`;

		const reply = await waitUntil(
			async () => await nova('GET', path, { microversion: '2.51' }),
			({ json }) => pick(json, 'instanceAction', 'events', 0, 'result') === 'Success',
		);

		expect(pick(reply.json, 'instanceAction', 'events', 0, 'event')).toBe('compute_start_instance');
		const older = await nova('GET', path, { microversion: '2.50' });
		expect(pick(older.json, 'instanceAction')).not.toHaveProperty('events');
	});

	test('a request id that is not in the log is not found', async () => {
		expectFault(
			await nova('GET', `/servers/${server}/os-instance-actions/req-nothing`),
			404,
			'itemNotFound',
			'Action req-nothing not found',
		);
	});

	test('the time of its last change moves', async () => {
		const before = pick((await nova('GET', `/servers/${server}`)).json, 'server');
		await waitUntil(
			async () => (await nova('GET', `/servers/${server}`)).headers.date,
			(date) => Date.parse(date) > Date.parse(String(pick(before, 'updated'))),
		);

		await start();
		await until(isRunning);

		const after = pick((await nova('GET', `/servers/${server}`)).json, 'server');
		expect(pick(after, 'updated')).not.toBe(pick(before, 'updated'));
		expect(pick(after, 'created')).toBe(pick(before, 'created'));
		expect(pick(after, 'OS-SRV-USG:launched_at')).toBe(pick(before, 'OS-SRV-USG:launched_at'));
	});
});
