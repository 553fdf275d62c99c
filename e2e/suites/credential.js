'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { chain, manualTrigger } = require('../lib/workflows');

/** @param {import('../lib/world').World} world */
module.exports = (world) => {
	test('its Test is OK for the right values', async () => {
		const { status, message } = await world.rest.testCredential(world.credential);
		assert.equal(status, 'OK', message);
	});

	for (const [what, change] of Object.entries({
		'a bad token': { token: 'not-a-token' },
		'a wrong project': { projectId: '0123456789abcdef0123456789abcdef' },
		'an unreachable endpoint': { ecsEndpoint: 'http://127.0.0.1:1' },
		'an endpoint without a scheme': { ecsEndpoint: 'ecs.example.com' },
	})) {
		test(`its Test says what is wrong with ${what}`, async () => {
			const data = { ...world.credential.data, ...change };
			const { status, message } = await world.rest.testCredential({ ...world.credential, data });
			console.log(`  ${message}`);
			assert.equal(status, 'Error');
			assert.ok(message.length > 10, message);
		});
	}

	test("it works in n8n's own HTTP Request node", async () => {
		const [server] = world.servers(1);
		const { id, name, type } = world.credential;
		const workflowId = await world.rest.createWorkflow(
			chain('HTTP Request', [
				manualTrigger,
				{
					name: 'HTTP Request',
					type: 'n8n-nodes-base.httpRequest',
					typeVersion: 4.2,
					parameters: {
						url: `${world.endpoint}/v2.1/${world.cloud.project.id}/servers/${server.id}`,
						authentication: 'predefinedCredentialType',
						nodeCredentialType: type,
						options: {},
					},
					credentials: { [type]: { id, name } },
				},
			]),
		);

		const run = await world.rest.run(workflowId, manualTrigger.name);
		const execution = await world.rest.execution(run);

		assert.equal(execution.status, 'success', execution.error?.message);
		assert.equal(execution.items('HTTP Request')[0].server.id, server.id);
	});
};
