/**
 * What a cloud does in each case that the node relies on. The same sentences hold for the simulator
 * (default) and for the OpenStack that OS_AUTH_URL and its companions name.
 */
import { pick, send, type Reply, type SendOptions } from './client';
import { createTarget, waitUntil } from './target';

const target = createTarget();
const withTrouble = target.canMakeTrouble ? test : test.skip;
const withReader = target.hasReader ? test : test.skip;
const withApplicationCredential = target.hasApplicationCredential ? test : test.skip;

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
const UNKNOWN_PROJECT = 'f'.repeat(32);
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
	expect((await stop(id)).status).toBe(202);
	await until(isStopped, id);
}

async function makeTrouble(
	trouble: Parameters<typeof target.makeTrouble>[1],
	id = server,
): Promise<void> {
	if (!target.canMakeTrouble) return;
	await target.makeTrouble(
		id,
		trouble,
		async (method, path, body) => await nova(method, path, { body }),
	);
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

	test.each(['SOFT', 'HARD'])('a %s reboot ends with a running server', async (type) => {
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
