// @ts-check
'use strict';

const { createVirtualClock } = require('../../../simulator');
const { createContext } = require('../context');
const {
	fillCloud,
	nodeClock,
	openSimulator,
	orHanging,
	parametersOf,
	UNKNOWN_ID,
} = require('../world');
const { callerWith, openAccount, secretOf } = require('./accounts');

/**
 * @typedef {import('./scenario').Storm} Storm
 * @typedef {import('./scenario').ExecutionPlan} ExecutionPlan
 * @typedef {import('./accounts').Account} Account
 * @typedef {import('../../../simulator/request-log').LoggedRequest} LoggedRequest
 * @typedef {import('../../../simulator/server').Server} Server
 * @typedef {ReturnType<typeof import('../world').loadNode>} BuiltNode
 *
 * @typedef {object} Execution what became of one
 * @property {ExecutionPlan} plan
 * @property {Account} account
 * @property {string[]} ids the server that each item names
 * @property {Set<string>} secrets those that it proved itself with
 * @property {import('n8n-workflow').INodeExecutionData[]} output none if it threw
 * @property {Error} [thrown]
 * @property {number} beganAt milliseconds since 1970, in the simulator's time
 * @property {number} endedAt
 * @property {number} [cancelledAt]
 *
 * @typedef {object} Sent a request, and who sent it
 * @property {LoggedRequest} request
 * @property {Execution} execution
 * @property {string} secret
 * @property {string} caller how the books have to call it
 * @property {string} [requestId] what the cloud called it
 *
 * @typedef {object} PlayedStorm
 * @property {import('../../../simulator/cloud').Cloud} cloud
 * @property {Server[]} servers those of the plan
 * @property {Account[]} accounts
 * @property {Execution[]} executions
 * @property {Sent[]} sent in the order in which the cloud got them
 * @property {string[]} left what was still shared an hour later
 */

const HOUR_MS = 3_600_000;

/**
 * Runs the executions of a storm in one process, in virtual time, by which the time of day goes as well.
 *
 * @param {BuiltNode} node
 * @param {Storm} storm
 * @returns {Promise<PlayedStorm>}
 */
async function playStorm(node, storm) {
	const clock = createVirtualClock();
	const timeOfDay = Date.now;
	Date.now = () => clock.now();
	try {
		return await playBy(clock, node, storm);
	} finally {
		Date.now = timeOfDay;
	}
}

/**
 * @param {import('../../../simulator/clock').VirtualClock} clock
 * @param {BuiltNode} node
 * @param {Storm} storm
 * @returns {Promise<PlayedStorm>}
 */
async function playBy(clock, node, storm) {
	const simulator = openSimulator(clock, storm);
	const { cloud } = simulator;
	const projectIds = [cloud.project.id, cloud.addProject('tenant').id].slice(0, storm.projects);
	const servers = fillCloud(cloud, storm, projectIds);
	const types = {
		token: node.credentialType,
		login: node.loginType,
		// The credential signs by this machine's own time.
		accessKey: {
			name: 'elasticCloudServerAccessKeyApi',
			authenticate: async (/** @type {object} */ credential, /** @type {object} */ request) =>
				node.authenticateWithAccessKey(credential, request, new Date(clock.now())),
		},
	};
	const accounts = storm.accounts.map((plan, index) =>
		openAccount(cloud, plan, index, projectIds, types),
	);
	const later = (/** @type {number} */ ms, /** @type {() => void} */ what) =>
		void clock.sleep(ms).then(what);
	storm.accounts.forEach(({ correctedAt }, index) => {
		if (correctedAt !== undefined) later(correctedAt * 1000, accounts[index].correct);
	});
	for (const at of storm.revocations) later(at * 1000, () => cloud.revokeTokens());

	const its = nodeClock(clock, storm.executions.length * 7919 + storm.servers.length);
	/** @type {Sent[]} */
	const sent = [];

	/** @param {ExecutionPlan} plan @returns {Promise<Execution>} */
	async function run(plan) {
		await clock.sleep(plan.at);
		const account = accounts[plan.account % accounts.length];
		const its = servers.filter(({ projectId }) => projectId === account.projectId);
		/** @type {Execution} */
		const execution = {
			plan,
			account,
			ids: plan.items.map(({ server }) => its[server]?.id ?? UNKNOWN_ID),
			secrets: new Set(),
			output: [],
			beganAt: clock.now(),
			endedAt: Infinity,
		};
		const cancel = new AbortController();
		if (plan.cancelAfter !== undefined) {
			later(plan.cancelAfter, () => {
				if (execution.endedAt !== Infinity) return;
				execution.cancelledAt = clock.now();
				cancel.abort();
			});
		}
		try {
			execution.output = await orHanging(clock, execute(execution, cancel.signal));
		} catch (error) {
			execution.thrown = /** @type {Error} */ (error);
		}
		execution.endedAt = clock.now();
		return execution;
	}

	/** @param {Execution} execution @param {AbortSignal} signal */
	async function execute(execution, signal) {
		const { plan, account, ids, secrets } = execution;
		const context = createContext({
			simulator,
			clock,
			credentialType: account.type,
			credentials: plan.items.map(({ unreadable }) =>
				unreadable ? new Error('Credentials could not be decrypted') : read,
			),
			parameters: plan.items.map((_, item) => parametersFor(plan, account, item, ids[item])),
			onError: plan.onError,
			signal,
			onSent(request, answer, credential) {
				const secret = secretOf(credential);
				/** @type {Sent} */
				const one = { request, execution, secret, caller: callerWith(credential) };
				sent.push(one);
				const note = (/** @type {{ headers: Record<string, string> }} */ { headers }) =>
					(one.requestId = headers['x-compute-request-id'] ?? headers['x-openstack-request-id']);
				answer.then(note, () => undefined);
			},
			store: (session) => Object.assign(account.stored, session),
		});

		async function read() {
			if (storm.databaseMs > 0) await clock.sleep(storm.databaseMs);
			secrets.add(secretOf(account.stored));
			return { ...account.stored };
		}

		const { operation } = plan;
		if (operation === 'get' || operation === 'getMany') {
			return await node.reads[operation].execute.call(context, its);
		}
		return await node.act(context, node.actions[operation], its);
	}

	const executions = await Promise.all(storm.executions.map(run));
	await clock.sleep(HOUR_MS);
	const left = leftIn(node.sharedBy(its));
	if (its.asleep > 0) left.push(`${its.asleep} timers`);
	await simulator.close();
	return { cloud, servers, accounts, executions, sent, left };
}

/**
 * @param {ExecutionPlan} plan
 * @param {Account} account
 * @param {number} item
 * @param {string} id
 */
function parametersFor(plan, { way }, item, id) {
	const common = { authentication: way, operation: plan.operation };
	if (plan.operation === 'get') {
		return { ...common, serverId: id, simplify: true, options: plan.options };
	}
	if (plan.operation === 'getMany') {
		return { ...common, returnAll: true, simplify: true, filters: {}, options: plan.options };
	}
	return { ...common, ...parametersOf(/** @type {any} */ (plan), item, id) };
}

/**
 * What is still kept once something else is held.
 *
 * @param {Record<string, { hold: (key: string) => { release: () => void }, size: number }>} sharing
 * @returns {string[]}
 */
function leftIn(sharing) {
	const { logins, proofs, projects, accounts } = sharing;
	return Object.entries({ logins, proofs, projects, accounts }).flatMap(([name, commons]) => {
		commons.hold('something else').release();
		return commons.size === 1 ? [] : [`${commons.size - 1} ${name}`];
	});
}

module.exports = { playStorm };
