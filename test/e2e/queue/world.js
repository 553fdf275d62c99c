'use strict';

// n8n in queue mode, on PostgreSQL and Redis: a main, a webhook processor and two workers.

const { readFileSync } = require('node:fs');

const children = require('../../../tools/n8n/children');
const { opened } = require('../../../tools/n8n/opened');
const { freePorts } = require('../../../tools/n8n/ports');
const { World } = require('../world');
const { Postgres } = require('./services/postgres');
const { Redis } = require('./services/redis');

const WORKERS = 2;
/** Executions that a worker runs at a time: n8n's default. */
const CONCURRENCY = 10;
/** Executions that run at a time. */
const SLOTS = WORKERS * CONCURRENCY;

/** n8n's settings for queue mode; those of the locks let it notice a killed worker sooner. */
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
		/** @type {{ url: string, child: Process['child'] } | undefined} */
		this.webhookProcessor = undefined;
		/** @type {Process[]} those that run, and those that did */
		this.workers = [];
	}

	/** @param {string} tarball the packed node */
	async open(tarball) {
		await Promise.all([this.postgres.open(), this.redis.open()]);
		this.n8n.settings = { ...QUEUE, ...this.postgres.settings, ...this.redis.settings };
		await super.open(tarball);
		const workers = Array.from({ length: WORKERS }, () => this.startWorker());
		await Promise.all([this.startWebhookProcessor(), ...workers]);
	}

	/** With nothing: each test makes what it needs. */
	async fill() {}

	/** At once: what still waits for a server after a failure is not waited for. */
	async close() {
		const processes = [...this.workers, ...(this.webhookProcessor ? [this.webhookProcessor] : [])];
		await Promise.all(processes.map(({ child }) => children.stop(child, 'SIGKILL')));
		await super.close();
		await Promise.all([this.postgres.stop(), this.redis.stop()]);
	}

	get webhookUrl() {
		return opened(this.webhookProcessor).url;
	}

	async startWebhookProcessor() {
		const [port] = await freePorts(1);
		const { child } = await this.n8n.serve(['webhook'], port, { N8N_PORT: String(port) });
		this.webhookProcessor = { url: `http://127.0.0.1:${port}`, child };
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
	 * The processes in which an execution has been.
	 * @param {string[]} executionIds
	 * @returns {Process[]} workers alone
	 */
	workersOf(executionIds) {
		return this.workers.filter((worker) =>
			this.executionsOf(worker).some((id) => executionIds.includes(id)),
		);
	}

	/**
	 * New servers that stay on their way until they arrive.
	 * @param {string} name
	 * @param {number} count
	 */
	slowServers(name, count) {
		return Array.from({ length: count }, (_, index) =>
			this.cloud.addServer({ name: `${name} ${index}`, startBehaviour: 'never' }),
		);
	}

	/**
	 * Lets those run that are on their way, and the others start as usual.
	 * @param {import('../../../simulator/server').Server[]} servers
	 */
	arrive(servers) {
		for (const server of servers) {
			server.behave('start', 'ok');
			if (server.taskState !== null) server.force(this.cloud.now, { status: 'ACTIVE' });
		}
	}

	/**
	 * A user whom the logins of others cannot lock out, and his credential.
	 * @param {object} [changes] of its data
	 */
	async newUser(changes) {
		const user = this.user();
		const { name, password } = user;
		const data = { userName: name, password, ...changes };
		return { user, credential: await this.newCredential('password', data) };
	}
}

module.exports = { QueueWorld, SLOTS, WORKERS };
