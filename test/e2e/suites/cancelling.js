'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');
const { setTimeout: delay } = require('node:timers/promises');

const { waitFor } = require('../../../tools/n8n/wait');
const { chain, items, manualTrigger, startServers } = require('../../../tools/n8n/workflows');

/** Longer than the poll interval, and than a request under way. */
const QUIET_MS = 2500;

/** @param {import('../world').World} world */
module.exports = (world) => {
	test('an execution that is stopped asks the cloud nothing any more', async () => {
		const server = world.cloud.addServer({ name: 'never starts', startBehaviour: 'never' });
		const id = await world.rest.createWorkflow(
			chain('Start for ever', [
				manualTrigger,
				...items([{ serverId: server.id }]),
				startServers(world.credential),
			]),
		);
		const run = await world.rest.run(id, manualTrigger.name);
		await waitFor('the start', () => world.actionsOn(server.id).length > 0);
		const asked = world.wire.length;
		await waitFor('a look at the server', () => world.wire.length > asked);

		await world.rest.call('POST', `/executions/${run}/stop`);
		const { status } = await world.rest.execution(run);
		const askedWhenStopped = world.wire.length;
		await delay(QUIET_MS);

		assert.equal(status, 'canceled');
		assert.equal(world.wire.length, askedWhenStopped);
		assert.equal(world.actionsOn(server.id).length, 1);
	});
};
