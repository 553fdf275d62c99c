// @ts-check
'use strict';

/**
 * How much memory the items of one execution take, and what executions leave behind: what is alive, garbage left
 * out.
 */

const http = require('node:http');
const { once } = require('node:events');
const { liveHeap } = require('../harness/heap');
const { createFleet } = require('./fleet');
const { startByLoop, startByNode } = require('./starts');
const { printTable } = require('./print');

const SIZES = [1000, 10_000];
const CONCURRENCY = 25;
const LOOK_EVERY_MS = 500;
/** What a process keeps of accounts that nobody uses is full after a thousand of them. */
const EXECUTIONS = [1000, 10_000];
/** Bytes for each execution after the first thousand: less than any object that would be kept of each. */
const MOST_LEFT = 100;

/**
 * @param {import('../harness/harness').Engine} engine
 * @returns {Promise<import('./run').Verdict[]>}
 */
async function memory(engine) {
	await ofItems(engine);
	return await ofExecutions(engine);
}

/** @param {import('../harness/harness').Engine} engine */
async function ofItems(engine) {
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
	} finally {
		await fleet.close();
	}
}

/**
 * One after another, each of another user, project and server.
 *
 * @param {import('../harness/harness').Engine} engine
 * @returns {Promise<import('./run').Verdict[]>}
 */
async function ofExecutions(engine) {
	const { url, close } = await openAnyCloud();
	try {
		/** @type {number[]} */
		const bytes = [];
		for (let count = 1; count <= Math.max(...EXECUTIONS); count++) {
			const { output } = await engine.run(executionOf(count, url));
			if (output[0]?.json.outcome !== 'accepted') throw new Error(JSON.stringify(output));
			if (EXECUTIONS.includes(count)) bytes.push(liveHeap());
		}
		printTable(
			'Memory: the live heap after so many executions, each of another account',
			['executions', 'MB'],
			EXECUTIONS.map((count, i) => [String(count), (bytes[i] / 1e6).toFixed(1)]),
		);
		const [first, last] = EXECUTIONS;
		const left = (bytes[1] - bytes[0]) / (last - first);
		return [
			{
				bar: `an execution leaves at most ${MOST_LEFT} bytes behind: ${left.toFixed(0)}`,
				met: left <= MOST_LEFT,
			},
		];
	} finally {
		close();
	}
}

/**
 * @param {number} count
 * @param {string} url
 */
function executionOf(count, url) {
	const id = count.toString(16).padStart(12, '0');
	return {
		node: {
			authentication: 'login',
			operation: 'start',
			serverId: { __rl: true, mode: 'id', value: `00000000-0000-4000-8000-${id}` },
			waitUntilDone: false,
		},
		credentials: {
			elasticCloudServerLoginApi: {
				cloud: 'custom',
				ecsEndpoint: url,
				projectId: id.padStart(32, '0'),
				sessionToken: '',
				sessionTokenOwner: '',
				iamEndpoint: url,
				loginMethod: 'password',
				domainName: 'Default',
				userName: `user-${count}`,
				password: `password-${count}`,
			},
		},
	};
}

/** A cloud that lets everybody in, takes every action and keeps nothing: all that grows is ours. */
async function openAnyCloud() {
	const server = http.createServer((request, response) => {
		request.resume();
		const isLogin = request.url?.startsWith('/v3/auth/tokens');
		response.writeHead(isLogin ? 201 : 202, isLogin ? { 'x-subject-token': 'a-token' } : {});
		response.end();
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
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

module.exports = { memory };
