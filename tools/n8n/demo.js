'use strict';

// A simulated cloud, and a real n8n with our node, its credentials and the example workflows in it.

const { writeFileSync } = require('node:fs');
const path = require('node:path');

const { createSimulator } = require('../../simulator');
const { credentialsFor } = require('./credentials');
const { N8n } = require('./n8n');
const { opened } = require('./opened');
const { waitFor } = require('./wait');
const { examples, tagsOf, webhookPathOf } = require('./workflows');

const PACKAGE = 'n8n-nodes-elastic-cloud-server';
/** The servers of the examples, as the cloud lists them, and as they are started in order. */
const TAGGED = ['database', 'application', 'web'];
/** Of somebody else. */
const UNTAGGED = [{ name: 'gateway', status: 'ACTIVE' }, { name: 'archive' }];

class Demo {
	/**
	 * @param {object} [options]
	 * @param {import('../../simulator/cloud').SimulatorOptions} [options.cloud]
	 * @param {{ port?: number, logLevel?: string }} [options.n8n]
	 */
	constructor({ cloud, n8n } = {}) {
		this.simulator = createSimulator({ servers: 0, ...cloud });
		this.cloud = this.simulator.cloud;
		const tags = tagsOf('morning-start-up');
		const tagged = TAGGED.map((name, index) => ({
			name,
			tags: [...tags, `start-order=${index + 1}`],
		}));
		const servers = [...tagged, ...UNTAGGED];
		servers.forEach((server, index) => {
			this.cloud.addServer({ ...server, createdAt: this.cloud.now - (index + 1) * 60_000 });
		});
		this.n8n = new N8n(n8n);
		/** @type {{ endpoint: string, credentials: ReturnType<typeof credentialsFor> } | undefined} */
		this.place = undefined;
	}

	/** Of Nova, ECS and IAM alike. */
	get endpoint() {
		return opened(this.place).endpoint;
	}

	get credentials() {
		return opened(this.place).credentials;
	}

	/** The one that the examples use. */
	get credential() {
		return this.credentials.token;
	}

	get rest() {
		return this.n8n.rest;
	}

	/**
	 * @param {string} tarball the packed node
	 * @param {{ id: string }} [token] that the credential with a token holds
	 */
	async open(tarball, token = this.cloud.issueToken()) {
		const endpoint = await this.simulator.listen();
		this.place = { endpoint, credentials: credentialsFor(this.cloud, endpoint, token) };
		this.letReachSmn();
		this.n8n.install(tarball, PACKAGE);
		await this.fill();
		await this.n8n.start();
	}

	/** Gives n8n what it holds when it starts. */
	async fill() {
		await this.n8n.importCredentials(Object.values(this.credentials));
		await this.n8n.importWorkflows(examples());
	}

	/** The cloud's own hosts are reached through the simulator, and nothing else is on the internet. */
	letReachSmn() {
		const authority = path.join(this.n8n.folder, 'authority.pem');
		writeFileSync(authority, this.simulator.tls.authority);
		Object.assign(this.n8n.settings, {
			HTTPS_PROXY: this.endpoint,
			NODE_EXTRA_CA_CERTS: authority,
		});
	}

	/**
	 * Publishes the example that an alarm starts, and adds it to the topic that it names.
	 * @param {string} [id] of a workflow like it
	 * @param {string} [url] of the process that gets the messages
	 */
	async listenToAlarms(id = 'recovery-on-alarm', url = this.n8n.url) {
		const { smn } = this.cloud;
		await this.rest.publish(id);
		const topic = smn.topics.get('n8n-alarms') ?? smn.addTopic('n8n-alarms');
		const endpoint = `${url}/webhook/${webhookPathOf('recovery-on-alarm')}`;
		const subscription = smn.subscribe(topic, endpoint);
		await waitFor('the confirmation of the subscription', async () => {
			await smn.settled();
			const { status } = subscription;
			// n8n's other processes learn of a published workflow a moment later.
			if (status !== 'confirmed') smn.invite(topic, subscription);
			return status === 'confirmed';
		});
		return { topic, subscription };
	}

	async close() {
		await this.n8n.stop();
		await this.simulator.close();
	}
}

module.exports = { Demo };
