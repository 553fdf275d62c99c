'use strict';

// The list of servers and the Test of a credential run in the main, the work in the workers.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { Alarms } = require('../alarms');
const { assertAll, assertStartedOnce } = require('../../assertions');

/** @param {import('../world').QueueWorld} world */
module.exports = (world) => {
	test('the list of servers needs no login after a worker has logged in', async () => {
		const { credential } = await world.newUser();
		const servers = world.servers(1);
		const alarms = await Alarms.publish(world, 'before-list', credential);
		await alarms.raise(servers);
		assertAll(await alarms.ended(1), 'success');
		const logins = world.logins;

		const listed = await world.rest.searchServers(credential, servers[0].name);

		assert.deepEqual(
			listed.map(({ value }) => value),
			servers.map(({ id }) => id),
		);
		assert.equal(world.logins, logins);
	});

	test('after a Test that succeeds, the list of servers logs in, and ends a refusal in the workers', async () => {
		const { user, credential } = await world.newUser();
		const { password } = user;
		const servers = world.servers(1);
		const alarms = await Alarms.publish(world, 'before-test', credential);
		user.password = 'another';
		await alarms.raise(servers);
		assertAll(await alarms.ended(1), 'error');
		user.password = password;

		const { status, message } = await world.rest.testCredential(credential);
		await world.rest.searchServers(credential, servers[0].name);
		const logins = world.logins;
		await alarms.raise(servers);
		const [again] = await alarms.ended(2);

		assert.equal(status, 'OK', message);
		assertAll([again], 'success');
		assertStartedOnce(servers);
		assert.equal(world.logins, logins);
	});
};
