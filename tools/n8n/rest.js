'use strict';

// n8n's REST API, as its editor uses it.

const { randomUUID } = require('node:crypto');

const { AUTHENTICATION } = require('./credentials');
const { fromStored } = require('./executions');
const { waitFor } = require('./wait');
const { NODE_TYPE } = require('./workflows');

/** The only user of the n8n: created here, and told to whoever wants to click through it. */
const OWNER = {
	email: 'owner@example.com',
	firstName: 'Olga',
	lastName: 'Owner',
	password: 'Elastic-Cloud-1',
};

/** @param {{ status: string }} execution */
const hasEnded = ({ status }) => !['new', 'running', 'waiting'].includes(status);

class Rest {
	/** @param {string} url */
	constructor(url) {
		this.url = url;
		// n8n ties the session to the browser that it was opened in.
		/** @type {Record<string, string>} */
		this.headers = { 'browser-id': randomUUID(), 'content-type': 'application/json' };
	}

	/**
	 * @param {string} method
	 * @param {string} path
	 * @param {unknown} [body]
	 */
	async send(method, path, body) {
		const response = await fetch(`${this.url}${path}`, {
			method,
			headers: this.headers,
			body: body === undefined ? undefined : JSON.stringify(body),
		});
		if (!response.ok) {
			throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
		}
		return response;
	}

	/**
	 * @param {string} method
	 * @param {string} path under /rest
	 * @param {unknown} [body]
	 * @returns {Promise<any>} whatever n8n has at that place
	 */
	async call(method, path, body) {
		const response = await this.send(method, `/rest${path}`, body);
		return /** @type {{ data: unknown }} */ (await response.json()).data;
	}

	/** Creates the owner and stays logged in as him. */
	async setUpOwner() {
		const response = await this.send('POST', '/rest/owner/setup', OWNER);
		this.headers.cookie = response.headers
			.getSetCookie()
			.map((cookie) => cookie.split(';')[0])
			.join('; ');
	}

	/**
	 * Every node or credential type that n8n has loaded.
	 * @param {'nodes' | 'credentials'} kind
	 * @returns {Promise<{ name: string, displayName: string, credentials?: { name: string }[] }[]>}
	 */
	async types(kind) {
		const response = await this.send('GET', `/types/${kind}.json`);
		return /** @type {any} */ (await response.json());
	}

	/**
	 * @param {{ name: string, type: string, data: object }} credential
	 * @returns {Promise<string>} its id
	 */
	async createCredential(credential) {
		return (await this.call('POST', '/credentials', credential)).id;
	}

	/**
	 * Changes fields of a credential as the editor does: it gets all of them, with a mark in place of
	 * each secret, and sends them all back.
	 * @param {string} id
	 * @param {object} changes
	 */
	async editCredential(id, changes) {
		const { name, type, data } = await this.storedCredential(id);
		await this.call('PATCH', `/credentials/${id}`, { name, type, data: { ...data, ...changes } });
	}

	/** @param {string} id */
	async storedCredential(id) {
		return await this.call('GET', `/credentials/${id}?includeData=true`);
	}

	/**
	 * Saves a workflow as the editor does, also one that it has imported.
	 * @param {object} workflow
	 * @returns {Promise<string>} its id
	 */
	async createWorkflow(workflow) {
		return (await this.call('POST', '/workflows', workflow)).id;
	}

	/** @param {string} id */
	async publish(id) {
		const { versionId } = await this.call('GET', `/workflows/${id}`);
		await this.call('POST', `/workflows/${id}/activate`, { versionId });
	}

	/** @param {string} id */
	async unpublish(id) {
		await this.call('POST', `/workflows/${id}/deactivate`, {});
	}

	/**
	 * What the Test of a credential says in the editor.
	 * @param {{ id?: string, name: string, type: string, data: object }} credential
	 * @returns {Promise<{ status: 'OK' | 'Error', message: string }>}
	 */
	async testCredential(credential) {
		return await this.call('POST', '/credentials/test', { credentials: credential });
	}

	/**
	 * What From List shows of the servers whose names hold a text.
	 * @param {{ id: string, name: string, type: string }} credential
	 * @param {string} filter
	 * @returns {Promise<{ name: string, value: string }[]>}
	 */
	async searchServers({ id, name, type }, filter) {
		const { results } = await this.call(
			'POST',
			'/dynamic-node-parameters/resource-locator-results',
			{
				path: 'parameters.serverId',
				methodName: 'searchServers',
				nodeTypeAndVersion: { name: NODE_TYPE, version: 1 },
				currentNodeParameters: { authentication: AUTHENTICATION[type] },
				credentials: { [type]: { id, name } },
				filter,
			},
		);
		return results;
	}

	/**
	 * Runs a workflow from a trigger, as the editor's button does, without waiting for its end.
	 * @param {string} id
	 * @param {string} trigger the trigger's name
	 * @param {object} [json] what the trigger gives
	 * @returns {Promise<string>} the execution's id
	 */
	async run(id, trigger, json) {
		const data = json && {
			data: { main: [[{ json }]] },
			source: [],
			startTime: 0,
			executionTime: 0,
		};
		const workflowData = await this.call('GET', `/workflows/${id}`);
		const { executionId } = await this.call('POST', `/workflows/${id}/run`, {
			workflowData,
			triggerToStartFrom: { name: trigger, data },
		});
		return executionId;
	}

	/**
	 * The stored executions of a workflow, newest first, without their data.
	 * @param {string} workflowId
	 * @returns {Promise<{ id: string, status: string, mode: string }[]>}
	 */
	async executions(workflowId) {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		return (await this.call('GET', `/executions?filter=${filter}&limit=100`)).results;
	}

	/**
	 * The executions of a workflow, newest first, once there are that many and all have ended.
	 * @param {string} workflowId
	 * @param {number} count at most 100
	 * @param {number} [patienceMs]
	 */
	async endedExecutions(workflowId, count, patienceMs) {
		const ended = async () => {
			const executions = await this.executions(workflowId);
			return executions.length >= count && executions.every(hasEnded) && executions;
		};
		return await waitFor(`${count} executions of ${workflowId}`, ended, patienceMs);
	}

	/**
	 * A stored execution, once it has ended.
	 * @param {string} id
	 */
	async execution(id) {
		return await waitFor(`the end of execution ${id}`, async () => {
			const execution = await this.call('GET', `/executions/${id}`);
			return execution.stoppedAt ? fromStored(execution) : undefined;
		});
	}

	/**
	 * The newest execution of a workflow, once there are that many.
	 * @param {string} workflowId
	 * @param {number} [count]
	 */
	async lastExecution(workflowId, count = 1) {
		const [newest] = await waitFor(`execution ${count} of ${workflowId}`, async () => {
			const executions = await this.executions(workflowId);
			return executions.length >= count ? executions : undefined;
		});
		return await this.execution(newest.id);
	}
}

module.exports = { OWNER, Rest };
