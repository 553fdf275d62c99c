// @ts-check
'use strict';

/**
 * How long an execution of 10,000 items keeps n8n's event loop from everybody else: the longest block
 * of ours, beside the bare loop over n8n's helper and, where the end-to-end tests have installed it,
 * n8n's own HTTP Request node on the same items.
 */

const axios = require('axios').default;
const { createFleet } = require('./fleet');
const { HTTP_REQUEST, startByHttpRequest } = require('./http-request');
const { runNode, startByLoop } = require('./starts');
const { printTable } = require('./print');

const ITEMS = 10_000;
const CONCURRENCY = 25;
const LOOK_EVERY_MS = 5;
/** Beyond what the bare loop needs, whose blocks are n8n's own. */
const BAR_MS = 100;

/**
 * @param {import('../harness/harness').Engine} engine
 * @returns {Promise<import('./run').Verdict[]>}
 */
async function breath(engine) {
	const fleet = await createFleet({ servers: ITEMS, startSeconds: 600, latencyMs: 5 });
	try {
		const names = await namesOf(fleet.url);
		const settings = { waitUntilDone: false, options: { concurrency: CONCURRENCY } };
		/** @param {string[]} servers @param {import('n8n-workflow').INodeParameters} parameters */
		const run = (servers, parameters) => () =>
			runNode(engine, fleet, servers, { ...settings, ...parameters });
		const byName = { serverId: { __rl: true, mode: 'name', value: '={{ $json.serverId }}' } };
		const loop = async () => await startByLoop(engine, fleet, fleet.serverIds, CONCURRENCY);
		/** @type {Record<string, () => Promise<unknown>>} */
		const runs = {
			Start: run(fleet.serverIds, {}),
			'Start, By Name': run(names, byName),
			Get: run(fleet.serverIds, { operation: 'get' }),
			'bare loop': loop,
		};
		if (HTTP_REQUEST in engine.nodeTypes) {
			runs["n8n's HTTP Request node"] = async () => await startByHttpRequest(engine, fleet);
		}

		await loop();
		/** @type {Record<string, number>} */
		const blocks = {};
		for (const [name, work] of Object.entries(runs)) {
			await fleet.renew();
			blocks[name] = await longestBlock(work);
		}
		printTable(
			`${ITEMS} items: the longest time that the event loop was blocked`,
			['', 'ms'],
			Object.entries(blocks).map(([name, ms]) => [name, ms.toFixed(0)]),
		);
		const bare = blocks['bare loop'];
		const longest = Math.max(blocks.Start, blocks['Start, By Name'], blocks.Get);
		return [
			{
				bar: `no block is more than ${BAR_MS} ms longer than the bare loop's ${bare.toFixed(0)}: ${longest.toFixed(0)}`,
				met: longest <= bare + BAR_MS,
			},
		];
	} finally {
		await fleet.close();
	}
}

/**
 * @param {string} url  of a simulator
 * @returns {Promise<string[]>}
 */
async function namesOf(url) {
	const { data } = await axios.get(`${url}/_control/servers`);
	return data.map((/** @type {{ name: string }} */ { name }) => name);
}

/**
 * @param {() => Promise<unknown>} run
 * @returns {Promise<number>}  milliseconds
 */
async function longestBlock(run) {
	let longest = 0;
	let last = performance.now();
	const look = () => {
		const now = performance.now();
		longest = Math.max(longest, now - last - LOOK_EVERY_MS);
		last = now;
	};
	const timer = setInterval(look, LOOK_EVERY_MS);
	await run();
	look();
	clearInterval(timer);
	return longest;
}

module.exports = { breath };
