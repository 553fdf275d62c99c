'use strict';

const { chain, startServers, webhook } = require('../../../tools/n8n/workflows');

/**
 * A workflow that starts the server which an alarm names. Alarms are told at once that they have
 * arrived, so what becomes of them stands in the executions alone.
 */
class Alarms {
	/**
	 * @param {import('./world').QueueWorld} world
	 * @param {string} name of the workflow, and the path of its webhook
	 * @param {string} id
	 */
	constructor(world, name, id) {
		this.world = world;
		this.name = name;
		this.id = id;
	}

	/**
	 * @param {import('./world').QueueWorld} world
	 * @param {string} name
	 * @param {import('../../../tools/n8n/workflows').Credential} credential
	 */
	static async publish(world, name, credential) {
		const trigger = webhook(name, { responseMode: 'onReceived' });
		const id = await world.rest.createWorkflow(chain(name, [trigger, startServers(credential)]));
		await world.rest.publish(id);
		return new Alarms(world, name, id);
	}

	/**
	 * An alarm for each of these servers, all at once.
	 * @param {{ id: string }[]} servers
	 * @param {string} [url] of the process that gets them
	 */
	async raise(servers, url = this.world.webhookUrl) {
		const calls = servers.map(({ id }) =>
			this.world.n8n.callWebhook(this.name, { serverId: id }, url),
		);
		await Promise.all(calls);
	}

	/**
	 * All executions there are, once there are that many and all have ended.
	 * @param {number} count
	 * @param {number} [patienceMs]
	 */
	async ended(count, patienceMs) {
		return await this.world.rest.endedExecutions(this.id, count, patienceMs);
	}
}

module.exports = { Alarms };
