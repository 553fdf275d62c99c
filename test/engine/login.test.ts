/**
 * A credential that logs in by itself: one login where one is needed, none where it is not, and no
 * second try where IAM has said no.
 */
import {
	edit,
	expectCleanLog,
	openAccounts,
	openEcho,
	PASSWORD,
	SECRET,
	sessionOf,
	whyOf,
	type Heard,
	type Seen,
} from '../harness/accounts';
import { addServers, postsTo, runningOf, until } from '../harness/world';

jest.setTimeout(60_000);

type Accounts = Awaited<ReturnType<typeof openAccounts>>;
type Cloud = Accounts['cloud'];
type Fault = Parameters<Cloud['faults']['add']>[0]['then'];

/** Seconds that a run may last beyond Wait Timeout. */
const SLACK = 1.5;
const UNKNOWN_PROJECT = '0123456789abcdef0123456789abcdef';
const NOBODY = 'http://127.0.0.1:1';

const METHODS = ['password', 'applicationCredential'] as const;

const byMethod = (accounts: Accounts, method: (typeof METHODS)[number]) =>
	method === 'password' ? accounts.byPassword() : accounts.byApplicationCredential();

const count = (cloud: Cloud, what: string) => cloud.requests.outcomes[what] ?? 0;

/** Requests that the cloud refused for their token. */
const refusals = (cloud: Cloud) =>
	Object.entries(cloud.requests.outcomes)
		.filter(([what]) => what.endsWith(' 401') && what !== 'login 401')
		.reduce((sum, [, times]) => sum + times, 0);

function expectStarted({ items, failures }: Seen, cloud: Cloud, ids: string[]) {
	expect(failures).toEqual([]);
	expect(items.map(({ serverId, outcome }) => ({ serverId, outcome }))).toEqual(
		ids.map((serverId) => ({ serverId, outcome: 'started' })),
	);
	expect(runningOf(cloud, ids)).toEqual(ids);
}

/** With one attempt each: nobody noticed that there was trouble with the credential. */
function expectAllStarted(run: Seen, cloud: Cloud, ids: string[]) {
	expectStarted(run, cloud, ids);
	expect(run.items.map(({ attempts }) => attempts)).toEqual(ids.map(() => 1));
}

/** Stops the servers, and begins the books anew: what a second run finds. */
function nextMorning(cloud: Cloud) {
	for (const server of cloud.servers.values()) server.force(cloud.now, { status: 'SHUTOFF' });
	cloud.requests.clear();
}

// One login where one is needed

describe.each(METHODS)('with %s', (method) => {
	test.concurrent('the first run logs in once, the second uses the stored session', async () => {
		const accounts = await openAccounts();
		const { cloud, start, books } = accounts;
		const ids = addServers(cloud, 12);
		const store = byMethod(accounts, method);

		const first = await start(store, ids);

		expectAllStarted(first, cloud, ids);
		expect(first.logins).toBe(1);
		expect(books()).toMatchObject({ 'login 201': 1, 'start 202': 12 });
		expect(refusals(cloud)).toBe(0);
		expect(cloud.tokens.has(sessionOf(store))).toBe(true);

		nextMorning(cloud);
		const second = await start(store, ids);

		expectAllStarted(second, cloud, ids);
		expect(second.logins).toBe(0);
		expect(cloud.requests.count('login')).toBe(0);
	});

	test.concurrent('100 servers and a session that has run out: one login', async () => {
		const accounts = await openAccounts({ latencyMs: 20 });
		const { cloud, start, books } = accounts;
		const ids = addServers(cloud, 100);
		const store = byMethod(accounts, method);
		await start(store, ids.slice(0, 1));
		const old = sessionOf(store);
		cloud.expireTokens();
		nextMorning(cloud);

		const run = await start(store, ids, { options: { concurrency: 50 } });

		expectAllStarted(run, cloud, ids);
		expect(run.logins).toBe(1);
		expect(books()).toMatchObject({ 'login 201': 1, 'start 401': 1, 'start 202': 100 });
		expect(cloud.requests.total - refusals(cloud)).toBeLessThanOrEqual(1.1 * 100);
		expect(sessionOf(store)).not.toBe(old);
	});

	test.concurrent.each(['revokeTokens', 'expireTokens'] as const)(
		'%s with 50 starts under way: one login, and no server notices',
		async (end) => {
			const accounts = await openAccounts({ latencyMs: 3000 });
			const { cloud, start, books } = accounts;
			const ids = addServers(cloud, 100);
			const store = byMethod(accounts, method);
			const running = start(store, ids, { options: { concurrency: 50 } });
			await until(() => cloud.requests.inFlight === 50);
			cloud[end]();
			cloud.settings.latencyMs = 20;

			const run = await running;

			expectAllStarted(run, cloud, ids);
			expect(run.logins).toBe(2);
			expect(books()).toMatchObject({ 'login 201': 2, 'start 202': 100 });
			// The cloud has let some pass before, on a slow machine.
			expect(count(cloud, 'start 401')).toBeGreaterThan(25);
			expect(count(cloud, 'start 401')).toBeLessThanOrEqual(50);
			expect(cloud.requests.maxInFlight).toBe(50);
		},
	);

	test.concurrent.each(['revokeTokens', 'expireTokens'] as const)(
		'%s during the wait: one login, and no server notices',
		async (end) => {
			const accounts = await openAccounts({ startSeconds: 4 });
			const { cloud, start, books } = accounts;
			const ids = addServers(cloud, 20);
			const store = byMethod(accounts, method);
			await start(store, ids.slice(0, 1));
			nextMorning(cloud);
			const running = start(store, ids);
			await until(() => count(cloud, 'list 200') >= 1);
			cloud[end]();

			const run = await running;

			expectAllStarted(run, cloud, ids);
			expect(run.logins).toBe(1);
			expect(books()).toMatchObject({ 'login 201': 1, 'start 202': 20 });
			expect(refusals(cloud)).toBe(1);
		},
	);

	test.concurrent('two sessions that end during one long wait: two logins', async () => {
		const accounts = await openAccounts({ startSeconds: 7 });
		const { cloud, start, books } = accounts;
		const ids = addServers(cloud, 10);
		const store = byMethod(accounts, method);
		await start(store, ids.slice(0, 1));
		nextMorning(cloud);
		const running = start(store, ids);
		await until(() => count(cloud, 'list 200') === 1);
		cloud.expireTokens();
		await until(() => count(cloud, 'list 200') === 3);
		cloud.expireTokens();

		const run = await running;

		expectAllStarted(run, cloud, ids);
		expect(run.logins).toBe(2);
		expect(books()).toMatchObject({ 'login 201': 2, 'start 202': 10, 'list 401': 2 });
	});
});

test.concurrent.each(['manual', 'trigger', 'webhook', 'cli'] as const)(
	'in mode %s: a login, then a stored session, then a renewal',
	async (mode) => {
		const { cloud, byPassword, start } = await openAccounts();
		const ids = addServers(cloud, 3);
		const store = byPassword();

		const first = await start(store, ids, { mode });
		nextMorning(cloud);
		const second = await start(store, ids, { mode });
		nextMorning(cloud);
		cloud.expireTokens();
		const third = await start(store, ids, { mode });

		for (const run of [first, second, third]) expect(run.failures).toEqual([]);
		expect([first, second, third].map(({ logins }) => logins)).toEqual([1, 0, 1]);
		expectAllStarted(third, cloud, ids);
	},
);

test.concurrent('tokens that live for three seconds: still every server starts', async () => {
	const { cloud, byPassword, start } = await openAccounts({ tokenSeconds: 3, startSeconds: 8 });
	const ids = addServers(cloud, 10);

	const run = await start(byPassword(), ids);

	expectAllStarted(run, cloud, ids);
	expect(run.logins).toBeLessThanOrEqual(1 + run.elapsed);
	expect(run.logins).toBe(count(cloud, 'login 201'));
});

test.concurrent(
	'two executions at once with a session that has run out: a login each',
	async () => {
		const { cloud, byPassword, start } = await openAccounts({ latencyMs: 50 });
		const ids = addServers(cloud, 40);
		const store = byPassword();
		await start(store, ids.slice(0, 1));
		cloud.expireTokens();
		nextMorning(cloud);

		const runs = await Promise.all([start(store, ids.slice(0, 20)), start(store, ids.slice(20))]);

		expect(runs.flatMap(({ failures }) => failures)).toEqual([]);
		expect(runningOf(cloud, ids)).toEqual(ids);
		expect(cloud.requests.count('login')).toBeLessThanOrEqual(2);
	},
);

test.concurrent('a batch with a session that has run out: one login', async () => {
	const { cloud, byPassword, start, books } = await openAccounts();
	const ids = addServers(cloud, 30);
	const store = byPassword();
	await start(store, ids.slice(0, 1));
	cloud.expireTokens();
	nextMorning(cloud);

	const run = await start(store, ids, { options: { sendAs: 'oneBatchRequest' } });

	expectAllStarted(run, cloud, ids);
	expect(books()).toMatchObject({ 'login 201': 1, 'batch 401': 1, 'batch 200': 1 });
});

test.concurrent('a session that ends while a job is followed: one login', async () => {
	const { cloud, byPassword, start, books } = await openAccounts({ startSeconds: 4 });
	const ids = addServers(cloud, 30);
	const store = byPassword();
	const running = start(store, ids, { options: { sendAs: 'oneBatchRequest' } });
	await until(() => count(cloud, 'job 200') >= 1);
	cloud.revokeTokens();

	const run = await running;

	expectAllStarted(run, cloud, ids);
	expect(books()).toMatchObject({ 'login 201': 2, 'batch 200': 1 });
	expect(refusals(cloud)).toBe(1);
});

test.concurrent('without waiting: one login as well', async () => {
	const { cloud, byPassword, start, books } = await openAccounts();
	const ids = addServers(cloud, 20);

	const run = await start(byPassword(), ids, { waitUntilDone: false });

	expect(run.items.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'accepted'));
	expect(books()).toEqual({ 'login 201': 1, 'start 202': 20 });
});

test.concurrent('the login asks for one project, and for no catalog', async () => {
	const { cloud, byPassword, start, received } = await openAccounts();
	const [id] = addServers(cloud, 1);

	await start(byPassword(), [id]);

	expect(received[0]).toMatchObject({ method: 'POST', path: '/v3/auth/tokens?nocatalog=true' });
	expect(JSON.parse(received[0].body)).toEqual({
		auth: {
			identity: {
				methods: ['password'],
				password: { user: { domain: { name: 'Default' }, name: 'demo', password: PASSWORD } },
			},
			scope: { project: { id: cloud.project.id } },
		},
	});
	expect(received[0].headers).not.toHaveProperty('x-auth-token');
});

// IAM says no

type Credential = (accounts: Accounts) => ReturnType<Accounts['byPassword']>;

const REFUSED: Array<[string, Credential, number]> = [
	['a wrong password', ({ byPassword }) => byPassword({ password: 'CANARYpass-wrong' }), 401],
	['an unknown user', ({ byPassword }) => byPassword({ userName: 'nobody' }), 401],
	['an unknown account', ({ byPassword }) => byPassword({ domainName: 'OTC-not' }), 401],
	['an unknown project', ({ byPassword }) => byPassword({ projectId: UNKNOWN_PROJECT }), 401],
	[
		'a wrong secret',
		({ byApplicationCredential }) =>
			byApplicationCredential({ applicationCredentialSecret: 'CANARYsecret-wrong' }),
		401,
	],
	[
		'an unknown application credential',
		({ byApplicationCredential }) => byApplicationCredential({ applicationCredentialId: 'none' }),
		404,
	],
];

function expectAllRefused({ items, failures }: Seen, ids: string[], host: string) {
	expect(items).toEqual([]);
	expect(failures.map(({ serverId }) => serverId)).toEqual(ids);
	for (const failure of failures) {
		expect(failure).toMatchObject({ reason: 'unauthorized', operation: 'start', attempts: 0 });
		expect(failure.message).toContain(`the login at ${host} was refused`);
		expect(failure.hint).toBe(failures[0].hint);
	}
	expect(new Set(failures.map(whyOf)).size).toBe(1);
}

test.concurrent.each(REFUSED)(
	'%s: one login, nothing sent to the cloud, and every item says so',
	async (_, credential, httpStatus) => {
		const accounts = await openAccounts();
		const { cloud, start, books, host } = accounts;
		const ids = addServers(cloud, 30);

		const run = await start(credential(accounts), ids);

		expectAllRefused(run, ids, host);
		expect(books()).toEqual({ [`login ${httpStatus}`]: 1 });
		expect(run.failures.map((failure) => failure.httpStatus)).toEqual(ids.map(() => httpStatus));
		expect(run.failures[0].hint).toMatch(/^Check .*user name.*password.*secret.*project/);
	},
);

test.concurrent('a refused login in a batch', async () => {
	const { cloud, byPassword, start, books, host } = await openAccounts();
	const ids = addServers(cloud, 30);

	const run = await start(byPassword({ password: 'CANARYpass-wrong' }), ids, {
		options: { sendAs: 'oneBatchRequest' },
	});

	expectAllRefused(run, ids, host);
	expect(books()).toEqual({ 'login 401': 1 });
});

test.concurrent('a refused login stops the workflow with one error', async () => {
	const { cloud, byPassword, start, books, host } = await openAccounts();
	const ids = addServers(cloud, 30);

	const run = await start(byPassword({ password: 'CANARYpass-wrong' }), ids, {
		onError: 'stopWorkflow',
	});

	expect(run.status).toBe('error');
	expect(run.error.message).toContain('30');
	expect(run.error.description).toContain(`the login at ${host} was refused`);
	expect(books()).toEqual({ 'login 401': 1 });
});

test.concurrent.each([
	['a stale session', (cloud: Cloud) => cloud.expireTokens()],
	['a revoked session', (cloud: Cloud) => cloud.revokeTokens()],
])('%s and a refused login: one of each', async (_, end) => {
	const { cloud, byPassword, start, books, host } = await openAccounts();
	const ids = addServers(cloud, 30);
	const store = byPassword();
	await start(store, ids.slice(0, 1));
	nextMorning(cloud);
	end(cloud);
	cloud.user.password = 'changed-CANARYpass';

	const run = await start(store, ids);

	expectAllRefused(run, ids, host);
	expect(books()).toEqual({ 'start 401': 1, 'login 401': 1 });
});

test.concurrent('refused while 10 starts are under way: one login', async () => {
	const { cloud, byPassword, start, books, host } = await openAccounts({ latencyMs: 2000 });
	const ids = addServers(cloud, 30);
	const running = start(byPassword(), ids);
	await until(() => cloud.requests.inFlight === 10);
	cloud.user.password = 'changed-CANARYpass';
	cloud.revokeTokens();
	cloud.settings.latencyMs = 0;

	const run = await running;

	expect(books()).toMatchObject({ 'login 201': 1, 'login 401': 1 });
	expect(count(cloud, 'start 401')).toBeLessThanOrEqual(10);
	expect(run.failures.map(({ serverId }) => serverId)).toEqual(ids);
	for (const failure of run.failures) {
		expect(failure).toMatchObject({ reason: 'unauthorized' });
		expect(failure.message).toContain(`the login at ${host} was refused`);
	}
	for (const { serverId, attempts, message } of run.failures) {
		const accepted = postsTo(cloud, serverId).filter(({ status }) => status === 202).length;
		expect(attempts).toBe(accepted);
		expect(message.includes('accepted')).toBe(accepted === 1);
	}
	expect(run.failures[0].attempts).toBe(1);
});

test.concurrent(
	'refused during the wait: one login, and each item says it was accepted',
	async () => {
		const { cloud, byPassword, start, books, host } = await openAccounts({ startSeconds: 30 });
		const ids = addServers(cloud, 10);
		const running = start(byPassword(), ids);
		await until(() => count(cloud, 'list 200') >= 1);
		cloud.user.password = 'changed-CANARYpass';
		cloud.revokeTokens();

		const run = await running;

		expect(books()).toMatchObject({ 'login 201': 1, 'login 401': 1, 'start 202': 10 });
		expect(refusals(cloud)).toBe(1);
		expect(run.failures.map(({ serverId }) => serverId)).toEqual(ids);
		for (const failure of run.failures) {
			expect(failure).toMatchObject({ reason: 'unauthorized', attempts: 1 });
			expect(failure.message).toContain('accepted');
			expect(failure.message).toContain(`the login at ${host} was refused`);
		}
	},
);

test.concurrent(
	'IAM away for a moment, then a refusal, with 20 starts under way: one refused login',
	async () => {
		const { cloud, byPassword, start, books, host } = await openAccounts({ latencyMs: 2000 });
		const ids = addServers(cloud, 40);
		const running = start(byPassword(), ids, { options: { concurrency: 20 } });
		await until(() => cloud.requests.inFlight === 20);
		cloud.user.password = 'changed-CANARYpass';
		cloud.faults.add({ match: 'login', times: 1, then: 'serviceUnavailable' });
		cloud.revokeTokens();
		cloud.settings.latencyMs = 20;

		const { failures } = await running;

		expect(books()).toMatchObject({ 'login 201': 1, 'login 503': 1, 'login 401': 1 });
		expect(failures.map(({ serverId }) => serverId)).toEqual(ids);
		for (const { message } of failures) {
			expect(message).toContain(`the login at ${host} was refused`);
		}
	},
);

test.concurrent('a locked user is told from a wrong password', async () => {
	const { cloud, byPassword, start, books, host } = await openAccounts();
	const ids = addServers(cloud, 5);
	cloud.lockouts.set(cloud.user.id, { refused: 0, lockedUntil: cloud.now + 900_000 });

	const run = await start(byPassword(), ids);

	expectAllRefused(run, ids, host);
	expect(books()).toEqual({ 'login 401': 1 });
	expect(run.failures[0]).toMatchObject({ code: 'IAM.0061', httpStatus: 401 });
	expect(run.failures[0].hint).toMatch(/locked.*15 minutes/);
});

test.concurrent('four executions with a wrong password do not lock the user', async () => {
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 20);
	for (let run = 0; run < 4; run++) await start(byPassword({ password: 'CANARYpass-wrong' }), ids);

	expect(count(cloud, 'login 401')).toBe(4);
	expectAllStarted(await start(byPassword(), ids), cloud, ids);
});

test.concurrent.each([
	['a user name', { userName: ' ' }, "'User Name'"],
	['an account name', { domainName: '' }, "'Account Name'"],
	['a password', { password: '' }, "'Password'"],
	['an IAM endpoint', { iamEndpoint: '' }, "'IAM Endpoint'"],
	['a project ID', { projectId: '' }, "'Project ID'"],
])('without %s nothing is sent', async (_, fields, field) => {
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 3);

	const { failures } = await start(byPassword(fields), ids);

	expect(failures.map(({ reason }) => reason)).toEqual(ids.map(() => 'invalidInput'));
	expect(failures[0].message).toContain(field);
	expect(cloud.requests.total).toBe(0);
});

// The cloud does not take the token that IAM has just given

test.concurrent.each([
	['with a first login', false],
	['with a session that has run out', true],
])(
	'a fresh token that is refused, %s: one login, and a hint at the endpoints',
	async (_, stale) => {
		const { cloud, byPassword, start } = await openAccounts();
		const ids = addServers(cloud, 20);
		const store = byPassword();
		if (stale) {
			await start(store, ids.slice(0, 1));
			nextMorning(cloud);
		}
		cloud.faults.add({ match: 'start', then: 'tokenRefused' });

		const { failures } = await start(store, ids);

		expect(cloud.requests.count('login')).toBe(1);
		expect(count(cloud, 'start 401')).toBeLessThanOrEqual(2);
		expect(failures.map(({ serverId }) => serverId)).toEqual(ids);
		for (const failure of failures) {
			expect(failure).toMatchObject({ reason: 'unauthorized', attempts: 0, httpStatus: 401 });
			expect(failure.message).toContain('the token that the login had just given');
			expect(failure.hint).toMatch(/ECS endpoint.*IAM endpoint.*region/);
		}
	},
);

// IAM is in trouble

const IN_TROUBLE: Array<[string, Fault, string]> = [
	['429', { preset: 'throttled', retryAfter: 0 }, 'throttled'],
	['503', { preset: 'serviceUnavailable', retryAfter: 0 }, 'unavailable'],
	['500', 'internalError', 'unavailable'],
	['502 with a page', 'badGateway', 'unavailable'],
	['504 without a body', 'gatewayTimeout', 'unavailable'],
	['a dropped connection', 'drop', 'unreachable'],
];

test.concurrent.each(IN_TROUBLE)(
	'%s at each login: no more than Max Tries, and nothing sent to the cloud',
	async (_, then, reason) => {
		const { cloud, byPassword, start, host } = await openAccounts();
		const [id] = addServers(cloud, 1);
		cloud.faults.add({ match: 'login', then });

		const { failures } = await start(byPassword(), [id], {
			options: { maxTries: 3, waitTimeout: 30 },
		});

		expect(failures[0]).toMatchObject({ reason, serverId: id });
		expect(failures[0].message).toContain(`the login at ${host}`);
		expect(cloud.requests.count('login')).toBe(3);
		expect(cloud.requests.total).toBe(3);
	},
);

test.concurrent.each(IN_TROUBLE)('%s at two logins: then all start', async (_, then) => {
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 20);
	cloud.faults.add({ match: 'login', times: 2, then });

	const run = await start(byPassword(), ids);

	expectStarted(run, cloud, ids);
	expect(cloud.requests.count('login')).toBe(3);
	expect(count(cloud, 'start 202')).toBe(20);
});

test.concurrent.each(IN_TROUBLE)(
	'%s to the end, for 20 servers: within Wait Timeout, one login at a time',
	async (_, then, reason) => {
		const { cloud, byPassword, start } = await openAccounts({ latencyMs: 50 });
		const ids = addServers(cloud, 20);
		cloud.faults.add({ match: 'login', then });

		const { failures, elapsed } = await start(byPassword(), ids, { options: { waitTimeout: 3 } });

		expect(failures.map(({ serverId }) => serverId)).toEqual(ids);
		expect(new Set(failures.map((failure) => failure.reason))).toEqual(new Set([reason]));
		expect(elapsed).toBeLessThan(2 * 3 + SLACK);
		expect(cloud.requests.maxInFlight).toBe(1);
		expect(cloud.requests.count('login')).toBe(cloud.requests.total);
	},
);

/** As often as the cloud was asked to start the server, less what it refused for the token. */
test.concurrent('a login that brought no token is no attempt: at the first login', async () => {
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 10);
	cloud.faults.add({ match: 'login', times: 2, then: 'serviceUnavailable' });

	expectAllStarted(await start(byPassword(), ids), cloud, ids);
});

test.concurrent('a login that brought no token is no attempt: at a renewal', async () => {
	const { cloud, byPassword, start } = await openAccounts({ latencyMs: 2000 });
	const ids = addServers(cloud, 20);
	const running = start(byPassword(), ids);
	await until(() => cloud.requests.inFlight === 10);
	cloud.faults.add({ match: 'login', times: 1, then: 'serviceUnavailable' });
	cloud.revokeTokens();
	cloud.settings.latencyMs = 20;

	expectAllStarted(await running, cloud, ids);
});

test.concurrent.each([
	['an outage of IAM', 'serviceUnavailable'],
	['a throttled IAM', { preset: 'throttled', retryAfter: 0 }],
	['another service than IAM', { status: 405, body: '' }],
] as const)('a login that brought no token is no attempt: %s', async (_, then) => {
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 5);
	cloud.faults.add({ match: 'login', then });

	const { failures } = await start(byPassword(), ids, { options: { maxTries: 2, waitTimeout: 3 } });

	expect(cloud.requests.count('start')).toBe(0);
	expect(failures.map(({ attempts }) => attempts)).toEqual(ids.map(() => 0));
});

test.concurrent('nobody listens at the IAM endpoint', async () => {
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 5);

	const { failures, elapsed } = await start(byPassword({ iamEndpoint: NOBODY }), ids, {
		options: { waitTimeout: 3 },
	});

	expect(failures.map(({ serverId }) => serverId)).toEqual(ids);
	for (const failure of failures) {
		expect(failure).toMatchObject({ reason: 'unreachable', code: 'ECONNREFUSED' });
		expect(failure.hint).toContain('IAM endpoint');
	}
	expect(elapsed).toBeLessThan(2 * 3 + SLACK);
	expect(cloud.requests.total).toBe(0);
});

test.concurrent('a login that is never answered ends with Wait Timeout', async () => {
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 5);
	cloud.faults.add({ match: 'login', then: 'hang' });

	const { failures, elapsed } = await start(byPassword(), ids, { options: { waitTimeout: 3 } });

	expect(failures.map(({ serverId }) => serverId)).toEqual(ids);
	expect(new Set(failures.map(({ reason }) => reason))).toEqual(new Set(['unreachable']));
	expect(cloud.requests.count('start')).toBe(0);
	expect(elapsed).toBeLessThan(2 * 3 + SLACK);
});

test.concurrent('a renewal that is never answered ends with Wait Timeout', async () => {
	const { cloud, byPassword, start } = await openAccounts({ startSeconds: 30 });
	const ids = addServers(cloud, 5);
	const running = start(byPassword(), ids, { options: { waitTimeout: 4 } });
	await until(() => cloud.requests.count('list') + cloud.requests.count('read') >= 1);
	cloud.revokeTokens();
	cloud.faults.add({ match: 'login', then: 'hang' });

	const { failures, elapsed } = await running;

	expect(failures.map(({ reason }) => reason)).toEqual(ids.map(() => 'timedOut'));
	expect(elapsed).toBeLessThan(4 + SLACK);
});

test.concurrent('cancelling ends a login that is never answered', async () => {
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 5);
	const stop = new AbortController();
	cloud.faults.add({ match: 'login', then: 'hang' });
	const running = start(byPassword(), ids, { signal: stop.signal });
	await until(() => cloud.requests.inFlight === 1);
	stop.abort();

	const { elapsed } = await running;

	expect(elapsed).toBeLessThan(3);
	expect(cloud.requests.total).toBe(1);
});

test.concurrent('Retry-After of a login is kept to', async () => {
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 10);
	cloud.faults.add({ match: 'login', times: 1, then: { preset: 'throttled', retryAfter: 3 } });

	const run = await start(byPassword(), ids);

	const [first, second] = cloud.requests.find({ kind: 'login' });
	expectStarted(run, cloud, ids);
	expect(second.at - Number(first.answeredAt)).toBeGreaterThanOrEqual(2900);
	expect(cloud.requests.count('login')).toBe(2);
});

test.concurrent.each(IN_TROUBLE)('%s at the renewal during the wait: waits on', async (_, then) => {
	const { cloud, byPassword, start } = await openAccounts({ startSeconds: 3 });
	const ids = addServers(cloud, 10);
	const running = start(byPassword(), ids);
	await until(() => count(cloud, 'list 200') >= 1);
	cloud.faults.add({ match: 'login', times: 1, then });
	cloud.revokeTokens();

	const run = await running;

	expectAllStarted(run, cloud, ids);
	expect(count(cloud, 'start 202')).toBe(10);
	expect(cloud.requests.count('login')).toBe(3);
});

test.concurrent.each(IN_TROUBLE)(
	'%s at the renewal with 10 starts under way: all start',
	async (_, then) => {
		const { cloud, byPassword, start } = await openAccounts({ latencyMs: 2000 });
		const ids = addServers(cloud, 20);
		const running = start(byPassword(), ids);
		await until(() => cloud.requests.inFlight === 10);
		cloud.faults.add({ match: 'login', times: 1, then });
		cloud.revokeTokens();
		cloud.settings.latencyMs = 20;

		const run = await running;

		expectStarted(run, cloud, ids);
		expect(count(cloud, 'start 202')).toBe(20);
		expect(cloud.requests.count('login')).toBeLessThanOrEqual(4);
	},
);

test.concurrent.each([
	['200 with a page', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>' }],
	['201 without a token', { status: 201, body: { token: {} } }],
	['404 with a page', { status: 404, headers: { 'content-type': 'text/html' }, body: '<html>' }],
	['405', { status: 405, body: { message: 'The method is not allowed' } }],
	['300', { status: 300, body: { versions: { values: [] } } }],
])('%s: there is no IAM at that endpoint, and it is asked once', async (_, then) => {
	const { cloud, byPassword, start, host } = await openAccounts();
	const ids = addServers(cloud, 10);
	cloud.faults.add({ match: 'login', then });

	const { failures } = await start(byPassword(), ids);

	expect(failures.map(({ reason }) => reason)).toEqual(ids.map(() => 'invalidInput'));
	expect(failures[0].message).toContain(`no IAM service (Keystone v3) at ${host}`);
	expect(failures[0].hint).toContain('IAM Endpoint');
	expect(cloud.requests.total).toBe(1);
});

// The credential is edited while a session is stored

/** The short marks under which the cloud's books name the tokens that were sent. */
const callers = (cloud: Cloud) =>
	new Set(
		cloud.requests
			.find({})
			.filter((one) => one.kind !== 'login')
			.map(({ caller }) => caller),
	);

async function withSession() {
	const accounts = await openAccounts();
	const { cloud, byPassword, start } = accounts;
	const ids = addServers(cloud, 3);
	const store = byPassword();
	await start(store, ids);
	const [old] = callers(cloud);
	nextMorning(cloud);
	return { ...accounts, ids, store, old };
}

test.concurrent('the session is used where only other fields were edited', async () => {
	const { cloud, start, store, ids, old } = await withSession();

	const run = await start(edit(store, { allowHttp: true, allowUnauthorizedCerts: true }), ids);

	expect(run.logins).toBe(0);
	expect(callers(cloud)).toEqual(new Set([old]));
});

test.concurrent.each<[string, (accounts: Accounts) => Record<string, unknown>]>([
	[
		'password',
		({ cloud }) => {
			cloud.user.password = 'new-CANARYpass';
			return { password: 'new-CANARYpass' };
		},
	],
	[
		'user',
		({ cloud }) => {
			const { name } = cloud.addUser('deputy', { [cloud.project.id]: 'member' }, PASSWORD);
			return { userName: name };
		},
	],
	['IAM endpoint', ({ url }) => ({ iamEndpoint: url.replace('127.0.0.1', 'localhost') })],
	[
		'login method',
		({ cloud }) => ({
			loginMethod: 'applicationCredential',
			applicationCredentialId: cloud.applicationCredential.id,
			applicationCredentialSecret: SECRET,
		}),
	],
])('another %s: the old session is not used', async (_, change) => {
	const { ids, store, old, ...accounts } = await withSession();
	const { cloud, start } = accounts;
	const edited = edit(store, change(accounts));

	const run = await start(edited, ids);

	expectAllStarted(run, cloud, ids);
	expect(run.logins).toBe(1);
	expect(refusals(cloud)).toBe(0);
	expect(callers(cloud).size).toBe(1);
	expect(callers(cloud)).not.toContain(old);
	expect(sessionOf(edited)).not.toBe(sessionOf(store));
});

test.concurrent('another project: the old session is not used', async () => {
	const { cloud, start, store, old } = await withSession();
	const { id: projectId } = cloud.addProject('other');
	cloud.user.roles[projectId] = 'member';
	const { id } = cloud.addServer({ name: 'elsewhere', projectId });

	const run = await start(edit(store, { projectId }), [id]);

	expectAllStarted(run, cloud, [id]);
	expect(run.logins).toBe(1);
	expect(callers(cloud)).not.toContain(old);
});

test.concurrent('another cloud: the old session does not reach it', async () => {
	const { store, received } = await withSession();
	const other = await openAccounts();
	const ids = addServers(other.cloud, 3);

	const edited = edit(store, { ecsEndpoint: other.url, iamEndpoint: other.url });
	const run = await other.start(edited, ids);

	expectAllStarted(run, other.cloud, ids);
	expect(run.logins).toBe(1);
	const old = received.at(-1)?.headers['x-auth-token'];
	expect(old).toBe(sessionOf(store));
	expect(other.received.map(({ headers }) => headers['x-auth-token'])).not.toContain(old);
});

test.concurrent(
	'a password edited to a wrong one: refused, though the session still holds',
	async () => {
		const { cloud, start, store, ids, host, books } = await withSession();

		const run = await start(edit(store, { password: 'wrong-CANARYpass' }), ids);

		expectAllRefused(run, ids, host);
		expect(books()).toEqual({ 'login 401': 1 });
		expect(runningOf(cloud, ids)).toEqual([]);
	},
);

// No credential goes elsewhere

const REDIRECTS = [301, 302, 303, 307, 308];

test.concurrent.each(REDIRECTS)('a %i of IAM is not followed', async (status) => {
	const elsewhere = await openAccounts();
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 5);
	const location = `${elsewhere.url}/v3/auth/tokens`;
	cloud.faults.add({ match: 'login', then: { status, headers: { location }, body: '' } });

	const { failures } = await start(byPassword(), ids);

	expect(failures.map(({ reason }) => reason)).toEqual(ids.map(() => 'invalidInput'));
	expect(elsewhere.received).toEqual([]);
	expect(cloud.requests.total).toBe(1);
});

test.concurrent.each(REDIRECTS)('a %i of the cloud is not followed', async (status) => {
	const elsewhere = await openAccounts();
	const { cloud, byPassword, start } = await openAccounts({ startSeconds: 1 });
	const ids = addServers(cloud, 4);
	const to = (path: string) => ({
		status,
		headers: { location: `${elsewhere.url}/v2.1/${cloud.project.id}${path}` },
		body: '',
	});
	cloud.faults.add({
		match: { kind: 'start', serverId: ids[2] },
		then: to(`/servers/${ids[2]}/action`),
	});
	cloud.faults.add({ match: { kind: ['read', 'list'] }, times: 1, then: to('/servers/detail') });

	const { items, failures } = await start(byPassword(), ids);

	expect(items.map(({ serverId }) => serverId)).toEqual(ids.filter((id) => id !== ids[2]));
	expect(failures[0]).toMatchObject({ reason: 'unexpectedResponse', httpStatus: status });
	expect(elsewhere.received).toEqual([]);
});

test.concurrent.each(['ecsEndpoint', 'iamEndpoint'])(
	'plain http to another machine is refused for %s, unless it is allowed',
	async (field) => {
		const { cloud, byPassword, start, url, books } = await openAccounts();
		const ids = addServers(cloud, 3);
		// Leads to this machine, but by its address it could be any.
		const endpoint = url.replace('127.0.0.1', '0.0.0.0');

		const { failures } = await start(byPassword({ [field]: endpoint }), ids);

		expect(failures.map(({ reason }) => reason)).toEqual(ids.map(() => 'invalidInput'));
		expect(failures[0].message).toContain('plain http');
		expect(cloud.requests.total).toBe(0);

		const run = await start(byPassword({ [field]: endpoint, allowHttp: true }), ids);

		expectAllStarted(run, cloud, ids);
		expect(books()).toMatchObject({ 'login 201': 1, 'start 202': 3 });
	},
);

test.concurrent('plain http is refused for a stored session, too', async () => {
	const { cloud, start, store, ids, url } = await withSession();

	const { failures } = await start(
		edit(store, { ecsEndpoint: url.replace('127.0.0.1', '0.0.0.0') }),
		ids,
	);

	expect(failures.map(({ reason }) => reason)).toEqual(ids.map(() => 'invalidInput'));
	expect(cloud.requests.total).toBe(0);
});

test.concurrent('the token goes to the cloud, the password to IAM', async () => {
	const iam = await openAccounts();
	const { cloud, byPassword, start, received } = await openAccounts({
		projectId: iam.cloud.project.id,
	});
	const ids = addServers(cloud, 3);
	// One Keystone for both: tokens of the first are good for the second.
	cloud.tokens = iam.cloud.tokens;

	const run = await start(byPassword({ iamEndpoint: `${iam.url}/v3/` }), ids);

	expectAllStarted(run, cloud, ids);
	expect(iam.received.map(({ path }) => path)).toEqual(['/v3/auth/tokens?nocatalog=true']);
	expect(received.filter(({ path }) => path.startsWith('/v3'))).toEqual([]);
	expect(received.filter(({ body }) => body.includes('CANARY'))).toEqual([]);
});

// n8n's own HTTP Request node

test.concurrent('in the HTTP Request node: a list with a query, then a start', async () => {
	const { cloud, byPassword, request, url, books } = await openAccounts();
	const [id] = addServers(cloud, 3);
	const store = byPassword();
	const base = `${url}/v2.1/${cloud.project.id}/servers`;

	const list = await request(store, { method: 'GET', uri: `${base}/detail`, qs: { limit: 2 } });
	const start = await request(store, {
		method: 'POST',
		uri: `${base}/${id}/action`,
		body: { 'os-start': {} },
	});

	expect(list.answer).toMatchObject({ statusCode: 200 });
	expect((list.answer?.body as { servers: object[] }).servers).toHaveLength(2);
	expect(start.answer).toMatchObject({ statusCode: 202 });
	expect(books()).toEqual({ 'login 201': 1, 'list 200': 1, 'start 202': 1 });
});

test.concurrent('in the HTTP Request node: a session that has run out is renewed', async () => {
	const { cloud, byPassword, request, url, books } = await openAccounts();
	const store = byPassword();
	const list = { method: 'GET', uri: `${url}/v2.1/${cloud.project.id}/servers` };
	await request(store, list);
	cloud.expireTokens();

	const { answer } = await request(store, list);

	expect(answer).toMatchObject({ statusCode: 200 });
	expect(books()).toEqual({ 'login 201': 2, 'list 200': 2, 'list 401': 1 });
});

test.concurrent('in the HTTP Request node: a refused login is not tried on and on', async () => {
	const { cloud, byPassword, request, url } = await openAccounts();

	const { status } = await request(byPassword({ password: 'wrong-CANARYpass' }), {
		method: 'GET',
		uri: `${url}/v2.1/${cloud.project.id}/servers`,
	});

	expect(status).toBe('error');
	// n8n's legacy helper, which that node uses, begins all anew after any error.
	expect(cloud.requests.count('login')).toBeLessThanOrEqual(2);
	expect(cloud.requests.total).toBe(cloud.requests.count('login'));
});

// Nobody tells the secrets: each run above was searched for them

/** The password or the secret in the body of a login. */
function secretIn({ body }: Heard): string {
	const { password, application_credential: credential } = JSON.parse(body).auth.identity;
	return password?.user.password ?? credential.secret;
}

describe.each<[string, (heard: Heard) => string]>([
	['what it was told', (heard) => `${secretIn(heard)} is wrong`],
	['the body as it came', ({ body }) => body],
])('IAM repeats %s', (_, repeat) => {
	test.concurrent.each([400, 401, 403, 404, 429, 500, 503])(
		'in a %i: no password and no secret is shown',
		async (status) => {
			const { cloud, byPassword, byApplicationCredential, start } = await openAccounts();
			const [id] = addServers(cloud, 1);
			const options = { maxTries: 1, waitTimeout: 3 };
			const { url: iamEndpoint } = await openEcho(status, repeat);
			for (const onError of ['continueErrorOutput', 'stopWorkflow'] as const) {
				await start(byPassword({ iamEndpoint }), [id], { options, onError });
				await start(byApplicationCredential({ iamEndpoint }), [id], { options, onError });
			}
			expect(postsTo(cloud)).toEqual([]);
		},
	);
});

test.concurrent.each([400, 401, 403, 500])(
	'a %i of the cloud that repeats the request: no token is shown',
	async (status) => {
		const { cloud, byPassword, start } = await openAccounts();
		const [id] = addServers(cloud, 1);
		const { url: ecsEndpoint } = await openEcho(status, ({ headers }) => JSON.stringify(headers));

		const run = await start(byPassword({ ecsEndpoint }), [id], {
			options: { maxTries: 1, waitTimeout: 3 },
		});

		expect(run.failures).toHaveLength(1);
		expect(run.failures[0].message).toContain('***');
	},
);

// The log

test('none of it has been logged, though much else was', () => expectCleanLog());
