'use strict';

// A Redis of one's own: Debian's program, on a free port, in a folder that is gone afterwards.

const { spawnSync } = require('node:child_process');
const { existsSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const children = require('../../../../tools/n8n/children');
const { fromDebian } = require('../../../../tools/n8n/debian');
const { opened } = require('../../../../tools/n8n/opened');
const { freePorts } = require('../../../../tools/n8n/ports');
const { waitFor } = require('../../../../tools/n8n/wait');

const PROGRAM = '/usr/bin/redis-server';

class Redis {
	constructor() {
		this.program = fromDebian('redis-server', () => (existsSync(PROGRAM) ? PROGRAM : undefined));
		this.folder = mkdtempSync(path.join(tmpdir(), 'ecs-redis-'));
		process.once('exit', () => rmSync(this.folder, { recursive: true, force: true }));
		this.port = 0;
		/** @type {import('node:child_process').ChildProcess | undefined} */
		this.server = undefined;
	}

	/** n8n's settings for it. */
	get settings() {
		return { QUEUE_BULL_REDIS_HOST: '127.0.0.1', QUEUE_BULL_REDIS_PORT: String(this.port) };
	}

	/** Starts an empty one. */
	async open() {
		[this.port] = await freePorts(1);
		await this.start();
	}

	/** Starts it on what it held when it was stopped: it writes down all that it is told. */
	async start() {
		const args = { port: this.port, bind: '127.0.0.1', dir: this.folder, appendonly: 'yes' };
		this.server = children.start(
			this.program,
			Object.entries(args).flatMap(([name, value]) => [`--${name}`, String(value)]),
			{ cwd: this.folder, stdio: 'ignore' },
		);
		const ping = ['-p', String(this.port), 'ping'];
		const answers = () => String(spawnSync('redis-cli', ping).stdout).trim() === 'PONG';
		await waitFor('Redis to start', answers);
	}

	async stop() {
		await children.stop(opened(this.server));
	}
}

module.exports = { Redis };
