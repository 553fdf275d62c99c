// @ts-check
'use strict';

/**
 * A cloud that notifies, and a published workflow that begins with the alarm trigger, for one test. n8n reaches
 * the cloud's hosts by their own names: the simulator is its proxy, and its authority is trusted.
 *
 * @example
 * const { smn, topic, confirm, tell, started } = await openAlarms();
 * await confirm();
 * await tell('alarm');
 * started; // [[{ json: { kind: 'alarm', serverId: …, … } }]]
 */

const tls = require('node:tls');
const { createEngine } = require('./harness');
const { stopwatch } = require('./stopwatch');
const { createSimulator } = require('../../simulator');
const { mailOf } = require('../../simulator/smn-alarms');

/**
 * @typedef {import('../../simulator/cloud').SimulatorOptions} SimulatorOptions
 * @typedef {Record<string, unknown>} Fields of a message
 *
 * @typedef {object} Posted
 * @property {number} status
 * @property {any} body
 * @property {number} seconds until the answer was there
 */

const engine = createEngine();
const { createSecureContext } = tls;

/** @type {(() => Promise<void>)[]} */
const closing = [];

afterAll(async () => {
	tls.createSecureContext = createSecureContext;
	await Promise.all(closing.map((close) => close()));
});

/**
 * As NODE_EXTRA_CA_CERTS does, which Node.js reads once, when it starts.
 *
 * @param {string} authority
 */
function trust(authority) {
	tls.createSecureContext = (options) => {
		const context = createSecureContext(options);
		/** @type {any} */ (context.context).addCACert(authority);
		return context;
	};
}

/** A clock of the node, which a test can move on, or stop: then it moves by hand alone. */
function movableClock() {
	let ahead = 0;
	let running = () => performance.now();
	return {
		now: () => running() + ahead,
		random: Math.random,
		/** @param {number} ms @param {AbortSignal} signal */
		sleep: (ms, signal) =>
			new Promise((/** @type {(value?: unknown) => void} */ resolve) => {
				const timer = setTimeout(resolve, ms);
				signal.addEventListener('abort', () => {
					clearTimeout(timer);
					resolve();
				});
			}),
		stop() {
			const stopped = running();
			running = () => stopped;
		},
		/** @param {number} seconds */
		pass(seconds) {
			ahead += seconds * 1000;
		},
	};
}

/**
 * @param {object} [parameters] of the trigger, further ones
 * @param {SimulatorOptions & { mode?: 'webhook' | 'manual', trusted?: boolean }} [options] `trusted: false`:
 *   nobody vouches for the cloud's hosts
 */
async function openAlarms(parameters = {}, { mode, trusted = true, ...options } = {}) {
	const simulator = createSimulator({ servers: 1, smnRetrySeconds: 0.01, ...options });
	const { cloud, tls: hosts } = simulator;
	const { smn } = cloud;
	const [server] = cloud.servers.values();
	const topic = smn.addTopic('n8n-alarms');
	process.env.HTTPS_PROXY = await simulator.listen();
	if (trusted) trust(hosts.authority);
	else tls.createSecureContext = createSecureContext;
	const clock = movableClock();
	const workflow = await engine.listen({
		node: /** @type {any} */ ({ cloud: 'otc', topicUrn: topic.urn, ...parameters }),
		mode,
		clock,
	});
	closing.push(workflow.close, simulator.close);

	/**
	 * @param {Fields | string | Buffer} message
	 * @param {Record<string, string>} [headers]
	 * @returns {Promise<Posted>}
	 */
	async function post(message, headers = {}) {
		const seconds = stopwatch();
		const isRaw = typeof message === 'string' || Buffer.isBuffer(message);
		const response = await fetch(workflow.url, {
			method: 'POST',
			headers: { 'content-type': 'text/plain', ...headers },
			body: isRaw ? message : JSON.stringify(message),
		});
		const body = await response.json();
		return { status: response.status, body, seconds: seconds() };
	}

	/**
	 * A message that SMN has signed, without sending it.
	 *
	 * @param {Record<string, string>} [fields]
	 */
	const signed = (fields) =>
		smn.signed(topic, {
			type: 'Notification',
			...mailOf('alarm', { server, at: cloud.now }),
			...fields,
		});

	/** Adds the workflow to the topic, and waits for what comes of it. */
	async function confirm() {
		const subscription = smn.subscribe(topic, workflow.url);
		await smn.settled();
		return subscription;
	}

	/**
	 * Has the cloud tell of the server, and waits until it is delivered.
	 *
	 * @param {import('../../simulator/smn-alarms').Form} form
	 */
	async function tell(form) {
		smn.publish(topic, mailOf(form, { server, at: cloud.now }));
		await smn.settled();
		return smn.deliveries[smn.deliveries.length - 1];
	}

	/** What n8n asked of the cloud: certificates and links. */
	const fetched = () => cloud.requests.find({}).map(({ kind }) => kind);

	return {
		...workflow,
		cloud,
		smn,
		topic,
		server,
		hosts,
		clock,
		post,
		signed,
		confirm,
		tell,
		fetched,
	};
}

module.exports = { openAlarms };
