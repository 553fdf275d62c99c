'use strict';

// The trigger, in the example of recovery: published, and left alone.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');

const children = require('../../../tools/n8n/children');
const { waitFor } = require('../../../tools/n8n/wait');
const { recovery } = require('../../../tools/n8n/workflows');
const { startsOf } = require('../assertions');

const NAME = 'recovered';
const TRIGGER = 'Server Went Off';

/** @param {import('../world').World} world */
module.exports = (world) => {
	/** @type {string} */
	let id;
	before(async () => {
		id = await world.rest.createWorkflow(recovery(NAME, world.credentials.password));
		await world.rest.publish(id);
	});
	after(async () => await world.rest.unpublish(id));

	/** How many executions there are. */
	const count = async () => (await world.rest.executions(id)).length;

	test('a server that goes off by itself is started again', async () => {
		const [server] = await world.watched(NAME, 'by itself');
		const diedAt = Date.now();

		server.guestOff(world.cloud.now);
		const execution = await world.rest.lastExecution(id);

		assert.equal(execution.status, 'success', execution.error?.message);
		console.log(`  ${((Date.now() - diedAt) / 1000).toFixed(1)} s`);
		assert.deepEqual(
			execution.items(TRIGGER).map(({ event, serverId, cause }) => [event, serverId, cause]),
			[['stopped', server.id, 'notRequested']],
		);
		assert.deepEqual(
			execution.items('Recovered').map(({ text }) => text),
			[`Server ${server.name} runs (started).`],
		);
		assert.ok(world.cloud.wasRunning(server.id));
		assert.deepEqual(startsOf([server]), [1]);
	});

	test('a server that cannot be started ends the workflow in red, with the reason', async () => {
		const [server] = await world.watched(NAME, 'in vain');
		server.behave('start', { kind: 'error', seconds: 1, times: 1 });

		server.guestOff(world.cloud.now);
		const execution = await world.rest.lastExecution(id, 2);

		assert.equal(execution.status, 'error');
		console.log(`  ${execution.error?.message}`);
		assert.match(execution.error?.message ?? '', new RegExp(`'${server.name}'.* hypervisor lost`));
	});

	test('of two that cannot be started at once, the reasons of both are told', async () => {
		const servers = await world.watched(NAME, 'one', 'other');
		servers.forEach((server) => (server.locked = true));

		servers.forEach((server) => server.guestOff(world.cloud.now));
		const execution = await world.rest.lastExecution(id, 3);

		assert.equal(execution.status, 'error');
		for (const { name } of servers) {
			assert.match(execution.error?.message ?? '', new RegExp(`'${name}' .* locked`));
		}
	});

	test('a planned stop starts nothing', async () => {
		const [server] = await world.watched(NAME, 'as planned');
		const executions = await count();

		world.stopByUser(server.id);
		await waitFor('the stop', () => world.cloud.server(server.id)?.status === 'SHUTOFF');
		await world.looked(NAME);

		assert.equal(await count(), executions);
		assert.deepEqual(startsOf([server]), [0]);
	});

	test('n8n is killed and started again: nothing is lost, and nothing is told twice', async () => {
		const servers = await world.watched(NAME, 'before', 'in the middle', 'planned');
		const [beforehand, meanwhile, planned] = servers;
		const executions = await count();
		beforehand.behave('start', 'never');
		beforehand.guestOff(world.cloud.now);
		await waitFor('the start', () => beforehand.taskState === 'powering-on');

		await children.stop(world.n8n.server, 'SIGKILL');
		meanwhile.guestOff(world.cloud.now);
		world.stopByUser(planned.id);
		beforehand.force(world.cloud.now, { status: 'ACTIVE' });
		await world.n8n.start();
		await world.rest.endedExecutions(id, executions + 2);
		await world.looked(NAME);

		const [last, cut, ...others] = await world.rest.executions(id);
		assert.equal(others.length, executions);
		assert.deepEqual([last.status, cut.status], ['success', 'crashed']);
		const stored = await world.rest.execution(last.id);
		assert.deepEqual(
			stored.items(TRIGGER).map(({ serverId }) => serverId),
			[meanwhile.id],
		);
		assert.deepEqual(startsOf(servers), [1, 1, 0]);
	});
};
