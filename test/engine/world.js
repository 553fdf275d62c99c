// @ts-check
'use strict';

/**
 * A small world for one test: a cloud (the simulator) and n8n's engine with the built node in front
 * of it. All worlds are closed after the last test of a file.
 *
 * @example
 * const { cloud, start } = await openWorld({ startSeconds: 0.2 });
 * const { id } = cloud.addServer({ name: 'web-1' });
 * const { items, failures } = await start([id]);
 */

const { createEngine } = require('./harness');
const { createSimulator } = require('../simulator');

/**
 * @typedef {import('../simulator/cloud').Cloud} Cloud
 * @typedef {import('../simulator/cloud').SimulatorOptions} SimulatorOptions
 * @typedef {import('./harness').RunResult} RunResult
 * @typedef {import('./harness').RunSettings} RunSettings
 * @typedef {import('./harness').NodeSettings} NodeSettings
 *
 * @typedef {object} Received one request as it reached the cloud
 * @property {string} method
 * @property {string} path with its query
 * @property {Record<string, string | string[] | undefined>} headers
 * @property {string} body
 *
 * @typedef {object} ItemError what stands under `error` of a failed item
 * @property {string} message
 * @property {string} reason
 * @property {string} hint
 * @property {string} serverId
 * @property {string} operation
 * @property {number} attempts
 * @property {number} [httpStatus]
 * @property {string} [code]
 * @property {string} [requestId]
 * @property {string} [status]
 *
 * @typedef {object} How
 * @property {Record<string, unknown>} [options] the node's `options`; the poll interval is 1 s if not given
 * @property {boolean | string} [waitUntilDone]
 * @property {NodeSettings['onError']} [onError] default: using the error output
 * @property {Record<string, unknown>} [credential] fields other than those that fit the world's cloud
 * @property {AbortSignal} [signal]
 * @property {RunSettings['onRequest']} [onRequest]
 *
 * @typedef {object} Seen the run, as a user would look at it
 * @property {import('n8n-workflow').IDataObject[]} items the json of the first output
 * @property {ItemError[]} failures what stands under `error` in the error output
 * @property {number} elapsed seconds
 *
 * @typedef {RunResult & Seen} Run
 *
 * @typedef {object} World
 * @property {Cloud} cloud the books
 * @property {string} url of the cloud
 * @property {string} token of a member of the project
 * @property {Received[]} received what reached the cloud, in this order
 * @property {(ids: unknown[], how?: How) => Promise<Run>} start runs the node on an item `{ id }` for each
 */

const engine = createEngine();

/** @type {(() => Promise<void>)[]} */
const closing = [];

afterAll(async () => {
	await Promise.all(closing.map((close) => close()));
});

/**
 * @param {SimulatorOptions} [options] default: no servers, a start takes 0.2 seconds
 * @returns {Promise<World>}
 */
async function openWorld(options = {}) {
	const { app, cloud, listen, close } = createSimulator({
		servers: [],
		startSeconds: 0.2,
		stopSeconds: 0.2,
		...options,
	});
	closing.push(close);
	const received = record(app);
	const url = await listen();
	const token = cloud.issueToken().id;

	/** @type {World['start']} */
	async function start(ids, how = {}) {
		const { options, waitUntilDone, onError = 'continueErrorOutput', credential, ...rest } = how;
		const from = performance.now();
		const result = await engine.run({
			node: /** @type {import('n8n-workflow').INodeParameters} */ ({
				operation: 'start',
				serverId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
				...(waitUntilDone === undefined ? {} : { waitUntilDone }),
				options: { pollInterval: 1, ...options },
			}),
			items: ids.map((id) => ({ id })),
			credentials: {
				elasticCloudServerTokenApi: {
					cloud: 'custom',
					ecsEndpoint: url,
					projectId: cloud.project.id,
					token,
					...credential,
				},
			},
			onError,
			...rest,
		});
		return {
			...result,
			items: result.output.map(({ json }) => json),
			failures: result.errorOutput.map(({ json }) => /** @type {ItemError} */ (json.error)),
			elapsed: (performance.now() - from) / 1000,
		};
	}

	return { cloud, url, token, received, start };
}

/**
 * What reaches the cloud from now on, bodies included: the cloud's own log has none.
 *
 * @param {import('../simulator').Simulator['app']} app
 */
function record(app) {
	/** @type {Received[]} */
	const received = [];
	app.server.prependListener('request', (request) => {
		const { method = '', url = '', headers } = request;
		const entry = { method, path: url, headers, body: '' };
		received.push(entry);
		request.on('data', (chunk) => (entry.body += String(chunk)));
	});
	return received;
}

/**
 * The ids of new servers, all with what `spec` says.
 *
 * @param {Cloud} cloud
 * @param {number} count
 * @param {Partial<import('../simulator/server').ServerSpec>} [spec]
 */
const addServers = (cloud, count, spec) => cloud.addServers(count, spec).map(({ id }) => id);

/**
 * Which of the servers run, by the cloud's books.
 *
 * @param {Cloud} cloud
 * @param {string[]} ids
 */
const runningOf = (cloud, ids) => ids.filter((id) => cloud.wasRunning(id));

/**
 * The action requests that named a server, as the cloud answered them.
 *
 * @param {Cloud} cloud
 * @param {string} [serverId] default: any
 */
const postsTo = (cloud, serverId) => cloud.requests.find({ method: 'POST', serverId });

/**
 * Waits until something is so.
 *
 * @param {() => boolean} isSo
 * @param {number} [seconds] at most
 */
async function until(isSo, seconds = 10) {
	const deadline = performance.now() + seconds * 1000;
	while (!isSo()) {
		if (performance.now() > deadline) throw new Error(`Still not so after ${seconds} s: ${isSo}`);
		await new Promise((resolve) => setTimeout(resolve, 5));
	}
}

/**
 * Watches that something stays so.
 *
 * @param {() => boolean} isSo
 * @param {number} seconds
 */
async function staysSo(isSo, seconds) {
	const end = performance.now() + seconds * 1000;
	while (performance.now() < end) {
		if (!isSo()) throw new Error(`No longer so: ${isSo}`);
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
}

module.exports = { openWorld, addServers, runningOf, postsTo, until, staysSo };
