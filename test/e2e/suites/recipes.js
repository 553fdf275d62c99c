'use strict';

// The recipes of docs/usage.md, as somebody follows them.

const assert = require('node:assert/strict');
const { randomUUID } = require('node:crypto');
const { once } = require('node:events');
const { readFileSync } = require('node:fs');
const { createServer } = require('node:http');
const path = require('node:path');
const { test } = require('node:test');

const { chain, items, manualTrigger, startServers } = require('../../../tools/n8n/workflows');

const USAGE = path.resolve(__dirname, '..', '..', '..', 'docs', 'usage.md');

/** The numbers that a recipe gives to Retry On Fail. */
function retryOfRecipe() {
	const text = readFileSync(USAGE, 'utf8').replace(/\s+/g, ' ');
	const [, tries, wait] =
		/\*\*Max\. Tries\*\* (\d) and \*\*Wait Between Tries \(ms\)\*\* (\d+)/.exec(text) ?? [];
	return { retryOnFail: true, maxTries: Number(tries), waitBetweenTries: Number(wait) };
}

/** @param {import('../world').World} world */
module.exports = (world) => {
	/** @param {object} workflow */
	async function run(workflow) {
		const id = await world.rest.createWorkflow(workflow);
		return await world.rest.execution(await world.rest.run(id, manualTrigger.name));
	}

	/**
	 * An application that is not ready yet when it is called for the first time.
	 * @param {number} refusals
	 */
	async function application(refusals) {
		let calls = 0;
		const server = createServer((_, response) => {
			calls += 1;
			response.writeHead(calls > refusals ? 200 : 503, { 'content-type': 'application/json' });
			response.end(JSON.stringify({ ready: calls > refusals }));
		}).listen(0, '127.0.0.1');
		await once(server, 'listening');
		const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
		return {
			url: `http://127.0.0.1:${port}/health`,
			calls: () => calls,
			close: () => server.close(),
		};
	}

	test('“Running is not ready” calls the application until it is ready, and starts the server once', async () => {
		const [server] = world.servers(1);
		const app = await application(2);
		const ready = {
			name: 'Application Is Ready',
			type: 'n8n-nodes-base.httpRequest',
			typeVersion: 4.2,
			parameters: { url: app.url, options: {} },
			...retryOfRecipe(),
		};

		const execution = await run(
			chain('Running is not ready', [
				manualTrigger,
				...items([{ id: server.id }]),
				startServers(world.credential),
				ready,
			]),
		);
		app.close();

		assert.equal(execution.status, 'success', execution.error?.message);
		assert.deepEqual(execution.items(ready.name), [{ ready: true }]);
		assert.equal(app.calls(), 3);
		assert.equal(world.actionsOn(server.id).length, 1);
	});

	/**
	 * Our node, starting one server of a project.
	 * @param {string} name
	 * @param {import('../../../tools/n8n/workflows').Credential} credential
	 * @param {string} serverId
	 */
	function startOf(name, credential, serverId) {
		const onError = 'continueRegularOutput';
		const { parameters, ...node } = startServers(credential, { name, onError });
		const server = { ...parameters.serverId, value: serverId };
		return { ...node, parameters: { ...parameters, serverId: server } };
	}

	test('“Servers of several projects” starts those of each, though one of the first fails', async () => {
		const user = world.user();
		const other = world.cloud.addProject(`project of ${user.name}`);
		user.roles[other.id] = 'member';
		const theirs = world.cloud.addServer({ name: 'of another project', projectId: other.id });
		const credential = await world.newCredential('password', {
			projectId: other.id,
			userName: user.name,
			password: user.password,
		});
		const unknown = randomUUID();
		const first = startOf('First Project', world.credential, unknown);
		const second = startOf('Second Project', credential, theirs.id);
		const merge = { name: 'Merge', type: 'n8n-nodes-base.merge', typeVersion: 3.2, parameters: {} };
		const { nodes, connections, ...rest } = chain('Servers of several projects', [
			manualTrigger,
			first,
			merge,
		]);
		const to = (/** @type {string} */ node, index = 0) => ({ node, type: 'main', index });

		const execution = await run({
			...rest,
			nodes: [...nodes, { ...second, id: 'second', position: [220, 220] }],
			connections: {
				...connections,
				[manualTrigger.name]: { main: [[to(first.name), to(second.name)]] },
				[second.name]: { main: [[to(merge.name, 1)]] },
			},
		});

		assert.equal(execution.status, 'success', execution.error?.message);
		assert.deepEqual(
			execution
				.items(merge.name)
				.map(({ error, serverId, outcome }) => error?.reason ?? [serverId, outcome]),
			['notFound', [theirs.id, 'started']],
		);
		assert.ok(world.cloud.wasRunning(theirs.id));
	});
};
