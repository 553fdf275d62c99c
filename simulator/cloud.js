// @ts-check
'use strict';

const { createHash, randomBytes, randomUUID } = require('node:crypto');
const { createRealClock } = require('./clock');
const { Faults } = require('./faults');
const { RequestLog } = require('./request-log');
const { Server } = require('./server');
const { Smn } = require('./smn');

/**
 * @typedef {import('./clock').Clock} Clock
 * @typedef {import('./server').ServerSpec} ServerSpec
 * @typedef {import('./server').PowerAction} PowerAction
 *
 * @typedef {'admin' | 'member' | 'reader'} Role
 *
 * @typedef {object} Project
 * @property {string} id
 * @property {string} name
 *
 * @typedef {object} User
 * @property {string} id
 * @property {string} name
 * @property {string} password
 * @property {Record<string, Role>} roles project id to role
 * @property {string | null} defaultProjectId
 *
 * @typedef {object} ApplicationCredential
 * @property {string} id
 * @property {string} name
 * @property {string} secret
 * @property {string} userId
 * @property {string} projectId
 *
 * @typedef {object} AccessKey
 * @property {string} accessKey
 * @property {string} secretKey
 * @property {string | null} securityToken set for temporary keys, which are refused without it
 * @property {string} userId
 * @property {string} projectId
 *
 * @typedef {object} Token
 * @property {string} id
 * @property {string} userId
 * @property {string | null} projectId null: unscoped
 * @property {string[]} methods
 * @property {string | null} applicationCredentialId
 * @property {number} issuedAt
 * @property {number} expiresAt
 * @property {string[]} auditIds
 *
 * @typedef {object} Identity who asks, as proved by a token or a signature
 * @property {string} userId
 * @property {string | null} projectId
 * @property {Role} role
 *
 * @typedef {object} Settings may be changed at any time
 * @property {number} latencyMs of every answer
 * @property {number} startSeconds
 * @property {number} stopSeconds
 * @property {number} rebootSeconds
 * @property {number} tokenSeconds
 * @property {number} maxLimit largest page of servers
 * @property {number} defaultLimit page without `limit`; real Nova 1000, Open Telekom Cloud 25
 * @property {boolean} v1 ECS v1 (batch, jobs) is there; without it the path answers as plain Nova does
 * @property {readonly string[]} unpublished calls that the gateway does not have, such as `nova act` or `v1 list`: of each API
 *   `act`, `read`, `list`, and `actionLog` of Nova's, `job` of ECS v1
 * @property {'apiNotPublished' | 'apiNotFound'} unpublishedAs how the gateway says so
 * @property {'failedJob' | 'refused' | 'done'} misfits what a batch does with servers that do not fit, which is not
 *   documented: their parts of the job fail; the batch is refused as a whole; or those that are in the
 *   wanted state already count as done, and the parts of the others fail
 * @property {number} jobInitSeconds before a batch job is taken up
 * @property {number} jobEndSeconds from the end of its last part to its own; 8 were recorded
 * @property {boolean} loginLockout five refused logins lock the user for 15 minutes
 * @property {string[]} denied actions that nobody but an admin may do: `start`, `stop`, `reboot`,
 *   `batch`, `actionLog`, `list`, `read`
 * @property {number} smnRetrySeconds before SMN sends again what was answered with 5xx; twice as long each time
 * @property {string} smnContentType of what SMN sends
 * @property {boolean} requestIds answers carry their request id, as Nova's do; a gateway may drop it
 *
 * @typedef {object} CloudOptions
 * @property {Clock} [clock]
 * @property {string} [projectId]
 * @property {number | (Partial<ServerSpec> & { name: string })[]} [servers] how many, or which
 * @property {string} [namePrefix] of counted servers: `lab-` gives lab-01, lab-02, …
 * @property {number | false} [keepLog] requests kept in the log (default 10000); false: only counted
 */

/** @typedef {CloudOptions & Partial<Settings>} SimulatorOptions */

/** @type {Settings} */
const DEFAULT_SETTINGS = {
	latencyMs: 0,
	startSeconds: 8,
	stopSeconds: 4,
	rebootSeconds: 6,
	tokenSeconds: 86400,
	maxLimit: 1000,
	defaultLimit: 1000,
	v1: true,
	unpublished: [],
	unpublishedAs: 'apiNotPublished',
	misfits: 'failedJob',
	jobInitSeconds: 1,
	jobEndSeconds: 8,
	loginLockout: true,
	denied: [],
	requestIds: true,
	smnRetrySeconds: 5,
	smnContentType: 'application/json',
};

const PASSWORD = 'simulator-password';
const DOMAIN = { id: 'default', name: 'Default' };

/**
 * A stable id for a name, so that two runs have the same servers.
 *
 * @param {string} text
 * @returns {string}
 */
function uuidOf(text) {
	const hex = createHash('sha256').update(text).digest('hex');
	const variant = '89ab'[parseInt(hex[16], 16) % 4];
	return [
		hex.slice(0, 8),
		hex.slice(8, 12),
		`4${hex.slice(13, 16)}`,
		variant + hex.slice(17, 20),
		hex.slice(20, 32),
	].join('-');
}

/** @param {string} text */
function hexIdOf(text) {
	return createHash('md5').update(text).digest('hex');
}

/**
 * The books of the cloud: who there is, which servers, what was asked, what goes wrong next.
 * Tests read and write them directly; the routes do so on behalf of clients.
 */
class Cloud {
	/** @param {SimulatorOptions} [options] */
	constructor(options = {}) {
		/** @type {Clock} */
		this.clock = options.clock ?? createRealClock();
		/** @type {Settings} */
		this.settings = { ...DEFAULT_SETTINGS };
		for (const name of /** @type {(keyof Settings)[]} */ (Object.keys(DEFAULT_SETTINGS))) {
			if (options[name] !== undefined) Object.assign(this.settings, { [name]: options[name] });
		}
		this._options = options;
		this.domain = DOMAIN;
		this.faults = new Faults(this.clock);
		this.requests = new RequestLog(options.keepLog ?? 10000);
		/** @type {Map<string, Project>} */
		this.projects = new Map();
		/** @type {Map<string, User>} */
		this.users = new Map();
		/** @type {Map<string, ApplicationCredential>} */
		this.applicationCredentials = new Map();
		/** @type {Map<string, AccessKey>} */
		this.accessKeys = new Map();
		/** @type {Map<string, Token>} */
		this.tokens = new Map();
		/** @type {Map<string, Server>} by id in lower case */
		this.servers = new Map();
		/** @type {Map<string, import('./jobs').Job>} */
		this.jobs = new Map();
		/** @type {Map<string, { refused: number, lockedUntil: number }>} by user or access key */
		this.lockouts = new Map();
		/** @type {Map<string, Server[]> | null} by project, newest first as Nova lists them */
		this._sorted = null;
		this.smn = new Smn(
			() => this.now,
			() => this.settings,
		);
		this.project = this.addProject('demo', options.projectId);
		const { id } = this.project;
		this.user = this.addUser('demo', { [id]: 'member' });
		this.reader = this.addUser('demo-reader', { [id]: 'reader' });
		this.admin = this.addUser('admin', { [id]: 'admin' });
		this.applicationCredential = this.addApplicationCredential('simulator', this.user.id, id);
		this.accessKey = this.addAccessKey(this.user.id, id);
		const { servers = 5 } = options;
		if (typeof servers === 'number') this.addServers(servers);
		else for (const spec of servers) this.addServer(spec);
	}

	get now() {
		return this.clock.now();
	}

	/** Back to the state after creation: people, servers, settings, faults, log. */
	reset() {
		const fresh = new Cloud({ ...this._options, projectId: this.project.id, clock: this.clock });
		for (const part of /** @type {const} */ ([
			'settings',
			'projects',
			'users',
			'applicationCredentials',
			'accessKeys',
			'tokens',
			'servers',
			'jobs',
			'lockouts',
			'project',
			'user',
			'reader',
			'admin',
			'applicationCredential',
			'accessKey',
		])) {
			Object.assign(this, { [part]: fresh[part] });
		}
		this._sorted = null;
		this.faults.clear();
		this.requests.clear();
		this.smn.reset();
	}

	/**
	 * @param {string} name
	 * @param {string} [id]
	 * @returns {Project}
	 */
	addProject(name, id = hexIdOf(`project ${name}`)) {
		const project = { id, name };
		this.projects.set(id, project);
		return project;
	}

	/**
	 * @param {string} name
	 * @param {Record<string, Role>} roles
	 * @param {string} [password]
	 * @returns {User}
	 */
	addUser(name, roles, password = PASSWORD) {
		const user = {
			id: hexIdOf(`user ${name}`),
			name,
			password,
			roles,
			defaultProjectId: Object.keys(roles)[0] ?? null,
		};
		this.users.set(user.id, user);
		return user;
	}

	/**
	 * @param {string} name
	 * @param {string} userId
	 * @param {string} projectId
	 * @returns {ApplicationCredential}
	 */
	addApplicationCredential(name, userId, projectId) {
		const id = hexIdOf(`application credential ${name}`);
		const credential = { id, name, secret: `${name}-secret`, userId, projectId };
		this.applicationCredentials.set(id, credential);
		return credential;
	}

	/**
	 * @param {string} userId
	 * @param {string} projectId
	 * @param {Partial<AccessKey>} [values]
	 * @returns {AccessKey}
	 */
	addAccessKey(userId, projectId, values = {}) {
		/** @type {AccessKey} */
		const key = {
			accessKey: 'SIMULATORACCESSKEY00',
			secretKey: 'SimulatorSecretKey000000000000000000000',
			securityToken: null,
			userId,
			projectId,
			...values,
		};
		this.accessKeys.set(key.accessKey, key);
		return key;
	}

	/**
	 * @param {Partial<ServerSpec> & { name: string }} spec
	 * @returns {Server}
	 */
	addServer(spec) {
		const server = new Server(
			{
				id: uuidOf(`${this.project.id} ${spec.name} ${this.servers.size}`),
				projectId: this.project.id,
				userId: this.user.id,
				createdAt: this.now - 86_400_000,
				...spec,
			},
			() => this.settings,
		);
		this.servers.set(server.id.toLowerCase(), server);
		this._sorted = null;
		return server;
	}

	/**
	 * Adds servers named after the prefix: lab-01, lab-02, …
	 *
	 * @param {number} count
	 * @param {Partial<ServerSpec>} [spec] what they have in common
	 * @returns {Server[]}
	 */
	addServers(count, spec = {}) {
		const prefix = this._options.namePrefix ?? 'lab-';
		const width = Math.max(2, String(count).length);
		return Array.from({ length: count }, (_, index) =>
			this.addServer({
				createdAt: this.now - 86_400_000 + index * 1000,
				...spec,
				name: prefix + String(index + 1).padStart(width, '0'),
			}),
		);
	}

	/** @param {string} id */
	removeServer(id) {
		this.servers.delete(id.toLowerCase());
		this._sorted = null;
	}

	removeServers() {
		this.servers.clear();
		this._sorted = null;
	}

	/**
	 * The server as it is now; upper-case ids find it too, as with Nova.
	 *
	 * @param {string} id
	 * @returns {Server | undefined}
	 */
	server(id) {
		const server = this.servers.get(id) ?? this.servers.get(id.toLowerCase());
		server?.settle(this.now);
		return server;
	}

	/**
	 * The same, where the project has it, and it was not deleted.
	 *
	 * @param {string | null} projectId
	 * @param {string} id
	 * @returns {Server | undefined}
	 */
	serverOf(projectId, id) {
		const server = this.server(id);
		return server && !server.deleted && server.projectId === projectId ? server : undefined;
	}

	/**
	 * @param {string} name
	 * @returns {Server}
	 */
	serverNamed(name) {
		for (const server of this.servers.values()) {
			if (server.name === name) {
				server.settle(this.now);
				return server;
			}
		}
		throw new Error(`No server is named ${name}`);
	}

	/**
	 * All servers of a project, newest first, deleted ones included; not settled.
	 *
	 * @param {string} projectId
	 * @returns {Server[]}
	 */
	serversOf(projectId) {
		if (this._sorted === null) {
			/** @type {Map<string, Server[]>} */
			const sorted = new Map();
			const seconds = (/** @type {Server} */ server) => Math.floor(server.createdAt / 1000);
			const all = [...this.servers.values()].sort(
				(a, b) => seconds(b) - seconds(a) || (a.id < b.id ? -1 : 1),
			);
			for (const server of all) {
				const list = sorted.get(server.projectId);
				if (list) list.push(server);
				else sorted.set(server.projectId, [server]);
			}
			this._sorted = sorted;
		}
		return this._sorted.get(projectId) ?? [];
	}

	/**
	 * @param {Partial<Token>} [values]
	 * @returns {Token}
	 */
	issueToken(values = {}) {
		const issuedAt = this.now;
		/** @type {Token} */
		const token = {
			id: `sim-${randomBytes(32).toString('base64url')}`,
			userId: this.user.id,
			projectId: this.project.id,
			methods: ['password'],
			applicationCredentialId: null,
			issuedAt,
			expiresAt: issuedAt + this.settings.tokenSeconds * 1000,
			auditIds: [randomBytes(16).toString('base64url')],
			...values,
		};
		this.tokens.set(token.id, token);
		return token;
	}

	/**
	 * @param {string | undefined} id
	 * @returns {Token | null} null: unknown, revoked or expired; nobody can tell which
	 */
	validToken(id) {
		const token = id ? this.tokens.get(id) : undefined;
		return token !== undefined && token.expiresAt > this.now ? token : null;
	}

	revokeTokens() {
		this.tokens.clear();
	}

	/** Lets the tokens run out, as after a night. */
	expireTokens() {
		for (const token of this.tokens.values()) token.expiresAt = this.now;
	}

	/**
	 * @param {string} userId
	 * @param {string | null} projectId
	 * @returns {Identity | null} null: no role there
	 */
	identityOf(userId, projectId) {
		const user = this.users.get(userId);
		if (user === undefined) return null;
		const role = projectId === null ? 'reader' : user.roles[projectId];
		return role === undefined ? null : { userId, projectId, role };
	}

	/**
	 * Was the server running (ACTIVE, no task) at that time?
	 *
	 * @param {string} id
	 * @param {number} [at] default now
	 */
	wasRunning(id, at = this.now) {
		const server = this.server(id);
		if (server === undefined) return false;
		const state = server.stateAt(at);
		return state.status === 'ACTIVE' && state.taskState === null && state.powerState === 1;
	}

	/** @returns {string} */
	newRequestId() {
		return `req-${randomUUID()}`;
	}
}

module.exports = { Cloud, DEFAULT_SETTINGS, PASSWORD };
