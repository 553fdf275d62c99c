'use strict';

// What happens to executions that wait for their servers when a service ends under them.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const children = require('../../../../tools/n8n/children');
const { isReady } = require('../../../../tools/n8n/n8n');
const { waitFor } = require('../../../../tools/n8n/wait');
const { Alarms } = require('../alarms');
const { assertAll, assertStartedOnce, startsOf } = require('../../assertions');
const { SLOTS } = require('../world');

/** More than can run at a time: some are still queued. */
const ALARMS = SLOTS + 10;
/** Until n8n calls an execution lost whose worker has been killed. */
const LOST_MS = 90_000;

/** @param {import('../world').QueueWorld} world */
module.exports = (world) => {
	/**
	 * Alarms for new servers, of which as many as can be are on their way.
	 * @param {string} name
	 * @param {number} count
	 */
	async function inTheMiddle(name, count) {
		const { credential } = await world.newUser();
		const servers = world.slowServers(name, count);
		const alarms = await Alarms.publish(world, name, credential);
		await alarms.raise(servers);
		const asked = () => startsOf(servers).filter(Boolean).length;
		await waitFor('servers to be asked', () => asked() === Math.min(count, SLOTS));
		return { alarms, servers };
	}

	test('a worker is killed: its executions fail, none is begun again, and the next alarm finds their servers running', async () => {
		const { alarms, servers } = await inTheMiddle('killed-worker', SLOTS);
		const [killed] = world.workers;
		const killedAt = Date.now();

		await children.stop(killed.child, 'SIGKILL');
		world.arrive(servers);
		const executions = await alarms.ended(SLOTS, LOST_MS);
		console.log(`  shown as failed after ${((Date.now() - killedAt) / 1000).toFixed(0)} s`);

		const ids = new Set(world.executionsOf(killed));
		const lost = executions.filter(({ id }) => ids.has(id));
		assert.ok(lost.length > 0);
		assertAll(lost, 'error');
		assertAll(
			executions.filter(({ id }) => !ids.has(id)),
			'success',
		);
		for (const { id } of executions) assert.equal(world.workersOf([id]).length, 1);

		await world.startWorker();
		await alarms.raise(servers);
		const again = (await alarms.ended(2 * SLOTS)).slice(0, SLOTS);
		assertAll(again, 'success');
		assertStartedOnce(servers);
	});

	test('the main is killed and started again: every server is started once, and every execution ends well', async () => {
		const { alarms, servers } = await inTheMiddle('killed-main', ALARMS);

		await children.stop(world.n8n.server, 'SIGKILL');
		await world.n8n.start();
		world.arrive(servers);

		assertAll(await alarms.ended(ALARMS), 'success');
		assertStartedOnce(servers);
	});

	for (const [name, service] of /** @type {const} */ ([
		['Redis', world.redis],
		['PostgreSQL', world.postgres],
	])) {
		test(`${name} restarts: every server is started once, and every execution ends well`, async () => {
			const { alarms, servers } = await inTheMiddle(`restart-of-${name}`, ALARMS);

			await service.stop();
			await service.start();
			await waitFor('n8n to be ready again', () => isReady(world.n8n.url));
			world.arrive(servers);

			assertAll(await alarms.ended(ALARMS), 'success');
			assertStartedOnce(servers);
		});
	}
};
