'use strict';

// The workflows that are tried in the real n8n: those of the examples, and small ones made here.

const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');

const { AUTHENTICATION } = require('./credentials');

const EXAMPLES = path.resolve(__dirname, '..', '..', 'examples');
const NODE_TYPE = 'n8n-nodes-elastic-cloud-server.elasticCloudServer';
const TRIGGER_TYPE = `${NODE_TYPE}Trigger`;
const NODE_NAME = 'Elastic Cloud Server';
const NOTE_TYPE = 'n8n-nodes-base.stickyNote';
const AGENT_NAME = 'AI Agent';
/** How often the example of recovery looks when it is tried, in seconds. */
const POLL_SECONDS = 2;

/**
 * @typedef {object} WorkflowNode
 * @property {string} name
 * @property {string} type
 * @property {number} typeVersion
 * @property {Record<string, any>} parameters whatever the node of this type has
 * @property {Record<string, { id: string, name: string }>} [credentials]
 * @property {string} [webhookId]
 *
 * @typedef {WorkflowNode & { position: [number, number] }} PlacedNode
 *
 * @typedef {{ id: string, name: string, type: string }} Credential
 */

/**
 * The examples as they are in the repository, with an id of n8n's form added.
 * @returns {{ id: string, name: string, nodes: PlacedNode[], connections: object }[]}
 */
function examples() {
	return readdirSync(EXAMPLES)
		.filter((file) => file.endsWith('.json'))
		.map((file) => ({
			...JSON.parse(readFileSync(path.join(EXAMPLES, file), 'utf8')),
			id: path.basename(file, '.json').slice(0, 21),
			active: false,
		}));
}

/**
 * The tags by which an example finds its servers.
 * @param {string} id of the example
 * @returns {string[]}
 */
function tagsOf(id) {
	const nodes = examples().find((example) => example.id === id)?.nodes ?? [];
	const search = nodes.find((node) => node.parameters.operation === 'getMany');
	return search?.parameters.filters.tags.split(',');
}

/**
 * The example of recovery as somebody sets it up, but that it looks more often: n8n takes no poll time of less than
 * a minute, and many poll times.
 * @param {string} name that the names of its servers hold
 * @param {Credential} credential that logs in
 */
function recovery(name, { id, type, name: credentialName }) {
	const example = examples().find((one) => one.id === 'recovery');
	if (!example) throw new Error('There is no example of recovery');
	const item = Array.from({ length: 60 / POLL_SECONDS }, (_, index) => ({
		mode: 'custom',
		cronExpression: `${index * POLL_SECONDS} * * * * *`,
	}));
	const watched = { pollTimes: { item }, watch: 'matching', filters: { name } };
	const nodes = example.nodes.map((node) => ({
		...node,
		parameters: { ...node.parameters, ...(node.type === TRIGGER_TYPE ? watched : {}) },
		...(node.credentials ? { credentials: { [type]: { id, name: credentialName } } } : {}),
	}));
	return { ...example, id: undefined, name: `Recovery of ${name}`, nodes };
}

/**
 * The example of an agent, with a model that is reached like OpenAI's.
 * @param {Credential} account of the model
 * @param {Credential} credential that logs in
 */
function agentExample(account, credential) {
	const example = examples().find((one) => one.id === 'ai-agent');
	if (!example) throw new Error('There is no example of an agent');
	const nodes = example.nodes.map(({ credentials, ...node }) => {
		if (!credentials) return node;
		const { type, id, name } = node.type.startsWith(NODE_TYPE) ? credential : account;
		return { ...node, credentials: { [type]: { id, name } } };
	});
	return { ...example, id: undefined, nodes };
}

/**
 * Where the webhook of an example listens, once it is published.
 * @param {string} id of the example
 */
function webhookPathOf(id) {
	const nodes = examples().find((example) => example.id === id)?.nodes ?? [];
	const { webhookId } = nodes.find((node) => node.webhookId !== undefined) ?? {};
	return `${webhookId}/webhook`;
}

const manualTrigger = {
	name: 'Manual Trigger',
	type: 'n8n-nodes-base.manualTrigger',
	typeVersion: 1,
	parameters: {},
};

/**
 * Fires again and again.
 * @param {number} secondsInterval
 */
function scheduleTrigger(secondsInterval) {
	return {
		name: 'Schedule Trigger',
		type: 'n8n-nodes-base.scheduleTrigger',
		typeVersion: 1.2,
		parameters: { rule: { interval: [{ field: 'seconds', secondsInterval }] } },
	};
}

/**
 * n8n's own HTTP Request node, with a credential of ours.
 * @param {Credential} credential
 * @param {object} parameters
 */
function httpRequest({ id, name, type }, parameters) {
	return {
		name: 'HTTP Request',
		type: 'n8n-nodes-base.httpRequest',
		typeVersion: 4.2,
		parameters: {
			authentication: 'predefinedCredentialType',
			nodeCredentialType: type,
			options: {},
			...parameters,
		},
		credentials: { [type]: { id, name } },
	};
}

/**
 * A webhook that answers with the items of the workflow's last node.
 * @param {string} webhookPath
 * @param {object} [parameters] by which it differs
 */
function webhook(webhookPath, parameters) {
	return {
		name: 'Webhook',
		type: 'n8n-nodes-base.webhook',
		typeVersion: 2,
		webhookId: webhookPath,
		parameters: {
			httpMethod: 'POST',
			path: webhookPath,
			responseMode: 'lastNode',
			responseData: 'allEntries',
			options: {},
			...parameters,
		},
	};
}

/**
 * One item for each element of a list.
 * @param {object[]} list
 */
function items(list) {
	return [
		{
			name: 'List',
			type: 'n8n-nodes-base.set',
			typeVersion: 3.4,
			parameters: { mode: 'raw', jsonOutput: JSON.stringify({ list }), options: {} },
		},
		{
			name: 'Items',
			type: 'n8n-nodes-base.splitOut',
			typeVersion: 1,
			parameters: { fieldToSplitOut: 'list', options: {} },
		},
	];
}

/**
 * Our node, starting the server that each item names, or is.
 * @param {Credential} credential
 * @param {object} [settings] of the node, such as `onError`
 * @returns {WorkflowNode}
 */
function startServers({ id, name, type }, settings) {
	return {
		name: NODE_NAME,
		type: NODE_TYPE,
		typeVersion: 1,
		parameters: {
			authentication: AUTHENTICATION[type],
			resource: 'server',
			operation: 'start',
			serverId: {
				__rl: true,
				mode: 'id',
				value: '={{ $json.id ?? $json.serverId ?? $json.body.serverId }}',
			},
			options: { pollInterval: 1 },
		},
		credentials: { [type]: { id, name } },
		...settings,
	};
}

/**
 * Our node, finding servers.
 * @param {Credential} credential
 * @param {object} filters
 * @returns {WorkflowNode}
 */
function getServers({ id, name, type }, filters) {
	return {
		name: 'Servers',
		type: NODE_TYPE,
		typeVersion: 1,
		parameters: {
			authentication: AUTHENTICATION[type],
			resource: 'server',
			operation: 'getMany',
			returnAll: true,
			filters,
		},
		credentials: { [type]: { id, name } },
	};
}

/**
 * A workflow in which each node leads to the next.
 * @param {string} name
 * @param {WorkflowNode[]} nodes
 */
function chain(name, nodes) {
	return {
		name,
		active: false,
		nodes: nodes.map((node, index) => ({
			id: `${name}-${index}`,
			position: [220 * index, 0],
			...node,
		})),
		connections: Object.fromEntries(
			nodes
				.slice(1)
				.map((node, index) => [
					nodes[index].name,
					{ main: [[{ node: node.name, type: 'main', index: 0 }]] },
				]),
		),
		settings: { executionOrder: 'v1' },
		pinData: {},
	};
}

/**
 * A node of ours as n8n makes it a tool for agents.
 * @param {WorkflowNode} node
 */
function toTool(node) {
	return { ...node, name: `${node.name} Tool`, type: `${node.type}Tool` };
}

/**
 * n8n's agent, with a model that is reached like OpenAI's, and one tool.
 * @param {string} name
 * @param {WorkflowNode} trigger
 * @param {Credential} account of the model
 * @param {WorkflowNode} tool
 */
function agent(name, trigger, account, tool) {
	const model = {
		name: 'OpenAI Chat Model',
		type: '@n8n/n8n-nodes-langchain.lmChatOpenAi',
		typeVersion: 1.3,
		parameters: {
			model: { __rl: true, mode: 'id', value: 'any' },
			responsesApiEnabled: false,
			options: { maxRetries: 0 },
		},
		credentials: { [account.type]: { id: account.id, name: account.name } },
	};
	const agentNode = {
		name: AGENT_NAME,
		type: '@n8n/n8n-nodes-langchain.agent',
		typeVersion: 3.1,
		parameters: { promptType: 'define', text: 'Start the servers.', options: {} },
	};
	const { nodes, connections, ...rest } = chain(name, [trigger, agentNode]);
	const below = [model, tool].map((node, index) => ({
		id: `${name}-below-${index}`,
		position: [220 * (index + 1), 220],
		...node,
	}));
	const serves = (/** @type {string} */ type) => ({
		[type]: [[{ node: AGENT_NAME, type, index: 0 }]],
	});
	return {
		...rest,
		nodes: [...nodes, ...below],
		connections: {
			...connections,
			[model.name]: serves('ai_languageModel'),
			[tool.name]: serves('ai_tool'),
		},
	};
}

module.exports = {
	AGENT_NAME,
	NODE_NAME,
	NODE_TYPE,
	NOTE_TYPE,
	TRIGGER_TYPE,
	agent,
	agentExample,
	chain,
	examples,
	getServers,
	httpRequest,
	items,
	manualTrigger,
	recovery,
	scheduleTrigger,
	startServers,
	tagsOf,
	toTool,
	webhook,
	webhookPathOf,
};
