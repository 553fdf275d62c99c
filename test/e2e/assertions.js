'use strict';

const assert = require('node:assert/strict');

/**
 * @param {{ status: string }[]} executions
 * @param {string} status in which all of them have ended
 */
function assertAll(executions, status) {
	const statuses = executions.map((execution) => execution.status);
	assert.deepEqual(new Set(statuses), new Set([status]));
}

/**
 * How often the cloud took a start of each of these servers, as its own record has it.
 * @param {import('../../simulator/server').Server[]} servers
 */
function startsOf(servers) {
	return servers.map(({ actions }) => actions.filter(({ action }) => action === 'start').length);
}

/**
 * Nothing lost, nothing begun twice.
 * @param {import('../../simulator/server').Server[]} servers
 */
function assertStartedOnce(servers) {
	assert.deepEqual(new Set(startsOf(servers)), new Set([1]));
}

module.exports = { assertAll, assertStartedOnce, startsOf };
