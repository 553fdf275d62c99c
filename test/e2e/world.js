'use strict';

// Where the end-to-end tests take place: the demo, with all its traffic written down, secrets to
// look for, and n8n saying as much as it can.

const { randomBytes, randomUUID } = require('node:crypto');

const { Demo } = require('../../tools/n8n/demo');
const { waitFor } = require('../../tools/n8n/wait');

/** Nothing else has the like of it: whoever finds it has found a leak. */
const canary = () => `canary${randomBytes(24).toString('hex')}`;

const REFUSED_SECRETS = ['not-a-token', 'not-the-password', 'not-the-secret', 'not-the-secret-key'];

class World extends Demo {
	/** @param {{ logLevel?: string }} [options] */
	constructor({ logLevel = 'debug' } = {}) {
		super({ cloud: { startSeconds: 1, latencyMs: 5 }, n8n: { logLevel } });
		/** @type {{ method: string, url: string, body: string }[]} the raw requests, oldest first */
		this.wire = [];
		/** @type {{ token?: string, signature?: string }[]} what each of them proved itself with */
		this.proofs = [];
		/** @type {string[]} */
		this.oldTokens = [];
		this.simulator.app.server.prependListener('request', (request) => {
			const { method = '', url = '', headers } = request;
			const { 'x-auth-token': token } = headers;
			const entry = { method, url, body: '' };
			this.wire.push(entry);
			request.on('data', (chunk) => (entry.body += chunk));
			this.proofs.push({
				token: Array.isArray(token) ? token[0] : token,
				signature: /Signature=(\w+)/.exec(headers.authorization ?? '')?.[1],
			});
		});
		const { cloud } = this;
		cloud.user.password = canary();
		cloud.applicationCredential.secret = canary();
		cloud.accessKey.secretKey = canary();
		cloud.accessKey.securityToken = canary();
		this.token = cloud.issueToken({ id: canary() });
	}

	/** @param {string} tarball the packed node */
	async open(tarball) {
		await super.open(tarball, this.token);
	}

	/** A token that has run out. */
	oldToken() {
		const token = this.cloud.issueToken({ id: canary() });
		token.expiresAt = 0;
		this.oldTokens.push(token.id);
		return token;
	}

	/** Every secret that was typed in, given out or sent, by kind. @returns {Record<string, string[]>} */
	secrets() {
		const { cloud, proofs, token } = this;
		// n8n's HTTP Request node and its Test send no token where the stored one is another login's.
		const seen = (/** @type {(string | undefined)[]} */ values) =>
			[...new Set(values)].filter((value) => value !== undefined).filter((value) => value !== '');
		return {
			token: [token.id, ...this.oldTokens],
			password: [...cloud.users.values()].map(({ password }) => password),
			'application secret': [cloud.applicationCredential.secret],
			'secret key': [cloud.accessKey.secretKey],
			'security token': [cloud.accessKey.securityToken ?? ''],
			'session token': seen(proofs.map((proof) => proof.token)).filter(
				(id) => ![token.id, ...this.oldTokens].includes(id),
			),
			signature: seen(proofs.map((proof) => proof.signature)),
			// They work without a login; the messages that hold them come from outside.
			'link of a subscription': this.mails.flatMap(({ subscribe_url, unsubscribe_url }) =>
				seen([subscribe_url, unsubscribe_url]),
			),
			'signature of a message': this.mails.map(({ signature }) => signature),
			// What the suites try in place of a right one.
			'refused secret': REFUSED_SECRETS,
		};
	}

	/** What SMN has sent, as it was sent. */
	get mails() {
		return this.cloud.smn.deliveries.map(({ message }) => message);
	}

	/** How many logins the cloud has seen. */
	get logins() {
		return this.cloud.requests.count('login');
	}

	/** A user of the project of one's own, whom the logins of others cannot lock out. */
	user() {
		const { cloud } = this;
		return cloud.addUser(`user-${cloud.users.size}`, { [cloud.project.id]: 'member' }, canary());
	}

	/**
	 * Saves another credential like one that is there.
	 * @param {'token' | 'password' | 'applicationCredential' | 'accessKey'} kind
	 * @param {object} [changes] of its data
	 */
	async newCredential(kind, changes) {
		const { type, data } = this.credentials[kind];
		const credential = { name: `Another ${kind}`, type, data: { ...data, ...changes } };
		return { ...credential, id: await this.rest.createCredential(credential) };
	}

	/**
	 * New servers, switched off.
	 * @param {number} count
	 */
	servers(count) {
		return Array.from({ length: count }, () =>
			this.cloud.addServer({ name: `server-${this.cloud.servers.size + 1}` }),
		);
	}

	/** @param {string} serverId */
	switchOff(serverId) {
		this.cloud.server(serverId)?.force(this.cloud.now, { status: 'SHUTOFF' });
	}

	/**
	 * Stops a server through the cloud's API, as somebody plans it.
	 * @param {string} serverId
	 */
	stopByUser(serverId) {
		const { cloud } = this;
		const asker = { userId: cloud.user.id, projectId: cloud.project.id, admin: false };
		const request = { now: cloud.now, requestId: `req-${randomUUID()}`, asker };
		cloud.server(serverId)?.ask('stop', request);
	}

	/**
	 * Waits until a trigger has looked at its servers from now on, and is done with it.
	 * @param {string} name that the names of its servers hold
	 */
	async looked(name) {
		const looks = () =>
			this.wire.filter(({ url }) => url.includes('changes-since=') && url.includes(`name=${name}`))
				.length;
		// There are no two looks at once: when the second has begun, the first has ended.
		const wanted = looks() + 2;
		await waitFor(`two looks at ${name}`, () => looks() >= wanted);
	}

	/**
	 * Running servers that a trigger watches, once it has looked.
	 * @param {string} name that the names of its servers hold
	 * @param {string[]} names what each has behind that
	 */
	async watched(name, ...names) {
		const servers = names.map((one) =>
			this.cloud.addServer({ name: `${name} ${one}`, status: 'ACTIVE' }),
		);
		await this.looked(name);
		return servers;
	}

	/** Ends all sessions, as a change of the user's permissions does; the pasted token stays. */
	revokeTokens() {
		this.cloud.revokeTokens();
		this.cloud.tokens.set(this.token.id, this.token);
	}

	/**
	 * Does something while the cloud's clock and this machine's differ.
	 * @template T
	 * @param {number} ms
	 * @param {() => Promise<T>} work
	 * @returns {Promise<T>}
	 */
	async withClockOff(ms, work) {
		const { clock } = this.cloud;
		this.cloud.clock = { ...clock, now: () => clock.now() + ms };
		try {
			return await work();
		} finally {
			this.cloud.clock = clock;
		}
	}

	/**
	 * The requests that asked for an action of a server, as they came.
	 * @param {string} serverId
	 */
	actionsOn(serverId) {
		return this.wire.filter(({ method, url }) => method === 'POST' && url.includes(serverId));
	}
}

module.exports = { World };
