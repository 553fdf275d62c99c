'use strict';

// Told by the cloud: the webhook processor checks who tells, and a worker recovers the server.

const assert = require('node:assert/strict');
const { before, test } = require('node:test');

const { mailOf } = require('../../../../simulator/smn-alarms');
const { examples } = require('../../../../tools/n8n/workflows');

/** @param {import('../world').QueueWorld} world */
module.exports = (world) => {
	const { cloud } = world;
	const { smn } = cloud;
	/** @type {string} */
	let workflow;
	/** @type {import('../../../../simulator/smn').Topic} */
	let topic;

	before(async () => {
		const { credential } = await world.newUser();
		const example = examples().find(({ id }) => id === 'recovery-on-alarm');
		const nodes = example?.nodes.map((node) =>
			node.credentials
				? {
						...node,
						credentials: { [credential.type]: { id: credential.id, name: credential.name } },
					}
				: node,
		);
		workflow = await world.rest.createWorkflow({ ...example, nodes });
		({ topic } = await world.listenToAlarms(workflow, world.webhookUrl));
	});

	test('the webhook processor confirms and checks, and a worker starts the server', async () => {
		const [server] = world.servers(1);

		smn.publish(topic, mailOf('alarm', { server, at: cloud.now }));
		await smn.settled();

		const [{ id, status }] = await world.rest.endedExecutions(workflow, 1);
		assert.deepEqual(smn.deliveries.at(-1)?.statuses, [200]);
		assert.equal(status, 'success');
		assert.equal(world.workersOf([id]).length, 1);
		assert.ok(cloud.wasRunning(server.id));
		assert.equal(cloud.requests.find({ kind: 'certificate' }).length, 1);
	});

	test('ten alarms of as many servers at once are ten executions, by one certificate', async () => {
		const servers = world.servers(10);

		for (const server of servers) {
			smn.publish(topic, mailOf('systemEvent', { server, at: cloud.now }));
		}
		await smn.settled();

		const executions = await world.rest.endedExecutions(workflow, 11);
		assert.deepEqual(new Set(executions.map(({ status }) => status)), new Set(['success']));
		assert.ok(servers.every(({ id }) => cloud.wasRunning(id)));
		assert.equal(cloud.requests.find({ kind: 'certificate' }).length, 1);
	});
};
