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
 * const { items: servers } = await run('getMany', { parameters: { returnAll: true } });
 */

const { createEngine } = require('./harness');
const { stopwatch } = require('./stopwatch');
const { createSimulator } = require('../../simulator');

/**
 * @typedef {import('../../simulator/cloud').Cloud} Cloud
 * @typedef {import('../../simulator/cloud').SimulatorOptions} SimulatorOptions
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
 * @property {boolean | string} [forceful]
 * @property {Record<string, unknown>} [parameters] of the node, further ones
 * @property {object[]} [items] the json of each input item
 * @property {NodeSettings['onError']} [onError] default: using the error output
 * @property {NodeSettings['nodeSettings']} [nodeSettings] such as `retryOnFail`
 * @property {Record<string, unknown>} [credential] fields other than those that fit the world's cloud
 * @property {AbortSignal} [signal]
 * @property {RunSettings['onRequest']} [onRequest]
 *
 * @typedef {object} Seen the run, as a user would look at it
 * @property {import('n8n-workflow').IDataObject[]} items the json of the first output
 * @property {ItemError[]} failures what stands under `error` in the error output
 * @property {number} elapsed seconds, without those in which a busy machine let nothing run
 *
 * @typedef {RunResult & Seen} Run
 *
 * @typedef {(ids: unknown[], how?: How) => Promise<Run>} RunOnIds runs the node on an item `{ id }` for each
 *
 * @typedef {object} World
 * @property {Cloud} cloud the books
 * @property {string} url of the cloud
 * @property {string} token of a member of the project
 * @property {Received[]} received what reached the cloud, in this order
 * @property {(operation: string, how?: How) => Promise<Run>} run runs the node on `items`
 * @property {RunOnIds} start
 * @property {RunOnIds} stop
 * @property {RunOnIds} restart
 * @property {RunOnIds} get
 * @property {(filter?: string, paginationToken?: string, how?: Pick<How, 'credential' | 'parameters'>) =>
 *   ReturnType<import('./harness').Engine['search']>} search opens the list of servers in the editor
 * @property {(how: Pick<import('./harness').ToolSettings, 'calls' | 'calledBy' | 'onError'> & Pick<How, 'parameters'>) =>
 *   ReturnType<import('./harness').Engine['runTool']>} callTool has an AI agent call the node as its tool
 * @property {(parameters?: object, how?: Pick<How, 'credential'> & { state?: object }) =>
 *   ReturnType<import('./harness').Engine['publish']>} publish a workflow that begins with the trigger
 */

const engine = createEngine();

/** @type {(() => Promise<void>)[]} */
const closing = [];

afterAll(async () => {
	await Promise.all(closing.map((close) => close()));
});

/**
 * @param {SimulatorOptions & { ignoresFilters?: boolean }} [options] default: no servers, a start takes
 *   0.2 seconds; `ignoresFilters`: lists are those of a cloud that knows no filters
 * @returns {Promise<World>}
 */
async function openWorld({ ignoresFilters = false, ...options } = {}) {
	const { app, cloud, listen, close } = createSimulator({
		servers: [],
		startSeconds: 0.2,
		stopSeconds: 0.2,
		...options,
	});
	closing.push(close);
	if (ignoresFilters) forgetFilters(app);
	const received = record(app);
	const url = await listen();
	const token = cloud.issueToken().id;

	const credentialsWith = (/** @type {How['credential']} */ changes) => ({
		elasticCloudServerTokenApi: {
			cloud: 'custom',
			ecsEndpoint: url,
			projectId: cloud.project.id,
			token,
			...changes,
		},
	});

	/** @type {World['run']} */
	async function run(operation, how = {}) {
		const { options, waitUntilDone, forceful, parameters, credential, ...rest } = how;
		const seconds = stopwatch();
		const result = await engine.run({
			node: parametersOf({
				operation,
				...(waitUntilDone === undefined ? {} : { waitUntilDone }),
				...(forceful === undefined ? {} : { forceful }),
				...parameters,
				options: { ...(isReading(operation) ? {} : { pollInterval: 1 }), ...options },
			}),
			credentials: credentialsWith(credential),
			onError: 'continueErrorOutput',
			...rest,
		});
		return {
			...result,
			items: result.output.map(({ json }) => json),
			failures: result.errorOutput.map(({ json }) => /** @type {ItemError} */ (json.error)),
			elapsed: seconds(),
		};
	}

	/** @type {(operation: string) => RunOnIds} */
	const onIds = (operation) => async (ids, how) =>
		await run(operation, {
			...how,
			items: ids.map((id) => ({ id })),
			parameters: { serverId: locator('id', '={{ $json.id }}'), ...how?.parameters },
		});

	/** @type {World['search']} */
	async function search(filter, paginationToken, { credential, parameters } = {}) {
		return await engine.search({
			node: parametersOf({ operation: 'start', options: {}, ...parameters }),
			filter,
			paginationToken,
			credentials: credentialsWith(credential),
		});
	}

	/** @type {World['callTool']} */
	async function callTool({ parameters, ...script }) {
		return await engine.runTool({
			node: parametersOf({ resource: 'server', operation: 'start', ...parameters }),
			credentials: credentialsWith({}),
			...script,
		});
	}

	/** @type {World['publish']} */
	const publish = (parameters = {}, { credential, state } = {}) =>
		engine.publish({
			node: parametersOf({ authentication: 'token', ...parameters }),
			credentials: credentialsWith(credential),
			state,
		});

	return {
		cloud,
		url,
		token,
		publish,
		received,
		run,
		start: onIds('start'),
		stop: onIds('stop'),
		restart: onIds('restart'),
		get: onIds('get'),
		search,
		callTool,
	};
}

const parametersOf = (/** @type {object} */ parameters) =>
	/** @type {import('n8n-workflow').INodeParameters} */ (parameters);

const isReading = (/** @type {string} */ operation) => operation.startsWith('get');

/**
 * What the parameter `serverId` holds.
 *
 * @param {'list' | 'id' | 'name'} mode
 * @param {string} value
 */
const locator = (mode, value) => ({ __rl: true, mode, value });

/**
 * Keeps the filters of lists from the cloud.
 *
 * @param {import('../../simulator').Simulator['app']} app
 */
function forgetFilters(app) {
	app.server.prependListener('request', (request) => {
		request.url = request.url?.replace(/(?<=[?&])(name|status|tags)=[^&]*&?/g, '');
	});
}

/**
 * What reaches the cloud from now on, bodies included: the cloud's own log has none.
 *
 * @param {import('../../simulator').Simulator['app']} app
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
 * @param {Partial<import('../../simulator/server').ServerSpec>} [spec]
 */
const addServers = (cloud, count, spec) => cloud.addServers(count, spec).map(({ id }) => id);

/**
 * The same with servers that run.
 *
 * @param {Cloud} cloud
 * @param {number} [count]
 * @param {Parameters<Cloud['addServers']>[1]} [spec]
 */
const addRunning = (cloud, count = 1, spec = {}) =>
	addServers(cloud, count, { status: 'ACTIVE', ...spec });

/** The ids that Nova gives to requests. */
const REQUEST_ID = /^req-[0-9a-f-]{36}$/;

/**
 * Somebody else asks a server for something, past the node.
 *
 * @param {number} now
 */
const byHand = (now) => ({
	now,
	requestId: 'req-by-hand',
	asker: { userId: 'somebody-else', projectId: 'demo', admin: false },
});

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
 * Somebody else's action is under way at a server until one was refused for it and has looked at the
 * server, however slow the machine is; then the server comes to this status.
 *
 * @param {Cloud} cloud
 * @param {import('../../simulator/server').Server} server
 * @param {string} status
 */
async function endsOnceSeen(cloud, server, status) {
	await until(() => postsTo(cloud, server.id).some((post) => post.status === 409));
	await until(() => cloud.requests.find({ method: 'GET', status: 200 }).length > 0);
	server.force(cloud.now, { status });
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

/**
 * The bodies of the requests that changed something, in this order.
 *
 * @param {Received[]} received
 */
const bodiesOf = (received) =>
	received.filter(({ method }) => method === 'POST').map(({ body }) => body);

/**
 * The queries of the lists that were asked for, in this order.
 *
 * @param {Received[]} received
 */
const listsOf = (received) =>
	received
		.map(({ path }) => new URL(path, 'http://cloud'))
		.filter(({ pathname }) => pathname.endsWith('/servers/detail'))
		.map(({ searchParams }) => Object.fromEntries(searchParams));

module.exports = {
	openWorld,
	N8N_CORE: engine.version,
	REQUEST_ID,
	addRunning,
	addServers,
	byHand,
	runningOf,
	postsTo,
	bodiesOf,
	listsOf,
	locator,
	until,
	endsOnceSeen,
	staysSo,
};
