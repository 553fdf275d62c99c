'use strict';

// A chat model that needs no intelligence: it speaks OpenAI's chat completions on loopback, and says
// what it is told beforehand.

const { once } = require('node:events');
const { createServer } = require('node:http');

/**
 * @typedef {object} Message
 * @property {string} role
 * @property {string} content
 *
 * @typedef {object} Asked what the model was sent
 * @property {Message[]} messages
 * @property {{ function: { name: string, description: string, parameters: { properties: object } } }[]} tools
 *
 * @typedef {{ content: string } | { calls: object[], tool?: string }} Answer `calls`: the arguments of each call
 *   of the tool, which is the first one unless it is named
 */

class LanguageModel {
	/** @param {(asked: Asked) => Answer} think */
	constructor(think) {
		this.think = think;
		/** @type {Asked[]} oldest first */
		this.asked = [];
		this.server = createServer((request, response) => void this.answer(request, response));
	}

	/** @returns {Promise<string>} the base URL for a credential */
	async listen() {
		await once(this.server.listen(0, '127.0.0.1'), 'listening');
		const { port } = /** @type {import('node:net').AddressInfo} */ (this.server.address());
		return `http://127.0.0.1:${port}/v1`;
	}

	async close() {
		this.server.closeAllConnections();
		await once(this.server.close(), 'close');
	}

	/**
	 * @param {import('node:http').IncomingMessage} request
	 * @param {import('node:http').ServerResponse} response
	 */
	async answer(request, response) {
		let body = '';
		for await (const chunk of request) body += chunk;
		const asked = JSON.parse(body);
		this.asked.push(asked);
		const message = toMessage(this.think(asked), asked, this.asked.length);
		const choice = { index: 0, message, finish_reason: message.tool_calls ? 'tool_calls' : 'stop' };
		response.setHeader('content-type', 'application/json');
		response.end(
			JSON.stringify({
				id: `chatcmpl-${this.asked.length}`,
				object: 'chat.completion',
				created: 0,
				model: asked.model,
				choices: [choice],
				usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
			}),
		);
	}
}

/**
 * @param {Answer} answer
 * @param {Asked} asked
 * @param {number} count how often it was asked, as no two calls have the same id
 */
function toMessage(answer, { tools }, count) {
	if ('content' in answer) return { role: 'assistant', content: answer.content };
	const tool = tools.find(({ function: { name } }) => name === answer.tool) ?? tools[0];
	return {
		role: 'assistant',
		content: null,
		tool_calls: answer.calls.map((given, index) => ({
			id: `call-${count}-${index}`,
			type: 'function',
			function: { name: tool.function.name, arguments: JSON.stringify(given) },
		})),
	};
}

module.exports = { LanguageModel };
