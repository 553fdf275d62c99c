'use strict';

// What runs in a worker, whoever began it.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const {
	NODE_NAME,
	chain,
	getServers,
	items,
	manualTrigger,
	scheduleTrigger,
	startServers,
} = require('../../../../tools/n8n/workflows');
const { assertAll, assertStartedOnce } = require('../../assertions');

const NIGHTLY = 'queue-nightly';

/** @param {import('../world').QueueWorld} world */
module.exports = (world) => {
	/**
	 * The outcome of each server in an execution.
	 * @param {{ id: string }} execution
	 */
	async function outcomes({ id }) {
		const stored = await world.rest.execution(id);
		return stored
			.items(NODE_NAME)
			.map(({ serverId, outcome }) => [serverId, outcome])
			.sort();
	}

	/**
	 * @param {{ id: string }[]} servers
	 * @param {string} outcome
	 */
	const all = (servers, outcome) => servers.map(({ id }) => [id, outcome]).sort();

	test('a schedule finds its servers and starts them, in a worker', async () => {
		const servers = ['one', 'two', 'three'].map((name) =>
			world.cloud.addServer({ name: `${NIGHTLY} ${name}`, tags: [NIGHTLY] }),
		);
		const { credential } = await world.newUser();
		const find = getServers(credential, { tags: NIGHTLY });
		const id = await world.rest.createWorkflow(
			chain('Start on schedule', [scheduleTrigger(3), find, startServers(credential)]),
		);

		await world.rest.publish(id);
		await world.rest.lastExecution(id, 2);
		await world.rest.unpublish(id);
		const executions = (await world.rest.endedExecutions(id, 2)).reverse();

		assertAll(executions, 'success');
		assert.deepEqual(new Set(executions.map(({ mode }) => mode)), new Set(['trigger']));
		assert.deepEqual(await outcomes(executions[0]), all(servers, 'started'));
		assert.deepEqual(await outcomes(executions[1]), all(servers, 'alreadyRunning'));
		assertStartedOnce(servers);
		for (const execution of executions) assert.equal(world.workersOf([execution.id]).length, 1);
	});

	test('a run by hand starts its servers, in a worker', async () => {
		const servers = world.servers(3);
		const { credential } = await world.newUser();
		const id = await world.rest.createWorkflow(
			chain('Start by hand', [
				manualTrigger,
				...items(servers.map((server) => ({ serverId: server.id }))),
				startServers(credential),
			]),
		);

		const run = await world.rest.run(id, manualTrigger.name);

		assert.deepEqual(await outcomes({ id: run }), all(servers, 'started'));
		assertStartedOnce(servers);
		assert.equal(world.workersOf([run]).length, 1);
	});
};
