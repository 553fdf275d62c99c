'use strict';

// The trigger in queue mode: the main polls, and a worker does the rest.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');

const children = require('../../../../tools/n8n/children');
const { waitFor } = require('../../../../tools/n8n/wait');
const { recovery } = require('../../../../tools/n8n/workflows');
const { assertAll, assertStartedOnce } = require('../../assertions');

const NAME = 'queue-recovery';

/** @param {import('../world').QueueWorld} world */
module.exports = (world) => {
	/** @type {string} */
	let id;
	before(async () => {
		const { credential } = await world.newUser();
		id = await world.rest.createWorkflow(recovery(NAME, credential));
		await world.rest.publish(id);
	});
	after(async () => await world.rest.unpublish(id));

	/** @param {{ id: string }[]} executions each in one worker */
	function assertInWorkers(executions) {
		for (const execution of executions) assert.equal(world.workersOf([execution.id]).length, 1);
	}

	test('a server that goes off by itself is started once, by a worker', async () => {
		const servers = await world.watched(NAME, 'by itself');

		servers[0].guestOff(world.cloud.now);
		const executions = await world.rest.endedExecutions(id, 1);
		await world.looked(NAME);

		assert.equal((await world.rest.executions(id)).length, 1);
		assertAll(executions, 'success');
		assertInWorkers(executions);
		assertStartedOnce(servers);
		assert.ok(world.cloud.wasRunning(servers[0].id));
	});

	test('the main is killed and started again: nothing is lost, and nothing is started twice', async () => {
		const servers = await world.watched(NAME, 'before', 'in the middle');
		const [beforehand, meanwhile] = servers;
		beforehand.behave('start', 'never');
		beforehand.guestOff(world.cloud.now);
		await waitFor('the start', () => beforehand.taskState === 'powering-on');

		await children.stop(world.n8n.server, 'SIGKILL');
		meanwhile.guestOff(world.cloud.now);
		await world.n8n.start();
		world.arrive([beforehand]);
		const executions = await world.rest.endedExecutions(id, 3);
		await world.looked(NAME);

		assert.equal((await world.rest.executions(id)).length, 3);
		assertAll(executions, 'success');
		assertInWorkers(executions);
		assertStartedOnce(servers);
	});
};
