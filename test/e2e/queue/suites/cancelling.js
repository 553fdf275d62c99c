'use strict';

// What n8n passes on to the workers: runs by hand, and alarms that the main took. It does not reach a worker
// with an execution that a webhook processor queued.

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { setTimeout: delay } = require('node:timers/promises');

const { waitFor } = require('../../../../tools/n8n/wait');
const { chain, items, manualTrigger, startServers } = require('../../../../tools/n8n/workflows');
const { Alarms } = require('../alarms');
const { assertAll, assertStartedOnce, startsOf } = require('../../assertions');
const { SLOTS } = require('../world');

/** Longer than the poll interval, and than a request under way. */
const QUIET_MS = 2500;
const OTHERS = 3;

/** @param {import('../world').QueueWorld} world */
module.exports = (world) => {
	test('executions that are stopped ask the cloud nothing any more, and the others go on', async () => {
		const { credential } = await world.newUser();
		const stuck = world.slowServers('never arrives', 2);
		const others = world.slowServers('arrives', OTHERS);
		const hand = await world.rest.createWorkflow(
			chain('Stopped by hand', [
				manualTrigger,
				...items([{ serverId: stuck[0].id }]),
				startServers(credential),
			]),
		);
		const alarms = await Alarms.publish(world, 'stopped', credential);
		const run = await world.rest.run(hand, manualTrigger.name);
		await alarms.raise([stuck[1]], world.n8n.url);
		const [{ id: alarm }] = await world.rest.executions(alarms.id);
		await alarms.raise(others, world.n8n.url);
		await waitFor('all starts', () => startsOf([...stuck, ...others]).every(Boolean));

		for (const id of [run, alarm]) await world.rest.call('POST', `/executions/${id}/stop`);
		world.arrive(others);
		const executions = await alarms.ended(1 + OTHERS);
		const asked = world.wire.length;
		await delay(QUIET_MS);

		assert.equal((await world.rest.execution(run)).status, 'canceled');
		const isAlarm = (/** @type {{ id: string }} */ { id }) => id === alarm;
		assertAll(executions.filter(isAlarm), 'canceled');
		assertAll(
			executions.filter((execution) => !isAlarm(execution)),
			'success',
		);
		assertStartedOnce([...stuck, ...others]);
		assert.equal(world.wire.length, asked);
	});

	test('an execution that is stopped before a worker takes it asks the cloud nothing', async () => {
		const { credential } = await world.newUser();
		const busy = world.slowServers('busy', SLOTS);
		const [late] = world.servers(1);
		const alarms = await Alarms.publish(world, 'stopped-early', credential);
		await alarms.raise(busy, world.n8n.url);
		await waitFor('all slots to be taken', () => startsOf(busy).every(Boolean));
		await alarms.raise([late], world.n8n.url);
		const executions = await world.rest.executions(alarms.id);
		const [queued, ...more] = executions.filter(({ status }) => status === 'new');
		assert.deepEqual(more, []);

		await world.rest.call('POST', `/executions/${queued.id}/stop`);
		world.arrive(busy);
		await alarms.ended(SLOTS + 1);
		await delay(QUIET_MS);

		assert.deepEqual(startsOf([late]), [0]);
		assertStartedOnce(busy);
	});
};
