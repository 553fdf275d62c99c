'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { setTimeout: delay } = require('node:timers/promises');

const { waitFor } = require('../../../../tools/n8n/wait');
const { Alarms } = require('../alarms');
const { assertAll, assertStartedOnce, startsOf } = require('../assertions');
const { SLOTS } = require('../world');

/** Longer than the poll interval, and than a request under way. */
const QUIET_MS = 2500;
const OTHERS = 3;

/** @param {import('../world').QueueWorld} world */
module.exports = (world) => {
	test('an execution that is stopped asks the cloud nothing any more, and the others go on', async () => {
		const { credential } = await world.newUser();
		const stuck = world.cloud.addServer({ name: 'never starts', startBehaviour: 'never' });
		const others = Array.from({ length: OTHERS }, (_, index) =>
			world.cloud.addServer({ name: `starts later ${index}`, startSeconds: 6 }),
		);
		const alarms = await Alarms.publish(world, 'stopped', credential);
		await alarms.raise([stuck], world.n8n.url);
		const [{ id }] = await world.rest.executions(alarms.id);
		await alarms.raise(others, world.n8n.url);
		await waitFor('all starts', () => startsOf([stuck, ...others]).every(Boolean));

		await world.rest.call('POST', `/executions/${id}/stop`);
		const executions = await alarms.ended(1 + OTHERS);
		const asked = world.wire.length;
		await delay(QUIET_MS);

		const statusOf = new Map(executions.map((execution) => [execution.id, execution.status]));
		assert.equal(statusOf.get(id), 'canceled');
		assertAll(
			executions.filter((execution) => execution.id !== id),
			'success',
		);
		assertStartedOnce([stuck, ...others]);
		assert.equal(world.wire.length, asked);
	});

	test('an execution that is stopped before a worker has taken it asks the cloud nothing', async () => {
		const { credential } = await world.newUser();
		const busy = Array.from({ length: SLOTS }, (_, index) =>
			world.cloud.addServer({ name: `busy ${index}`, startSeconds: 6 }),
		);
		const [late] = world.servers(1);
		const alarms = await Alarms.publish(world, 'stopped-early', credential);
		await alarms.raise(busy, world.n8n.url);
		await waitFor('all slots to be taken', () => startsOf(busy).every(Boolean));
		await alarms.raise([late], world.n8n.url);
		const executions = await world.rest.executions(alarms.id);
		const [queued, ...more] = executions.filter(({ status }) => status === 'new');
		assert.deepEqual(more, []);

		await world.rest.call('POST', `/executions/${queued.id}/stop`);
		await alarms.ended(SLOTS + 1);
		await delay(QUIET_MS);

		assert.deepEqual(startsOf([late]), [0]);
		assertStartedOnce(busy);
	});
};
