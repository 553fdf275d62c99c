/**
 * What a cloud does in each case that the node relies on. The same sentences hold for the simulator
 * (default) and for the OpenStack that OS_AUTH_URL and its companions name.
 */
import { STATUSES } from '../../nodes/cloud/server';
import { pick, send, type Reply, type SendOptions } from './client';
import { createTarget, sleep, waitUntil } from './target';

const target = createTarget();
const withTrouble = target.canMakeTrouble ? test : test.skip;
const withReader = target.hasReader ? test : test.skip;
const withApplicationCredential = target.hasApplicationCredential ? test : test.skip;

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const UNKNOWN_PROJECT = 'f'.repeat(32);
const SOFT_REBOOT = { reboot: { type: 'SOFT' } };
const HARD_REBOOT = { reboot: { type: 'HARD' } };
/** Such as rebooting_hard, and reboot_started_hard a moment later. */
const REBOOTING_HARD: unknown = expect.stringMatching(/^reboot\w+_hard$/);
const PARKED = ['PAUSED', 'SUSPENDED'] as const;
const UNAUTHORIZED = 'The request you have made requires authentication.';

type Account = Awaited<ReturnType<typeof target.open>>;
interface ServerState {
	status: unknown;
	task: unknown;
	vm: unknown;
	power: unknown;
}

let account: Account;
let novaRoot: string;
let token: string;
let serverIds: string[];
let server: string;

jest.setTimeout(120_000);

// Logging in

async function login(auth: unknown, query = ''): Promise<Reply> {
	return await send('POST', `${account.authUrl}/auth/tokens${query}`, { body: { auth } });
}

function passwordOf(user: object): object {
	return { methods: ['password'], password: { user } };
}

function userWith(changes: object = {}): object {
	return {
		name: account.userName,
		domain: account.userDomain,
		password: account.password,
		...changes,
	};
}

function inProject(id = account.projectId): object {
	return { project: { id } };
}

async function tokenOf(user: object): Promise<string> {
	const reply = await login({ identity: passwordOf(user), scope: inProject() }, '?nocatalog=1');
	expect(reply.status).toBe(201);
	return reply.headers['x-subject-token'];
}

// Talking to Nova

async function nova(
	method: string,
	path: string,
	options: SendOptions & { token?: string; root?: string; microversion?: string } = {},
): Promise<Reply> {
	const root = options.root ?? `/v2.1/${account.projectId}`;
	return await send(method, novaRoot + root + path, {
		...options,
		headers: {
			'X-Auth-Token': options.token ?? token,
			...(options.microversion
				? { 'OpenStack-API-Version': `compute ${options.microversion}` }
				: {}),
			...options.headers,
		},
	});
}

const novaCall = async (method: string, path: string, body?: object, microversion?: string) =>
	await nova(method, path, { body, microversion });

async function act(id: string, body: unknown, options: Parameters<typeof nova>[2] = {}) {
	return await nova('POST', `/servers/${id}/action`, { body, ...options });
}

const start = async (id = server) => await act(id, { 'os-start': {} });
const stop = async (id = server) => await act(id, { 'os-stop': {} });

async function stateOf(id = server): Promise<ServerState> {
	const { json } = await nova('GET', `/servers/${id}`);
	return {
		status: pick(json, 'server', 'status'),
		task: pick(json, 'server', 'OS-EXT-STS:task_state'),
		vm: pick(json, 'server', 'OS-EXT-STS:vm_state'),
		power: pick(json, 'server', 'OS-EXT-STS:power_state'),
	};
}

async function until(isWanted: (state: ServerState) => boolean, id = server) {
	return await waitUntil(async () => await stateOf(id), isWanted);
}

const isRunning = ({ status, task }: ServerState) => status === 'ACTIVE' && task === null;
const isStopped = ({ status, task }: ServerState) => status === 'SHUTOFF' && task === null;

async function makeRunning(id = server): Promise<void> {
	if (isRunning(await stateOf(id))) return;
	expect((await start(id)).status).toBe(202);
	await until(isRunning, id);
}

/** Back to what every test begins with: stopped, unlocked, and nothing wrong with it. */
async function makeStopped(id = server): Promise<void> {
	await act(id, { unlock: null });
	await makeTrouble({}, id);
	const settled = await until(({ task }) => task === null, id);
	if (isStopped(settled)) return;
	if (PARKED.some((status) => status === settled.status)) {
		expect((await act(id, HARD_REBOOT)).status).toBe(202);
		await until(isRunning, id);
	}
	expect((await stop(id)).status).toBe(202);
	await until(isStopped, id);
	// Nova takes no metadata for a server in ERROR, so that its trouble may be there still.
	if (settled.status === 'ERROR') await makeTrouble({}, id);
}

async function park(status: (typeof PARKED)[number]): Promise<void> {
	await makeRunning();
	await target.park(server, status, novaCall);
	await until((state) => state.status === status && state.task === null);
}

/** In ERROR, with a trouble to come next that is told while the start fails: see `makeStopped`. */
async function makeBroken(next: Parameters<typeof makeTrouble>[0] = {}): Promise<void> {
	await makeTrouble({ start: 'error' });
	const requestId = (await start()).headers['x-compute-request-id'];
	const path = `/servers/${server}/os-instance-actions/${requestId}`;
	await waitUntil(
		async () => (await nova('GET', path, { microversion: '2.51' })).json,
		(json) => pick(json, 'instanceAction', 'events', 0) !== undefined,
	);
	await sleep(300);
	await makeTrouble(next);
	await until(({ status, task }) => status === 'ERROR' && task === null);
}

async function makeTrouble(
	trouble: Parameters<typeof target.makeTrouble>[1],
	id = server,
): Promise<void> {
	if (!target.canMakeTrouble) return;
	await target.makeTrouble(id, trouble, novaCall);
}

function expectAccepted(reply: Reply): void {
	expect(reply.text).toBe('');
	expect(reply.status).toBe(202);
	expect(reply.headers['content-type']).toBe('application/json');
	expect(reply.headers['content-length']).toBe('0');
	expect(reply.headers['x-openstack-request-id']).toMatch(/^req-[0-9a-f-]{36}$/);
	expect(reply.headers['x-compute-request-id']).toBe(reply.headers['x-openstack-request-id']);
}

function expectFault(reply: Reply, status: number, name: string, message: string): void {
	expect(reply.json).toEqual({ [name]: { code: status, message } });
	expect(reply.status).toBe(status);
	expect(reply.headers['content-type']).toBe('application/json; charset=UTF-8');
}

function expectConflict(reply: Reply, message: string): void {
	expectFault(reply, 409, 'conflictingRequest', message);
}

function expectUnauthorized(reply: Reply): void {
	expect(reply.json).toEqual({
		error: { code: 401, title: 'Unauthorized', message: UNAUTHORIZED },
	});
	expect(reply.status).toBe(401);
	expect(reply.headers['www-authenticate']).toMatch(/^Keystone uri="http/);
}

/** An answer from below Nova's controllers: the code is a string, the message HTML. */
function expectNoRoute(reply: Reply): void {
	expect(reply.json).toEqual({
		message: 'The resource could not be found.<br /><br />\n\n\n',
		code: '404 Not Found',
		title: 'Not Found',
	});
	expect(reply.status).toBe(404);
}

function namesIn(reply: Reply): unknown[] {
	expect(reply.status).toBe(200);
	return (pick(reply.json, 'servers') as unknown[]).map((entry) => pick(entry, 'name'));
}

function idsIn(reply: Reply): unknown[] {
	expect(reply.status).toBe(200);
	return (pick(reply.json, 'servers') as unknown[]).map((entry) => pick(entry, 'id'));
}

const nextLink = (reply: Reply) => pick(reply.json, 'servers_links', 0, 'href') as string;

beforeAll(async () => {
	account = await target.open();
	const reply = await login({ identity: passwordOf(userWith()), scope: inProject() });
	expect(reply.status).toBe(201);
	token = reply.headers['x-subject-token'];
	const catalog = pick(reply.json, 'token', 'catalog') as unknown[];
	const compute = catalog.find((service) => pick(service, 'type') === 'compute');
	const endpoints = pick(compute, 'endpoints') as unknown[];
	const endpoint = endpoints.find((entry) => pick(entry, 'interface') === 'public');
	novaRoot = String(pick(endpoint, 'url')).replace(/\/v2(\.1)?(\/.*)?$/, '');

	const mine = await nova('GET', `/servers?name=^${target.serverPrefix}`);
	serverIds = (idsIn(mine) as string[]).slice(0, 4);
	expect(serverIds).toHaveLength(4);
	server = serverIds[0];
	for (const id of serverIds) await makeStopped(id);
});

afterAll(async () => await target.close());

describe(`Logging in to ${target.name}`, () => {
	test('a password opens the project, and the answer says until when', async () => {
		const reply = await login({ identity: passwordOf(userWith()), scope: inProject() });

		expect(reply.status).toBe(201);
		expect(reply.headers['x-subject-token']).toEqual(expect.any(String));
		expect(pick(reply.json, 'token', 'project', 'id')).toBe(account.projectId);
		expect(pick(reply.json, 'token', 'expires_at')).toMatch(
			/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000000Z$/,
		);
		expect(pick(reply.json, 'token', 'catalog', 0, 'endpoints', 0)).toEqual(
			expect.objectContaining({ interface: expect.any(String), url: expect.any(String) }),
		);
	});

	test('without being asked for the catalog, the cloud leaves it out', async () => {
		const auth = { identity: passwordOf(userWith()), scope: inProject() };

		expect(pick((await login(auth, '?nocatalog=true')).json, 'token')).not.toHaveProperty(
			'catalog',
		);
		expect(pick((await login(auth, '?nocatalog')).json, 'token')).not.toHaveProperty('catalog');
	});

	test('a user may be named by the name of its domain', async () => {
		const described = await login({ identity: passwordOf(userWith()), scope: inProject() });
		const domainName = pick(described.json, 'token', 'user', 'domain', 'name');
		const user = userWith({ domain: { name: domainName } });

		expect((await login({ identity: passwordOf(user), scope: inProject() })).status).toBe(201);
	});

	test('a project may be given by its name', async () => {
		const described = await login({ identity: passwordOf(userWith()), scope: inProject() });
		const project = pick(described.json, 'token', 'project') as { name: string; domain: object };
		const scope = { project: { name: project.name, domain: project.domain } };

		const reply = await login({ identity: passwordOf(userWith()), scope });

		expect(pick(reply.json, 'token', 'project', 'id')).toBe(account.projectId);
	});

	test.each([
		['a wrong password', () => userWith({ password: 'not the password' }), undefined],
		['an unknown user', () => userWith({ name: 'nobody-of-that-name' }), undefined],
		['an unknown domain', () => userWith({ domain: { name: 'no-such-domain' } }), undefined],
		['a project that is not there', () => userWith(), UNKNOWN_PROJECT],
	])('%s is refused, and not told apart from the others', async (_case, user, projectId) => {
		const reply = await login({ identity: passwordOf(user()), scope: inProject(projectId) });

		expect(reply.status).toBe(401);
		expect(reply.json).toEqual({
			error: { code: 401, title: 'Unauthorized', message: UNAUTHORIZED },
		});
		expect(reply.headers['www-authenticate']).toMatch(/^Keystone uri="http.*\/v3"$/);
	});

	test('a user or project name without its domain is a bad request', async () => {
		const user = userWith({ domain: undefined });
		const scope = { project: { name: 'a-name' } };

		expect((await login({ identity: passwordOf(user), scope: inProject() })).status).toBe(400);
		expect((await login({ identity: passwordOf(userWith()), scope })).status).toBe(400);
	});

	test('a login that says nothing is a bad request', async () => {
		const reply = await send('POST', `${account.authUrl}/auth/tokens`, { body: {} });

		expect(reply.status).toBe(400);
		expect(pick(reply.json, 'error', 'title')).toBe('Bad Request');
	});

	withApplicationCredential('an application credential opens its own project', async () => {
		const identity = {
			methods: ['application_credential'],
			application_credential: account.applicationCredential,
		};

		const reply = await login({ identity });

		expect(reply.status).toBe(201);
		expect(pick(reply.json, 'token', 'project', 'id')).toBe(account.projectId);
	});

	withApplicationCredential(
		'an application credential with a wrong secret is refused',
		async () => {
			const application_credential = { ...account.applicationCredential, secret: 'wrong' };

			const reply = await login({
				identity: { methods: ['application_credential'], application_credential },
			});

			expect(reply.status).toBe(401);
			expect(pick(reply.json, 'error', 'message')).toBe(UNAUTHORIZED);
		},
	);

	withApplicationCredential(
		'an application credential that is not there is not found',
		async () => {
			const application_credential = { ...account.applicationCredential, id: 'no-such-id' };

			const reply = await login({
				identity: { methods: ['application_credential'], application_credential },
			});

			expect(reply.status).toBe(404);
			expect(pick(reply.json, 'error', 'message')).toBe(
				'Could not find Application Credential: no-such-id.',
			);
		},
	);

	withApplicationCredential('an application credential cannot ask for a project', async () => {
		const identity = {
			methods: ['application_credential'],
			application_credential: account.applicationCredential,
		};

		const reply = await login({ identity, scope: inProject() });

		expect(reply.status).toBe(401);
		expect(pick(reply.json, 'error', 'message')).toContain('cannot request a scope');
	});

	test('a token tells about itself', async () => {
		const reply = await send('GET', `${account.authUrl}/auth/tokens?nocatalog`, {
			headers: { 'X-Auth-Token': token, 'X-Subject-Token': token },
		});

		expect(reply.status).toBe(200);
		expect(pick(reply.json, 'token', 'project', 'id')).toBe(account.projectId);
	});

	test('a user can list its projects', async () => {
		const reply = await send('GET', `${account.authUrl}/auth/projects`, {
			headers: { 'X-Auth-Token': token },
		});

		expect(reply.status).toBe(200);
		expect(pick(reply.json, 'projects')).toContainEqual(
			expect.objectContaining({ id: account.projectId, enabled: true }),
		);
	});

	test('a new token does not end an older one', async () => {
		await tokenOf(userWith());

		expect((await nova('GET', '/servers?limit=1')).status).toBe(200);
	});
});

describe(`At the door of ${target.name}`, () => {
	test('a request without a token is refused', async () => {
		const url = `${novaRoot}/v2.1/${account.projectId}/servers/${server}`;

		expectUnauthorized(await send('GET', url));
	});

	test('a token that nobody issued is refused', async () => {
		expectUnauthorized(await nova('GET', `/servers/${server}`, { token: 'not-a-token' }));
	});

	test('a token that was revoked is refused', async () => {
		const revoked = await tokenOf(userWith());
		const reply = await send('DELETE', `${account.authUrl}/auth/tokens`, {
			headers: { 'X-Auth-Token': revoked, 'X-Subject-Token': revoked },
		});
		expect(reply.status).toBe(204);

		expectUnauthorized(await nova('GET', `/servers/${server}`, { token: revoked }));
	});

	test('the token is looked at before the path', async () => {
		expectUnauthorized(await nova('GET', '/no/such/thing', { token: 'not-a-token' }));
	});

	test("another project's id in the path is a bad request", async () => {
		const root = `/v2.1/${UNKNOWN_PROJECT}`;

		expectFault(
			await act(server, { 'os-start': {} }, { root }),
			400,
			'badRequest',
			`Malformed request URL: URL's project_id '${UNKNOWN_PROJECT}' doesn't match Context's project_id '${account.projectId}'`,
		);
	});

	test('a token for no project is a bad request as well', async () => {
		const reply = await login({ identity: passwordOf(userWith()), scope: 'unscoped' });
		const unscoped = reply.headers['x-subject-token'];

		expectFault(
			await nova('GET', '/servers', { token: unscoped }),
			400,
			'badRequest',
			`Malformed request URL: URL's project_id '${account.projectId}' doesn't match Context's project_id 'None'`,
		);
	});

	test("a project's name in the path leads nowhere", async () => {
		expectNoRoute(await act(server, { 'os-start': {} }, { root: '/v2.1/name-of-a-project' }));
	});

	test.each([
		['GET', '/action'],
		['PUT', '/action'],
		['POST', ''],
		['POST', '/action/'],
	])('%s on a server’s %p leads nowhere', async (method, path) => {
		const body = method === 'GET' ? undefined : { 'os-start': {} };

		expectNoRoute(await nova(method, `/servers/${server}${path}`, { body }));
	});

	test('an empty server id leads nowhere', async () => {
		expectNoRoute(await act('', { 'os-start': {} }));
	});

	test.each(['/v9', '', ...(target.hasEcsV1 ? [] : ['/v1'])])(
		'under the wrong root %p there are only choices, neither success nor redirect',
		async (root) => {
			const reply = await nova('POST', `/${account.projectId}/servers/${server}/action`, {
				root,
				body: { 'os-start': {} },
			});

			expect(reply.status).toBe(300);
			expect(reply.headers).not.toHaveProperty('location');
			expect(pick(reply.json, 'choices')).toHaveLength(2);
		},
	);

	test('the roots of the API need no token', async () => {
		const root = await send('GET', `${novaRoot}/`);
		expect(pick(root.json, 'versions', 1, 'id')).toBe('v2.1');

		const version = await send('GET', `${novaRoot}/v2.1/`);
		expect(pick(version.json, 'version', 'min_version')).toBe('2.1');
	});
});

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

	withReader('a reader may see it', async () => {
		const reader = await tokenOf(userWith({ name: account.readerName }));

		const reply = await nova('GET', `/servers/${server}/os-instance-actions`, { token: reader });

		expect(reply.status).toBe(200);
	});
});

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

describe(`The list of servers of ${target.name}`, () => {
	const mine = () => `name=^${target.serverPrefix}`;

	beforeAll(async () => await makeStopped());

	test('a full page has a next one, and the pages together have each server once', async () => {
		const all = idsIn(await nova('GET', `/servers/detail?${mine()}`));
		const seen: unknown[] = [];
		let url: string | undefined =
			`${novaRoot}/v2.1/${account.projectId}/servers/detail?limit=2&${mine()}`;
		while (url !== undefined) {
			const page = await send('GET', url, { headers: { 'X-Auth-Token': token } });
			const ids = idsIn(page);
			seen.push(...ids);
			url = nextLink(page);
			expect(url === undefined).toBe(ids.length < 2);
			if (url !== undefined) {
				expect(pick(page.json, 'servers_links', 0, 'rel')).toBe('next');
				expect(new URL(url).searchParams.get('marker')).toBe(ids[1]);
				expect(new URL(url).searchParams.get('limit')).toBe('2');
				expect(new URL(url).searchParams.has('name')).toBe(true);
			}
		}

		expect(seen).toEqual(all);
	});

	test('the last page has a next one too when it is full, and that one is empty', async () => {
		const all = idsIn(await nova('GET', `/servers?${mine()}`));
		const full = await nova('GET', `/servers?limit=${all.length}&${mine()}`);
		expect(nextLink(full)).toContain(`marker=${String(all.at(-1))}`);

		const after = await send('GET', nextLink(full), { headers: { 'X-Auth-Token': token } });

		expect(after.json).toEqual({ servers: [] });
	});

	test('the newest come first, and those of one second in the order of their ids', async () => {
		const reply = await nova('GET', '/servers/detail');
		const keys = (pick(reply.json, 'servers') as unknown[]).map((entry) => ({
			created: String(pick(entry, 'created')),
			id: String(pick(entry, 'id')),
		}));

		const sorted = [...keys].sort(
			(a, b) => b.created.localeCompare(a.created) || a.id.localeCompare(b.id),
		);
		expect(keys).toEqual(sorted);
	});

	test('an unknown marker is a bad request', async () => {
		expectFault(
			await nova('GET', `/servers?marker=${UNKNOWN_ID}`),
			400,
			'badRequest',
			`marker [${UNKNOWN_ID}] not found`,
		);
	});

	test('a limit of 0 gives nothing, a negative one is a bad request', async () => {
		expect((await nova('GET', '/servers?limit=0')).json).toEqual({ servers: [] });
		expectFault(
			await nova('GET', '/servers?limit=-1'),
			400,
			'badRequest',
			"Invalid input for query parameters limit. Value: -1. '-1' does not match '^[0-9]*$'",
		);
	});

	test('a limit beyond the largest page is no error', async () => {
		expect((await nova('GET', '/servers?limit=100000')).status).toBe(200);
	});

	test('a marker leads on after its server is gone, which shows as DELETED by changes-since', async () => {
		const name = `${target.serverPrefix}gone`;
		const others = idsIn(await nova('GET', `/servers?${mine()}`));
		const id = await target.addServer(name, server, novaCall);
		await until(({ task, status }) => task === null && status !== 'BUILD', id);
		expect(idsIn(await nova('GET', `/servers?${mine()}`))).toEqual([id, ...others]);
		const { headers } = await nova('GET', `/servers/${id}`);

		expect((await nova('DELETE', `/servers/${id}`)).status).toBe(204);
		await waitUntil(
			async () => (await nova('GET', `/servers/${id}`)).status,
			(status) => status === 404,
		);

		expect(idsIn(await nova('GET', `/servers?${mine()}&marker=${id}`))).toEqual(others);
		expect(idsIn(await nova('GET', `/servers?${mine()}`))).toEqual(others);
		const since = new Date(Date.parse(headers.date)).toISOString();
		const changed = await nova('GET', `/servers/detail?name=${name}&changes-since=${since}`);
		expect(pick(changed.json, 'servers', 0)).toEqual(
			expect.objectContaining({ id, status: 'DELETED', 'OS-EXT-STS:task_state': null }),
		);
		for (const body of [{ 'os-start': {} }, { 'os-stop': {} }, SOFT_REBOOT]) {
			expectFault(await act(id, body), 404, 'itemNotFound', `Instance ${id} could not be found.`);
		}
		expect((await nova('GET', `/servers/${id}/os-instance-actions`)).status).toBe(404);
	});

	test('the name is a regular expression, found anywhere and in any case', async () => {
		const { json } = await nova('GET', `/servers/${server}`);
		const name = String(pick(json, 'server', 'name'));
		const by = async (pattern: string) =>
			namesIn(await nova('GET', `/servers?name=${encodeURIComponent(pattern)}`));

		expect(await by(`^${name}$`)).toEqual([name]);
		expect(await by(`^${name.toUpperCase()}$`)).toEqual([name]);
		expect(await by(name.slice(1))).toContain(name);
		expect(await by(`^${name.slice(0, -1)}$`)).not.toContain(name);
		expectFault(
			await nova('GET', '/servers?name=*bad('),
			400,
			'badRequest',
			"Invalid input for query parameters name. Value: *bad(. '*bad(' is not a 'regex'",
		);
	});

	test('the status may be in any case and given several times', async () => {
		const running = serverIds[1];
		await makeRunning(running);
		const by = async (query: string) => idsIn(await nova('GET', `/servers?${query}&${mine()}`));

		expect(await by('status=SHUTOFF')).toContain(server);
		expect(await by('status=shutoff')).not.toContain(running);
		expect(await by('status=ACTIVE')).toContain(running);
		expect(await by('status=ACTIVE&status=SHUTOFF')).toEqual(
			expect.arrayContaining([server, running]),
		);
		expect(await by('status=NONSENSE')).toEqual([]);
		await makeStopped(running);
	});

	test('the next page of a list for two statuses is of one of them only', async () => {
		const query = 'status=SHUTOFF&status=ACTIVE&limit=1';

		const page = await nova('GET', `/servers?${query}`);

		expect(new URL(nextLink(page)).searchParams.getAll('status')).toEqual(['SHUTOFF']);
	});

	test('the next page forgets what Nova does not know', async () => {
		const page = await nova('GET', '/servers?limit=1&bogus=1&uuid=x');

		expect([...new URL(nextLink(page)).searchParams.keys()]).toEqual(['limit', 'uuid', 'marker']);
	});

	test('a member may not ask for deleted servers by status', async () => {
		expectFault(
			await nova('GET', '/servers?status=DELETED'),
			403,
			'forbidden',
			'Only administrators may list deleted instances',
		);
	});

	test.each(['uuid', 'ids', 'id', 'vm_state', 'power_state', 'task_state', 'bogus'])(
		'the filter %s is silently ignored: every server comes',
		async (filter) => {
			const all = idsIn(await nova('GET', `/servers?${mine()}`));

			expect(idsIn(await nova('GET', `/servers?${filter}=${UNKNOWN_ID}&${mine()}`))).toEqual(all);
		},
	);

	test('changes-since gives what changed, and refuses what is no time', async () => {
		await makeRunning();
		const { json } = await nova('GET', `/servers/${server}`);
		const updated = String(pick(json, 'server', 'updated'));

		expect(
			idsIn(await nova('GET', `/servers/detail?changes-since=${encodeURIComponent(updated)}`)),
		).toContain(server);
		expect(idsIn(await nova('GET', '/servers?changes-since=2099-01-01T00:00:00Z'))).toEqual([]);
		expectFault(
			await nova('GET', '/servers?changes-since=yesterday'),
			400,
			'badRequest',
			"Invalid input for query parameters changes-since. Value: yesterday. 'yesterday' is not a 'date-time'",
		);
		await makeStopped();
	});

	test('a member may not list the servers of all projects', async () => {
		expectFault(
			await nova('GET', '/servers/detail?all_tenants=1'),
			403,
			'forbidden',
			"Policy doesn't allow os_compute_api:servers:detail:get_all_tenants to be performed.",
		);
	});

	test('the short list has ids, names and links only', async () => {
		const reply = await nova('GET', '/servers?limit=1');

		expect(Object.keys(pick(reply.json, 'servers', 0) as object)).toEqual(['id', 'name', 'links']);
	});
});

describe(`Finding servers of ${target.name}`, () => {
	const TAGS = ['env=contract', 'nightly', 'team=a'];
	// The header that the node sends, and the version from which on tags show.
	const headers = { 'X-OpenStack-Nova-API-Version': '2.26' };
	const find = async (query: string) => await nova('GET', `/servers/detail?${query}`, { headers });
	/** Of the servers of this suite; the project may have more. */
	const ours = (reply: Reply) => serverIds.filter((id) => idsIn(reply).includes(id)).sort();
	const found = async (query: string) => ours(await find(query));
	const setTags = async (id: string, tags: string[]) => {
		const reply = await nova('PUT', `/servers/${id}/tags`, { body: { tags }, headers });
		expect(reply.status).toBe(200);
	};
	const mine = () => `name=${target.serverPrefix}`;

	let tagged: string[];

	beforeAll(async () => {
		for (const id of serverIds) await makeStopped(id);
		tagged = serverIds.slice(0, 3).sort();
		for (const id of tagged) await setTags(id, TAGS);
	});

	afterAll(async () => {
		for (const id of tagged) await setTags(id, []);
	});

	test('each server of a list has what the node shows of it', async () => {
		const reply = await find(mine());

		for (const entry of pick(reply.json, 'servers') as unknown[]) {
			expect(entry).toEqual(
				expect.objectContaining({
					id: expect.stringMatching(/^[0-9a-f-]{36}$/),
					name: expect.any(String),
					status: expect.any(String),
					addresses: expect.any(Object),
					created: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
					tags: expect.any(Array),
					locked: expect.any(Boolean),
					'OS-EXT-AZ:availability_zone': expect.any(String),
					'OS-EXT-STS:task_state': null,
				}),
			);
			expect(pick(entry, 'flavor', 'id')).toEqual(expect.any(String));
		}
	});

	test('a server by itself looks as it does in a list', async () => {
		const listed = pick((await find(mine())).json, 'servers') as unknown[];
		const one = await nova('GET', `/servers/${server}`, { headers });

		expect(listed).toContainEqual(pick(one.json, 'server'));
	});

	test('a tag must be there in full: its key is not enough', async () => {
		expect(await found('tags=env%3Dcontract')).toEqual(tagged);
		expect(await found('tags=env')).toEqual([]);
		expect(await found('tags=nightly')).toEqual(tagged);
	});

	test('of several tags, all must be there', async () => {
		await setTags(tagged[0], ['env=contract']);

		expect(await found('tags=env%3Dcontract,nightly')).toEqual(tagged.slice(1));

		await setTags(tagged[0], TAGS);
	});

	test('name, status and tags hold together', async () => {
		const running = tagged[0];
		await makeRunning(running);

		expect(await found(`${mine()}&status=SHUTOFF&tags=nightly`)).toEqual(tagged.slice(1));
		expect(await found(`${mine()}&status=ACTIVE&tags=nightly,team%3Da`)).toEqual([running]);
		expect(await found('name=nobody&status=ACTIVE&tags=nightly')).toEqual([]);
		await makeStopped(running);
	});

	test('filters hold on every page, with a marker of one’s own', async () => {
		const seen: string[] = [];
		for (let marker = ''; ; marker = `&marker=${seen.at(-1)}`) {
			const page = await find(`${mine()}&status=SHUTOFF&tags=nightly&limit=1${marker}`);
			const ids = idsIn(page) as string[];
			expect(nextLink(page) === undefined).toBe(ids.length === 0);
			if (ids.length === 0) break;
			seen.push(...ids);
		}

		expect(seen.sort()).toEqual(tagged);
	});

	test('a marker that no longer fits the filter still leads on', async () => {
		const query = `${mine()}&status=SHUTOFF&tags=nightly`;
		const [first, ...others] = idsIn(await find(query)) as string[];
		await makeRunning(first);

		expect(idsIn(await find(`${query}&marker=${first}`))).toEqual(others);

		await makeStopped(first);
	});

	withTrouble.each([
		['SOFT', 'REBOOT'],
		['HARD', 'HARD_REBOOT'],
	])('while a %s reboot runs, it is found as %s', async (type, status) => {
		await makeRunning();
		await makeTrouble({ reboot: 'slow' });
		await act(server, { reboot: { type } });

		const other = status === 'REBOOT' ? 'HARD_REBOOT' : 'REBOOT';
		expect(await found(`${mine()}&status=${status}`)).toEqual([server]);
		expect(await found(`${mine()}&status=${status.toLowerCase()}`)).toEqual([server]);
		expect(await found(`${mine()}&status=${other}`)).toEqual([]);
		expect(await found(`${mine()}&status=${status}&status=${other}`)).toEqual([server]);
		// Nova gives it for ACTIVE, too, which is why the node looks at what each one shows.
		const active = await find(`${mine()}&status=ACTIVE`);
		expect(pick(active.json, 'servers')).toContainEqual(
			expect.objectContaining({ id: server, status }),
		);
		expect(await found(`${mine()}&status=${other}&status=SHUTOFF`)).toContain(server);
		await until(isRunning);
		expect(await found(`${mine()}&status=${status}`)).toEqual([]);
		await makeStopped();
	});

	withTrouble('while a hard reboot starts it, it is found as SHUTOFF', async () => {
		await makeTrouble({ reboot: 'slow' });
		await act(server, HARD_REBOOT);

		expect(await found(`${mine()}&status=SHUTOFF`)).toContain(server);
		expect(await found(`${mine()}&status=HARD_REBOOT`)).toEqual([]);
		expect(await found(`${mine()}&status=ACTIVE`)).toEqual([]);
		await until(isRunning);
		await makeStopped();
	});

	withTrouble('while it starts, it is found as SHUTOFF; while it stops, as ACTIVE', async () => {
		await makeTrouble({ start: 'slow', stop: 'slow' });
		const tasks = async (query: string) =>
			(pick((await find(query)).json, 'servers') as unknown[])
				.filter((entry) => pick(entry, 'id') === server)
				.map((entry) => pick(entry, 'OS-EXT-STS:task_state'));

		await start();
		expect(await tasks(`${mine()}&status=SHUTOFF`)).toEqual(['powering-on']);
		expect(await tasks(`${mine()}&status=ACTIVE`)).toEqual([]);
		await until(isRunning);
		await stop();
		expect(await tasks(`${mine()}&status=ACTIVE`)).toEqual(['powering-off']);
		expect(await tasks(`${mine()}&status=SHUTOFF`)).toEqual([]);
		await until(isStopped);
		expect(await tasks(`${mine()}&status=SHUTOFF`)).toEqual([null]);
		await makeStopped();
	});

	// Others of the project may be in it; so only what comes must have it.
	test.each(STATUSES.filter((status) => status !== 'ACTIVE'))(
		'who asks for the status %s gets that only',
		async (status) => {
			const shown = pick((await find(`status=${status}`)).json, 'servers') as unknown[];

			expect(shown.filter((entry) => pick(entry, 'status') !== status)).toEqual([]);
		},
	);

	test('a name may hold signs that mean nothing, and signs that are escaped', async () => {
		const { json } = await nova('GET', `/servers/${server}`);
		const name = String(pick(json, 'server', 'name'));
		const by = async (pattern: string) => await found(`name=${encodeURIComponent(pattern)}`);

		expect(await by(name)).toEqual([server]);
		expect(await by(name.toUpperCase())).toEqual([server]);
		expect(await by(name.replace('-', '.'))).toEqual([server]);
		expect(await by(name.replace('-', '\\-'))).toEqual([server]);
		expect(await by(name.replace('-', '[-]'))).toEqual([server]);
		expect(await by('Web Server (1)')).toEqual([]);
		expect(await by("o'neill & söhne")).toEqual([]);
	});

	test('of a name with signs of all kinds, its plain parts find it in any case', async () => {
		const before = pick((await nova('GET', `/servers/${server}`)).json, 'server', 'name');
		const name = `${target.serverPrefix}a.b [x] Söhne & Co (1)|y_z`;
		const by = async (pattern: string) => await found(`name=${encodeURIComponent(pattern)}`);
		await target.rename(server, name, novaCall);

		try {
			for (const part of ['hne', 'HNE', 'y_z', 'b', target.serverPrefix]) {
				expect(await by(part)).toContain(server);
			}
			for (const pattern of [
				'a\\.b',
				'a.b',
				'a\\.b \\[x\\]',
				'söhne & co',
				'SÖHNE',
				'\\(1\\)|y',
				'hne$|y_z$',
			]) {
				const isThere = !pattern.endsWith('z$');
				expect([pattern, await by(pattern)]).toEqual([pattern, isThere ? [server] : []]);
			}
			// What stands in brackets is a choice, and a bar is no more than a bar.
			expect(await by('a.b [x] Söhne')).toEqual([]);
			expect(await by('nothing|y_z')).toEqual([]);
			expect(await by('sohne')).toEqual([]);
			expect(pick((await find('name=hne')).json, 'servers', 0, 'name')).toBe(name);
		} finally {
			await target.rename(server, String(before), novaCall);
		}
	});

	test('a tag may have blanks, dots, signs and more than one =, and is no pattern', async () => {
		await setTags(tagged[0], ['Team a=Öl', 'key=va.lue', 'x=', 'k=1=2']);

		for (const query of [
			'Team%20a%3D%C3%96l',
			'Team+a%3D%C3%96l',
			'key=va.lue',
			'key%3Dva.lue%2Cx%3D',
			'k%3D1%3D2',
			'KEY%3DVA.LUE',
		]) {
			expect([query, await found(`tags=${query}`)]).toEqual([query, [tagged[0]]]);
		}
		for (const query of ['key%3Dva-lue', 'key%3Dv.*', 'x', 'key%3Dva.lue,%20x%3D', 'x%3D,']) {
			expect([query, await found(`tags=${query}`)]).toEqual([query, []]);
		}

		await setTags(tagged[0], TAGS);
	});

	test('all the same, what is no pattern is no tag to ask for', async () => {
		for (const tag of ['(=1', '*=1', 'a[=1']) {
			expectFault(
				await find(`tags=${encodeURIComponent(tag)}`),
				400,
				'badRequest',
				`Invalid input for query parameters tags. Value: ${tag}. '${tag}' is not a 'regex'`,
			);
		}
	});

	test('no tag can hold a comma or a slash, be empty or have more than 60 signs', async () => {
		const long = 'x'.repeat(61);
		for (const [tag, why] of [
			['a,b', "does not match '^[^,/]*$'"],
			['a/b', "does not match '^[^,/]*$'"],
			['', 'is too short'],
			[long, 'is too long'],
		]) {
			const body = { tags: [tag] };
			expectFault(
				await nova('PUT', `/servers/${server}/tags`, { body, headers }),
				400,
				'badRequest',
				`Invalid input for field/attribute 0. Value: ${tag}. '${tag}' ${why}`,
			);
		}
	});

	test.each([
		['without a microversion', () => `/v2.1/${account.projectId}`, undefined],
		['under /v2, even with one', () => `/v2/${account.projectId}`, headers],
	])('%s, tags neither show nor filter, but name and status do', async (_name, root, sent) => {
		const by = async (query: string) => {
			const options = { root: root(), headers: sent };
			return await nova('GET', `/servers/detail?${mine()}&${query}`, options);
		};

		const all = await by('tags=nothing');

		expect(idsIn(all)).toEqual(expect.arrayContaining(serverIds));
		for (const entry of pick(all.json, 'servers') as unknown[]) {
			expect(entry).not.toHaveProperty('tags');
			expect(entry).not.toHaveProperty('locked');
			expect(entry).toHaveProperty('flavor.id');
		}
		expect(idsIn(await by('status=SHUTOFF'))).toContain(server);
		expect(ours(await by('status=ACTIVE'))).toEqual([]);
		expect(idsIn(await by('status=SHUTOFF&limit=1'))).toHaveLength(1);
		expect(idsIn(await by('name=nobody'))).toEqual([]);
	});

	test('a limit that is no whole number is a bad request', async () => {
		expectFault(
			await find('limit=2.5'),
			400,
			'badRequest',
			"Invalid input for query parameters limit. Value: 2.5. '2.5' does not match '^[0-9]*$'",
		);
	});

	withReader('a reader finds them too', async () => {
		const reader = await tokenOf(userWith({ name: account.readerName }));

		const reply = await nova('GET', `/servers/detail?${mine()}&tags=nightly`, {
			headers,
			token: reader,
		});

		expect((idsIn(reply) as string[]).sort()).toEqual(tagged);
	});
});

describe(`Microversions of ${target.name}`, () => {
	const shown = async (microversion?: string) => {
		const reply = await nova('GET', `/servers/${server}`, { microversion });
		expect(reply.status).toBe(200);
		expect(reply.headers['openstack-api-version']).toBe(`compute ${microversion ?? '2.1'}`);
		expect(reply.headers['x-openstack-nova-api-version']).toBe(microversion ?? '2.1');
		return pick(reply.json, 'server') as Record<string, unknown>;
	};

	beforeAll(async () => await makeStopped());

	test('locked shows from 2.9 on', async () => {
		await act(server, { lock: null });

		expect(await shown()).not.toHaveProperty('locked');
		expect(await shown('2.8')).not.toHaveProperty('locked');
		expect(await shown('2.9')).toHaveProperty('locked', true);

		await act(server, { unlock: null });
		expect(await shown('2.9')).toHaveProperty('locked', false);
	});

	test('tags show, can be set and can be asked for from 2.26 on', async () => {
		const tags = ['contract=yes', 'group-a'];
		const path = `/servers/${server}/tags`;
		expectFault(
			await nova('PUT', path, { body: { tags } }),
			404,
			'itemNotFound',
			'The resource could not be found.',
		);
		expect((await nova('PUT', path, { body: { tags }, microversion: '2.26' })).json).toEqual({
			tags,
		});

		expect(await shown('2.25')).not.toHaveProperty('tags');
		expect(await shown('2.26')).toHaveProperty('tags', tags);
		const by = async (query: string, microversion: string) =>
			idsIn(await nova('GET', `/servers?${query}`, { microversion }));
		expect(await by('tags=contract%3Dyes,group-a', '2.26')).toEqual([server]);
		expect(await by('tags=contract%3Dyes,nothing', '2.26')).toEqual([]);
		expect(await by('tags-any=contract%3Dyes,nothing', '2.26')).toEqual([server]);
		expect(await by('not-tags=group-a', '2.26')).not.toContain(server);
		expect(await by('not-tags=group-a,nothing', '2.26')).toContain(server);
		expect(await by('not-tags-any=group-a,nothing', '2.26')).not.toContain(server);
		expect((await by('tags=contract%3Dyes', '2.25')).length).toBeGreaterThan(1);

		expect((await nova('DELETE', path, { microversion: '2.26' })).status).toBe(204);
		expect(await shown('2.26')).toHaveProperty('tags', []);
	});

	test('from 2.47 on the flavor has no id', async () => {
		expect(pick(await shown('2.46'), 'flavor')).toHaveProperty('id');
		expect(pick(await shown('2.47'), 'flavor')).not.toHaveProperty('id');
	});

	test('the older header works as well', async () => {
		const reply = await nova('GET', `/servers/${server}`, {
			headers: { 'X-OpenStack-Nova-API-Version': '2.9' },
		});

		expect(pick(reply.json, 'server')).toHaveProperty('locked', false);
	});

	test('under /v2 there are none', async () => {
		const reply = await nova('GET', `/servers/${server}`, {
			root: `/v2/${account.projectId}`,
			microversion: '2.26',
		});

		expect(reply.status).toBe(200);
		expect(pick(reply.json, 'server')).not.toHaveProperty('locked');
		expect(reply.headers).not.toHaveProperty('openstack-api-version');
	});

	test('from 2.75 on a filter that Nova does not know is a bad request', async () => {
		expect((await nova('GET', '/servers?ids=a', { microversion: '2.74' })).status).toBe(200);
		expect((await nova('GET', '/servers?ids=a', { microversion: '2.75' })).status).toBe(400);
	});

	test('one that is too new is not acceptable', async () => {
		const reply = await nova('GET', `/servers/${server}`, { microversion: '2.999' });

		expect(reply.status).toBe(406);
		expect(pick(reply.json, 'computeFault', 'message')).toMatch(
			/^Version 2\.999 is not supported by the API\. Minimum is 2\.1 and maximum is 2\.\d+\.$/,
		);
	});

	test('one that is none is a bad request', async () => {
		expectFault(
			await nova('GET', `/servers/${server}`, { microversion: 'abc' }),
			400,
			'badRequest',
			'API Version String abc is of invalid format. Must be of format MajorNum.MinorNum.',
		);
	});
});

describe(`Metadata of servers of ${target.name}`, () => {
	test('it can be set, added to and removed', async () => {
		const path = `/servers/${server}/metadata`;
		const set = await nova('PUT', path, { body: { metadata: { a: '1' } } });
		expect(set.json).toEqual({ metadata: { a: '1' } });
		const added = await nova('POST', path, { body: { metadata: { b: '2' } } });
		expect(added.json).toEqual({ metadata: { a: '1', b: '2' } });

		expect((await nova('DELETE', `${path}/a`)).status).toBe(204);
		expect((await nova('GET', path)).json).toEqual({ metadata: { b: '2' } });
		expectFault(
			await nova('DELETE', `${path}/a`),
			404,
			'itemNotFound',
			'Metadata item was not found',
		);
		await nova('PUT', path, { body: { metadata: {} } });
	});

	test('that of a locked server can be read but not changed', async () => {
		const path = `/servers/${server}/metadata`;
		await act(server, { lock: null });

		expectConflict(
			await nova('POST', path, { body: { metadata: { a: '1' } } }),
			`Instance ${server} is locked`,
		);
		expect((await nova('GET', path)).status).toBe(200);
		await act(server, { unlock: null });
	});
});
