// @ts-check
'use strict';

/** Nodes as tools of an AI agent, and an agent whose model follows a script. */

/**
 * @typedef {import('n8n-workflow').INodeType} INodeType
 * @typedef {import('n8n-workflow').IExecuteFunctions} IExecuteFunctions
 * @typedef {{ name: string, description: string, schema: { shape: object } }} SeenTool
 *
 * @typedef {object} Script
 * @property {Record<string, unknown>[]} calls what the model fills in, call by call
 * @property {'agent' | 'engine'} calledBy
 * @property {string} toolNode the name of the tool's node
 * @property {(tool: SeenTool) => void} onTool
 */

/**
 * The tool that n8n makes of a node, as `convertNodeToAiTool` of its server does; to a node that describes itself
 * to the model it adds no fields.
 *
 * @param {INodeType} node
 * @returns {INodeType}
 */
function asTool(node) {
	const description = structuredClone(node.description);
	delete description.usableAsTool;
	Object.assign(description, {
		name: `${description.name}Tool`,
		displayName: `${description.displayName} Tool`,
		inputs: [],
		outputs: ['ai_tool'],
	});
	return Object.create(node, { description: { value: description } });
}

/**
 * An agent whose model says what `calls` says. Its answers come out, one item for each call.
 *
 * @param {Script} script
 * @returns {INodeType}
 */
function agent({ calls, calledBy, toolNode, onTool }) {
	return /** @type {any} */ ({
		description: {
			name: 'agent',
			displayName: 'Agent',
			description: '',
			group: ['transform'],
			version: [1],
			defaults: { name: 'Agent' },
			inputs: ['main', { type: 'ai_tool' }],
			outputs: ['main'],
			properties: [],
		},
		/**
		 * @this {IExecuteFunctions}
		 * @param {any} response of the engine, when it has run what was requested
		 */
		async execute(response) {
			const [tool] = /** @type {any[]} */ (await this.getInputConnectionData('ai_tool', 0));
			if (calledBy === 'agent') {
				onTool(tool);
				const answers = [];
				for (const call of calls) answers.push(await tool.invoke(call).catch(errorOf));
				return [answers.map((answer) => ({ json: { answer } }))];
			}
			const responses = response?.actionResponses ?? [];
			if (responses.length === 0) {
				onTool(tool);
				return { actions: calls.map((call, i) => actionOf(toolNode, call, i)), metadata: {} };
			}
			return [
				responses.map((/** @type {any} */ { data }) => ({ json: { answer: answerOf(data) } })),
			];
		},
	});
}

/**
 * @param {string} nodeName
 * @param {Record<string, unknown>} input
 * @param {number} index
 */
const actionOf = (nodeName, input, index) => ({
	actionType: 'ExecutionNodeAction',
	nodeName,
	input,
	type: 'ai_tool',
	id: `call-${index}`,
	metadata: { itemIndex: 0 },
});

/** What n8n's agent shows its model of a tool's run. @param {any} data */
const answerOf = (data) =>
	JSON.stringify(data.data?.ai_tool?.[0]?.map((/** @type {any} */ { json }) => json));

/** @param {Error} error */
const errorOf = (error) => `Error: ${error.message}`;

module.exports = { asTool, agent };
