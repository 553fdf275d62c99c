'use strict';

// A simulated cloud, and a real n8n with our node, a credential and the example workflows in it.

const { createSimulator } = require('../../test/simulator');
const { N8n } = require('./n8n');
const { examples, serverIdsOf } = require('./workflows');

const PACKAGE = 'n8n-nodes-elastic-cloud-server';
/** The servers of the examples, in the order of their list. */
const SERVER_NAMES = ['database', 'application', 'web'];

class Demo {
	/**
	 * @param {object} [options]
	 * @param {import('../../test/simulator/cloud').SimulatorOptions} [options.cloud]
	 * @param {{ port?: number, logLevel?: string }} [options.n8n]
	 */
	constructor({ cloud, n8n } = {}) {
		this.simulator = createSimulator({ servers: 0, ...cloud });
		this.cloud = this.simulator.cloud;
		serverIdsOf('morning-start-up').forEach((id, index) => {
			this.cloud.addServer({ id, name: SERVER_NAMES[index] });
		});
		this.n8n = new N8n(n8n);
	}

	/**
	 * @param {string} tarball the packed node
	 * @param {{ id: string }} [token] that the credential holds
	 */
	async open(tarball, token = this.cloud.issueToken()) {
		this.endpoint = await this.simulator.listen();
		// Named as n8n names the first credential of its kind: the examples find it by that name.
		this.credential = {
			id: 'simulated-cloud',
			name: 'Elastic Cloud Server Token account',
			type: 'elasticCloudServerTokenApi',
			data: {
				cloud: 'custom',
				ecsEndpoint: this.endpoint,
				projectId: this.cloud.project.id,
				token: token.id,
				allowHttp: false,
				allowUnauthorizedCerts: false,
			},
		};
		this.n8n.install(tarball, PACKAGE);
		await this.n8n.importCredentials([this.credential]);
		await this.n8n.importWorkflows(examples());
		await this.n8n.start();
		this.rest = this.n8n.rest;
	}

	async close() {
		await this.n8n.stop();
		await this.simulator.close();
	}
}

module.exports = { Demo };
