/**
 * Trouble between the node and the cloud. The outcome is what the cloud's books say, and nobody is
 * asked more often or waited for longer than the options allow.
 */
import { addServers, openWorld, postsTo, runningOf } from '../harness/world';
import { createRealClock } from '../../simulator';

jest.setTimeout(60_000);

/** Seconds that a run may last beyond Wait Timeout: n8n, and a busy machine. */
const SLACK = 1.5;

const PROXY_PAGE = '<html><body>Please log in</body></html>';
const html = { 'content-type': 'text/html' };

// The cloud refuses for a moment

test.concurrent.each([
	['429', 'throttled'],
	['429 APIGW.0308', 'gatewayThrottled'],
	['429 APIG.0308', 'oldGatewayThrottled'],
	['429 Common.1503', 'flowLimit429'],
	['202 with Common.0024 inside', 'flowLimit202'],
	['413 overLimit', 'overLimit'],
	['503', 'serviceUnavailable'],
] as const)('%s: asked again, and started', async (_, preset) => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', times: 1, then: preset });

	const { items } = await start([id]);

	expect(items[0]).toMatchObject({ outcome: 'started', attempts: 2 });
	expect(postsTo(cloud)).toHaveLength(2);
	expect(cloud.wasRunning(id)).toBe(true);
});

test.concurrent.each([
	['in seconds', { retryAfter: 2 }, 1900],
	['as a date', { retryAfter: 3, retryAfterAsDate: true }, 1900],
])('Retry-After %s is kept to', async (_, retryAfter, atLeast) => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', times: 1, then: { preset: 'throttled', ...retryAfter } });

	const { items } = await start([id]);

	const [first, second] = postsTo(cloud);
	expect(items[0]).toMatchObject({ outcome: 'started', attempts: 2 });
	expect(second.at - Number(first.answeredAt)).toBeGreaterThanOrEqual(atLeast);
	expect(second.at - Number(first.answeredAt)).toBeLessThan(6000);
});

test.concurrent('a Retry-After date is read by the clock of the cloud', async () => {
	const anHour = 3_600_000;
	const { cloud, start } = await openWorld({ clock: clockThatIsFast(anHour) });
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({
		match: 'start',
		times: 1,
		then: { preset: 'throttled', retryAfter: 2, retryAfterAsDate: true },
	});

	const { items } = await start([id]);

	expect(items[0]).toMatchObject({ outcome: 'started', attempts: 2 });
	expect(items[0].seconds).toBeLessThan(8);
});

test.concurrent('when one is told to slow down, all do', async () => {
	const { cloud, start } = await openWorld();
	const ids = addServers(cloud, 16);
	cloud.faults.rateLimit = { requests: 6, seconds: 1, retryAfter: 1, match: 'start' };

	const { items } = await start(ids);

	expect(items.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'started'));
	expect(runningOf(cloud, ids)).toEqual(ids);
	for (const id of ids) expect(postsTo(cloud, id).length).toBeLessThanOrEqual(5);
	expect(postsTo(cloud).length).toBeLessThanOrEqual(2 * ids.length);
});

test.concurrent('an outage of all is waited out, with one probe at a time', async () => {
	const { cloud, start } = await openWorld();
	const ids = addServers(cloud, 20);
	cloud.faults.outage(2);

	const { items } = await start(ids);

	expect(items.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'started'));
	expect(runningOf(cloud, ids)).toEqual(ids);
	expect(cloud.requests.outcomes['start 503']).toBeLessThanOrEqual(10);
});

// The cloud goes on refusing

test.concurrent.each([
	['429', { preset: 'throttled', retryAfter: 0 }, 'throttled', 429, 'APIGW.0308'],
	['503', { preset: 'serviceUnavailable', retryAfter: 0 }, 'unavailable', 503, undefined],
] as const)('%s: no more than Max Tries', async (_, effect, reason, httpStatus, code) => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', then: effect });

	const { failures } = await start([id], { options: { maxTries: 3, waitTimeout: 30 } });

	expect(failures[0]).toMatchObject({ reason, httpStatus, attempts: 3 });
	expect(failures[0].code).toBe(code);
	expect(postsTo(cloud)).toHaveLength(3);
	expect(cloud.wasRunning(id)).toBe(false);
});

test.concurrent('a Retry-After beyond Wait Timeout is not waited for', async () => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', then: { preset: 'throttled', retryAfter: 3600 } });

	const { failures, elapsed } = await start([id], { options: { waitTimeout: 3 } });

	expect(failures[0]).toMatchObject({ reason: 'throttled', httpStatus: 429, attempts: 1 });
	expect(failures[0].message).toContain('limit:200,time:5 minute');
	expect(postsTo(cloud)).toHaveLength(1);
	expect(elapsed).toBeLessThan(3 + SLACK);
});

test.concurrent('an outage longer than Wait Timeout: most are never sent', async () => {
	const { cloud, start } = await openWorld();
	const ids = addServers(cloud, 20);
	cloud.faults.outage(60);

	const { failures, elapsed } = await start(ids, { options: { waitTimeout: 3 } });

	expect(failures.map(({ serverId }) => serverId)).toEqual(ids);
	expect(new Set(failures.map(({ reason }) => reason))).toEqual(new Set(['unavailable']));
	for (const { serverId, attempts } of failures) {
		expect(attempts).toBe(postsTo(cloud, serverId).length);
	}
	expect(failures.filter(({ attempts }) => attempts === 0).length).toBeGreaterThan(10);
	expect(elapsed).toBeLessThan(2 * 3 + SLACK);
});

// The answer is lost, and only the server can tell

const LOST = [
	['500', { preset: 'internalError' }],
	['502 with a page', { preset: 'badGateway' }],
	['504 without a body', { preset: 'gatewayTimeout' }],
] as const;

test.concurrent.each([
	...LOST.map(([name, effect]) => [name, { ...effect, afterEffect: true }] as const),
	['a dropped connection', { drop: 'after' }] as const,
])('%s after the effect: started, and not asked twice', async (_, effect) => {
	const { cloud, start } = await openWorld({ startSeconds: 1.5 });
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', times: 1, then: effect });

	const { items } = await start([id]);

	expect(items[0]).toMatchObject({ outcome: 'started', status: 'ACTIVE', attempts: 1 });
	expect(postsTo(cloud)).toHaveLength(1);
	expect(cloud.wasRunning(id)).toBe(true);
});

test.concurrent.each([...LOST, ['a dropped connection', { drop: 'before' }] as const])(
	'%s before the effect: looked at, then asked again',
	async (_, effect) => {
		const { cloud, start } = await openWorld();
		const { id } = cloud.addServer({ name: 'web-1' });
		cloud.faults.add({ match: 'start', times: 1, then: effect });

		const { items } = await start([id]);

		expect(items[0]).toMatchObject({ outcome: 'started', status: 'ACTIVE', attempts: 2 });
		expect(cloud.requests.find({}).map(({ kind }) => kind)).toEqual([
			'start',
			'read',
			'start',
			'read',
		]);
		expect(cloud.wasRunning(id)).toBe(true);
	},
);

test.concurrent('found running after a lost answer is started, not alreadyRunning', async () => {
	const { cloud, start } = await openWorld({ startSeconds: 0 });
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', times: 1, then: { drop: 'after' } });

	const { items } = await start([id], { options: { failIfAlreadyDone: true } });

	expect(items[0]).toMatchObject({ outcome: 'started', attempts: 1 });
});

test.concurrent('without waiting, a lost answer is looked after all the same', async () => {
	const { cloud, start } = await openWorld({ startSeconds: 30 });
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', times: 1, then: { drop: 'after' } });

	const { items } = await start([id], { waitUntilDone: false });

	expect(items[0]).toMatchObject({ outcome: 'accepted', attempts: 1 });
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent.each([
	['500', { preset: 'internalError' }, 'unavailable'],
	['a dropped connection', { drop: 'before' }, 'unreachable'],
] as const)('%s each time: no more than Max Tries', async (_, effect, reason) => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', then: effect });

	const { failures } = await start([id], { options: { maxTries: 2, waitTimeout: 20 } });

	expect(failures[0]).toMatchObject({ reason, attempts: 2 });
	expect(postsTo(cloud)).toHaveLength(2);
	expect(cloud.wasRunning(id)).toBe(false);
});

test.concurrent.each(['before', 'after'] as const)(
	'no answer at all, %s the effect: ends with Wait Timeout, and says what is not known',
	async (hang) => {
		const { cloud, start } = await openWorld();
		const { id } = cloud.addServer({ name: 'web-1' });
		cloud.faults.add({ match: 'start', then: { hang } });

		const { failures, elapsed } = await start([id], { options: { waitTimeout: 3 } });

		expect(failures[0]).toMatchObject({ reason: 'unreachable', attempts: 1 });
		expect(failures[0].message).toMatch(/may have been taken/);
		expect(postsTo(cloud)).toHaveLength(1);
		expect(cloud.wasRunning(id)).toBe(hang === 'after');
		expect(elapsed).toBeLessThan(3 + SLACK);
	},
);

test.concurrent('a server that hangs holds nobody else up', async () => {
	const { cloud, start } = await openWorld();
	const ids = addServers(cloud, 6);
	cloud.faults.add({ match: { kind: 'start', serverId: ids[2] }, then: 'hang' });

	const { items, failures, elapsed } = await start(ids, { options: { waitTimeout: 4 } });

	expect(items.map(({ serverId }) => serverId)).toEqual(ids.filter((id) => id !== ids[2]));
	expect(failures.map(({ serverId }) => serverId)).toEqual([ids[2]]);
	expect(elapsed).toBeLessThan(4 + SLACK);
});

// Reading is in trouble

test.concurrent.each([
	['429', { preset: 'throttled', retryAfter: 1 }],
	['503', { preset: 'serviceUnavailable' }],
	['500', { preset: 'internalError' }],
	['502 with a page', { preset: 'badGateway' }],
	['200 with a page', { status: 200, headers: html, body: PROXY_PAGE }],
	['200 with something else', { status: 200, body: { hello: 'world' } }],
	['a dropped connection', { drop: 'before' }],
	['a microversion that is not known', { status: 406, body: {} }],
] as const)('%s when reading: waits on, and asks no second time', async (_, effect) => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: { kind: ['read', 'list'] }, times: 1, then: effect });

	const { items } = await start([id]);

	expect(items[0]).toMatchObject({ outcome: 'started', status: 'ACTIVE', attempts: 1 });
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent.each([
	['hangs', 'hang'],
	['fails', 'internalError'],
] as const)('reading that %s to the end is timedOut, within Wait Timeout', async (_, then) => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: { kind: ['read', 'list'] }, then });

	const { failures, elapsed } = await start([id], { options: { waitTimeout: 3 } });

	expect(failures[0]).toMatchObject({ reason: 'timedOut', attempts: 1 });
	expect(failures[0].message).toContain('accepted');
	expect(postsTo(cloud)).toHaveLength(1);
	expect(elapsed).toBeLessThan(3 + SLACK);
});

test.concurrent.each(['internalError', 'gatewayTimeout', 'drop'] as const)(
	'a list that fails (%s) while single reads work: all servers are seen',
	async (then) => {
		const { cloud, start } = await openWorld();
		const ids = Array.from({ length: 12 }, (_, i) => cloud.addServer({ name: `web-${i}` }).id);
		cloud.faults.add({ match: 'list', then });

		const { items, failures } = await start(ids);

		expect(failures).toEqual([]);
		expect(items.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'started'));
	},
);

// Answers that are none

test.concurrent('a redirect is not followed', async () => {
	const elsewhere = await openWorld();
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	const location = `${elsewhere.url}/v2.1/${cloud.project.id}/servers/${id}/action`;
	cloud.faults.add({ match: 'start', then: { status: 302, headers: { location } } });

	const { failures } = await start([id]);

	expect(failures[0]).toMatchObject({
		reason: 'unexpectedResponse',
		httpStatus: 302,
		attempts: 1,
	});
	expect(elsewhere.received).toEqual([]);
	expect(cloud.requests.total).toBe(1);
});

test.concurrent.each([
	['200 with a page', { status: 200, headers: html, body: PROXY_PAGE }],
	['202 with a page', { status: 202, headers: html, body: PROXY_PAGE }],
	['201', { status: 201, body: '' }],
	['300', { status: 300, body: { choices: [] } }],
	['304', { status: 304, body: '' }],
])('%s is no acceptance', async (_, effect) => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', then: effect });

	const { failures } = await start([id]);

	expect(failures[0]).toMatchObject({
		reason: 'unexpectedResponse',
		httpStatus: effect.status,
		attempts: 1,
	});
	expect(postsTo(cloud)).toHaveLength(1);
	expect(cloud.wasRunning(id)).toBe(false);
});

test.concurrent.each([200, 204])('an empty %i is an acceptance', async (status) => {
	const { cloud, start } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', then: { status, body: '', afterEffect: true } });

	const { items } = await start([id]);

	expect(items[0]).toMatchObject({ outcome: 'started', attempts: 1 });
});

/** A clock that runs ahead of this machine's. */
function clockThatIsFast(milliseconds: number) {
	const { now, sleep } = createRealClock();
	return { now: () => now() + milliseconds, sleep };
}
