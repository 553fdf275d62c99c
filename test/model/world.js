// @ts-check
'use strict';

/** What a run of the built node lives in: a cloud full of plans, and a clock of its own. */

const path = require('node:path');
const { createSimulator } = require('../../simulator');

/**
 * @typedef {import('./scenario').Scenario} Scenario
 * @typedef {import('../../simulator/cloud').Cloud} Cloud
 * @typedef {import('../../simulator/clock').VirtualClock} VirtualClock
 * @typedef {Pick<Scenario, 'servers' | 'bystanders' | 'interferences' | 'faults' | 'rateLimit' | 'cloud'>} CloudPlan
 */

/** The node as `npm run build` leaves it. */
const DIST = path.resolve(__dirname, '../../dist');
/** Longer than any run may last. */
const HANG_MS = 7 * 24 * 3600 * 1000;
const LONGEST_LOG = 1_000_000;
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
	const operations = `${dist}/nodes/ElasticCloudServer/operations`;
	const { authenticateWithAccessKey } = require(`${dist}/nodes/cloud/access/access-key.js`);
	const { sharedBy } = require(`${dist}/nodes/cloud/process/sharing.js`);
	return {
		act,
		actions: { start: () => START, stop, restart },
		reads: { get: require(`${operations}/get.js`), getMany: require(`${operations}/getMany.js`) },
		authenticateWithAccessKey,
		sharedBy,
		credentialType: loadType(dist, 'Token'),
		loginType: loadType(dist, 'Login'),
	};
}

/**
 * @param {string} dist
 * @param {string} way
 * @returns {import('./context').CredentialType}
 */
function loadType(dist, way) {
	const name = `ElasticCloudServer${way}Api`;
	return new (require(`${dist}/credentials/${name}.credentials.js`)[name])();
}

/**
 * A simulated cloud without servers.
 *
 * @param {VirtualClock} clock
 * @param {CloudPlan} plan
 */
function openSimulator(clock, { cloud }) {
	const { latencyMs, maxLimit, requestIds, v1, actionLog, unpublished, unpublishedAs, misfits } =
		cloud;
	return createSimulator({
		clock,
		latencyMs,
		maxLimit,
		defaultLimit: maxLimit,
		requestIds,
		v1,
		unpublished,
		unpublishedAs,
		misfits,
		denied: actionLog ? [] : ['actionLog'],
		servers: 0,
		keepLog: LONGEST_LOG,
	});
}

/**
 * Puts the servers into the projects, in turn, and sees to all that will go wrong.
 *
 * @param {Cloud} cloud
 * @param {CloudPlan} plan
 * @param {string[]} projectIds
 * @returns {import('../../simulator/server').Server[]}
 */
function fillCloud(cloud, plan, projectIds) {
	const servers = plan.servers.map((server, index) =>
		cloud.addServer({
			name: `server-${index}`,
			...server,
			projectId: projectIds[index % projectIds.length],
			startBehaviour: { ...server.startBehaviour },
			stopBehaviour: { ...server.stopBehaviour },
			rebootBehaviour: { ...server.rebootBehaviour },
			subJobMissing: plan.cloud.subJobMissing && index % 2 === 0,
		}),
	);
	cloud.addServers(plan.bystanders);
	const beganAt = cloud.now;
	addFaults(cloud, plan, beganAt);
	addInterferences(cloud, plan, servers, beganAt);
	void republish(cloud, plan);
	return servers;
}

/**
 * @param {Cloud} cloud
 * @param {CloudPlan} plan
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
 * @param {Cloud} cloud
 * @param {CloudPlan} plan
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
 * The gateway comes to publish other calls.
 *
 * @param {Cloud} cloud
 * @param {CloudPlan} plan
 */
async function republish(cloud, { cloud: { republished } }) {
	if (!republished) return;
	await cloud.clock.sleep(republished.at * 1000);
	cloud.settings.unpublished = republished.unpublished;
}

/**
 * The values of the fields of one item, as n8n has them.
 *
 * @param {Pick<Scenario, 'items' | 'operation' | 'forceful' | 'options'>} plan
 * @param {number} item
 * @param {string} id
 */
function parametersOf({ items, operation, forceful, options }, item, id) {
	const { wait, upperCase, odd } = items[item];
	/** @type {Record<string, unknown>} */
	const parameters = {
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
 * The node's clock: the simulator's time, and a chance that repeats.
 *
 * @param {VirtualClock} clock
 * @param {number} seed
 */
function nodeClock(clock, seed) {
	let state = seed;
	let asleep = 0;
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
			asleep += 1;
			await Promise.race([clock.sleep(ms), aborted]);
			asleep -= 1;
			signal.removeEventListener('abort', resolve);
		},
		/** How many timers run. */
		get asleep() {
			return asleep;
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

/**
 * @template T
 * @param {VirtualClock} clock
 * @param {Promise<T>} run
 * @returns {Promise<T>}
 */
async function orHanging(clock, run) {
	const late = clock.sleep(HANG_MS).then(() => Promise.reject(new Error('The run never ended')));
	return await Promise.race([run, late]);
}

module.exports = {
	DIST,
	UNKNOWN_ID,
	fillCloud,
	loadNode,
	nodeClock,
	openSimulator,
	orHanging,
	parametersOf,
};
