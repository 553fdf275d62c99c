/**
 * IAM is in trouble: the login is tried again, and no longer than Wait Timeout.
 */
import { expectCleanLog, openAccounts, sessionOf } from '../harness/accounts';
import { addServers, runningOf, staysSo, until } from '../harness/world';
import { count, expectAllStarted, expectStarted, type Fault, isWaitedFor, SLACK } from './logins';

jest.setTimeout(60_000);
afterAll(() => expectCleanLog());

const NOBODY = 'http://127.0.0.1:1';

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
		expect(failure.hint).toContain('Identity Endpoint');
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

test.concurrent('a login that outlasts Wait Timeout: what was given up is never sent', async () => {
	const { cloud, byPassword, start } = await openAccounts();
	const ids = addServers(cloud, 1);
	cloud.faults.add({ match: 'login', then: { delayBefore: 4 } });
	const store = byPassword();

	const { failures } = await start(store, ids, { options: { waitTimeout: 3 } });

	expect(failures).toMatchObject([{ reason: 'unreachable', attempts: 0 }]);
	// n8n goes on with the login, and stores its session.
	await until(() => sessionOf(store) !== '');
	await staysSo(() => cloud.requests.count('start') === 0, 0.3);
	expect(runningOf(cloud, ids)).toEqual([]);
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
	await until(() => isWaitedFor(cloud, 10));
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
	expect(failures[0].hint).toContain('Identity Endpoint');
	expect(cloud.requests.total).toBe(1);
});
