// @ts-check
'use strict';

/** How much memory the items of one execution take: what is alive, garbage left out. */

const v8 = require('node:v8');
const vm = require('node:vm');
const { createFleet } = require('./fleet');
const { startByLoop, startByNode } = require('./starts');
const { printTable } = require('./print');

const SIZES = [1000, 10_000];
const CONCURRENCY = 25;
const LOOK_EVERY_MS = 500;

/**
 * @param {import('../harness/harness').Engine} engine
 * @returns {Promise<import('./run').Verdict[]>}
 */
async function memory(engine) {
	const largest = Math.max(...SIZES);
	const fleet = await createFleet({ servers: largest, startSeconds: 600, latencyMs: 5 });
	try {
		const rows = [];
		for (const [name, start] of Object.entries({
			'our node': startByNode,
			'bare loop': startByLoop,
		})) {
			// So that what is loaded and compiled once is not taken for memory of the items.
			await fleet.renew();
			await start(engine, fleet, fleet.serverIds.slice(0, 100), CONCURRENCY);
			for (const size of SIZES) {
				await fleet.renew();
				const serverIds = fleet.serverIds.slice(0, size);
				const bytes = await peakGrowth(() => start(engine, fleet, serverIds, CONCURRENCY));
				rows.push([name, String(size), (bytes / 1e6).toFixed(1), (bytes / 1e3 / size).toFixed(2)]);
			}
		}
		printTable(
			'Memory: peak growth of the live heap, input and output items included',
			['', 'items', 'MB', 'KB/item'],
			rows,
		);
		return [];
	} finally {
		await fleet.close();
	}
}

/**
 * @param {() => Promise<unknown>} run
 * @returns {Promise<number>}  bytes
 */
async function peakGrowth(run) {
	const before = liveHeap();
	let peak = before;
	const look = () => {
		peak = Math.max(peak, liveHeap());
	};
	const timer = setInterval(look, LOOK_EVERY_MS);
	await run();
	clearInterval(timer);
	look();
	return peak - before;
}

function liveHeap() {
	collectGarbage();
	return process.memoryUsage().heapUsed;
}

v8.setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = vm.runInNewContext('gc');

module.exports = { memory };
