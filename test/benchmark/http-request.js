// @ts-check
'use strict';

/** n8n's own HTTP Request node, where the end-to-end tests have installed it. */

const path = require('node:path');
const { itemsOf, succeeded } = require('./starts');

const HTTP_REQUEST = 'n8n-nodes-base.httpRequest';
const FILE = 'n8n-nodes-base/dist/nodes/HttpRequest/HttpRequest.node.js';
const E2E = path.resolve(__dirname, '../../tools/n8n');

/**
 * As an extra node of the engine; none where it is not installed.
 *
 * @returns {Record<string, import('n8n-workflow').INodeType>}
 */
function httpRequest() {
	try {
		const { HttpRequest } = require(require.resolve(FILE, { paths: [E2E] }));
		return { [HTTP_REQUEST]: new HttpRequest() };
	} catch {
		return {};
	}
}

/**
 * The same starts, all items at once, as the node does it by itself.
 *
 * @param {import('../harness/harness').Engine} engine
 * @param {import('./fleet').Fleet} fleet
 */
async function startByHttpRequest(engine, { credentials, url, projectId, serverIds }) {
	const result = await engine.run({
		type: HTTP_REQUEST,
		node: {
			method: 'POST',
			url: `=${url}/v2.1/${projectId}/servers/{{ $json.serverId }}/action`,
			authentication: 'predefinedCredentialType',
			nodeCredentialType: 'elasticCloudServerTokenApi',
			sendBody: true,
			specifyBody: 'json',
			jsonBody: '{ "os-start": {} }',
			options: {},
		},
		nodeSettings: { typeVersion: 4.2 },
		items: itemsOf(serverIds),
		credentials,
	});
	succeeded(result);
}

module.exports = { HTTP_REQUEST, httpRequest, startByHttpRequest };
