// @ts-check
'use strict';

/**
 * The least that a node can do: n8n's authenticated request helper in a loop, and nothing around
 * it. Like our node, it hands the decrypted credential over and follows no redirects, which saves
 * n8n some work: what is left is what our node adds.
 */

const CREDENTIAL = 'elasticCloudServerTokenApi';
const BARE_LOOP = 'benchmark.bareLoop';

const node = {
	description: {
		displayName: 'Bare Loop',
		name: 'bareLoop',
		description: '',
		group: ['transform'],
		version: 1,
		defaults: { name: 'Bare Loop' },
		inputs: ['main'],
		outputs: ['main'],
		credentials: [{ name: CREDENTIAL, required: true }],
		properties: [
			{ displayName: 'Server ID', name: 'serverId', type: 'string', default: '' },
			{ displayName: 'Concurrency', name: 'concurrency', type: 'number', default: 1 },
		],
	},
	/** @this {import('n8n-workflow').IExecuteFunctions} */
	async execute() {
		const items = this.getInputData();
		const concurrency = Number(this.getNodeParameter('concurrency', 0));
		const data = await this.getCredentials(CREDENTIAL);
		const credentialsDecrypted = { id: '', name: '', type: CREDENTIAL, data };
		/** @type {import('n8n-workflow').INodeExecutionData[]} */
		const output = [];
		let next = 0;
		const work = async () => {
			while (next < items.length) {
				const item = next++;
				const serverId = this.getNodeParameter('serverId', item);
				const answer = await this.helpers.httpRequestWithAuthentication.call(
					this,
					CREDENTIAL,
					{
						method: 'POST',
						url: `${data.ecsEndpoint}/v2.1/${data.projectId}/servers/${serverId}/action`,
						body: { 'os-start': {} },
						json: true,
						returnFullResponse: true,
						disableFollowRedirect: true,
					},
					{ credentialsDecrypted },
				);
				output[item] = { json: { serverId, status: answer.statusCode }, pairedItem: { item } };
			}
		};
		await Promise.all(Array.from({ length: concurrency }, work));
		return [output];
	},
};

/** As an extra node of the engine. @type {Record<string, import('n8n-workflow').INodeType>} */
const bareLoop = { [BARE_LOOP]: /** @type {any} */ (node) };

module.exports = { bareLoop, BARE_LOOP };
