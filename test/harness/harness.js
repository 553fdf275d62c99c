// @ts-check
'use strict';

/**
 * Runs the built node inside n8n's own engine: the real WorkflowExecute, the real
 * `httpRequestWithAuthentication`, real HTTP. Only n8n's database and editor are missing.
 *
 * @example
 * const engine = createEngine();
 * const result = await engine.run({
 *   node: { operation: 'start', serverId: { __rl: true, mode: 'id', value: '={{ $json.id }}' } },
 *   items: [{ id: 'b1f6…' }],
 *   credentials: {
 *     elasticCloudServerTokenApi: { cloud: 'custom', ecsEndpoint: url, projectId, token },
 *   },
 * });
 * result.output; // [{ json: { serverId, outcome: 'started', … }, pairedItem: { item: 0 } }]
 */

const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');
const { loadCore, loadPackage } = require('./harness-load');
const { createCredentialsHelper } = require('./harness-credentials');
const { standInNodes } = require('./harness-nodes');
const { agent, asTool } = require('./harness-tools');
const { listen } = require('./harness-webhook');

/**
 * @typedef {import('n8n-workflow').INodeType} INodeType
 * @typedef {import('n8n-workflow').INodeExecutionData} Item
 * @typedef {import('./harness-credentials').SeenRequest} SeenRequest
 * @typedef {Record<string, Record<string, unknown>>} CredentialStore  data of each credential type
 *
 * @typedef {object} RunSettings
 * @property {CredentialStore} [credentials]  the data of each credential; copied, never changed
 * @property {CredentialStore} [credentialStore]  instead of `credentials`: used as it is, as n8n's
 *   database is, so that several runs (also at the same time) share one stored token
 * @property {import('n8n-workflow').WorkflowExecuteMode} [mode]  default `manual`
 * @property {AbortSignal} [signal]  aborting it cancels the execution, as n8n's Stop button does
 * @property {(request: SeenRequest, index: number) => void | Promise<void>} [onRequest]  called
 *   before each authenticated request is sent; the place to cancel in a stage of your choice
 *
 * @typedef {object} NodeResult
 * @property {Item[]} output  items of the first output
 * @property {Item[]} errorOutput  items of the second output (On Error: Continue using error output)
 * @property {import('n8n-workflow').NodeExecutionHint[]} hints
 * @property {number} executionTime  milliseconds, by n8n's own count
 * @property {any} error  why it stopped, if it did; a plain object with the error's fields, as n8n
 *   stores it
 *
 * @typedef {object} OfRun
 * @property {'success' | 'error' | 'canceled' | string} status  of the whole execution
 * @property {Record<string, NodeResult>} nodes  each node that ran, by its name (its last run)
 * @property {CredentialStore} credentialStore  what n8n's database would hold now
 * @property {number} logins  how often a credential logged in (`preAuthentication`)
 * @property {SeenRequest[]} requests  every request that was authenticated, logins excluded
 *
 * @typedef {NodeResult & OfRun} RunResult  items, hints and time of the node under test (the first
 *   one of the workflow that is no stand-in); status and error of the whole execution
 *
 * @typedef {object} NodeSettings
 * @property {import('n8n-workflow').INodeParameters} node  parameters of the node under test
 * @property {object[]} [items]  the json of each input item; default one empty item
 * @property {'stopWorkflow' | 'continueRegularOutput' | 'continueErrorOutput'} [onError]
 * @property {Partial<import('n8n-workflow').INode>} [nodeSettings]  such as `retryOnFail`
 * @property {string} [type]  node type; default the package's own elasticCloudServer
 *
 * @typedef {object} WorkflowSettings
 * @property {any} workflow  a workflow as n8n exports it
 * @property {object[]} [items]  what the trigger emits; default one empty item
 * @property {string} [startNode]  name of the trigger; default the first one
 *
 * @typedef {object} SearchSettings  of a list that the editor opens
 * @property {import('n8n-workflow').INodeParameters} node  what is set in the editor so far
 * @property {string} [filter]  what the user has typed
 * @property {string} [paginationToken]  of the page before
 * @property {string} [method]  default `searchServers`
 * @property {string} [type]  node type; default the package's own elasticCloudServer
 *
 * @typedef {object} ToolSettings  of an AI agent that calls the node as its tool
 * @property {import('n8n-workflow').INodeParameters} node  parameters of the tool
 * @property {Record<string, unknown>[]} calls  what the model fills in, call by call
 * @property {'agent' | 'engine'} [calledBy]  who runs the tool: the agent by itself (n8n 1.x, and
 *   agents within agents), or the engine at the agent's request (default)
 * @property {NodeSettings['onError']} [onError]
 *
 * @typedef {object} ToolRun
 * @property {unknown[]} answers  what the model gets to read, call by call
 * @property {import('./harness-tools').SeenTool} tool  as the model sees it
 *
 * @typedef {object} PollSettings  of a published workflow that begins with a polling trigger
 * @property {import('n8n-workflow').INodeParameters} node  parameters of the trigger
 * @property {string} [type]  node type; default the package's own elasticCloudServerTrigger
 * @property {string} [name]  of the trigger
 * @property {object} [state]  what n8n's database holds of an earlier life
 *
 * @typedef {object} Published
 * @property {(activation?: string) => Promise<Item[] | null>} activate  n8n begins to poll, in a new
 *   context: published (`activate`, default), n8n started (`init`), new version (`update`), …
 * @property {() => Promise<Item[] | null>} poll  the next one, in the same context
 * @property {() => Promise<Item[] | null>} fetchTestEvent
 * @property {() => object} saved  the state in n8n's database: that of the last poll that gave items
 * @property {() => any} state  the state in memory
 * @property {() => void} restart  n8n starts anew: what it had not saved is gone, and what the node remembers
 *
 * @typedef {object} ListenSettings  of a published workflow that begins with a webhook trigger
 * @property {import('n8n-workflow').INodeParameters} node  parameters of the trigger
 * @property {string} [type]  node type; default the package's own elasticCloudServerAlarmTrigger
 * @property {'webhook' | 'manual'} [mode]  `manual`: Listen for Test Event
 * @property {object} [clock]  of the node; default: one of its own, as in a new process
 *
 * @typedef {object} Engine
 * @property {(settings: ListenSettings) => Promise<import('./harness-webhook').Listening>} listen
 * @property {(settings: PollSettings & RunSettings) => Published} publish
 * @property {string} version  of n8n-core
 * @property {Record<string, INodeType>} nodeTypes  by full type name
 * @property {Record<string, import('n8n-workflow').ICredentialType>} credentialTypes
 * @property {(settings: NodeSettings & RunSettings) => Promise<RunResult>} run
 * @property {(settings: WorkflowSettings & RunSettings) => Promise<RunResult>} runWorkflow
 * @property {(settings: SearchSettings & RunSettings) => Promise<import('n8n-workflow').INodeListSearchResult & { logins: number }>} search
 * @property {(settings: ToolSettings & RunSettings) => Promise<ToolRun & RunResult>} runTool
 * @property {(store: CredentialStore) => Promise<import('n8n-workflow').INodeCredentialTestResult>} testCredential
 *   the Test of the first credential of the store
 */

const REPOSITORY = path.resolve(__dirname, '../..');
const TRIGGER = 'Trigger';
const NODE = 'Elastic Cloud Server';
const AGENT = 'Agent';
const AGENT_TYPE = 'n8n-nodes-base.agent';

/**
 * @param {object} [settings]
 * @param {string} [settings.coreDir]  folder whose node_modules holds n8n-core; default ENGINE_DIR,
 *   then this repository
 * @param {string} [settings.packageDir]  the built package; default this repository
 * @param {Record<string, INodeType>} [settings.extraNodes]  further node types, by full type name
 * @returns {Engine}
 */
function createEngine({
	coreDir = process.env.ENGINE_DIR || REPOSITORY,
	packageDir = REPOSITORY,
	extraNodes = {},
} = {}) {
	const core = loadCore(coreDir);
	const { name: packageName, nodes, credentialTypes } = loadPackage(packageDir, coreDir);
	const nodeTypes = { ...standInNodes, ...nodes, ...toolsOf(nodes), ...extraNodes };

	/** @type {Engine['search']} */
	async function search({ node, filter, paginationToken, ...settings }) {
		const { method = 'searchServers', type = `${packageName}.elasticCloudServer` } = settings;
		const store = settings.credentialStore ?? structuredClone(settings.credentials ?? {});
		const credentialsHelper = createCredentialsHelper(core, credentialTypes, store, {
			onRequest: async (request) => await settings.onRequest?.(request, 0),
		});
		const context = loadOptionsContext(core, nodeTypes, credentialsHelper, {
			...nodeOf('Temp-Node', type, node, 0),
			credentials: references(store),
		});
		const list = nodeTypes[type].methods?.listSearch?.[method];
		if (!list) throw new Error(`${type} has no list ${method}`);
		const found = await list.call(context, filter, paginationToken);
		return { ...found, logins: credentialsHelper.logins() };
	}

	/** @type {Engine['testCredential']} */
	async function testCredential(store) {
		const [[type, data]] = Object.entries(store);
		const { methods } = nodeTypes[`${packageName}.elasticCloudServer`];
		const test = methods?.credentialTest?.testCredential;
		if (!test) throw new Error(`No node tests ${type}`);
		const decrypted = /** @type {import('n8n-workflow').ICredentialDataDecryptedObject} */ (data);
		return await test.call(new core.CredentialTestContext(), {
			id: type,
			name: type,
			type,
			data: structuredClone(decrypted),
		});
	}

	/** @type {Engine['runTool']} */
	async function runTool({ node, calls, calledBy = 'engine', onError, ...settings }) {
		/** @type {ToolRun['tool'][]} */
		const tools = [];
		const type = `${packageName}.elasticCloudServerTool`;
		const onTool = (/** @type {ToolRun['tool']} */ tool) => void tools.push(tool);
		const script = agent({ calls, calledBy, toolNode: NODE, onTool });
		const result = await runIn(
			{ ...nodeTypes, [AGENT_TYPE]: script },
			{
				workflow: {
					nodes: [
						nodeOf(TRIGGER, 'n8n-nodes-base.manualTrigger', {}, 0),
						nodeOf(AGENT, AGENT_TYPE, {}, 200),
						{ ...nodeOf(NODE, type, node, 400), onError },
					],
					connections: {
						[TRIGGER]: { main: [[{ node: AGENT, type: 'main', index: 0 }]] },
						[NODE]: { ai_tool: [[{ node: AGENT, type: 'ai_tool', index: 0 }]] },
					},
				},
				...settings,
			},
		);
		const answers = (result.nodes[AGENT]?.output ?? []).map(({ json }) => json.answer);
		return { ...result, answers, tool: tools[0] };
	}

	/** @type {Engine['publish']} */
	function publish({ node, name = 'Cloud', state = {}, ...settings }) {
		const type = settings.type ?? `${packageName}.elasticCloudServerTrigger`;
		const store = settings.credentialStore ?? structuredClone(settings.credentials ?? {});
		const credentialsHelper = createCredentialsHelper(core, credentialTypes, store, {
			onRequest: async (request) => await settings.onRequest?.(request, 0),
		});
		const trigger = { ...nodeOf(name, type, node, 0), credentials: references(store) };
		const exported = { nodes: [trigger], connections: {}, active: true };
		let saved = structuredClone(state);
		/** @type {any} */
		let nodeType = nodeTypes[type];
		/** @type {any} */
		let workflow;
		/** @type {any} */
		let context;

		/** @param {string} mode @param {string} activation */
		const contextOf = (mode, activation) =>
			new core.PollContext(
				workflow,
				workflow.nodes[name],
				additionalData(core, exported, mode, credentialsHelper),
				mode,
				activation,
			);
		const load = (/** @type {object} */ held) => {
			workflow = new core.Workflow({
				id: 'workflow',
				...exported,
				nodeTypes: registryOf(core, nodeTypes),
				staticData: { [`node:${name}`]: structuredClone(held) },
			});
		};
		const now = () => structuredClone({ ...workflow.getStaticData('node', trigger) });
		const poll = async () => {
			const items = await nodeType.poll.call(context);
			// n8n saves what a trigger knows only together with what it gives.
			if (items) saved = now();
			return items && items[0];
		};
		load(saved);
		return {
			poll,
			async activate(activation = 'activate') {
				load(saved);
				context = contextOf('trigger', activation);
				const items = await poll();
				saved = now();
				return items;
			},
			async fetchTestEvent() {
				load({});
				const items = await nodeType.poll.call(contextOf('manual', 'manual'));
				return items && items[0];
			},
			saved: () => saved,
			state: now,
			restart() {
				nodeType = new nodeType.constructor(clockOfNewProcess());
			},
		};
	}

	/** @type {Engine['listen']} */
	async function listenWith({ node, clock = clockOfNewProcess(), mode, ...settings }) {
		const type = settings.type ?? `${packageName}.elasticCloudServerAlarmTrigger`;
		/** @type {any} */
		const known = nodeTypes[type];
		const nodeType = new known.constructor(clock);
		const trigger = { ...nodeOf(TRIGGER, type, node, 0), webhookId: 'webhook-id' };
		const exported = { nodes: [trigger], connections: {}, active: true };
		const registry = registryOf(core, { ...nodeTypes, [type]: nodeType });
		const workflow = new core.Workflow({ id: 'workflow', ...exported, nodeTypes: registry });
		const [webhookDescription] = nodeType.description.webhooks;
		const webhookData = { node: TRIGGER, webhookDescription, workflowId: 'workflow' };
		const dataFor = (/** @type {string} */ inMode) => additionalData(core, exported, inMode, {});
		return await listen(
			{
				nodeType,
				webhookContext: (inMode, http) =>
					new core.WebhookContext(
						workflow,
						workflow.nodes[TRIGGER],
						{ ...dataFor(inMode), ...http },
						inMode,
						webhookData,
						[],
						null,
					),
				hookContext: (inMode, activation) =>
					new core.HookContext(
						workflow,
						workflow.nodes[TRIGGER],
						dataFor(inMode),
						inMode,
						activation,
						webhookData,
					),
			},
			{ mode },
		);
	}

	/**
	 * @param {Record<string, INodeType>} types
	 * @param {WorkflowSettings & RunSettings} settings
	 * @returns {Promise<RunResult>}
	 */
	async function runIn(types, { workflow, items = [{}], startNode, ...settings }) {
		const exported = structuredClone(workflow);
		const store = settings.credentialStore ?? structuredClone(settings.credentials ?? {});
		/** @type {SeenRequest[]} */
		const requests = [];
		const credentialsHelper = createCredentialsHelper(core, credentialTypes, store, {
			async onRequest(request) {
				requests.push(request);
				await settings.onRequest?.(request, requests.length - 1);
			},
		});
		const tested = exported.nodes.filter((/** @type {any} */ node) => !isStandIn(node.type));
		for (const node of tested) node.credentials = references(store);

		const data = await execute(core, types, exported, {
			items,
			startNode: startNode ?? firstTrigger(exported, types),
			mode: settings.mode ?? 'manual',
			signal: settings.signal,
			credentialsHelper,
		});
		const results = nodeResults(data);
		const ofRun = {
			status: data.status,
			error: data.data.resultData.error,
			nodes: results,
			credentialStore: store,
			logins: credentialsHelper.logins(),
			requests,
		};
		return { ...(results[tested[0]?.name] ?? NEVER_RAN), ...ofRun };
	}

	/** @type {Engine['runWorkflow']} */
	const runWorkflow = async (settings) => await runIn(nodeTypes, settings);

	/** @type {Engine['run']} */
	function run({ node, type = `${packageName}.elasticCloudServer`, onError, ...settings }) {
		const { nodeSettings, ...others } = settings;
		const tested = { ...nodeOf(NODE, type, node, 200), onError, ...nodeSettings };
		const workflow = {
			nodes: [nodeOf(TRIGGER, 'n8n-nodes-base.manualTrigger', {}, 0), tested],
			connections: { [TRIGGER]: { main: [[{ node: NODE, type: 'main', index: 0 }]] } },
		};
		return runWorkflow({ workflow, ...others });
	}

	return {
		version: core.version,
		nodeTypes,
		credentialTypes,
		run,
		runWorkflow,
		search,
		testCredential,
		runTool,
		publish,
		listen: listenWith,
	};
}

/** What lives by the same clock shares what a process shares. */
const clockOfNewProcess = () => ({
	now: () => performance.now(),
	random: Math.random,
	/** @param {number} ms @param {AbortSignal} signal */
	sleep: async (ms, signal) => await sleep(ms, undefined, { signal }).catch(() => undefined),
});

/** @type {NodeResult} */
const NEVER_RAN = { output: [], errorOutput: [], hints: [], executionTime: 0, error: undefined };

const isStandIn = (/** @type {string} */ type) => type in standInNodes || type === AGENT_TYPE;

/**
 * The tools that n8n makes of the nodes that say `usableAsTool`.
 *
 * @param {Record<string, INodeType>} nodes
 */
const toolsOf = (nodes) =>
	Object.fromEntries(
		Object.entries(nodes)
			.filter(([, { description }]) => description.usableAsTool)
			.map(([type, node]) => [`${type}Tool`, asTool(node)]),
	);

/** How a node names its credentials; the store has one for each type. @param {CredentialStore} store */
const references = (store) =>
	Object.fromEntries(Object.keys(store).map((type) => [type, { id: type, name: type }]));

/**
 * @param {string} name
 * @param {string} type
 * @param {import('n8n-workflow').INodeParameters} parameters
 * @param {number} x
 * @returns {import('n8n-workflow').INode}
 */
const nodeOf = (name, type, parameters, x) => ({
	id: name,
	name,
	type,
	typeVersion: 1,
	position: [x, 0],
	parameters,
});

/**
 * @param {any} exported
 * @param {Record<string, INodeType>} nodeTypes
 */
function firstTrigger(exported, nodeTypes) {
	const trigger = exported.nodes.find((/** @type {any} */ node) =>
		nodeTypes[node.type]?.description.group.includes('trigger'),
	);
	if (!trigger) throw new Error('The workflow has no trigger that the engine harness knows');
	return trigger.name;
}

/**
 * @param {ReturnType<typeof loadCore>} core
 * @param {Record<string, INodeType>} nodeTypes
 * @param {any} exported
 * @param {object} settings
 * @param {object[]} settings.items
 * @param {string} settings.startNode
 * @param {string} settings.mode
 * @param {AbortSignal | undefined} settings.signal
 * @param {object} settings.credentialsHelper
 */
async function execute(core, nodeTypes, exported, settings) {
	const { items, startNode, mode, signal, credentialsHelper } = settings;
	const workflow = new core.Workflow({
		id: 'workflow',
		name: exported.name,
		nodes: exported.nodes,
		connections: exported.connections,
		active: false,
		nodeTypes: registryOf(core, nodeTypes),
		settings: { executionOrder: 'v1', ...exported.settings },
	});
	const start = {
		node: workflow.getNode(startNode),
		data: { main: [items.map((json) => ({ json }))] },
		source: null,
	};
	const engine = new core.WorkflowExecute(
		additionalData(core, exported, mode, credentialsHelper),
		mode,
		core.createRunExecutionData({
			startData: {},
			resultData: { runData: {}, pinData: exported.pinData ?? {} },
			executionData: {
				contextData: {},
				nodeExecutionStack: [start],
				metadata: {},
				waitingExecution: {},
				waitingExecutionSource: {},
			},
		}),
	);

	/** @type {any} */
	let execution;
	try {
		execution = engine.processRunExecutionData(workflow);
	} catch (error) {
		// Refused before it began, such as for a required parameter that is empty.
		return { status: 'error', data: { resultData: { runData: {}, error } } };
	}
	const cancel = () => execution.cancel();
	if (signal?.aborted) cancel();
	signal?.addEventListener('abort', cancel, { once: true });
	try {
		return await execution;
	} finally {
		signal?.removeEventListener('abort', cancel);
	}
}

/**
 * @param {ReturnType<typeof loadCore>} core
 * @param {Record<string, INodeType>} nodeTypes
 */
const registryOf = (core, nodeTypes) => ({
	getByName: (/** @type {string} */ type) => nodeTypes[type],
	getByNameAndVersion: (/** @type {string} */ type, /** @type {number} */ version) =>
		nodeTypes[type] && core.NodeHelpers.getVersionedNodeType(nodeTypes[type], version),
	getKnownTypes: () => ({}),
});

/**
 * What a list in the editor runs in, built as n8n's server does (DynamicNodeParametersService).
 *
 * @param {ReturnType<typeof loadCore>} core
 * @param {Record<string, INodeType>} nodeTypes
 * @param {object} credentialsHelper
 * @param {import('n8n-workflow').INode} node
 */
function loadOptionsContext(core, nodeTypes, credentialsHelper, node) {
	const exported = { nodes: [node], connections: {}, active: false };
	const workflow = new core.Workflow({ ...exported, nodeTypes: registryOf(core, nodeTypes) });
	const data = {
		...additionalData(core, exported, 'internal', credentialsHelper),
		currentNodeParameters: node.parameters,
	};
	return new core.LoadOptionsContext(
		workflow,
		workflow.nodes[node.name],
		data,
		'parameters.serverId',
	);
}

/**
 * What n8n's server hands to an execution.
 *
 * @param {ReturnType<typeof loadCore>} core
 * @param {any} exported
 * @param {string} mode
 * @param {object} credentialsHelper
 */
function additionalData(core, exported, mode, credentialsHelper) {
	const base = 'http://localhost';
	return {
		executionId: '1',
		hooks: new core.ExecutionLifecycleHooks(mode, '1', { id: 'workflow', ...exported }),
		credentialsHelper,
		currentNodeExecutionIndex: 0,
		userId: 'user',
		variables: {},
		instanceBaseUrl: `${base}/`,
		restApiUrl: `${base}/rest`,
		formWaitingBaseUrl: `${base}/form-waiting`,
		webhookBaseUrl: `${base}/webhook`,
		webhookTestBaseUrl: `${base}/webhook-test`,
		webhookWaitingBaseUrl: `${base}/webhook-waiting`,
		setExecutionStatus() {},
		sendDataToUI() {},
		logAiEvent() {},
	};
}

/**
 * @param {any} data
 * @returns {Record<string, NodeResult>}
 */
function nodeResults(data) {
	return Object.fromEntries(
		Object.entries(data.data.resultData.runData).map(([name, runs]) => {
			const last = runs[runs.length - 1];
			return [
				name,
				{
					output: last.data?.main?.[0] ?? [],
					errorOutput: last.data?.main?.[1] ?? [],
					hints: last.hints ?? [],
					executionTime: last.executionTime,
					error: last.error,
				},
			];
		}),
	);
}

module.exports = { createEngine };
