'use strict';

// Each type in n8n's own HTTP Request node.

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { chain, httpRequest, items, manualTrigger } = require('../../../tools/n8n/workflows');

/** @param {import('../world').World} world */
module.exports = (world) => {
	/**
	 * @param {import('../../../tools/n8n/workflows').Credential} credential
	 * @param {object} parameters of the node
	 * @param {number} [count] of items
	 */
	async function call(credential, parameters, count = 1) {
		const before = { logins: world.logins, requests: world.wire.length };
		const workflowId = await world.rest.createWorkflow(
			chain('HTTP Request', [
				manualTrigger,
				...items(Array.from({ length: count }, (_, number) => ({ number }))),
				httpRequest(credential, parameters),
			]),
		);
		const run = await world.rest.run(workflowId, manualTrigger.name);
		const execution = await world.rest.execution(run);
		const logins = world.logins - before.logins;
		return {
			execution,
			logins,
			calls: world.wire.length - before.requests - logins,
			items: execution.items('HTTP Request'),
		};
	}

	const base = () => `${world.endpoint}/v2.1/${world.cloud.project.id}/servers`;
	const query = (/** @type {string} */ name) => ({
		sendQuery: true,
		queryParameters: {
			parameters: [
				{ name: 'name', value: name },
				{ name: 'limit', value: '5' },
			],
		},
	});

	for (const kind of /** @type {const} */ ([
		'token',
		'password',
		'applicationCredential',
		'accessKey',
	])) {
		test(`${kind}: GET with a query`, async () => {
			const server = world.cloud.addServer({ name: `büro a+b & c/${kind}` });
			// Nova takes the name for a regular expression.
			const pattern = server.name.replace('+', '\\+');
			const { execution, items: got } = await call(world.credentials[kind], {
				url: `${base()}/detail`,
				...query(pattern),
			});
			assert.equal(execution.status, 'success', execution.error?.message);
			assert.deepEqual(
				got[0].servers.map((/** @type {{ id: string }} */ { id }) => id),
				[server.id],
			);
		});

		test(`${kind}: POST with a body and a query`, async () => {
			const [server] = world.servers(1);
			const { execution } = await call(world.credentials[kind], {
				url: `${base()}/${server.id}/action`,
				method: 'POST',
				sendBody: true,
				specifyBody: 'json',
				jsonBody: '{ "os-start": {} }',
				...query('ü & ='),
			});
			assert.equal(execution.status, 'success', execution.error?.message);
			assert.equal(world.actionsOn(server.id).length, 1);
			assert.equal(world.cloud.server(server.id)?.taskState, 'powering-on');
		});
	}

	test('password: it logs in by itself after the cloud revoked the token', async () => {
		world.revokeTokens();
		const { execution, logins } = await call(world.credentials.password, { url: base() });
		assert.equal(execution.status, 'success', execution.error?.message);
		assert.equal(logins, 1);
	});

	test('accessKey: n8n stores the answer that refuses a signature, and no secret with it', async () => {
		const refused = await world.newCredential('accessKey', {
			secretKey: 'not-the-secret-key',
			securityToken: '',
		});
		const { execution, calls } = await call(refused, { url: base() });
		assert.equal(execution.status, 'error');
		assert.equal(calls, 1);
	});

	// What n8n does after an error there is not ours: the README warns of it.
	test('password: n8n tries once more after a refused login, and after a 404', async () => {
		const { name: userName } = world.user();
		const wrong = { userName, password: 'not-the-password' };
		const refused = await world.newCredential('password', wrong);
		const one = await call(refused, { url: base() });
		const { execution, logins, calls } = await call(world.credentials.password, {
			url: `${base()}/nothing`,
		});
		console.log(`  refused login: ${one.logins} logins; 404: ${logins} login, ${calls} calls`);
		console.log(`  ${one.execution.error?.message}`);
		assert.ok(one.logins <= 2, `${one.logins} logins`);
		assert.equal(execution.status, 'error');
		assert.ok(calls <= 2, `${calls} calls`);
	});
};
