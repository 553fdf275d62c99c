'use strict';

const assert = require('node:assert/strict');
const { randomUUID } = require('node:crypto');
const { test } = require('node:test');

const { NODE_NAME, examples, serverIdsOf } = require('../lib/workflows');

/** @param {import('../lib/world').World} world */
module.exports = (world) => {
	const switchOff = (serverIds) => {
		for (const id of serverIds)
			world.cloud.server(id).force(world.cloud.now, { status: 'SHUTOFF' });
	};

	for (const { id, name } of examples()) {
		test(`“${name}” finds the credential of its name when it is imported`, async () => {
			const { nodes } = await world.rest.call('GET', `/workflows/${id}`);
			const used = nodes.flatMap(({ credentials }) => Object.values(credentials ?? {}));
			assert.deepEqual(
				used.map((credential) => credential.id),
				[world.credential.id],
			);
		});
	}

	test('“Morning start-up” starts its servers', async () => {
		const serverIds = serverIdsOf('morning-start-up');
		switchOff(serverIds);

		const run = await world.rest.run('morning-start-up', 'Weekdays at 07:00');
		const execution = await world.rest.execution(run);

		assert.equal(execution.status, 'success', execution.error?.message);
		assert.deepEqual(
			execution.items(NODE_NAME).map(({ serverId, outcome }) => [serverId, outcome]),
			serverIds.map((id) => [id, 'started']),
		);
		assert.deepEqual(execution.items('Report'), []);
	});

	test('“Morning start-up” reports the servers that did not start in one item', async () => {
		const serverIds = serverIdsOf('morning-start-up');
		switchOff(serverIds);
		const [locked, gone] = serverIds;
		world.cloud.server(locked).locked = true;
		world.cloud.removeServer(gone);

		const run = await world.rest.run('morning-start-up', 'Weekdays at 07:00');
		const execution = await world.rest.execution(run);
		world.cloud.server(locked).locked = false;
		world.cloud.addServer({ id: gone, name: 'application' });

		assert.equal(execution.status, 'success', execution.error?.message);
		const [report, ...more] = execution.items('Report');
		assert.deepEqual(more, []);
		console.log(report.text.replace(/^/gm, '  '));
		assert.match(report.text, /^2 of 3 servers did not start:/);
		assert.deepEqual(
			report.notStarted.map(({ serverId, error }) => [serverId, error.reason]),
			[
				[locked, 'locked'],
				[gone, 'notFound'],
			],
		);
	});

	test('“Start one server on demand” starts its server', async () => {
		const [serverId] = serverIdsOf('on-demand');
		switchOff([serverId]);

		const execution = await world.n8n.execute('on-demand');

		assert.equal(execution.status, 'success', execution.error?.message);
		assert.deepEqual(
			execution.items(NODE_NAME).map((item) => [item.serverId, item.outcome]),
			[[serverId, 'started']],
		);
	});

	test('“Recovery on an event” answers at once, and reports how it went', async () => {
		const [server] = world.servers(1);
		await world.rest.publish('recovery-on-event');

		for (const [serverId, node, count] of [
			[server.id, 'Recovered', 1],
			[randomUUID(), 'Not Recovered', 2],
		]) {
			const response = await world.n8n.callWebhook('recover-server', { serverId });
			assert.deepEqual(
				[response.status, await response.json()],
				[200, { message: 'Workflow was started' }],
			);
			const execution = await world.rest.lastExecution('recovery-on-event', count);
			assert.equal(execution.status, 'success', execution.error?.message);
			const [{ text }] = execution.items(node);
			console.log(`  ${text}`);
			assert.ok(text.includes(serverId) || text.includes(server.name));
		}
		assert.ok(world.cloud.wasRunning(server.id));
	});
};
