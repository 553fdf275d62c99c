'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const {
	NODE_NAME,
	chain,
	items,
	manualTrigger,
	startServers,
} = require('../../../tools/n8n/workflows');

/** @param {import('../world').World} world */
module.exports = (world) => {
	test('three servers are started, and n8n stores what became of each', async () => {
		const servers = world.servers(3);
		const id = await world.rest.createWorkflow(
			chain('Start three servers', [
				manualTrigger,
				...items(servers.map((server) => ({ serverId: server.id }))),
				startServers(world.credential),
			]),
		);

		const execution = await world.n8n.execute(id);

		assert.equal(execution.exitCode, 0);
		assert.equal(execution.status, 'success');
		assert.deepEqual(
			execution
				.items(NODE_NAME)
				.map(({ serverId, operation, outcome, status }) => [serverId, operation, outcome, status]),
			servers.map((server) => [server.id, 'start', 'started', 'ACTIVE']),
		);
		for (const server of servers) {
			assert.ok(world.cloud.wasRunning(server.id));
			assert.deepEqual(world.actionsOn(server.id), [
				{
					method: 'POST',
					url: `/v2.1/${world.cloud.project.id}/servers/${server.id}/action`,
					body: '{"os-start":{}}',
				},
			]);
		}
		const stored = await world.rest.lastExecution(id);
		assert.equal(stored.status, 'success');
		assert.deepEqual(stored.items(NODE_NAME), execution.items(NODE_NAME));
	});

	test('a server that runs already is left alone', async () => {
		const server = world.cloud.addServer({ name: 'running', status: 'ACTIVE' });
		const id = await world.rest.createWorkflow(
			chain('Start a running server', [
				manualTrigger,
				...items([{ serverId: server.id }]),
				startServers(world.credential),
			]),
		);

		const execution = await world.n8n.execute(id);

		assert.deepEqual(
			execution.items(NODE_NAME).map(({ serverId, outcome }) => [serverId, outcome]),
			[[server.id, 'alreadyRunning']],
		);
	});
};
