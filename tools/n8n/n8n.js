'use strict';

// An n8n of one's own: its user folder, its command line and its server, gone without a trace.

const { once } = require('node:events');
const {
	createWriteStream,
	mkdirSync,
	mkdtempSync,
	readFileSync,
	rmSync,
	writeFileSync,
} = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { unpack } = require('../pack');
const children = require('./children');
const { fromCommandLine } = require('./executions');
const { opened } = require('./opened');
const { freePorts } = require('./ports');
const { Rest } = require('./rest');
const { N8N, environment, nodePath, settings: lineSettings } = require('./runtime');
const { waitFor } = require('./wait');

const START_TIMEOUT_MS = 120_000;
/** Tries again while the last of n8n's processes still writes. */
const REMOVE = { recursive: true, force: true, maxRetries: 10 };

/** n8n's settings: nothing leaves the machine, and plain HTTP may carry the session's cookie. */
const SETTINGS = {
	N8N_LISTEN_ADDRESS: '127.0.0.1',
	N8N_HOST: '127.0.0.1',
	N8N_SECURE_COOKIE: 'false',
	N8N_DIAGNOSTICS_ENABLED: 'false',
	N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
	N8N_TEMPLATES_ENABLED: 'false',
	N8N_PERSONALIZATION_ENABLED: 'false',
	N8N_HIRING_BANNER_ENABLED: 'false',
};

/**
 * Whether one of n8n's processes answers, and has its database.
 * @param {string} url
 */
async function isReady(url) {
	const response = await fetch(`${url}/healthz/readiness`).catch(() => undefined);
	return response?.ok;
}

class N8n {
	/** Its user folder is new and empty. @param {{ port?: number, logLevel?: string }} [options] */
	constructor({ port, logLevel = 'info' } = {}) {
		/** @type {NodeJS.ProcessEnv} n8n's settings by which this one differs */
		this.settings = {};
		this.folder = mkdtempSync(path.join(tmpdir(), 'ecs-n8n-'));
		process.once('exit', () => rmSync(this.folder, REMOVE));
		this.logs = path.join(this.folder, 'logs');
		mkdirSync(this.logs);
		this.port = port;
		this.logLevel = logLevel;
		this.commands = 0;
		/** @type {{ url: string, server: import('node:child_process').ChildProcess, rest: Rest } | undefined} */
		this.running = undefined;
	}

	get url() {
		return opened(this.running).url;
	}

	get server() {
		return opened(this.running).server;
	}

	get rest() {
		return opened(this.running).rest;
	}

	/** @returns {NodeJS.ProcessEnv} */
	get environment() {
		const { PATH, LANG, TZ } = environment();
		return {
			...SETTINGS,
			...lineSettings,
			PATH,
			LANG,
			TZ,
			HOME: this.folder,
			N8N_USER_FOLDER: this.folder,
			N8N_LOG_LEVEL: this.logLevel,
			N8N_PORT: String(this.port ?? 0),
			...this.settings,
		};
	}

	/**
	 * Starts an n8n process that logs to a file each for stdout and stderr.
	 * @param {string[]} args
	 * @param {NodeJS.ProcessEnv} [settings] of this process alone
	 */
	async spawn(args, settings) {
		// Each process has a task runner's broker of its own.
		const [brokerPort] = await freePorts(1);
		this.commands += 1;
		const log = path.join(this.logs, `${this.commands}-${args[0].replace(':', '-')}`);
		const child = children.start(nodePath(), [N8N, ...args], {
			cwd: this.folder,
			env: {
				...this.environment,
				N8N_RUNNERS_BROKER_PORT: String(brokerPort),
				...settings,
			},
			stdio: ['ignore', 'pipe', 'pipe'],
		});
		child.stdout?.pipe(createWriteStream(`${log}.stdout`));
		child.stderr?.pipe(createWriteStream(`${log}.stderr`));
		return { child, log };
	}

	/**
	 * Runs a command of n8n to its end.
	 * @param {string[]} args
	 */
	async command(args) {
		const { child, log } = await this.spawn(args);
		const [status] = await once(child, 'close');
		return {
			status,
			stdout: readFileSync(`${log}.stdout`, 'utf8'),
			stderr: readFileSync(`${log}.stderr`, 'utf8'),
		};
	}

	/**
	 * @param {string[]} args
	 * @param {object[]} entities goes to the command in a file
	 */
	async import(args, entities) {
		const file = path.join(this.folder, 'import.json');
		writeFileSync(file, JSON.stringify(entities));
		const { status, stdout, stderr } = await this.command([...args, `--input=${file}`]);
		rmSync(file);
		// n8n's import commands exit with 0 even when they failed.
		if (status !== 0 || !/Successfully imported/.test(stdout)) {
			throw new Error(`n8n ${args.join(' ')} failed:\n${stdout}${stderr}`);
		}
	}

	/** @param {{ id: string, name: string, type: string, data: object }[]} credentials */
	async importCredentials(credentials) {
		await this.import(['import:credentials'], credentials);
	}

	/** @param {object[]} workflows */
	async importWorkflows(workflows) {
		await this.import(['import:workflow'], workflows);
	}

	/**
	 * Installs a community package as n8n's own installer does, short of asking the registry:
	 * unpacked among the installed nodes, and without the dependencies that only development needs.
	 * @param {string} tarball
	 * @param {string} name
	 */
	install(tarball, name) {
		const nodes = path.join(this.folder, '.n8n', 'nodes');
		const directory = path.join(nodes, 'node_modules', name);
		mkdirSync(directory, { recursive: true });
		unpack(tarball, directory);
		const file = path.join(directory, 'package.json');
		const manifest = JSON.parse(readFileSync(file, 'utf8'));
		for (const kind of ['devDependencies', 'peerDependencies', 'optionalDependencies']) {
			delete manifest[kind];
		}
		writeFileSync(file, JSON.stringify(manifest));
		const ledger = { name: 'installed-nodes', private: true };
		writeFileSync(
			path.join(nodes, 'package.json'),
			JSON.stringify({ ...ledger, dependencies: { [name]: manifest.version } }),
		);
	}

	/**
	 * Runs a workflow from the command line, which needs a Manual Trigger in it.
	 * @param {string} id
	 */
	async execute(id) {
		const { status, stdout } = await this.command(['execute', `--id=${id}`, '--rawOutput']);
		return { ...fromCommandLine(stdout), exitCode: status };
	}

	/**
	 * Starts one of n8n's processes that stay, and waits until it is ready.
	 * @param {string[]} args
	 * @param {number} port where it says so
	 * @param {NodeJS.ProcessEnv} [settings] of this process alone
	 */
	async serve(args, port, settings) {
		const { child, log } = await this.spawn(args, settings);
		const ready = async () => {
			if (child.exitCode !== null) throw new Error(`n8n ended with ${child.exitCode}`);
			return await isReady(`http://127.0.0.1:${port}`);
		};
		try {
			await waitFor(`n8n ${args[0]} to start`, ready, START_TIMEOUT_MS);
		} catch (error) {
			throw new Error(`It said:\n${readFileSync(`${log}.stdout`, 'utf8')}`, { cause: error });
		}
		return { child, log };
	}

	/** Starts the server, also again, waits until it answers, and is logged in as its owner. */
	async start() {
		const [port] = await freePorts(1);
		this.port ??= port;
		const url = `http://127.0.0.1:${this.port}`;
		const { child } = await this.serve(['start'], this.port);
		// Before 2.0 it says that it is ready while it still opens its database.
		const answers = async () => (await fetch(`${url}/rest/settings`).catch(() => undefined))?.ok;
		await waitFor('n8n to answer', answers);
		if (this.running) {
			this.running.server = child;
			return;
		}
		const rest = new Rest(url);
		this.running = { url, server: child, rest };
		await rest.setUpOwner();
	}

	/**
	 * Calls the webhook of a published workflow, which n8n may still be about to register.
	 * @param {string} webhookPath
	 * @param {object} body
	 * @param {string} [url] of the process to call
	 * @returns {Promise<{ status: number, json(): Promise<import('./executions').Json[]> }>}
	 */
	async callWebhook(webhookPath, body, url = this.url) {
		return await waitFor(`the webhook ${webhookPath}`, async () => {
			const response = await fetch(`${url}/webhook/${webhookPath}`, {
				method: 'POST',
				headers: { 'content-type': 'application/json' },
				body: JSON.stringify(body),
			});
			return response.status === 404 ? undefined : response;
		});
	}

	/** Stops the server; its database and logs stay until this process ends. */
	async stop() {
		if (this.running) await children.stop(this.running.server);
	}
}

module.exports = { N8n, isReady };
