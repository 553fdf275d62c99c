'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const {
	NODE_NAME,
	chain,
	items,
	manualTrigger,
	startServers,
	webhook,
} = require('../../../tools/n8n/workflows');

const SERVERS = 12;

/** @param {import('../world').World} world */
module.exports = (world) => {
	/** @param {string} id */
	const run = async (id) =>
		await world.rest.execution(await world.rest.run(id, manualTrigger.name));

	for (const [sendAs, how, execute] of /** @type {const} */ ([
		['oneRequestPerServer', 'by command line', world.n8n.execute.bind(world.n8n)],
		['oneBatchRequest', 'in the editor', run],
	])) {
		test(`${how}, ${sendAs}: every request is signed, nothing logs in`, async () => {
			const servers = world.servers(SERVERS);
			const node = startServers(world.credentials.accessKey);
			node.parameters.options.sendAs = sendAs;
			const id = await world.rest.createWorkflow(
				chain(`Start by access key, ${sendAs}`, [
					manualTrigger,
					...items(servers.map((server) => ({ serverId: server.id }))),
					node,
				]),
			);
			const before = { logins: world.logins, requests: world.proofs.length };

			const execution = await execute(id);

			assert.equal(execution.status, 'success', execution.error?.description);
			assert.deepEqual(
				execution.items(NODE_NAME).map(({ serverId, outcome }) => [serverId, outcome]),
				servers.map((server) => [server.id, 'started']),
			);
			const requests = world.proofs.slice(before.requests);
			assert.ok(requests.every(({ token, signature }) => signature && !token));
			assert.equal(world.logins, before.logins);
		});
	}

	test('by webhook', async () => {
		const id = await world.rest.createWorkflow(
			chain('Start on call by access key', [
				webhook('start-by-access-key'),
				startServers(world.credentials.accessKey),
			]),
		);
		await world.rest.publish(id);
		for (const server of world.servers(2)) {
			const response = await world.n8n.callWebhook('start-by-access-key', {
				serverId: server.id,
			});
			assert.deepEqual(
				(await response.json()).map(({ serverId, outcome }) => [serverId, outcome]),
				[[server.id, 'started']],
			);
		}
	});

	for (const [what, change, clockOffMs, expected] of /** @type {const} */ ([
		['a wrong secret key', { secretKey: 'not-the-secret-key' }, 0, /refused the signature made/],
		['a clock that is 20 minutes off', {}, 20 * 60_000, /clock of this machine is 1\d\d\d seconds/],
	])) {
		test(`${what} is told after two signed requests at most`, async () => {
			// A key of its own: what is refused is not sent again for 10 minutes, which other tests would meet.
			const { accessKey: known, user, project } = world.cloud;
			const { accessKey } = world.cloud.addAccessKey(user.id, project.id, {
				accessKey: 'REFUSEDACCESSKEY0000',
				secretKey: known.secretKey,
			});
			const credential = await world.newCredential('accessKey', { accessKey, ...change });
			const servers = world.servers(SERVERS);
			const id = await world.rest.createWorkflow(
				chain(`Start with ${what}`, [
					manualTrigger,
					...items(servers.map((server) => ({ serverId: server.id }))),
					startServers(credential, { onError: 'continueRegularOutput' }),
				]),
			);
			const requests = world.proofs.length;

			const execution = await world.withClockOff(clockOffMs, () => run(id));

			const sent = world.proofs.length - requests;
			const errors = execution.items(NODE_NAME).map(({ error }) => error);
			console.log(`  ${sent} request(s): ${errors[0].message}\n  ${errors[0].hint}`);
			assert.ok(sent <= 2, `${sent} requests`);
			assert.equal(errors.length, SERVERS);
			for (const { reason, message } of errors) {
				assert.equal(reason, 'unauthorized');
				assert.match(message, expected);
			}
		});
	}
};
