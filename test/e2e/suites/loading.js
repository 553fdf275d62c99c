'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { NODE_TYPE, TRIGGER_TYPE } = require('../../../tools/n8n/workflows');

/** @param {import('../world').World} world */
module.exports = (world) => {
	test('n8n offers the node, for workflows and as a tool for agents', async () => {
		const nodes = await world.rest.types('nodes');
		const [node] = nodes.filter(({ name }) => name === NODE_TYPE);
		assert.equal(node?.displayName, 'Elastic Cloud Server');
		assert.ok(nodes.some(({ name }) => name === `${NODE_TYPE}Tool`));
	});

	test('n8n offers the trigger, and not as a tool', async () => {
		const nodes = await world.rest.types('nodes');
		const triggers = nodes.filter(({ name }) => name.startsWith(TRIGGER_TYPE));
		assert.deepEqual(
			triggers.map(({ displayName }) => displayName),
			['Elastic Cloud Server Trigger'],
		);
	});

	test('every credential that the nodes ask for is a type that n8n knows', async () => {
		const nodes = await world.rest.types('nodes');
		const ours = nodes.filter(({ name }) => [NODE_TYPE, TRIGGER_TYPE].includes(name));
		const credentials = ours.flatMap((node) => node.credentials ?? []);
		const known = (await world.rest.types('credentials')).map(({ name }) => name);
		assert.ok(credentials.length > 0);
		assert.deepEqual(
			credentials.map(({ name }) => name).filter((name) => !known.includes(name)),
			[],
		);
	});
};
