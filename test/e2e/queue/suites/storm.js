'use strict';

// A host fails, and a hundred alarms arrive at once: each is an execution of its own.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const STORM = 100;
/** Each may log in by itself, as they share no memory. */
const WORKERS = 2;

/** @param {import('../world').QueueWorld} world */
module.exports = (world) => {
	/** A credential of a user of its own. */
	async function login() {
		const user = world.user();
		const { name, password } = user;
		return await world.newCredential('password', { userName: name, password });
	}

	test('100 alarms at once: each server is started once, and each worker logs in once at most', async () => {
		const credential = await login();
		const id = await world.alarmWorkflow('storm', credential);
		const servers = world.servers(STORM);
		const loginsBefore = world.logins;

		await world.alarm('storm', servers);
		const executions = await world.rest.endedExecutions(id, STORM);

		assert.deepEqual(new Set(executions.map(({ status }) => status)), new Set(['success']));
		assert.deepEqual(
			world.starts(servers),
			servers.map(() => 1),
		);
		const logins = world.logins - loginsBefore;
		assert.ok(logins <= WORKERS, `${logins} logins`);
	});
};
