/**
 * IAM says no, or the cloud does not take what IAM has given: no second try, and every server
 * fails with it.
 */
import { expectCleanLog, openAccounts } from '../harness/accounts';
import { addServers, postsTo, until } from '../harness/world';
import {
	type Accounts,
	type Cloud,
	count,
	expectAllRefused,
	expectAllStarted,
	isWaitedFor,
	nextMorning,
	refusals,
} from './logins';

jest.setTimeout(60_000);
afterAll(() => expectCleanLog());

const UNKNOWN_PROJECT = '0123456789abcdef0123456789abcdef';

type Credential = (accounts: Accounts) => ReturnType<Accounts['byPassword']>;

const CHECK_USER = /^Check the password.*user name.*swapped.*project/;
const CHECK_APPLICATION = /^Check the ID and the secret of the application credential.*project/;

const REFUSED: Array<[string, Credential, number, RegExp]> = [
	[
		'a wrong password',
		({ byPassword }) => byPassword({ password: 'CANARYpass-wrong' }),
		401,
		CHECK_USER,
	],
	['an unknown user', ({ byPassword }) => byPassword({ userName: 'nobody' }), 401, CHECK_USER],
	[
		'an unknown account',
		({ byPassword }) => byPassword({ domainName: 'OTC-not' }),
		401,
		CHECK_USER,
	],
	[
		'an unknown project',
		({ byPassword }) => byPassword({ projectId: UNKNOWN_PROJECT }),
		401,
		CHECK_USER,
	],
	[
		'a wrong secret',
		({ byApplicationCredential }) =>
			byApplicationCredential({ applicationCredentialSecret: 'CANARYsecret-wrong' }),
		401,
		CHECK_APPLICATION,
	],
	[
		'an unknown application credential',
		({ byApplicationCredential }) => byApplicationCredential({ applicationCredentialId: 'none' }),
		404,
		CHECK_APPLICATION,
	],
];

test.concurrent.each(REFUSED)(
	'%s: one login, nothing sent to the cloud, and every item says so',
	async (_, credential, httpStatus, hint) => {
		const accounts = await openAccounts();
		const { cloud, start, books, host } = accounts;
		const ids = addServers(cloud, 30);

		const run = await start(credential(accounts), ids);

		expectAllRefused(run, ids, host);
		expect(books()).toEqual({ [`login ${httpStatus}`]: 1 });
		expect(run.failures.map((failure) => failure.httpStatus)).toEqual(ids.map(() => httpStatus));
		expect(run.failures[0].hint).toMatch(hint);
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
	expect(run.error.message).toMatch(/^30 servers did not start, 0 did: /);
	expect(run.error.message).toContain(`the login at ${host} was refused`);
	expect(run.error.description).not.toContain(host);
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
		await until(() => isWaitedFor(cloud, 10));
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

test.concurrent('four executions with a wrong password: one refused login', async () => {
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 20);
	for (let run = 0; run < 4; run++) await start(byPassword({ password: 'CANARYpass-wrong' }), ids);

	expect(count(cloud, 'login 401')).toBe(1);
	expectAllStarted(await start(byPassword(), ids), cloud, ids);
});

test.concurrent.each([
	['a user name', { userName: ' ' }, "'User Name'"],
	['a password', { password: '' }, "'Password'"],
	['an IAM endpoint', { iamEndpoint: '' }, "'Identity Endpoint'"],
	['a project ID', { projectId: '' }, "'Project ID'"],
])('without %s nothing is sent', async (_, fields, field) => {
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 3);

	const { failures } = await start(byPassword(fields), ids);

	expect(failures.map(({ reason }) => reason)).toEqual(ids.map(() => 'invalidInput'));
	expect(failures[0].message).toContain(field);
	expect(cloud.requests.total).toBe(0);
});

test.concurrent('without a domain, the user is looked for in Default', async () => {
	const { cloud, byPassword, start } = await openAccounts();
	cloud.domain.name = 'Default';
	const ids = addServers(cloud, 3);

	expectAllStarted(await start(byPassword({ domainName: '' }), ids), cloud, ids);
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
			expect(failure.hint).toMatch(/endpoints of a custom one.*project ID.*region/);
		}
	},
);
