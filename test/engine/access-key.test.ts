/**
 * A credential that signs every request. The simulator computes each signature anew from the bytes
 * that came: what is accepted here was signed as it was sent.
 */
import {
	expectCleanLog,
	openAccounts,
	openEcho,
	SECRET_KEY,
	SECURITY_TOKEN,
	type Heard,
	type Seen,
	signatureIn,
	whyOf,
} from '../harness/accounts';
import { addServers, runningOf, until } from '../harness/world';
import { createRealClock } from '../../simulator';
import { isWaitedFor } from './logins';

jest.setTimeout(60_000);

type Accounts = Awaited<ReturnType<typeof openAccounts>>;
type Cloud = Accounts['cloud'];

const MINUTE = 60_000;

function expectAllStarted({ items, failures, logins }: Seen, cloud: Cloud, ids: string[]) {
	expect(failures).toEqual([]);
	expect(items.map(({ serverId, outcome, attempts }) => ({ serverId, outcome, attempts }))).toEqual(
		ids.map((serverId) => ({ serverId, outcome: 'started', attempts: 1 })),
	);
	expect(runningOf(cloud, ids)).toEqual(ids);
	expect(logins).toBe(0);
}

/** All fail for one reason, given in the same words; the cloud was asked once or twice. */
function expectAllRefused({ items, failures }: Seen, cloud: Cloud, ids: string[]) {
	expect(items).toEqual([]);
	expect(failures.map(({ serverId }) => serverId)).toEqual(ids);
	for (const failure of failures) {
		expect(failure).toMatchObject({ reason: 'unauthorized', attempts: 0, httpStatus: 401 });
		expect(failure.code).toBe('APIGW.0301');
	}
	expect(new Set(failures.map(whyOf)).size).toBe(1);
	expect(new Set(failures.map(({ hint }) => hint)).size).toBe(1);
	expect(cloud.requests.total).toBeGreaterThanOrEqual(1);
	expect(cloud.requests.total).toBeLessThanOrEqual(2);
	expect(runningOf(cloud, ids)).toEqual([]);
}

/** A clock that differs from this machine's. */
function clockThatIsOff(milliseconds: number) {
	const { now, sleep } = createRealClock();
	return { now: () => now() + milliseconds, sleep };
}

// Signed requests

test.concurrent('50 servers: each start and each look is signed, and nobody logs in', async () => {
	const { cloud, byAccessKey, start, books, received } = await openAccounts({ latencyMs: 20 });
	const ids = addServers(cloud, 50);

	const run = await start(byAccessKey(), ids);

	expectAllStarted(run, cloud, ids);
	expect(books()).toMatchObject({ 'start 202': 50, 'list 200': expect.any(Number) });
	expect(Object.keys(books()).filter((what) => !/ 20[02]$/.test(what))).toEqual([]);
	for (const { headers } of received) {
		expect(headers.authorization).toMatch(
			/^SDK-HMAC-SHA256 Access=SIMULATORACCESSKEY00, SignedHeaders=[a-z0-9;-]+, Signature=[0-9a-f]{64}$/,
		);
		expect(headers['x-sdk-date']).toMatch(/^\d{8}T\d{6}Z$/);
		expect(headers['x-project-id']).toBe(cloud.project.id);
		expect(headers).not.toHaveProperty('x-auth-token');
		expect(headers).not.toHaveProperty('x-security-token');
	}
});

test.concurrent('one server: looks at that server alone', async () => {
	const { cloud, byAccessKey, start, books } = await openAccounts();
	addServers(cloud, 20);
	const { id } = cloud.addServer({ name: 'web-1' });

	expectAllStarted(await start(byAccessKey(), [id]), cloud, [id]);
	expect(books()).toEqual({ 'start 202': 1, 'read 200': 1 });
});

test.concurrent('pages of a list are signed, the next one too', async () => {
	const { cloud, byAccessKey, start, books } = await openAccounts({
		maxLimit: 10,
		startSeconds: 1,
	});
	const ids = addServers(cloud, 25);

	expectAllStarted(await start(byAccessKey(), ids), cloud, ids);
	expect(books()['list 200']).toBeGreaterThanOrEqual(3);
	expect(Object.keys(books()).filter((what) => !/ 20[02]$/.test(what))).toEqual([]);
});

test.concurrent('a batch and its job are signed', async () => {
	const { cloud, byAccessKey, start, books } = await openAccounts();
	const ids = addServers(cloud, 30);

	const run = await start(byAccessKey(), ids, { options: { sendAs: 'oneBatchRequest' } });

	expectAllStarted(run, cloud, ids);
	expect(books()).toMatchObject({ 'batch 200': 1 });
	expect(Object.keys(books()).filter((what) => !what.endsWith(' 200'))).toEqual([]);
});

test.concurrent('a failed start is found in the signed list of actions', async () => {
	const { cloud, byAccessKey, start, books } = await openAccounts();
	const { id } = cloud.addServer({ name: 'web-1', startBehaviour: 'fallsBack' });

	const { failures } = await start(byAccessKey(), [id]);

	expect(failures[0]).toMatchObject({ reason: 'startFailed' });
	expect(books()).toMatchObject({ 'action-log 200': expect.any(Number) });
});

test.concurrent.each(['v2.1', 'v2'])('API version %s', async (apiVersion) => {
	const { cloud, byAccessKey, start, received } = await openAccounts();
	const ids = addServers(cloud, 3);

	expectAllStarted(await start(byAccessKey(), ids, { options: { apiVersion } }), cloud, ids);
	expect(received[0].path).toContain(`/${apiVersion}/`);
});

test.concurrent.each(['manual', 'trigger', 'webhook', 'cli'] as const)(
	'in mode %s',
	async (mode) => {
		const { cloud, byAccessKey, start } = await openAccounts();
		const ids = addServers(cloud, 3);

		expectAllStarted(await start(byAccessKey(), ids, { mode }), cloud, ids);
	},
);

test.concurrent('an endpoint with a host name and a slash at its end', async () => {
	const { cloud, byAccessKey, start, url } = await openAccounts();
	const ids = addServers(cloud, 3);
	const ecsEndpoint = `${url.replace('127.0.0.1', 'localhost')}/`;

	expectAllStarted(await start(byAccessKey({ ecsEndpoint }), ids), cloud, ids);
});

test.concurrent('blanks around the pasted key do not matter', async () => {
	const { cloud, byAccessKey, start } = await openAccounts();
	const ids = addServers(cloud, 3);
	const { accessKey } = cloud.accessKey;

	const run = await start(
		byAccessKey({ accessKey: ` ${accessKey}\n`, secretKey: `${SECRET_KEY}\n` }),
		ids,
	);

	expectAllStarted(run, cloud, ids);
});

test.concurrent('the project of the credential, where the key opens several', async () => {
	const { cloud, byAccessKey, start, received } = await openAccounts();
	const { id: projectId } = cloud.addProject('eu-de_sub');
	cloud.user.roles[projectId] = 'member';
	const { id } = cloud.addServer({ name: 'web-1', projectId });

	expectAllStarted(await start(byAccessKey({ projectId }), [id]), cloud, [id]);
	expect(received.map(({ headers }) => headers['x-project-id'])).toEqual([projectId, projectId]);
});

test.concurrent('a throttled start is signed anew when it is sent again', async () => {
	const { cloud, byAccessKey, start, received } = await openAccounts();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', times: 1, then: { preset: 'throttled', retryAfter: 2 } });

	const { items } = await start(byAccessKey(), [id]);

	expect(items[0]).toMatchObject({ outcome: 'started', attempts: 2 });
	expect(received[1].headers['x-sdk-date']).not.toBe(received[0].headers['x-sdk-date']);
});

// Temporary keys

test.concurrent('a temporary key goes with its security token', async () => {
	const { cloud, addTemporaryKey, byAccessKey, start, received } = await openAccounts();
	const ids = addServers(cloud, 5);
	const accessKey = addTemporaryKey();

	const run = await start(byAccessKey({ accessKey, securityToken: SECURITY_TOKEN }), ids);

	expectAllStarted(run, cloud, ids);
	for (const { headers } of received) expect(headers['x-security-token']).toBe(SECURITY_TOKEN);
});

test.concurrent.each([
	['without its security token', ''],
	['with another security token', 'other-CANARYsecuritytoken'],
])('a temporary key %s is refused', async (_, securityToken) => {
	const { cloud, addTemporaryKey, byAccessKey, start } = await openAccounts();
	const ids = addServers(cloud, 20);
	const accessKey = addTemporaryKey();

	const run = await start(byAccessKey({ accessKey, securityToken }), ids);

	expectAllRefused(run, cloud, ids);
	expect(run.failures[0].hint).toContain('security token');
});

test.concurrent('a temporary key that ends during the wait', async () => {
	const { cloud, addTemporaryKey, byAccessKey, start, books } = await openAccounts({
		startSeconds: 30,
	});
	const ids = addServers(cloud, 10);
	const accessKey = addTemporaryKey();
	const running = start(byAccessKey({ accessKey, securityToken: SECURITY_TOKEN }), ids);
	await until(() => isWaitedFor(cloud, 10));
	cloud.accessKeys.delete(accessKey);

	const { failures } = await running;

	expect(failures.map(({ serverId }) => serverId)).toEqual(ids);
	for (const failure of failures) {
		expect(failure).toMatchObject({ reason: 'unauthorized', attempts: 1 });
		expect(failure.message).toContain('accepted');
	}
	expect(books()['list 401']).toBeLessThanOrEqual(2);
});

// Refused keys

test.concurrent.each([1, 100])(
	'a wrong secret key, %i servers: at most two requests',
	async (servers) => {
		const { cloud, byAccessKey, start } = await openAccounts();
		const ids = addServers(cloud, servers);

		const run = await start(byAccessKey({ secretKey: 'wrong-CANARYsecretkey' }), ids);

		expectAllRefused(run, cloud, ids);
		expect(run.failures[0].message).toMatch(/refused the signature made with access key SIMU…/);
		expect(run.failures[0].message).not.toContain(cloud.accessKey.accessKey);
		expect(run.failures[0].hint).toMatch(/access key.*secret key.*locks the key/);
	},
);

test.concurrent('an access key that is not there', async () => {
	const { cloud, byAccessKey, start } = await openAccounts();
	const ids = addServers(cloud, 20);

	expectAllRefused(await start(byAccessKey({ accessKey: 'NOSUCHKEY00' }), ids), cloud, ids);
});

test.concurrent('a wrong secret key in a batch', async () => {
	const { cloud, byAccessKey, start } = await openAccounts();
	const ids = addServers(cloud, 20);

	const run = await start(byAccessKey({ secretKey: 'wrong-CANARYsecretkey' }), ids, {
		options: { sendAs: 'oneBatchRequest' },
	});

	expectAllRefused(run, cloud, ids);
});

test.concurrent('a refused key stops the workflow with one error', async () => {
	const { cloud, byAccessKey, start } = await openAccounts();
	const ids = addServers(cloud, 20);

	const run = await start(byAccessKey({ secretKey: 'wrong-CANARYsecretkey' }), ids, {
		onError: 'stopWorkflow',
	});

	expect(run.status).toBe('error');
	expect(run.error.message).toMatch(/^20 servers did not start, 0 did: .*refused the signature/);
	expect(run.error.description).not.toContain('refused the signature made');
	expect(cloud.requests.total).toBeLessThanOrEqual(2);
});

test.concurrent('two executions with a wrong secret key do not lock the key', async () => {
	const { cloud, byAccessKey, start } = await openAccounts();
	const ids = addServers(cloud, 20);
	const wrong = byAccessKey({ secretKey: 'wrong-CANARYsecretkey' });
	await start(wrong, ids);
	await start(wrong, ids);

	expectAllStarted(await start(byAccessKey(), ids), cloud, ids);
});

test.concurrent('a locked key', async () => {
	const { cloud, byAccessKey, start } = await openAccounts();
	const ids = addServers(cloud, 20);
	const { accessKey } = cloud.accessKey;
	cloud.lockouts.set(accessKey, { refused: 0, lockedUntil: cloud.now + 5 * MINUTE });

	const run = await start(byAccessKey(), ids);

	expectAllRefused(run, cloud, ids);
	expect(run.failures[0].message).toContain('AK access failed to reach the limit');
	expect(run.failures[0].hint).toContain('five minutes');
});

test.concurrent('a project that the key does not open', async () => {
	const { cloud, byAccessKey, start } = await openAccounts();
	const ids = addServers(cloud, 5);

	const run = await start(byAccessKey({ projectId: 'f'.repeat(32) }), ids);

	expectAllRefused(run, cloud, ids);
});

test.concurrent.each([
	['an access key', { accessKey: ' ' }, "'Access Key'"],
	['a secret key', { secretKey: '' }, "'Secret Key'"],
	['a project ID', { projectId: '' }, "'Project ID'"],
	['an ECS endpoint', { ecsEndpoint: '' }, "'Compute Endpoint'"],
])('without %s nothing is sent', async (_, fields, field) => {
	const { cloud, byAccessKey, start } = await openAccounts();
	const ids = addServers(cloud, 3);

	const { failures } = await start(byAccessKey(fields), ids);

	expect(failures.map(({ reason }) => reason)).toEqual(ids.map(() => 'invalidInput'));
	expect(failures[0].message).toContain(field);
	expect(cloud.requests.total).toBe(0);
});

// Two clocks

test.concurrent.each([
	['behind', 20],
	['ahead of', -20],
])('this machine is 20 minutes %s the cloud: said with the seconds', async (where, minutes) => {
	const { cloud, byAccessKey, start } = await openAccounts({
		clock: clockThatIsOff(minutes * MINUTE),
	});
	const ids = addServers(cloud, 20);

	const run = await start(byAccessKey(), ids);

	expectAllRefused(run, cloud, ids);
	const [, seconds] =
		new RegExp(`clock of this machine is (\\d+) seconds ${where} the clock of the cloud`).exec(
			run.failures[0].message,
		) ?? [];
	expect(Math.abs(Number(seconds) - 1200)).toBeLessThanOrEqual(2);
	expect(run.failures[0].hint).toMatch(/^Set the clock .*15 minutes/);
});

test.concurrent.each([10, -10])('%i minutes off are no reason to fail', async (minutes) => {
	const { cloud, byAccessKey, start } = await openAccounts({
		clock: clockThatIsOff(minutes * MINUTE),
	});
	const ids = addServers(cloud, 5);

	expectAllStarted(await start(byAccessKey(), ids), cloud, ids);
});

test.concurrent('with clocks that agree, a refusal says nothing of clocks', async () => {
	const { cloud, byAccessKey, start } = await openAccounts();
	const ids = addServers(cloud, 2);

	const { failures } = await start(byAccessKey({ secretKey: 'wrong-CANARYsecretkey' }), ids);

	expect(failures[0].message).not.toContain('clock');
	expect(failures[0].hint).not.toContain('clock');
});

test.concurrent(
	'a wrong secret key is named, though the clocks differ by ten minutes',
	async () => {
		const { cloud, byAccessKey, start } = await openAccounts({
			clock: clockThatIsOff(10 * MINUTE),
		});
		const ids = addServers(cloud, 2);

		const { failures } = await start(byAccessKey({ secretKey: 'wrong-CANARYsecretkey' }), ids);

		expect(`${failures[0].message} ${failures[0].hint}`).toContain('secret key');
	},
);

// No signature goes elsewhere

test.concurrent.each([301, 302, 303, 307, 308])('a %i is not followed', async (status) => {
	const elsewhere = await openAccounts();
	const { cloud, byAccessKey, start } = await openAccounts();
	const ids = addServers(cloud, 3);
	const location = `${elsewhere.url}/v2.1/${cloud.project.id}/servers/${ids[1]}/action`;
	cloud.faults.add({
		match: { kind: 'start', serverId: ids[1] },
		then: { status, headers: { location }, body: '' },
	});
	cloud.faults.add({
		match: { kind: ['read', 'list'] },
		times: 1,
		then: { status, headers: { location: `${elsewhere.url}/v2.1/` }, body: '' },
	});

	const { items, failures } = await start(byAccessKey(), ids);

	expect(items.map(({ serverId }) => serverId)).toEqual([ids[0], ids[2]]);
	expect(failures[0]).toMatchObject({ reason: 'unexpectedResponse', httpStatus: status });
	expect(elsewhere.received).toEqual([]);
});

test.concurrent('plain http to another machine is refused, unless it is allowed', async () => {
	const { cloud, byAccessKey, start, url } = await openAccounts();
	const ids = addServers(cloud, 3);
	const ecsEndpoint = url.replace('127.0.0.1', '0.0.0.0');

	const { failures } = await start(byAccessKey({ ecsEndpoint }), ids);

	expect(failures.map(({ reason }) => reason)).toEqual(ids.map(() => 'invalidInput'));
	expect(failures[0].message).toContain('plain http');
	expect(cloud.requests.total).toBe(0);
	expectAllStarted(await start(byAccessKey({ ecsEndpoint, allowHttp: true }), ids), cloud, ids);
});

// n8n's own HTTP Request node

test.concurrent.each<[string, object]>([
	['no query', {}],
	['a query', { limit: 2, name: 'lab' }],
	['a query with all that has to be encoded', { name: "a b+c/d=e&f'(g)*!~ü", status: '' }],
	['a query with a list', { status: ['ACTIVE', 'SHUTOFF'] }],
])('in the HTTP Request node: a list with %s', async (_, qs) => {
	const { cloud, byAccessKey, request, url, books } = await openAccounts();
	addServers(cloud, 3);

	const { answer } = await request(byAccessKey(), {
		method: 'GET',
		uri: `${url}/v2.1/${cloud.project.id}/servers/detail`,
		qs,
	});

	expect(answer).toMatchObject({ statusCode: 200 });
	expect(books()).toEqual({ 'list 200': 1 });
});

test.concurrent('in the HTTP Request node: a query in the address and one beside it', async () => {
	const { cloud, byAccessKey, request, url, received } = await openAccounts();
	addServers(cloud, 3);

	const { answer } = await request(byAccessKey(), {
		method: 'GET',
		uri: `${url}/v2.1/${cloud.project.id}/servers?limit=1`,
		qs: { name: 'lab 0' },
	});

	expect(answer).toMatchObject({ statusCode: 200 });
	expect(received[0].path).toMatch(/\?limit=1&name=lab%200$/);
});

test.concurrent.each([
	['an object', { 'os-start': {} }],
	['a text', '{ "os-start": {} }'],
])('in the HTTP Request node: a start, its body %s', async (_, body) => {
	const { cloud, byAccessKey, request, url, books, received } = await openAccounts();
	const { id } = cloud.addServer({ name: 'web-1' });

	const { answer } = await request(byAccessKey(), {
		method: 'POST',
		uri: `${url}/v2.1/${cloud.project.id}/servers/${id}/action`,
		body,
	});

	expect(answer).toMatchObject({ statusCode: 202 });
	expect(books()).toEqual({ 'start 202': 1 });
	expect(JSON.parse(received[0].body)).toEqual({ 'os-start': {} });
});

test.concurrent('in the HTTP Request node: a batch with a temporary key', async () => {
	const { cloud, addTemporaryKey, byAccessKey, request, url, books } = await openAccounts();
	const servers = addServers(cloud, 3).map((id) => ({ id }));
	const accessKey = addTemporaryKey();

	const { answer } = await request(byAccessKey({ accessKey, securityToken: SECURITY_TOKEN }), {
		method: 'POST',
		uri: `${url}/v1/${cloud.project.id}/cloudservers/action`,
		body: { 'os-start': { servers } },
	});

	expect(answer).toMatchObject({ statusCode: 200, body: { job_id: expect.any(String) } });
	expect(books()).toEqual({ 'batch 200': 1 });
});

// Nobody tells the secrets: each run above was searched for them

describe.each<[string, (heard: Heard) => string]>([
	['the security token', ({ headers }) => String(headers['x-security-token'])],
	['the signature', ({ headers }) => String(headers.authorization)],
	['all headers', ({ headers }) => JSON.stringify(headers)],
])('the cloud repeats %s', (_, repeat) => {
	test.concurrent.each([400, 401, 403, 404, 429, 500, 503])(
		'in a %i: neither security token nor signature is shown',
		async (status) => {
			for (const onError of ['continueErrorOutput', 'stopWorkflow'] as const) {
				const { cloud, byAccessKey, start } = await openAccounts();
				const ids = addServers(cloud, 1);
				const signatures: string[] = [];
				const { url: ecsEndpoint } = await openEcho(status, (heard) => {
					signatures.push(String(signatureIn(heard.headers)));
					return repeat(heard);
				});
				const store = byAccessKey({ ecsEndpoint, securityToken: SECURITY_TOKEN });
				const run = await start(store, ids, {
					onError,
					options: { maxTries: 1, waitTimeout: 6 },
				});
				const shown = JSON.stringify([run.output, run.errorOutput, run.error]);
				expect(shown).toContain('Not welcome');
				expect(signatures.filter((one) => shown.includes(one))).toEqual([]);
			}
		},
	);
});

// The log

test('none of it has been logged, though much else was', () => expectCleanLog());
