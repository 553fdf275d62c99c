// @ts-check
'use strict';

const { createVirtualClock } = require('../../simulator');
const { callerOf: nameCaller } = require('../../simulator/call');
const { createContext } = require('./context');
const {
	DIST,
	fillCloud,
	loadNode,
	nodeClock,
	openSimulator,
	orHanging,
	parametersOf,
	UNKNOWN_ID,
} = require('./world');

/**
 * @typedef {import('./scenario').Scenario} Scenario
 * @typedef {import('../../simulator/request-log').LoggedRequest} LoggedRequest
 *
 * @typedef {object} Played one execution
 * @property {Books} cloud what went to its project, whoever sent it
 * @property {LoggedRequest[]} sent what it sent itself
 * @property {LoggedRequest[]} others what others of its account sent, who may share with it
 * @property {string[][]} companions the servers of each other execution that may be asking for the same meanwhile
 * @property {string[]} ids the server that each item names
 * @property {import('n8n-workflow').INodeExecutionData[]} output none if it threw
 * @property {Error} [thrown] what it threw, with On Error set to Stop Workflow
 * @property {string[][]} callers how the books may call the account of each item
 * @property {boolean} [wasRefused] the cloud refused the secret that it proved itself with
 * @property {boolean} [wasRefusedAside] the cloud refused that secret at its call for many servers at once
 * @property {boolean} [wasSlow] an answer may have come too late for who waited for it
 * @property {number} beganAt milliseconds since 1970, in the simulator's time
 * @property {number} endedAt
 *
 * @typedef {object} Books
 * @property {{ entries: LoggedRequest[] }} requests
 * @property {(id: string) => import('../../simulator/server').Server | undefined} server
 * @property {(id: string, at?: number) => boolean} wasRunning
 */

/**
 * Runs the node for real through a scenario, in virtual time.
 *
 * @param {ReturnType<typeof loadNode>} node
 * @param {Scenario} scenario
 * @returns {Promise<Played>}
 */
async function play(node, scenario) {
	const clock = createVirtualClock();
	const simulator = openSimulator(clock, scenario);
	const { cloud } = simulator;
	const accounts = openAccounts(cloud, scenario.accounts ?? 1);
	const accountOf = (/** @type {number} */ server) => accounts[server % accounts.length];
	const projectIds = accounts.map(({ projectId }) => projectId);
	const servers = fillCloud(cloud, scenario, projectIds);
	const beganAt = clock.now();

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
		parameters: scenario.items.map((_, item) => ({
			authentication: 'token',
			...parametersOf(scenario, item, ids[item]),
		})),
		onError,
		signal: new AbortController().signal,
	});
	const its = nodeClock(clock, scenario.items.length * 7919 + scenario.servers.length);
	const run = node.act(context, node.actions[scenario.operation], its);
	/** @type {Pick<Played, 'output' | 'thrown'>} */
	const result = await orHanging(
		clock,
		run.then(
			(/** @type {Played['output']} */ output) => ({ output }),
			(/** @type {Error} */ thrown) => {
				if (onError !== 'stopWorkflow') throw thrown;
				return { output: [], thrown };
			},
		),
	);
	const endedAt = clock.now();
	await simulator.close();
	const callers = scenario.items.map(({ server }) => [callerOf(accountOf(server).token)]);
	const sent = cloud.requests.entries;
	return { cloud, sent, others: [], companions: [], ids, ...result, callers, beganAt, endedAt };
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

module.exports = { DIST, loadNode, play };
