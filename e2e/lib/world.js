'use strict';

// Where the end-to-end tests take place: the demo, with all its traffic written down, a secret to
// look for, and n8n saying as much as it can.

const { randomBytes } = require('node:crypto');

const { Demo } = require('./demo');

class World extends Demo {
	constructor() {
		super({ cloud: { startSeconds: 1, latencyMs: 5 }, n8n: { logLevel: 'debug' } });
		/** @type {{ method: string, url: string, body: string }[]} the raw requests, oldest first */
		this.wire = [];
		this.simulator.app.server.prependListener('request', (request) => {
			const { method, url } = request;
			const entry = { method, url, body: '' };
			this.wire.push(entry);
			request.on('data', (chunk) => (entry.body += chunk));
		});
		// Nothing else has the like of it: whoever finds it has found a leak.
		this.canary = `canary${randomBytes(48).toString('hex')}`;
		this.token = this.cloud.issueToken({ id: this.canary });
	}

	/** @param {string} tarball the packed node */
	async open(tarball) {
		await super.open(tarball, this.token);
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

	/**
	 * The requests that asked for an action of a server, as they came.
	 * @param {string} serverId
	 */
	actionsOn(serverId) {
		return this.wire.filter(({ method, url }) => method === 'POST' && url.includes(serverId));
	}
}

module.exports = { World };
