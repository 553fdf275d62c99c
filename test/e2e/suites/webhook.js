'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { NODE_NAME, chain, startServers, webhook } = require('../../../tools/n8n/workflows');

/** @param {import('../world').World} world */
module.exports = (world) => {
	test('a published workflow starts the server of each call', async () => {
		const servers = world.servers(2);
		const id = await world.rest.createWorkflow(
			chain('Start on call', [webhook('start-on-call'), startServers(world.credential)]),
		);
		await world.rest.publish(id);

		for (const server of servers) {
			const response = await world.n8n.callWebhook('start-on-call', { serverId: server.id });
			const answer = await response.json();
			assert.equal(response.status, 200);
			assert.deepEqual(
				answer.map(({ serverId, outcome, status }) => [serverId, outcome, status]),
				[[server.id, 'started', 'ACTIVE']],
			);
			const stored = await world.rest.lastExecution(id);
			assert.equal(stored.status, 'success');
			assert.deepEqual(stored.items(NODE_NAME), answer);
		}

		const executions = await world.rest.executions(id);
		assert.deepEqual(
			executions.map(({ status, mode }) => [status, mode]),
			servers.map(() => ['success', 'webhook']),
		);
	});
};
