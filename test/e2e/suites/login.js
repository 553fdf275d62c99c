'use strict';

const assert = require('node:assert/strict');
const { before, test } = require('node:test');

const {
	NODE_NAME,
	chain,
	items,
	manualTrigger,
	startServers,
	webhook,
} = require('../../../tools/n8n/workflows');

/** Enough that requests go out side by side. */
const SERVERS = 12;

/** @param {import('../world').World} world */
module.exports = (world) => {
	for (const [kind, sessions] of /** @type {const} */ ([
		['password', ['without a session', 'with a stored session', 'with a revoked session']],
		['applicationCredential', ['without a session']],
	])) {
		/** @type {{ id: string, servers: ReturnType<typeof world.servers> }} */
		let command;
		before(async () => {
			const servers = world.servers(SERVERS);
			const id = await world.rest.createWorkflow(
				chain(`Start by ${kind}`, [
					manualTrigger,
					...items(servers.map((server) => ({ serverId: server.id }))),
					startServers(world.credentials[kind]),
				]),
			);
			command = { id, servers };
		});

		for (const session of sessions) {
			const expected = session === 'with a stored session' ? 0 : 1;
			test(`${kind}, by command line, ${session}: ${expected} login(s), and all servers run`, async () => {
				for (const { id } of command.servers) world.switchOff(id);
				if (session === 'with a revoked session') world.revokeTokens();
				const loginsBefore = world.logins;

				const execution = await world.n8n.execute(command.id);

				assert.equal(execution.status, 'success', execution.error?.description);
				assert.deepEqual(
					execution.items(NODE_NAME).map(({ serverId, outcome }) => [serverId, outcome]),
					command.servers.map(({ id }) => [id, 'started']),
				);
				assert.equal(world.logins - loginsBefore, expected);
			});
		}

		test(`${kind}, by webhook: one login for all calls, one more after the cloud revoked it`, async () => {
			const credential = await world.newCredential(kind);
			const path = `start-by-${kind}`.toLowerCase();
			const id = await world.rest.createWorkflow(
				chain(path, [webhook(path), startServers(credential)]),
			);
			await world.rest.publish(id);
			const loginsBefore = world.logins;

			const logins = [];
			for (const prepare of [() => undefined, () => undefined, () => world.revokeTokens()]) {
				const [server] = world.servers(1);
				prepare();
				const response = await world.n8n.callWebhook(path, { serverId: server.id });
				assert.deepEqual(
					(await response.json()).map(({ serverId, outcome }) => [serverId, outcome]),
					[[server.id, 'started']],
				);
				logins.push(world.logins - loginsBefore);
			}

			assert.deepEqual(logins, [1, 1, 2]);
		});
	}

	test('a refused login is not repeated, and each server fails with it', async () => {
		const user = world.user();
		const credential = await world.newCredential('password', {
			userName: user.name,
			password: 'not-the-password',
		});
		const servers = world.servers(SERVERS);
		const workflow = (
			/** @type {string} */ name,
			/** @type {object | undefined} */ settings = {},
		) =>
			chain(name, [
				manualTrigger,
				...items(servers.map(({ id }) => ({ serverId: id }))),
				startServers(credential, settings),
			]);
		const [stop, proceed] = [
			await world.rest.createWorkflow(workflow('Refused login, stop')),
			await world.rest.createWorkflow(
				workflow('Refused login, continue', { onError: 'continueRegularOutput' }),
			),
		];
		const loginsBefore = world.logins;

		const stopped = await world.rest.execution(await world.rest.run(stop, manualTrigger.name));
		assert.equal(world.logins - loginsBefore, 1);
		const proceeded = await world.rest.execution(await world.rest.run(proceed, manualTrigger.name));
		// The process remembers the refusal.
		assert.equal(world.logins - loginsBefore, 1);

		assert.equal(stopped.status, 'error');
		console.log(`  ${stopped.error?.message}`);
		const errors = proceeded.items(NODE_NAME).map(({ error }) => error);
		assert.deepEqual([...new Set(errors.map(({ reason }) => reason))], ['unauthorized']);
		assert.equal(errors.length, SERVERS);
		console.log(`  ${errors[0].message}\n  ${errors[0].hint}`);
		for (const { message } of errors) assert.match(message, /the login at .* was refused/);
		for (const { id } of servers) assert.deepEqual(world.actionsOn(id), []);
	});
};
