// @ts-check
'use strict';

/** How many requests a poll of the trigger costs, by the size of the project and how many servers went off. */

const { createSimulator } = require('../../simulator');
const { printTable } = require('./print');

/**
 * @typedef {import('../harness/harness').Engine} Engine
 *
 * @typedef {object} Count
 * @property {number} servers in the project
 * @property {number} off servers whose guests died since the poll before
 * @property {number} first calls of the first poll
 * @property {number} calls of the poll that tells of them
 * @property {number} again calls of the poll after that, which is shown them again
 * @property {number} bytes of the state, with all of them known as off
 */

const SIZES = [10, 1_000, 5_000];
const OFF = [0, 1, 100];
const CASES = SIZES.flatMap((servers) =>
	OFF.filter((off) => off <= servers).map((off) => ({ servers, off })),
);

/**
 * @param {Engine} engine
 * @returns {Promise<import('./run').Verdict[]>}
 */
async function trigger(engine) {
	/** @type {Count[]} */
	const counts = [];
	for (const { servers, off } of CASES) counts.push(await count(engine, servers, off));
	printTable(
		'A poll of the trigger: requests',
		['servers', 'went off', 'first poll', 'this poll', 'the next', 'bytes of state'],
		counts.map(({ servers, off, first, calls, again, bytes }) =>
			[servers, off, first, calls, again, bytes].map(String),
		),
	);
	const most = Math.max(...counts.map(({ off, calls }) => calls - off));
	const again = Math.max(...counts.map((one) => one.again));
	const bytes = Math.max(...counts.map((one) => one.bytes));
	return [
		{ bar: `a poll: 1 call, and 1 for each server that went off: ${most}`, met: most === 1 },
		{ bar: `the poll after it: 1 call: ${again}`, met: again === 1 },
		{ bar: `state, 100 of 5,000 off: less than 4,000 bytes: ${bytes}`, met: bytes < 4_000 },
	];
}

/**
 * @param {Engine} engine
 * @param {number} servers
 * @param {number} off
 * @returns {Promise<Count>}
 */
async function count(engine, servers, off) {
	const { cloud, listen, close } = createSimulator({ servers: 0, stopSeconds: 0 });
	try {
		const url = await listen();
		const fleet = cloud.addServers(servers, { status: 'ACTIVE' });
		const { activate, poll, state } = engine.publish({
			node: { authentication: 'token' },
			credentials: {
				elasticCloudServerTokenApi: {
					cloud: 'custom',
					ecsEndpoint: url,
					projectId: cloud.project.id,
					token: cloud.issueToken().id,
				},
			},
		});
		const callsOf = async (/** @type {() => Promise<unknown[] | null>} */ work, told = 0) => {
			cloud.requests.clear();
			const items = await work();
			if ((items ?? []).length !== told) throw new Error(`Told ${items?.length}, not ${told}`);
			return cloud.requests.total;
		};
		const first = await callsOf(activate);
		for (const server of fleet.slice(0, off)) server.guestOff(cloud.now);
		const calls = await callsOf(poll, off);
		const again = await callsOf(poll);
		return { servers, off, first, calls, again, bytes: JSON.stringify(state()).length };
	} finally {
		await close();
	}
}

module.exports = { trigger };
