// @ts-check
'use strict';

const path = require('node:path');
const { createSimulator, createVirtualClock } = require('../../simulator');
const { callerOf: nameCaller } = require('../../simulator/call');
const { createContext } = require('./context');

/**
 * @typedef {import('./scenario').Scenario} Scenario
 *
 * @typedef {object} Played
 * @property {import('../../simulator/cloud').Cloud} cloud with its books
 * @property {string[]} ids the server that each item names
 * @property {import('n8n-workflow').INodeExecutionData[]} output none if it threw
 * @property {Error} [thrown] what it threw, with On Error set to Stop Workflow
 * @property {string[]} callers how the books call the account of each item
 * @property {number} beganAt milliseconds since 1970, in the simulator's time
 * @property {number} endedAt
 */

/** The node as `npm run build` leaves it. */
const DIST = path.resolve(__dirname, '../../dist');
/** Longer than any run may last. */
const HANG_MS = 7 * 24 * 3600 * 1000;
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

/**
 * Loads the built node.
 *
 * @param {string} dist
 */
function loadNode(dist) {
	const { act } = require(`${dist}/nodes/ElasticCloudServer/act.js`);
	const { START } = require(`${dist}/nodes/cloud/power/actions/start.js`);
	const { stop } = require(`${dist}/nodes/cloud/power/actions/stop.js`);
	const { restart } = require(`${dist}/nodes/cloud/power/actions/restart.js`);
	const { ElasticCloudServerTokenApi } = require(
		`${dist}/credentials/ElasticCloudServerTokenApi.credentials.js`,
	);
	return {
		act,
		actions: { start: () => START, stop, restart },
		credentialType: new ElasticCloudServerTokenApi(),
	};
}

/**
 * Runs the node for real through a scenario, in virtual time.
 *
 * @param {ReturnType<typeof loadNode>} node
 * @param {Scenario} scenario
 * @returns {Promise<Played>}
 */
async function play(node, scenario) {
	const clock = createVirtualClock();
	const { latencyMs, maxLimit, requestIds, v1, actionLog } = scenario.cloud;
	const simulator = createSimulator({
		clock,
		latencyMs,
		maxLimit,
		defaultLimit: maxLimit,
		requestIds,
		v1,
		denied: actionLog ? [] : ['actionLog'],
		servers: 0,
	});
	const { cloud } = simulator;
	const accounts = openAccounts(cloud, scenario.accounts ?? 1);
	const accountOf = (/** @type {number} */ server) => accounts[server % accounts.length];
	const servers = scenario.servers.map((plan, index) =>
		cloud.addServer({
			name: `server-${index}`,
			...plan,
			projectId: accountOf(index).projectId,
			startBehaviour: { ...plan.startBehaviour },
			stopBehaviour: { ...plan.stopBehaviour },
			rebootBehaviour: { ...plan.rebootBehaviour },
			subJobMissing: scenario.cloud.subJobMissing && index % 2 === 0,
		}),
	);
	cloud.addServers(scenario.bystanders);
	const beganAt = clock.now();
	addFaults(cloud, scenario, beganAt);
	addInterferences(cloud, scenario, servers, beganAt);

	const onError = scenario.onError ?? 'continueRegularOutput';
	const ids = scenario.items.map(({ server }) => servers[server]?.id ?? UNKNOWN_ID);
	const context = createContext({
		simulator,
		clock,
		credentialType: node.credentialType,
		credentials: scenario.items.map(({ server, unreadable }) =>
			unreadable
				? new Error('Credentials could not be decrypted')
				: { cloud: 'custom', ecsEndpoint: 'http://127.0.0.1:8774', ...accountOf(server) },
		),
		parameters: scenario.items.map((_, item) => parametersOf(scenario, item, ids[item])),
		onError,
		signal: new AbortController().signal,
	});
	const run = node.act(context, node.actions[scenario.operation], nodeClock(clock, scenario));
	/** @type {Pick<Played, 'output' | 'thrown'>} */
	const result = await Promise.race([
		run.then(
			(/** @type {Played['output']} */ output) => ({ output }),
			(/** @type {Error} */ thrown) => {
				if (onError !== 'stopWorkflow') throw thrown;
				return { output: [], thrown };
			},
		),
		clock.sleep(HANG_MS).then(() => Promise.reject(new Error('The run never ended'))),
	]);
	const endedAt = clock.now();
	await simulator.close();
	const callers = scenario.items.map(({ server }) => callerOf(accountOf(server).token));
	return { cloud, ids, ...result, callers, beganAt, endedAt };
}

/**
 * @param {import('../../simulator/cloud').Cloud} cloud
 * @param {1 | 2} count
 * @returns {{ projectId: string, token: string }[]} each with a project and a user of its own
 */
function openAccounts(cloud, count) {
	const first = { projectId: cloud.project.id, token: cloud.issueToken().id };
	if (count === 1) return [first];
	const { id: projectId } = cloud.addProject('tenant');
	const { id: userId } = cloud.addUser('tenant', { [projectId]: 'member' });
	return [first, { projectId, token: cloud.issueToken({ projectId, userId }).id }];
}

/** @param {string} token */
function callerOf(token) {
	return nameCaller(/** @type {any} */ ({ headers: { 'x-auth-token': token } }));
}

/**
 * @param {Scenario} scenario
 * @param {number} item
 * @param {string} id
 */
function parametersOf({ items, operation, forceful, options }, item, id) {
	const { wait, upperCase, odd } = items[item];
	/** @type {Record<string, unknown>} */
	const parameters = {
		authentication: 'token',
		serverId: upperCase ? id.toUpperCase() : id,
		waitUntilDone: wait,
		options,
	};
	// n8n gives no value of a field that an operation does not show.
	if (operation !== 'start') parameters.forceful = forceful;
	if (odd && odd.name in parameters) parameters[odd.name] = odd.value;
	return parameters;
}

/**
 * @param {import('../../simulator/cloud').Cloud} cloud
 * @param {Scenario} scenario
 * @param {number} beganAt
 */
function addFaults(cloud, { faults, rateLimit }, beganAt) {
	for (const { from, until, ...rule } of faults) {
		const window =
			from === undefined || until === undefined
				? {}
				: { from: beganAt + from * 1000, until: beganAt + until * 1000 };
		cloud.faults.add({ ...rule, ...window });
	}
	cloud.faults.rateLimit = rateLimit;
}

/**
 * @param {import('../../simulator/cloud').Cloud} cloud
 * @param {Scenario} scenario
 * @param {import('../../simulator/server').Server[]} servers
 * @param {number} beganAt
 */
function addInterferences(cloud, { interferences }, servers, beganAt) {
	for (const { at, server: index, what } of interferences) {
		const server = servers[index];
		if (!server) continue;
		const now = beganAt + at * 1000;
		const asker = { userId: 'operator', projectId: cloud.project.id, admin: false };
		server.later(now, () => {
			if (server.deleted) return;
			const requestId = cloud.newRequestId();
			if (what === 'start' || what === 'stop' || what === 'reboot')
				server.ask(what, { now, requestId, asker });
			else if (what === 'lock' || what === 'unlock') {
				server.lock(what === 'lock', { now, requestId, asker });
			} else server.force(now, { status: what === 'delete' ? 'DELETED' : 'ERROR' });
		});
	}
}

/**
 * The node's clock: the simulator's time, and a chance that repeats.
 *
 * @param {import('../../simulator/clock').VirtualClock} clock
 * @param {Scenario} scenario
 */
function nodeClock(clock, scenario) {
	let state = scenario.items.length * 7919 + scenario.servers.length;
	return {
		now: () => clock.now(),
		random() {
			state = (state * 16807) % 2147483647;
			return state / 2147483647;
		},
		/** @param {number} ms @param {AbortSignal} signal */
		async sleep(ms, signal) {
			if (signal.aborted) return;
			const { promise: aborted, resolve } = deferred();
			signal.addEventListener('abort', resolve, { once: true });
			await Promise.race([clock.sleep(ms), aborted]);
			signal.removeEventListener('abort', resolve);
		},
	};
}

function deferred() {
	/** @type {() => void} */
	let resolve = () => undefined;
	const promise = new Promise((settle) => {
		resolve = () => settle(undefined);
	});
	return { promise, resolve };
}

module.exports = { DIST, loadNode, play };
