'use strict';

// A PostgreSQL of one's own: Debian's programs, on a free port, in a folder that is gone afterwards.

const { execFileSync, spawnSync } = require('node:child_process');
const { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const children = require('../../../../tools/n8n/children');
const { fromDebian } = require('../../../../tools/n8n/debian');
const { opened } = require('../../../../tools/n8n/opened');
const { freePorts } = require('../../../../tools/n8n/ports');
const { waitFor } = require('../../../../tools/n8n/wait');

/** Debian keeps a folder for each version. */
const VERSIONS = '/usr/lib/postgresql';
const USER = 'n8n';

/** @returns {string | undefined} the folder of the newest version's programs */
function programs() {
	const [newest] = (existsSync(VERSIONS) ? readdirSync(VERSIONS) : [])
		.sort((a, b) => Number(b) - Number(a))
		.map((version) => path.join(VERSIONS, version, 'bin'))
		.filter((folder) => existsSync(path.join(folder, 'initdb')));
	return newest;
}

/** @param {'-u' | '-g'} which @returns {number} of Debian's user for PostgreSQL */
const idOfPostgres = (which) => Number(execFileSync('id', [which, 'postgres']));

class Postgres {
	constructor() {
		this.programs = fromDebian('postgresql', programs);
		this.folder = mkdtempSync(path.join(tmpdir(), 'ecs-postgres-'));
		/** @type {string[]} what goes before a program: it refuses to run as root */
		this.asUser = [];
		if (process.getuid?.() === 0) {
			chownSync(this.folder, idOfPostgres('-u'), idOfPostgres('-g'));
			this.asUser = ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups'];
		}
		this.port = 0;
		/** @type {import('node:child_process').ChildProcess | undefined} */
		this.server = undefined;
		// Before all children are killed: a killed PostgreSQL leaves a piece of shared memory behind.
		process.prependOnceListener('exit', () => this.abort());
		process.once('exit', () => rmSync(this.folder, { recursive: true, force: true }));
	}

	/** n8n's settings for it. */
	get settings() {
		return {
			DB_TYPE: 'postgresdb',
			DB_POSTGRESDB_HOST: '127.0.0.1',
			DB_POSTGRESDB_PORT: String(this.port),
			DB_POSTGRESDB_DATABASE: 'postgres',
			DB_POSTGRESDB_USER: USER,
		};
	}

	/**
	 * @param {string} program
	 * @param {string[]} args
	 */
	command(program, args) {
		return [...this.asUser, path.join(this.programs, program), ...args];
	}

	/** Makes a new database and starts it. */
	async open() {
		[this.port] = await freePorts(1);
		const [command, ...args] = this.command('initdb', [
			`--pgdata=${this.folder}`,
			`--username=${USER}`,
			'--auth=trust',
			'--encoding=UTF8',
			'--no-locale',
			'--no-sync',
		]);
		execFileSync(command, args, { cwd: this.folder, stdio: ['ignore', 'ignore', 'inherit'] });
		await this.start();
	}

	/** Starts it on what it held when it was stopped. */
	async start() {
		const settings = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'];
		const [command, ...args] = this.command('postgres', [
			'-D',
			this.folder,
			'-p',
			String(this.port),
			...settings.flatMap((setting) => ['-c', setting]),
		]);
		this.server = children.start(command, args, { cwd: this.folder, stdio: 'ignore' });
		const isReady = path.join(this.programs, 'pg_isready');
		const where = ['--host=127.0.0.1', `--port=${this.port}`, '--quiet'];
		await waitFor('PostgreSQL to start', () => spawnSync(isReady, where).status === 0);
	}

	/** Stops it, and with it every connection. */
	async stop() {
		await children.stop(opened(this.server), 'SIGINT');
	}

	abort() {
		const [command, ...args] = this.command('pg_ctl', [
			'stop',
			'-D',
			this.folder,
			'-m',
			'immediate',
		]);
		spawnSync(command, args, { cwd: this.folder });
	}
}

module.exports = { Postgres };
