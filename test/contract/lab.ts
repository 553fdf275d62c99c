/**
 * A cloud under contract as its tests use it: logged in, with servers to start, stop and spoil.
 */
import { pick, send, type Reply, type SendOptions } from './client';
import { createTarget, sleep, waitUntil } from './target';

export const target = createTarget();
export const withTrouble = target.canMakeTrouble ? test : test.skip;
export const withReader = target.hasReader ? test : test.skip;
export const withAdmin = target.hasAdmin ? test : test.skip;
export const withEcsV1 = target.hasEcsV1 ? test : test.skip;
export const withoutEcsV1 = target.hasEcsV1 ? test.skip : test;
export const withApplicationCredential = target.hasApplicationCredential ? test : test.skip;

export const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';
export const UNKNOWN_PROJECT = 'f'.repeat(32);
export const SOFT_REBOOT = { reboot: { type: 'SOFT' } };
export const HARD_REBOOT = { reboot: { type: 'HARD' } };
/** Such as rebooting_hard, and reboot_started_hard a moment later. */
export const REBOOTING_HARD: unknown = expect.stringMatching(/^reboot\w+_hard$/);
export const PARKED = ['PAUSED', 'SUSPENDED'] as const;
export const UNAUTHORIZED = 'The request you have made requires authentication.';

export type Account = Awaited<ReturnType<typeof target.open>>;
export interface ServerState {
	status: unknown;
	task: unknown;
	vm: unknown;
	power: unknown;
}

export let account: Account;
export let novaRoot: string;
export let token: string;
export let serverIds: string[];
export let server: string;

// Logging in

export async function login(auth: unknown, query = ''): Promise<Reply> {
	return await send('POST', `${account.authUrl}/auth/tokens${query}`, { body: { auth } });
}

export function passwordOf(user: object): object {
	return { methods: ['password'], password: { user } };
}

export function userWith(changes: object = {}): object {
	return {
		name: account.userName,
		domain: account.userDomain,
		password: account.password,
		...changes,
	};
}

export function inProject(id = account.projectId): object {
	return { project: { id } };
}

export async function tokenOf(user: object): Promise<string> {
	const reply = await login({ identity: passwordOf(user), scope: inProject() }, '?nocatalog=1');
	expect(reply.status).toBe(201);
	return reply.headers['x-subject-token'];
}

// Talking to Nova

export async function nova(
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

export const novaCall = async (
	method: string,
	path: string,
	body?: object,
	microversion?: string,
) => await nova(method, path, { body, microversion });

export async function act(id: string, body: unknown, options: Parameters<typeof nova>[2] = {}) {
	return await nova('POST', `/servers/${id}/action`, { body, ...options });
}

export const start = async (id = server) => await act(id, { 'os-start': {} });
export const stop = async (id = server) => await act(id, { 'os-stop': {} });

export async function stateOf(id = server): Promise<ServerState> {
	const { json } = await nova('GET', `/servers/${id}`);
	return {
		status: pick(json, 'server', 'status'),
		task: pick(json, 'server', 'OS-EXT-STS:task_state'),
		vm: pick(json, 'server', 'OS-EXT-STS:vm_state'),
		power: pick(json, 'server', 'OS-EXT-STS:power_state'),
	};
}

export async function until(isWanted: (state: ServerState) => boolean, id = server) {
	return await waitUntil(async () => await stateOf(id), isWanted);
}

export const isRunning = ({ status, task }: ServerState) => status === 'ACTIVE' && task === null;
export const isStopped = ({ status, task }: ServerState) => status === 'SHUTOFF' && task === null;

export async function makeRunning(id = server): Promise<void> {
	if (isRunning(await stateOf(id))) return;
	expect((await start(id)).status).toBe(202);
	await until(isRunning, id);
}

/** Back to what every test begins with: stopped, unlocked, and nothing wrong with it. */
export async function makeStopped(id = server): Promise<void> {
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

export async function park(status: (typeof PARKED)[number]): Promise<void> {
	await makeRunning();
	await target.park(server, status, novaCall);
	await until((state) => state.status === status && state.task === null);
}

/** In ERROR, with a trouble to come next that is told while the start fails: see `makeStopped`. */
export async function makeBroken(next: Parameters<typeof makeTrouble>[0] = {}): Promise<void> {
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

export async function makeTrouble(
	trouble: Parameters<typeof target.makeTrouble>[1],
	id = server,
): Promise<void> {
	if (!target.canMakeTrouble) return;
	await target.makeTrouble(id, trouble, novaCall);
}

export function expectAccepted(reply: Reply): void {
	expect(reply.text).toBe('');
	expect(reply.status).toBe(202);
	expect(reply.headers['content-type']).toBe('application/json');
	expect(reply.headers['content-length']).toBe('0');
	expect(reply.headers['x-openstack-request-id']).toMatch(/^req-[0-9a-f-]{36}$/);
	expect(reply.headers['x-compute-request-id']).toBe(reply.headers['x-openstack-request-id']);
}

export function expectFault(reply: Reply, status: number, name: string, message: string): void {
	expect(reply.json).toEqual({ [name]: { code: status, message } });
	expect(reply.status).toBe(status);
	expect(reply.headers['content-type']).toBe('application/json; charset=UTF-8');
}

export function expectConflict(reply: Reply, message: string): void {
	expectFault(reply, 409, 'conflictingRequest', message);
}

export function expectUnauthorized(reply: Reply): void {
	expect(reply.json).toEqual({
		error: { code: 401, title: 'Unauthorized', message: UNAUTHORIZED },
	});
	expect(reply.status).toBe(401);
	expect(reply.headers['www-authenticate']).toMatch(/^Keystone uri="http/);
}

/** An answer from below Nova's controllers: the code is a string, the message HTML. */
export function expectNoRoute(reply: Reply): void {
	expect(reply.json).toEqual({
		message: 'The resource could not be found.<br /><br />\n\n\n',
		code: '404 Not Found',
		title: 'Not Found',
	});
	expect(reply.status).toBe(404);
}

export function namesIn(reply: Reply): unknown[] {
	expect(reply.status).toBe(200);
	return (pick(reply.json, 'servers') as unknown[]).map((entry) => pick(entry, 'name'));
}

export function idsIn(reply: Reply): unknown[] {
	expect(reply.status).toBe(200);
	return (pick(reply.json, 'servers') as unknown[]).map((entry) => pick(entry, 'id'));
}

export const nextLink = (reply: Reply) => pick(reply.json, 'servers_links', 0, 'href') as string;

/** Opens the cloud, and logs in with the password: the answer holds the catalog. */
export async function openAccount(): Promise<Reply> {
	account = await target.open();
	const reply = await login({ identity: passwordOf(userWith()), scope: inProject() });
	expect(reply.status).toBe(201);
	return reply;
}

/** Opens the cloud for the tests of a file: logged in, with four servers that are stopped. */
export function useLab(): void {
	jest.setTimeout(120_000);

	beforeAll(async () => {
		const reply = await openAccount();
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
}
