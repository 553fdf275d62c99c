'use strict';

// n8n in queue mode, on PostgreSQL and Redis: a main, a webhook processor and two workers.

const { readFileSync } = require('node:fs');

const children = require('../../../tools/n8n/children');
const { opened } = require('../../../tools/n8n/opened');
const { freePorts } = require('../../../tools/n8n/ports');
const { chain, startServers, webhook } = require('../../../tools/n8n/workflows');
const { World } = require('../world');
const { Postgres } = require('./services/postgres');
const { Redis } = require('./services/redis');

/** Executions that a worker runs at a time, n8n's default. */
const CONCURRENCY = 10;

/**
 * n8n's settings for queue mode. A killed worker is noticed after seconds instead of minutes.
 */
const QUEUE = {
	EXECUTIONS_MODE: 'queue',
	OFFLOAD_MANUAL_EXECUTIONS_TO_WORKERS: 'true',
	QUEUE_HEALTH_CHECK_ACTIVE: 'true',
	QUEUE_WORKER_LOCK_DURATION: '15000',
	QUEUE_WORKER_LOCK_RENEW_TIME: '5000',
	QUEUE_WORKER_STALLED_INTERVAL: '5000',
};

/**
 * @typedef {object} Process one of n8n's
 * @property {import('node:child_process').ChildProcess} child
 * @property {string} log where it logs, without the ending
 */

class QueueWorld extends World {
	constructor() {
		super({ logLevel: 'info' });
		this.postgres = new Postgres();
		this.redis = new Redis();
		/** @type {string | undefined} of the webhook processor */
		this.webhookUrl = undefined;
		/** @type {Process[]} those that run, and those that did */
		this.workers = [];
	}

	/** @param {string} tarball the packed node */
	async open(tarball) {
		await Promise.all([this.postgres.open(), this.redis.open()]);
		this.n8n.settings = { ...QUEUE, ...this.postgres.settings, ...this.redis.settings };
		await super.open(tarball);
		await Promise.all([this.startWebhookProcessor(), this.startWorker(), this.startWorker()]);
	}

	async close() {
		const running = this.workers.map(({ child }) => children.stop(child));
		await Promise.all([...running, super.close()]);
		await Promise.all([this.postgres.stop(), this.redis.stop()]);
	}

	async startWebhookProcessor() {
		const [port] = await freePorts(1);
		await this.n8n.serve(['webhook'], port, { N8N_PORT: String(port) });
		this.webhookUrl = `http://127.0.0.1:${port}`;
	}

	async startWorker() {
		const [port] = await freePorts(1);
		const worker = await this.n8n.serve(['worker', `--concurrency=${CONCURRENCY}`], port, {
			QUEUE_HEALTH_CHECK_PORT: String(port),
		});
		this.workers.push(worker);
		return worker;
	}

	/**
	 * The executions that a worker has begun.
	 * @param {Process} worker
	 * @returns {string[]} their ids
	 */
	executionsOf({ log }) {
		const lines = readFileSync(`${log}.stdout`, 'utf8').matchAll(/Worker started execution (\d+)/g);
		return [...lines].map(([, id]) => id);
	}

	/**
	 * Publishes a workflow that starts the server which an alarm names.
	 * @param {string} path of its webhook, and its name
	 * @param {import('../../../tools/n8n/workflows').Credential} credential
	 * @returns {Promise<string>} its id
	 */
	async alarmWorkflow(path, credential) {
		const id = await this.rest.createWorkflow(
			chain(path, [webhook(path, { responseMode: 'onReceived' }), startServers(credential)]),
		);
		await this.rest.publish(id);
		return id;
	}

	/**
	 * An alarm for each of these servers, all at once, at the webhook processor.
	 * @param {string} path
	 * @param {{ id: string }[]} servers
	 */
	async alarm(path, servers) {
		const url = opened(this.webhookUrl);
		await Promise.all(servers.map(({ id }) => this.n8n.callWebhook(path, { serverId: id }, url)));
	}

	/**
	 * How often the cloud was told to start each of these servers, and took it.
	 * @param {import('../../../simulator/server').Server[]} servers
	 */
	starts(servers) {
		return servers.map(({ actions }) => actions.filter(({ action }) => action === 'start').length);
	}
}

module.exports = { CONCURRENCY, QueueWorld };
