/**
 * Many executions at once, and one after another, with one credential: they log in once, and what the
 * cloud refuses is refused once.
 */
import { edit, expectCleanLog, openAccounts, sessionOf } from '../harness/accounts';
import { addServers, runningOf, until } from '../harness/world';
import { type Accounts, count, nextMorning } from './logins';

jest.setTimeout(120_000);
afterAll(() => expectCleanLog());

const MANY = 100;
const WRONG = 'wrong-CANARYpass';

type Store = ReturnType<Accounts['byPassword']>;

/** An execution for each server, all at once; what went wrong in any. */
async function storm({ start }: Accounts, store: Store, ids: string[]) {
	const runs = await Promise.all(ids.map((id) => start(store, [id], { waitUntilDone: false })));
	return runs.flatMap(({ failures }) => failures);
}

const listOf = ({ url, cloud }: Accounts) => ({
	method: 'GET',
	uri: `${url}/v2.1/${cloud.project.id}/servers`,
});

/** Ways to run the node again and again with one credential, six times or so. */
const AGAIN: Array<[string, (accounts: Accounts, store: Store, id: string) => Promise<unknown>]> = [
	[
		'Retry On Fail with five tries',
		async ({ start }, store, id) =>
			await start(store, [id], {
				onError: 'stopWorkflow',
				nodeSettings: { retryOnFail: true, maxTries: 5, waitBetweenTries: 1 },
			}),
	],
	[
		'a loop of eight rounds',
		async ({ start }, store, id) => {
			for (let round = 0; round < 8; round += 1) await start(store, [id]);
		},
	],
	[
		'six tool calls of an agent',
		async ({ callTool }, store, id) => await callTool(store, Array<string>(6).fill(id)),
	],
	[
		'six letters typed into From List',
		async ({ search }, store) => {
			for (const filter of ['w', 'we', 'web', 'web-', 'web-0', 'web-01']) {
				await search(store, filter).catch(() => undefined);
			}
		},
	],
	[
		'six letters typed faster than IAM answers',
		async ({ search }, store) =>
			await Promise.allSettled(['w', 'we', 'web', 'web-', 'web-0'].map((f) => search(store, f))),
	],
];

describe('a wrong password', () => {
	test.each(AGAIN)('%s: one refused login', async (_, again) => {
		const accounts = await openAccounts();
		const [id] = addServers(accounts.cloud, 1);

		await again(accounts, accounts.byPassword({ password: WRONG }), id);

		expect(accounts.books()).toEqual({ 'login 401': 1 });
	});

	test('a hundred executions at once, ten later: one refused login', async () => {
		const accounts = await openAccounts({ latencyMs: 50 });
		const { cloud, byPassword, books, host } = accounts;
		const ids = addServers(cloud, MANY);
		const store = byPassword({ password: WRONG });

		const failures = await storm(accounts, store, ids);
		const later = await storm(accounts, store, ids.slice(0, 10));

		expect(books()).toEqual({ 'login 401': 1 });
		expect(failures).toHaveLength(MANY);
		for (const failure of [...failures, ...later]) {
			expect(failure).toMatchObject({ reason: 'unauthorized', attempts: 0, httpStatus: 401 });
			expect(failure.message).toContain(`the login at ${host} was refused`);
		}
		for (const { message, hint } of later) {
			expect(message).toMatch(/\(at \d\d:\d\d:\d\d UTC; nothing was sent now\)/);
			expect(hint).toMatch(
				/again 10 minutes after that, or at once when it is corrected or a Test/,
			);
		}
	});

	test('corrected in the middle of a storm: whoever reads the credential from then on works', async () => {
		const accounts = await openAccounts({ latencyMs: 50 });
		const { cloud, byPassword, books } = accounts;
		const ids = addServers(cloud, 20);
		const store = byPassword({ password: WRONG });
		const before = storm(accounts, store, ids);

		const after = await storm(accounts, edit(store, { password: cloud.user.password }), ids);

		expect(after).toEqual([]);
		expect(await before).toHaveLength(20);
		expect(books()).toMatchObject({ 'login 401': 1, 'login 201': 1, 'start 202': 20 });
	});

	test.each([
		[
			'a Test has succeeded',
			async ({ testCredential }: Accounts, store: Store) => await testCredential(store),
			{ 'login 401': 1, 'login 201': 2, 'start 202': 10 },
		],
		[
			// It logs in whatever ours know.
			'n8n’s HTTP Request node has logged in',
			async (accounts: Accounts, store: Store) => await accounts.request(store, listOf(accounts)),
			{ 'login 401': 1, 'login 201': 1, 'start 202': 10 },
		],
	])('that the cloud takes again: nothing is sent until %s', async (_, logIn, expected) => {
		const accounts = await openAccounts();
		const { cloud, byPassword, books } = accounts;
		const ids = addServers(cloud, 10);
		const store = byPassword();
		const right = cloud.user.password;
		cloud.user.password = 'changed-CANARYpass';
		await storm(accounts, store, ids);
		cloud.user.password = right;

		expect(await storm(accounts, store, ids)).toHaveLength(10);
		expect(books()).toEqual({ 'login 401': 1 });

		await logIn(accounts, store);
		expect(await storm(accounts, store, ids)).toEqual([]);
		expect(books()).toMatchObject(expected);
	});

	test('what n8n stores of the refusal is no session, and tells no secret', async () => {
		const { cloud, byPassword, start } = await openAccounts();
		const store = byPassword({ password: WRONG });

		await start(store, addServers(cloud, 1));

		const { sessionToken, sessionTokenOwner } = store.elasticCloudServerLoginApi;
		expect(sessionToken).toBe('');
		expect(sessionTokenOwner).toContain('was refused');
		expect(sessionTokenOwner).not.toContain('CANARY');
	});
});

describe('a session', () => {
	test('a hundred executions at once without one: one login', async () => {
		const accounts = await openAccounts({ latencyMs: 50 });
		const ids = addServers(accounts.cloud, MANY);

		expect(await storm(accounts, accounts.byPassword(), ids)).toEqual([]);

		expect(accounts.books()).toMatchObject({ 'login 201': 1, 'start 202': MANY });
	});

	test('that has run out, a hundred executions at once: one login', async () => {
		const accounts = await openAccounts({ latencyMs: 50 });
		const { cloud, byPassword, start, books } = accounts;
		const ids = addServers(cloud, MANY);
		const store = byPassword();
		await start(store, ids.slice(0, 1));
		cloud.expireTokens();
		nextMorning(cloud);

		expect(await storm(accounts, store, ids)).toEqual([]);

		expect(books()).toMatchObject({ 'login 201': 1, 'start 202': MANY });
	});

	test('a run and a list search at once: one login', async () => {
		const accounts = await openAccounts({ latencyMs: 50 });
		const { cloud, byPassword, search, books } = accounts;
		const ids = addServers(cloud, 5);
		const store = byPassword();

		await Promise.all([storm(accounts, store, ids), search(store, ''), search(store, 'w')]);

		expect(books()).toMatchObject({ 'login 201': 1 });
	});

	test('the execution that logs in for all is cancelled: the others start their servers', async () => {
		const accounts = await openAccounts();
		const { cloud, byPassword, start, books } = accounts;
		const ids = addServers(cloud, 10);
		const store = byPassword();
		const stop = new AbortController();
		cloud.faults.add({ match: 'login', times: 1, then: { delayBefore: 1 } });
		const cancelled = start(store, ids.slice(0, 1), { signal: stop.signal });
		await until(() => cloud.requests.inFlight === 1);
		const others = storm(accounts, store, ids.slice(1));
		stop.abort();

		expect(await others).toEqual([]);
		await cancelled;
		expect(runningOf(cloud, ids.slice(0, 1))).toEqual([]);
		expect(count(cloud, 'start 202')).toBe(9);
		expect(books()['login 201']).toBeLessThanOrEqual(2);
	});

	test('a login that hangs is not waited for by who has less time', async () => {
		const { cloud, byPassword, start } = await openAccounts();
		const ids = addServers(cloud, 2);
		const store = byPassword();
		cloud.faults.add({ match: 'login', then: 'hang' });
		const stop = new AbortController();
		const first = start(store, ids.slice(0, 1), { signal: stop.signal });
		await until(() => cloud.requests.inFlight === 1);

		const { failures, elapsed } = await start(store, ids.slice(1), { options: { waitTimeout: 2 } });

		expect(failures).toMatchObject([{ reason: 'unreachable', attempts: 0 }]);
		expect(elapsed).toBeLessThan(6);
		stop.abort();
		await first;
		expect(sessionOf(store)).toBe('');
	});
});

describe.each([
	['token', 'token', ({ byToken }: Accounts) => byToken({ token: 'CANARYtoken-wrong' }), 'token'],
	[
		'secret key',
		'access key',
		({ byAccessKey }: Accounts) => byAccessKey({ secretKey: 'CANARYsecretkey-wrong' }),
		'signature made with access key',
	],
])('a wrong %s', (_, _way, credential, named) => {
	const refusals = ({ cloud }: Accounts) =>
		cloud.requests.find({}).filter(({ status }) => status === 401).length;

	test.each(AGAIN)('%s: one refused request', async (_name, again) => {
		const accounts = await openAccounts();
		const [id] = addServers(accounts.cloud, 1);

		await again(accounts, credential(accounts), id);

		expect(refusals(accounts)).toBe(1);
		expect(accounts.cloud.requests.total).toBe(1);
	});

	test('a hundred executions at once, ten later: one refused request', async () => {
		const accounts = await openAccounts({ latencyMs: 50 });
		const ids = addServers(accounts.cloud, MANY);
		const store = credential(accounts);

		const failures = await storm(accounts, store, ids);
		const later = await storm(accounts, store, ids.slice(0, 10));

		expect(accounts.cloud.requests.total).toBe(1);
		expect(failures).toHaveLength(MANY);
		for (const failure of [...failures, ...later]) {
			expect(failure.reason).toBe('unauthorized');
			expect(failure.message).toContain(`the cloud refused the ${named}`);
		}
		for (const { message } of later) {
			expect(message).toMatch(/\(at \d\d:\d\d:\d\d UTC; nothing was sent now\)/);
		}
	});

	test('a Test says so, and does not end that', async () => {
		const accounts = await openAccounts();
		const ids = addServers(accounts.cloud, 2);
		const store = credential(accounts);
		await storm(accounts, store, ids);

		const { status, message } = await accounts.testCredential(store);
		await storm(accounts, store, ids);

		expect(status).toBe('Error');
		expect(message).toContain(`the cloud refused the ${named}`);
		expect(accounts.cloud.requests.count('start')).toBe(1);
	});

	test('n8n’s HTTP Request node keeps to the refusal, and does not end it', async () => {
		const accounts = await openAccounts();
		const ids = addServers(accounts.cloud, 2);
		const store = credential(accounts);
		await storm(accounts, store, ids);

		const { status, error } = await accounts.request(store, listOf(accounts));
		await storm(accounts, store, ids);

		expect(status).toBe('error');
		expect(error?.message).toContain(`The cloud refused the ${named}`);
		expect(error?.message).toMatch(/nothing was sent now/);
		expect(accounts.cloud.requests.total).toBe(1);
	});
});

test.each([
	['token', ({ byToken }: Accounts) => byToken()],
	['secret key', ({ byAccessKey }: Accounts) => byAccessKey()],
])('after a Test that succeeds, a %s that was refused is tried again', async (_, credential) => {
	const accounts = await openAccounts();
	const { cloud } = accounts;
	const ids = addServers(cloud, 1);
	const store = credential(accounts);
	cloud.faults.add({ match: 'start', then: 'tokenRefused' });
	await storm(accounts, store, ids);
	const refused = cloud.requests.total;
	cloud.faults.clear();
	await storm(accounts, store, ids);
	expect(cloud.requests.total).toBe(refused);

	const { status, message } = await accounts.testCredential(store);

	expect([status, message]).toEqual(['OK', 'Connection successful!']);
	expect(await storm(accounts, store, ids)).toEqual([]);
});
