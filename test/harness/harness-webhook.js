// @ts-check
'use strict';

/**
 * A published workflow that begins with a webhook, in n8n's own contexts and over real HTTP. Only n8n's server
 * is missing: what it does around `webhook()` is done here as its sources say (webhook-helpers, body-parser), but
 * for its words to who has started a workflow, which differ.
 */

const { once } = require('node:events');
const { createServer } = require('node:http');

/**
 * @typedef {import('n8n-workflow').INodeExecutionData} Item
 * @typedef {import('node:http').IncomingMessage & { rawBody?: Buffer, body?: unknown }} WebhookRequest
 *
 * @typedef {object} WebhookParts what the engine has for it
 * @property {import('n8n-workflow').INodeType} nodeType
 * @property {(mode: string, http?: object) => any} webhookContext
 * @property {(mode: string, activation: string) => any} hookContext
 *
 * @typedef {object} Listening
 * @property {string} url
 * @property {Item[][]} started the items of each execution that was started
 * @property {unknown[]} failed what `webhook()` threw: each a failed execution in n8n
 * @property {() => Promise<unknown>} activate
 * @property {() => Promise<void>} close
 */

/**
 * Answers as n8n does with JSON that is none: the node is not asked.
 *
 * @param {WebhookRequest} request
 */
async function readBody(request) {
	const type = request.headers['content-type'] ?? '';
	if (type.startsWith('multipart/')) return true;
	const chunks = [];
	for await (const chunk of request) chunks.push(chunk);
	request.rawBody = Buffer.concat(chunks);
	if (!type.startsWith('application/json') || request.rawBody.length === 0) return true;
	try {
		request.body = JSON.parse(request.rawBody.toString());
		return true;
	} catch {
		return false;
	}
}

/** As much of Express's response as nodes use. @param {import('node:http').ServerResponse} response */
function expressive(response) {
	const status = (/** @type {number} */ code) => {
		response.statusCode = code;
		return response;
	};
	const json = (/** @type {unknown} */ body) => {
		response.setHeader('content-type', 'application/json; charset=utf-8');
		response.end(JSON.stringify(body));
		return response;
	};
	return Object.assign(response, { status, json });
}

/**
 * @param {WebhookParts} parts
 * @param {{ mode?: 'webhook' | 'manual' }} settings `manual`: Listen for Test Event
 * @returns {Promise<Listening>}
 */
async function listen({ nodeType, webhookContext, hookContext }, { mode = 'webhook' }) {
	/** @type {Item[][]} */
	const started = [];
	/** @type {unknown[]} */
	const failed = [];
	const server = createServer((request, raw) => void answer(request, expressive(raw)));

	/** @param {WebhookRequest} request @param {ReturnType<typeof expressive>} response */
	async function answer(request, response) {
		if (!(await readBody(request))) {
			response.status(422);
			response.json({ message: 'Failed to parse request body' });
			return;
		}
		const context = webhookContext(mode, { httpRequest: request, httpResponse: response });
		try {
			const result = (await nodeType.webhook?.call(context)) ?? {};
			if (result.noWebhookResponse) return;
			if (result.workflowData) started.push(...result.workflowData);
			response.json({ message: 'Workflow was started' });
		} catch (error) {
			failed.push(error);
			response.status(500);
			response.json({ message: 'Workflow could not be started!' });
		}
	}

	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return {
		url: `http://127.0.0.1:${port}/`,
		started,
		failed,
		async activate() {
			const methods = nodeType.webhookMethods?.default;
			const hook = hookContext(mode === 'manual' ? 'manual' : 'trigger', 'activate');
			if (!(await methods?.checkExists.call(hook))) await methods?.create.call(hook);
			return await methods?.delete.call(hook);
		},
		async close() {
			server.closeAllConnections();
			server.close();
		},
	};
}

module.exports = { listen };
