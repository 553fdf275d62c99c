// @ts-check
'use strict';

const { BARE_LOOP } = require('./bare-loop');

/**
 * @typedef {import('../harness/harness').Engine} Engine
 * @typedef {import('./fleet').Fleet} Fleet
 */

/** Of each input item. */
const SERVER_ID = '={{ $json.serverId }}';

/** @param {string[]} serverIds */
const itemsOf = (serverIds) => serverIds.map((serverId) => ({ serverId }));

/**
 * Our node, until every start is accepted.
 *
 * @param {Engine} engine
 * @param {Fleet} fleet
 * @param {string[]} serverIds
 * @param {number} concurrency
 */
async function startByNode(engine, fleet, serverIds, concurrency) {
	await runNode(engine, fleet, serverIds, { waitUntilDone: false, options: { concurrency } });
}

/**
 * @param {Engine} engine
 * @param {Fleet} fleet
 * @param {string[]} serverIds
 * @param {import('n8n-workflow').INodeParameters} parameters  of our node, beyond the obvious
 */
async function runNode(engine, { credentials }, serverIds, parameters) {
	const result = await engine.run({
		node: {
			operation: 'start',
			serverId: { __rl: true, mode: 'id', value: SERVER_ID },
			...parameters,
		},
		items: itemsOf(serverIds),
		credentials,
	});
	return succeeded(result);
}

/**
 * @param {Engine} engine
 * @param {Fleet} fleet
 * @param {string[]} serverIds
 * @param {number} concurrency
 */
async function startByLoop(engine, { credentials }, serverIds, concurrency) {
	const result = await engine.run({
		type: BARE_LOOP,
		node: { serverId: SERVER_ID, concurrency },
		items: itemsOf(serverIds),
		credentials,
	});
	succeeded(result);
}

/** @param {import('../harness/harness').RunResult} result */
function succeeded(result) {
	if (result.error) throw new Error(`${result.error.message}\n${result.error.description}`);
	return result;
}

/**
 * That each server was asked once and nothing else was: a fast run that did less is none.
 *
 * @param {Fleet} fleet
 * @param {number} servers
 */
async function accepted(fleet, servers) {
	const counts = JSON.stringify(await fleet.counts());
	const expected = JSON.stringify({ start: servers });
	if (counts !== expected) throw new Error(`Requests: ${counts} instead of ${expected}`);
}

module.exports = { accepted, itemsOf, runNode, startByLoop, startByNode, succeeded };
