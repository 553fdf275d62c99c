'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { waitFor } = require('../../../tools/n8n/wait');
const {
	NODE_NAME,
	chain,
	items,
	scheduleTrigger,
	startServers,
} = require('../../../tools/n8n/workflows');

const EXECUTIONS = 9;
const INTERVAL_SECONDS = 2;
const TOKEN_SECONDS = 5;

/** @param {import('../world').World} world */
module.exports = (world) => {
	test('a schedule outlives its tokens, and logs in about once for each', async () => {
		// They run before the next execution begins: two at a time may both meet the end of a token.
		const servers = ['one', 'two', 'three'].map((name) =>
			world.cloud.addServer({ name: `nightly ${name}`, startSeconds: 0.5 }),
		);
		const user = world.user();
		const credential = await world.newCredential('password', {
			userName: user.name,
			password: user.password,
		});
		const id = await world.rest.createWorkflow(
			chain('Start on schedule', [
				scheduleTrigger(INTERVAL_SECONDS),
				...items(servers.map((server) => ({ serverId: server.id }))),
				startServers(credential),
			]),
		);
		// Whoever comes to start a server finds it switched off.
		const nightfall = (/** @type {import('node:http').IncomingMessage} */ { method, url }) => {
			if (method !== 'POST') return;
			const server = servers.find((one) => url?.includes(one.id));
			if (server && world.cloud.server(server.id)?.status === 'ACTIVE') world.switchOff(server.id);
		};
		world.simulator.app.server.prependListener('request', nightfall);
		world.cloud.settings.tokenSeconds = TOKEN_SECONDS;
		const loginsBefore = world.logins;
		const startedAt = Date.now();
		await world.rest.publish(id);

		const ended = await waitFor(`${EXECUTIONS} executions`, async () => {
			const executions = await world.rest.executions(id);
			const all = executions.filter(({ status }) => status !== 'running' && status !== 'new');
			return all.length >= EXECUTIONS && all;
		});
		await world.rest.unpublish(id);
		const seconds = (Date.now() - startedAt) / 1000;
		const logins = world.logins - loginsBefore;
		world.cloud.settings.tokenSeconds = 86_400;
		world.simulator.app.server.off('request', nightfall);

		console.log(`  ${ended.length} executions, ${logins} logins in ${seconds.toFixed(1)} s`);
		assert.deepEqual(
			ended.map(({ status, mode }) => [status, mode]),
			ended.map(() => ['success', 'trigger']),
		);
		for (const execution of ended) {
			const stored = await world.rest.execution(execution.id);
			assert.deepEqual(
				stored.items(NODE_NAME).map(({ serverId, outcome }) => [serverId, outcome]),
				servers.map((server) => [server.id, 'started']),
			);
		}
		const lifetimes = seconds / TOKEN_SECONDS;
		assert.ok(logins >= 3, `${logins} logins`);
		assert.ok(logins <= lifetimes + 1, `${logins} logins in ${lifetimes} lifetimes`);
	});
};
