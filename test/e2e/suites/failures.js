'use strict';

const assert = require('node:assert/strict');
const { randomUUID } = require('node:crypto');
const { test } = require('node:test');

const {
	NODE_NAME,
	chain,
	items,
	manualTrigger,
	startServers,
} = require('../../../tools/n8n/workflows');

/** @param {import('../world').World} world */
module.exports = (world) => {
	/**
	 * Saves and runs a workflow that starts the servers with these ids.
	 * @param {string} name
	 * @param {string[]} serverIds
	 * @param {object} [settings] of the node
	 * @param {import('../../../tools/n8n/workflows').Credential} [credential]
	 */
	async function runStart(name, serverIds, settings, credential = world.credential) {
		const id = await world.rest.createWorkflow(
			chain(name, [
				manualTrigger,
				...items(serverIds.map((serverId) => ({ serverId, note: 'mine' }))),
				startServers(credential, settings),
			]),
		);
		return await world.rest.execution(await world.rest.run(id, manualTrigger.name));
	}

	test('an unknown server takes the error output, and the others are started', async () => {
		const [server] = world.servers(1);
		const unknown = randomUUID();

		const execution = await runStart('Error output', [unknown, server.id], {
			onError: 'continueErrorOutput',
		});

		assert.equal(execution.status, 'success');
		assert.deepEqual(
			execution.items(NODE_NAME, 0).map(({ serverId, outcome }) => [serverId, outcome]),
			[[server.id, 'started']],
		);
		const [{ error, ...rest }, ...more] = execution.items(NODE_NAME, 1);
		assert.deepEqual(more, []);
		// n8n merges the fields of the input item into it.
		assert.deepEqual(rest, { serverId: unknown, note: 'mine' });
		assert.equal(error.reason, 'notFound');
		assert.equal(error.serverId, unknown);
		assert.equal(error.operation, 'start');
		assert.equal(error.httpStatus, 404);
		assert.ok(error.message && error.hint);
	});

	test('with Continue, the item is the error and nothing else', async () => {
		const unknown = randomUUID();

		const execution = await runStart('Continue', [unknown], { onError: 'continueRegularOutput' });

		const [item] = execution.items(NODE_NAME);
		assert.deepEqual(Object.keys(item), ['error']);
		assert.equal(item.error.reason, 'notFound');
	});

	test('with Stop Workflow, all servers are tried and the message tells what became of them', async () => {
		const [server] = world.servers(1);
		const unknown = [randomUUID(), randomUUID()];

		const execution = await runStart('Stop Workflow', [unknown[0], server.id, unknown[1]]);

		assert.equal(execution.status, 'error');
		const { message, description = '' } = execution.error ?? { message: '' };
		console.log(`  ${message}\n  ${description}`);
		assert.match(message, /^2 servers did not start, 1 did: each was not found/);
		for (const id of unknown) assert.ok(description.includes(id));
		assert.ok(world.cloud.wasRunning(server.id));
	});

	test('with Stop Workflow, one server: what happened to it, and what to do, each once', async () => {
		const [server] = world.servers(1);
		server.locked = true;

		const execution = await runStart('One server', [server.id]);

		assert.equal(
			execution.error?.message,
			`Server '${server.name}' did not start because it is locked`,
		);
		assert.match(
			execution.error?.description ?? '',
			/^Unlock the server in the cloud console \(or: openstack server unlock\), /,
		);
	});

	test('a token that has run out fails the execution and says so', async () => {
		const [server] = world.servers(1);
		// One of its own, as what is refused once is not tried again for a while.
		const old = world.oldToken();
		const { type, data } = world.credential;
		const expired = { name: 'Of yesterday', type, data: { ...data, token: old.id } };
		const credential = { ...expired, id: await world.rest.createCredential(expired) };

		const continued = { onError: 'continueRegularOutput' };
		const execution = await runStart('Expired token', [server.id], continued, credential);
		const stopped = await runStart('Expired token, stop', [server.id], undefined, credential);

		assert.equal(execution.items(NODE_NAME)[0].error.reason, 'unauthorized');
		assert.equal(stopped.status, 'error');
		const { message, description = '' } = stopped.error ?? { message: '' };
		console.log(`  ${message}\n  ${description}`);
		assert.match(message, /the cloud refused the token/);
		assert.match(description, /^Get a new token/);
	});

	test('a cloud that cannot be reached fails the execution and says so', async () => {
		const { type, data } = world.credential;
		const unreachable = {
			name: 'Nobody at home',
			type,
			data: { ...data, ecsEndpoint: 'http://127.0.0.1:1' },
		};
		const id = await world.rest.createCredential(unreachable);
		const credential = { ...unreachable, id };
		const { parameters } = startServers(credential);
		const options = { ...parameters.options, maxTries: 1 };

		const stopped = await runStart(
			'Unreachable',
			[randomUUID()],
			{ parameters: { ...parameters, options } },
			credential,
		);

		assert.equal(stopped.status, 'error');
		const { message, description = '' } = stopped.error ?? { message: '' };
		console.log(`  ${message}\n  ${description}`);
		assert.match(message, /did not answer/);
		assert.match(description, /^Check the endpoint/);
	});
};
