/**
 * A credential that logs in by itself: one login where one is needed, and none where it is not.
 */
import { expectCleanLog, openAccounts, PASSWORD, sessionOf } from '../harness/accounts';
import { addServers, runningOf, until } from '../harness/world';
import {
	byMethod,
	count,
	expectAllStarted,
	isWaitedFor,
	METHODS,
	nextMorning,
	refusals,
} from './logins';

jest.setTimeout(60_000);
afterAll(() => expectCleanLog());

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
			await until(() => isWaitedFor(cloud, 20));
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
		await until(() => isWaitedFor(cloud, 10));
		cloud.expireTokens();
		const looks = count(cloud, 'list 200');
		await until(() => count(cloud, 'list 200') > looks && isWaitedFor(cloud, 10));
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
	expect(books()).toMatchObject({ 'login 201': 1, 'list 401': 1, 'batch 200': 1 });
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
