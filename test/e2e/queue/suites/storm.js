'use strict';

// A host fails, and a hundred alarms arrive at once: each is an execution of its own.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');

const { Alarms } = require('../alarms');
const { assertAll, assertStartedOnce, startsOf } = require('../../assertions');
const { WORKERS } = require('../world');

const STORM = 100;
/** Whoever does not wait for another's login has the time for one of his own. */
const SLOW_LOGIN = /** @type {const} */ ({ match: 'login', then: { delayBefore: 1 } });
const THROTTLE = { requests: 10, seconds: 1, retryAfter: 2 };
const THROTTLED_PATIENCE_MS = 150_000;
/** Five refused logins lock a user. */
const LOCKING = 5;

/** @param {import('../world').QueueWorld} world */
module.exports = (world) => {
	const { cloud } = world;
	before(() => void cloud.faults.add(SLOW_LOGIN));
	after(() => cloud.faults.clear());

	/**
	 * Raises an alarm for each server, all at once, and waits for the end of all executions.
	 * @param {string} name
	 * @param {import('../../../../tools/n8n/workflows').Credential} credential
	 * @param {{ id: string }[]} servers
	 * @param {number} [patienceMs]
	 */
	async function storm(name, credential, servers, patienceMs) {
		const alarms = await Alarms.publish(world, name, credential);
		const [logins, calls, startedAt] = [world.logins, cloud.requests.total, Date.now()];
		await alarms.raise(servers);
		const executions = await alarms.ended(servers.length, patienceMs);
		const cost = { logins: world.logins - logins, calls: cloud.requests.total - calls };
		const seconds = (Date.now() - startedAt) / 1000;
		console.log(`  ${servers.length} alarms: ${seconds.toFixed(1)} s,`, cost);
		return { executions, ...cost };
	}

	test('100 alarms with a session that lives: each server is started once, and nobody logs in', async () => {
		const { credential } = await world.newUser();
		const [first, ...servers] = world.servers(1 + STORM);
		await storm('first', credential, [first]);

		const { executions, logins } = await storm('storm', credential, servers);

		assertAll(executions, 'success');
		assertStartedOnce(servers);
		assert.equal(logins, 0);
	});

	test('100 alarms after the session ran out: each server is started once, and each worker logs in once at most', async () => {
		const { credential } = await world.newUser();
		const [first, ...servers] = world.servers(1 + STORM);
		await storm('first-session', credential, [first]);
		world.revokeTokens();

		const { executions, logins } = await storm('storm-after-night', credential, servers);

		assertAll(executions, 'success');
		assertStartedOnce(servers);
		assert.ok(logins <= WORKERS, `${logins} logins`);
	});

	test('100 alarms with a wrong password: each fails, the user is not locked, and ten more alarms ask nobody', async () => {
		const { user, credential } = await world.newUser({ password: 'not-the-password' });
		const servers = world.servers(STORM);

		const { executions, logins } = await storm('wrong', credential, servers);
		const later = await storm('wrong-later', credential, servers.slice(0, 10));

		assertAll([...executions, ...later.executions], 'error');
		assert.ok(logins <= WORKERS, `${logins} refused logins`);
		assert.deepEqual([later.logins, later.calls], [0, 0]);
		assert.ok((cloud.lockouts.get(user.id)?.refused ?? 0) < LOCKING);
		assert.equal(cloud.lockouts.get(user.id)?.lockedUntil ?? 0, 0);
		assert.deepEqual(new Set(startsOf(servers)), new Set([0]));
	});

	test('100 alarms while the cloud takes 10 requests a second: each server is started once', async (t) => {
		t.after(() => void (cloud.faults.rateLimit = null));
		const { credential } = await world.newUser();
		const servers = world.servers(STORM);
		cloud.faults.rateLimit = THROTTLE;

		const { executions } = await storm('throttled', credential, servers, THROTTLED_PATIENCE_MS);

		assertAll(executions, 'success');
		assertStartedOnce(servers);
	});

	test('ten alarms for one server: each execution ends well, and each worker asks once at most', async () => {
		const { credential } = await world.newUser();
		const [server] = world.servers(1);

		const { executions } = await storm('same', credential, Array(10).fill(server));

		assertAll(executions, 'success');
		assertStartedOnce([server]);
		const asked = world.actionsOn(server.id).length;
		assert.ok(asked <= WORKERS, `asked ${asked} times`);
	});
};
