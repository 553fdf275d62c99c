'use strict';

const assert = require('node:assert/strict');
const { test } = require('node:test');

const { NODE_TYPE } = require('../../../tools/n8n/workflows');

/** @param {import('../world').World} world */
module.exports = (world) => {
	test('n8n offers the node, for workflows and as a tool for agents', async () => {
		const nodes = await world.rest.types('nodes');
		const [node] = nodes.filter(({ name }) => name === NODE_TYPE);
		assert.equal(node?.displayName, 'Elastic Cloud Server');
		assert.ok(nodes.some(({ name }) => name === `${NODE_TYPE}Tool`));
	});

	test('every credential that the node asks for is a type that n8n knows', async () => {
		const nodes = await world.rest.types('nodes');
		const credentials = nodes.find(({ name }) => name === NODE_TYPE)?.credentials ?? [];
		const known = (await world.rest.types('credentials')).map(({ name }) => name);
		assert.ok(credentials.length > 0);
		assert.deepEqual(
			credentials.map(({ name }) => name).filter((name) => !known.includes(name)),
			[],
		);
	});
};
