// @ts-check
'use strict';

/**
 * Plays a recorded answer of a real cloud to the built node, in virtual time: the call that the record
 * names gets that answer, and all others those of a cloud that does well.
 */

const { createVirtualClock } = require('../../simulator');
const { DIST } = require('./play');

/**
 * @typedef {object} Recorded a record of test/recorded/answers.json
 * @property {string} id
 * @property {'server' | 'list' | 'error' | 'conflict' | 'odd' | 'login' | 'token' | 'accept' | 'batch'
 *   | 'job' | 'actions' | 'microversion'} kind
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {any} body
 * @property {Replay} replay
 * @property {any} expect
 *
 * @typedef {object} Replay how the answer comes into play
 * @property {'get' | 'getMany' | 'start' | 'stop' | 'restart'} [operation]
 * @property {Place} [at] which call gets the answer
 * @property {'token' | 'login' | 'accessKey'} [auth]
 * @property {Record<string, any>} [parameters]
 * @property {Record<string, any>} [options]
 * @property {any} [world] the server, when it is read
 * @property {any} [job] the answer to a look at the job
 * @property {string} [acceptedAs] the id of the request that was accepted
 * @property {boolean} [raw] Simplify is off
 * @property {Record<string, string>} [filters]
 * @property {any} [nextPage]
 *
 * @typedef {'action' | 'server' | 'list' | 'batch' | 'job' | 'actions' | 'login' | 'microversion'} Place
 * @typedef {{ status: number, headers?: Record<string, string>, body?: any }} Answer
 * @typedef {{ method: string, url: string, qs?: Record<string, string>, headers?: Record<string, string> }} Sent
 */

const SERVER_ID = 'bac642b0-a9ca-4a13-b6b9-9e41b35905b6';
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const PROJECT_ID = '77b6a44cba5143ab91d13ab9a8ff44fd';
const JOB_ID = 'ff80808288d41e1b018990260955686a';
const JSON_HEADERS = { 'content-type': 'application/json' };

/** @type {Record<string, { type: string, file: string, fields: Record<string, string> }>} */
const WAYS = {
	token: {
		type: 'elasticCloudServerTokenApi',
		file: 'ElasticCloudServerTokenApi',
		fields: { token: 'a-token' },
	},
	login: {
		type: 'elasticCloudServerLoginApi',
		file: 'ElasticCloudServerLoginApi',
		fields: {
			loginMethod: 'password',
			domainName: 'domain',
			userName: 'user',
			password: 'a-pass',
			sessionToken: '',
		},
	},
	accessKey: {
		type: 'elasticCloudServerAccessKeyApi',
		file: 'ElasticCloudServerAccessKeyApi',
		fields: { accessKey: 'AAAABBBBCCCCDDDD', secretKey: 'a-key' },
	},
};

/** Each replay has a cloud of its own: what one refuses, a process does not send to it again. */
let clouds = 0;

/** @param {Sent} sent @returns {Place} */
function placeOf({ method, url }) {
	const { pathname } = new URL(url);
	if (pathname.startsWith('/v3/')) return 'login';
	if (pathname.includes('/jobs/')) return 'job';
	if (pathname.endsWith('/cloudservers/action')) return 'batch';
	if (pathname.endsWith('/os-instance-actions')) return 'actions';
	if (pathname.endsWith('servers/detail')) return 'list';
	return method === 'POST' ? 'action' : 'server';
}

/**
 * The json of each item that the node gives, and what it asked for.
 *
 * @param {Recorded} recorded
 */
async function replay({ kind, status, headers, body, replay: how }) {
	const { operation, at } = placeFor(kind, how);
	const way = WAYS[how.auth ?? 'token'];
	const credentialType = new (require(`${DIST}/credentials/${way.file}.credentials.js`)[
		way.file
	])();
	const endpoint = `https://cloud-${(clouds += 1)}.example.com`;
	/** @type {Record<string, string>} */
	const credential = {
		cloud: 'custom',
		ecsEndpoint: endpoint,
		iamEndpoint: endpoint,
		projectId: PROJECT_ID,
		...way.fields,
	};
	const named = body?.server?.id;
	const serverId = how.world?.id ?? (UUID.test(named) ? named : SERVER_ID);
	const clock = createVirtualClock();
	/** @type {Sent[]} */
	const sent = [];

	/** @param {Sent} request @returns {Answer} */
	function answerTo(request) {
		const place = placeOf(request);
		sent.push(request);
		const first = sent.filter((one) => placeOf(one) === place).length === 1;
		const isNextPage = place === 'list' && !first && how.nextPage;
		if (isNextPage) return { status: 200, headers: JSON_HEADERS, body: how.nextPage };
		if (place === 'job' && how.job) return how.job;
		if (place === at) return { status, headers, body };
		if (at === 'microversion' && 'X-OpenStack-Nova-API-Version' in (request.headers ?? {})) {
			return { status, headers, body };
		}
		return FINE[place]({ ...SERVER, id: serverId, ...stateNow() }, how);
	}

	/** The recorded server is what a batch has come to; before, it is one that needs it. */
	function stateNow() {
		const begun = sent.some((one) => placeOf(one) === 'batch');
		if ((at === 'batch' || at === 'job') && !begun)
			return STATES[operation === 'start' ? 'off' : 'on'];
		if (how.job) return STATES[operation === 'stop' ? 'off' : 'on'];
		return how.world;
	}

	const response = (/** @type {Sent} */ request) => {
		const answer = answerTo(request);
		return { statusCode: answer.status, headers: answer.headers ?? {}, body: answer.body ?? '' };
	};
	const isReading = operation.startsWith('get');
	/** @type {Record<string, any>} */
	const parameters = {
		operation,
		authentication: how.auth ?? 'token',
		serverId: { __rl: true, mode: 'id', value: serverId },
		simplify: !how.raw,
		returnAll: true,
		filters: how.filters ?? {},
		...how.parameters,
		options: {
			// They were answers to calls of Nova's, but where it says otherwise.
			apiVersion: 'v2.1',
			// Reads are repeated in real time.
			...(isReading ? { maxTries: 1 } : {}),
			...(at === 'batch' || at === 'job' ? { sendAs: 'oneBatchRequest' } : {}),
			...how.options,
		},
	};
	const context = {
		getInputData: () => [{ json: {} }],
		getNodeParameter(
			/** @type {string} */ name,
			/** @type {number} */ _,
			/** @type {any} */ preset,
			/** @type {any} */ more,
		) {
			const value = parameters[name] ?? preset;
			return more?.extractValue ? (value?.value ?? value) : value;
		},
		getCredentials: async () => credential,
		getExecutionCancelSignal: () => new AbortController().signal,
		getNode: () => ({ name: 'Elastic Cloud Server', type: 'elasticCloudServer' }),
		addExecutionHints: () => undefined,
		continueOnFail: () => true,
		helpers: {
			async httpRequestWithAuthentication(/** @type {string} */ _, /** @type {any} */ request) {
				if (credentialType.preAuthentication && credential.sessionToken === '') {
					const helpers = { httpRequest: async (/** @type {Sent} */ login) => response(login) };
					const session = await credentialType.preAuthentication.call({ helpers }, credential);
					Object.assign(credential, session);
				}
				return response(await credentialType.authenticate(credential, request));
			},
		},
	};
	const output = await run(operation, context, clock);
	return { items: output.map(({ json }) => json), sent };
}

/** @param {Recorded['kind']} kind @param {Replay} how @returns {{ operation: string, at: Place }} */
function placeFor(kind, { operation, at }) {
	if (kind === 'server') return { operation: 'get', at: 'server' };
	if (kind === 'list') return { operation: 'getMany', at: 'list' };
	return { operation: operation ?? 'start', at: at ?? 'action' };
}

/**
 * @param {string} operation
 * @param {object} context
 * @param {import('../../simulator/clock').VirtualClock} clock
 * @returns {Promise<import('n8n-workflow').INodeExecutionData[]>}
 */
async function run(operation, context, clock) {
	if (operation.startsWith('get')) {
		return await require(
			`${DIST}/nodes/ElasticCloudServer/operations/${operation}.js`,
		).execute.call(context);
	}
	const { act } = require(`${DIST}/nodes/ElasticCloudServer/act.js`);
	const { START } = require(`${DIST}/nodes/cloud/power/actions/start.js`);
	const { stop } = require(`${DIST}/nodes/cloud/power/actions/stop.js`);
	const { restart } = require(`${DIST}/nodes/cloud/power/actions/restart.js`);
	/** @type {Record<string, unknown>} */
	const actions = { start: () => START, stop, restart };
	return await act(context, actions[operation], nodeClock(clock));
}

/** @param {import('../../simulator/clock').VirtualClock} clock */
const nodeClock = (clock) => ({
	now: () => clock.now(),
	random: () => 0.5,
	/** @param {number} ms @param {AbortSignal} signal */
	async sleep(ms, signal) {
		if (signal.aborted) return;
		const aborted = new Promise((resolve) => signal.addEventListener('abort', resolve));
		await Promise.race([clock.sleep(ms), aborted]);
	},
});

const STATES = {
	off: { status: 'SHUTOFF', 'OS-EXT-STS:vm_state': 'stopped', 'OS-EXT-STS:power_state': 4 },
	on: { status: 'ACTIVE', 'OS-EXT-STS:vm_state': 'active', 'OS-EXT-STS:power_state': 1 },
};

const SERVER = {
	...STATES.off,
	name: 'srv-1',
	'OS-EXT-STS:task_state': null,
	locked: false,
	tags: [],
	addresses: {},
	flavor: { id: '1' },
};

/** @type {Record<Place, (server: object, how: Replay) => Answer>} */
const FINE = {
	action: (_, { acceptedAs }) => ({
		status: 202,
		headers: acceptedAs ? { 'x-compute-request-id': acceptedAs } : JSON_HEADERS,
	}),
	server: (server) => ({ status: 200, headers: JSON_HEADERS, body: { server } }),
	microversion: (server) => ({ status: 200, headers: JSON_HEADERS, body: { server } }),
	list: (server) => ({ status: 200, headers: JSON_HEADERS, body: { servers: [server] } }),
	batch: () => ({ status: 200, headers: JSON_HEADERS, body: { job_id: JOB_ID } }),
	job: () => ({ status: 200, headers: JSON_HEADERS, body: { job_id: JOB_ID, status: 'RUNNING' } }),
	actions: () => ({ status: 200, headers: JSON_HEADERS, body: { instanceActions: [] } }),
	login: () => ({ status: 201, headers: { 'x-subject-token': 'a-session' }, body: { token: {} } }),
};

module.exports = { replay };
