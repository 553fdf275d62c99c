// @ts-check
'use strict';

/** How long 1,000 starts take, answers of 20 ms: our node against the least that is possible. */

const http = require('node:http');
const axios = require('axios').default;
const { createFleet } = require('./fleet');
const { accepted, startByLoop, startByNode } = require('./starts');
const { median, printTable } = require('./print');

/** @typedef {import('./fleet').Fleet} Fleet */

const SERVERS = 1000;
const CONCURRENCY = 25;
const ROUNDS = 11;
const BAR = 1.25;

/**
 * @param {import('../harness/harness').Engine} engine
 * @returns {Promise<import('./run').Verdict[]>}
 */
async function overhead(engine) {
	const fleet = await createFleet({ servers: SERVERS, startSeconds: 600 });
	const { serverIds } = fleet;
	const node = () => startByNode(engine, fleet, serverIds, CONCURRENCY);
	const loop = () => startByLoop(engine, fleet, serverIds, CONCURRENCY);
	const oneByOne = () => startByLoop(engine, fleet, serverIds, 1);
	const axiosOnly = () => startByAxios(fleet, CONCURRENCY);
	const measure = (/** @type {() => Promise<void>} */ run) => measured(fleet, run);
	try {
		for (const warmUp of [node, loop, axiosOnly]) await measure(warmUp);
		/** @type {Record<'node' | 'loop' | 'axiosOnly', Measure[]>} */
		const rounds = { node: [], loop: [], axiosOnly: [] };
		for (let round = 0; round < ROUNDS; round++) {
			// In turns, and who is first changes: what else this machine does then hits both alike.
			const order = round % 2 === 0 ? { node, loop, axiosOnly } : { loop, node, axiosOnly };
			for (const [name, run] of Object.entries(order)) {
				rounds[/** @type {keyof typeof rounds} */ (name)].push(await measure(run));
			}
		}
		const slow = await measure(oneByOne);

		const loopMs = median(rounds.loop.map(({ ms }) => ms));
		const row = (/** @type {string} */ name, /** @type {Measure[]} */ of) => {
			const ms = median(of.map((measure) => measure.ms));
			const cpuMs = median(of.map((measure) => measure.cpuMs));
			return [name, ms.toFixed(0), (cpuMs / SERVERS).toFixed(2), (ms / loopMs).toFixed(2)];
		};
		printTable(
			`${SERVERS} starts, answers of 20 ms, ${CONCURRENCY} at a time, median of ${ROUNDS}`,
			['', 'ms', 'CPU ms/start', 'times the loop'],
			[
				row('our node', rounds.node),
				row("bare loop over n8n's request helper", rounds.loop),
				row('the same, one by one (once)', [slow]),
				row('axios without n8n, keep-alive', rounds.axiosOnly),
			],
		);
		// Round by round, so that a slow minute of the machine counts on both sides.
		const ratio = median(rounds.node.map(({ ms }, round) => ms / rounds.loop[round].ms));
		return [
			{
				bar: `our node takes at most ${BAR} times the bare loop, round by round: ${ratio.toFixed(2)}`,
				met: ratio <= BAR,
			},
		];
	} finally {
		await fleet.close();
	}
}

/** @typedef {{ ms: number, cpuMs: number }} Measure */

/**
 * @param {Fleet} fleet
 * @param {() => Promise<void>} run
 * @returns {Promise<Measure>}
 */
async function measured(fleet, run) {
	await fleet.renew();
	const cpu = process.cpuUsage();
	const startedAt = performance.now();
	await run();
	const ms = performance.now() - startedAt;
	const { user, system } = process.cpuUsage(cpu);
	await accepted(fleet, SERVERS);
	return { ms, cpuMs: (user + system) / 1000 };
}

/**
 * @param {Fleet} fleet
 * @param {number} concurrency
 */
async function startByAxios({ url, projectId, token, serverIds }, concurrency) {
	const httpAgent = new http.Agent({ keepAlive: true, maxSockets: concurrency });
	const client = axios.create({ httpAgent, headers: { 'X-Auth-Token': token } });
	let next = 0;
	const work = async () => {
		while (next < serverIds.length) {
			const serverId = serverIds[next++];
			await client.post(`${url}/v2.1/${projectId}/servers/${serverId}/action`, { 'os-start': {} });
		}
	};
	await Promise.all(Array.from({ length: concurrency }, work));
	httpAgent.destroy();
}

module.exports = { overhead };
