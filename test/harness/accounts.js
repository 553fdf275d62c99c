// @ts-check
'use strict';

/**
 * A world whose cloud is entered by login or by access key, with n8n's own HTTP Request node beside
 * ours. Whatever a run shows is searched for every secret that it had or sent.
 *
 * @example
 * const { cloud, byPassword, start, books } = await openAccounts();
 * const store = byPassword();
 * const { items, logins } = await start(store, addServers(cloud, 3));
 * books(); // { 'login 201': 1, 'start 202': 3, … }
 * store.elasticCloudServerLoginApi.sessionToken; // what the next run begins with
 */

const { captureLogs, placesOf } = require('./leaks');
const { createServer } = require('node:http');
const { createEngine } = require('./harness');
const { stopwatch } = require('./stopwatch');
const { openWorld } = require('./world');

/**
 * @typedef {import('./harness').CredentialStore} CredentialStore
 * @typedef {import('./harness').RunResult} RunResult
 * @typedef {import('./harness').RunSettings} RunSettings
 * @typedef {import('./world').ItemError} ItemError
 * @typedef {import('./world').Received} Received
 * @typedef {Record<string, unknown>} Fields
 *
 * @typedef {object} How
 * @property {Fields} [options] the node's `options`; the poll interval is 1 s if not given
 * @property {boolean} [waitUntilDone]
 * @property {import('./harness').NodeSettings['onError']} [onError] default: using the error output
 * @property {RunSettings['mode']} [mode]
 * @property {AbortSignal} [signal]
 * @property {import('./harness').NodeSettings['nodeSettings']} [nodeSettings]
 *
 * @typedef {object} Look
 * @property {import('n8n-workflow').IDataObject[]} items the json of the first output
 * @property {ItemError[]} failures what stands under `error` in the error output
 * @property {number} elapsed seconds
 *
 * @typedef {RunResult & Look} Seen the run, as a user would look at it
 *
 * @typedef {object} Heard what reached a gateway
 * @property {import('node:http').IncomingHttpHeaders} headers
 * @property {string} body
 */

/** With characters that JSON and URLs have to encode: the canary shows through all the same. */
const PASSWORD = 'pä"s\\s CANARYpass+/=%20';
const SECRET = 'app-CANARYsecret&x=1';
const SECRET_KEY = 'CANARYsecretkey0000000000000000000000000';
const SECURITY_TOKEN = 'gQpl-CANARYsecuritytoken+/==';
const CANARIES = ['CANARYpass', 'CANARYsecret', 'CANARYsecretkey', 'CANARYsecuritytoken'];

/** @type {Record<string, string>} */
const AUTHENTICATION = {
	elasticCloudServerTokenApi: 'token',
	elasticCloudServerLoginApi: 'login',
	elasticCloudServerAccessKeyApi: 'accessKey',
};

/** Options as version 4.2 of n8n's HTTP Request node makes them, for its older helper. */
const httpRequest = {
	description: {
		name: 'httpRequest',
		displayName: 'HTTP Request',
		description: '',
		group: ['output'],
		version: [4.2],
		defaults: { name: 'HTTP Request' },
		inputs: ['main'],
		outputs: ['main'],
		properties: [
			{ name: 'request', displayName: 'Request', type: 'json', default: '' },
			{ name: 'credentialType', displayName: 'Credential Type', type: 'string', default: '' },
		],
	},
	/** @this {import('n8n-workflow').IExecuteFunctions} */
	async execute() {
		const request = this.getNodeParameter('request', 0);
		const type = /** @type {string} */ (this.getNodeParameter('credentialType', 0));
		const { statusCode, body } = await this.helpers.requestWithAuthentication.call(this, type, {
			headers: { accept: 'application/json,text/*;q=0.99' },
			gzip: true,
			rejectUnauthorized: true,
			followRedirect: false,
			resolveWithFullResponse: true,
			timeout: 300_000,
			json: true,
			.../** @type {object} */ (request),
		});
		return [[{ json: { statusCode, body } }]];
	},
};

const logs = captureLogs();
const engine = createEngine({
	extraNodes: { 'n8n-nodes-base.httpRequest': /** @type {any} */ (httpRequest) },
});

/** Every secret of this file's runs, the signatures and tokens among them. */
const secrets = new Set(CANARIES);

/** @type {(() => void)[]} */
const closing = [logs.end];

afterAll(() => closing.forEach((close) => close()));

/** @param {import('../../simulator/cloud').SimulatorOptions} [options] as those of `openWorld` */
async function openAccounts(options = {}) {
	const world = await openWorld(options);
	const { cloud, url, received } = world;
	const { accessKey, applicationCredential, project, user } = cloud;
	user.password = PASSWORD;
	applicationCredential.secret = SECRET;
	accessKey.secretKey = SECRET_KEY;
	const base = { cloud: 'custom', ecsEndpoint: url, projectId: project.id };

	/** @param {Fields} [fields] other than those that fit this cloud */
	const byPassword = (fields) =>
		stored('elasticCloudServerLoginApi', {
			...base,
			sessionToken: '',
			sessionTokenOwner: '',
			iamEndpoint: url,
			loginMethod: 'password',
			domainName: cloud.domain.name,
			userName: user.name,
			password: PASSWORD,
			...fields,
		});

	/** @param {Fields} [fields] other than those that fit this cloud */
	const byApplicationCredential = (fields) =>
		byPassword({
			loginMethod: 'applicationCredential',
			domainName: '',
			userName: '',
			password: '',
			applicationCredentialId: applicationCredential.id,
			applicationCredentialSecret: SECRET,
			...fields,
		});

	/** @param {Fields} [fields] other than those that fit this cloud */
	const byAccessKey = (fields) =>
		stored('elasticCloudServerAccessKeyApi', {
			...base,
			accessKey: accessKey.accessKey,
			secretKey: SECRET_KEY,
			securityToken: '',
			...fields,
		});

	/** @param {Fields} [fields] other than those that fit this cloud */
	const byToken = (fields) =>
		stored('elasticCloudServerTokenApi', { ...base, token: world.token, ...fields });

	/** A key that works only with its security token; its name. */
	const addTemporaryKey = () =>
		cloud.addAccessKey(user.id, project.id, {
			accessKey: 'TEMPORARYACCESSKEY00',
			secretKey: SECRET_KEY,
			securityToken: SECURITY_TOKEN,
		}).accessKey;

	/**
	 * Runs the node on an item for each server; a login leaves its session in the store.
	 *
	 * @param {CredentialStore} store
	 * @param {string[]} ids
	 * @param {How} [how]
	 * @returns {Promise<Seen>}
	 */
	async function start(store, ids, how = {}) {
		const { options, waitUntilDone, onError = 'continueErrorOutput', ...rest } = how;
		const [type] = Object.keys(store);
		const seconds = stopwatch();
		const result = await engine.run({
			node: /** @type {import('n8n-workflow').INodeParameters} */ ({
				authentication: AUTHENTICATION[type],
				operation: 'start',
				serverId: { __rl: true, mode: 'id', value: '={{ $json.id }}' },
				...(waitUntilDone === undefined ? {} : { waitUntilDone }),
				options: { pollInterval: 1, ...options },
			}),
			items: ids.map((id) => ({ id })),
			credentialStore: store,
			onError,
			...rest,
		});
		expectNoSecrets(result, store, received);
		return {
			...result,
			items: result.output.map(({ json }) => json),
			failures: result.errorOutput.map(({ json }) => /** @type {ItemError} */ (json.error)),
			elapsed: seconds(),
		};
	}

	/**
	 * The list in the editor; refused like an error of the node.
	 *
	 * @param {CredentialStore} store
	 * @param {string} filter
	 */
	async function search(store, filter) {
		const [type] = Object.keys(store);
		const node = { authentication: AUTHENTICATION[type], operation: 'start', options: {} };
		return await engine.search({ node, filter, credentialStore: store });
	}

	/**
	 * What the Test of the credential says; it shows no secret.
	 *
	 * @param {CredentialStore} store
	 */
	async function testCredential(store) {
		const result = await engine.testCredential(store);
		for (const secret of secretsOf(store, received)) {
			secrets.add(secret);
			if (result.message.includes(secret)) throw new Error(`${secret} is shown: ${result.message}`);
		}
		return result;
	}

	/**
	 * Publishes a workflow that begins with the trigger.
	 *
	 * @param {CredentialStore} store
	 * @param {Fields} [parameters]
	 */
	function publish(store, parameters = {}) {
		const [type] = Object.keys(store);
		const node = /** @type {import('n8n-workflow').INodeParameters} */ ({
			authentication: AUTHENTICATION[type],
			...parameters,
		});
		return engine.publish({ node, credentialStore: store });
	}

	/**
	 * Tool calls of an AI agent, one after another.
	 *
	 * @param {CredentialStore} store
	 * @param {string[]} ids
	 */
	async function callTool(store, ids) {
		const [type] = Object.keys(store);
		return await engine.runTool({
			node: /** @type {import('n8n-workflow').INodeParameters} */ ({
				resource: 'server',
				authentication: AUTHENTICATION[type],
				operation: 'start',
				serverId: { __rl: true, mode: 'id', value: "={{ $fromAI('Server', '', 'string') }}" },
				options: { pollInterval: 1 },
			}),
			calls: ids.map((Server) => ({ Server })),
			credentialStore: store,
		});
	}

	/**
	 * What n8n's HTTP Request node gets with the credential chosen in it.
	 *
	 * @param {CredentialStore} store
	 * @param {Fields} request
	 */
	async function request(store, request) {
		const [credentialType] = Object.keys(store);
		const http = {
			...node('HTTP', 'n8n-nodes-base.httpRequest', 4.2, { request, credentialType }),
			credentials: { [credentialType]: { id: credentialType, name: credentialType } },
		};
		const result = await engine.runWorkflow({
			workflow: {
				nodes: [node('Trigger', 'n8n-nodes-base.manualTrigger', 1, {}), http],
				connections: { Trigger: { main: [[{ node: 'HTTP', type: 'main', index: 0 }]] } },
			},
			credentialStore: store,
		});
		return { ...result, answer: result.nodes.HTTP.output[0]?.json };
	}

	return {
		...world,
		host: new URL(url).host,
		byPassword,
		byApplicationCredential,
		byAccessKey,
		byToken,
		addTemporaryKey,
		start,
		search,
		testCredential,
		publish,
		callTool,
		request,
		/** What was taken and what was refused so far: `{ 'login 201': 1, 'start 202': 3 }`. */
		books: () => ({ ...cloud.requests.outcomes }),
	};
}

/**
 * @param {string} name
 * @param {string} type
 * @param {number} typeVersion
 * @param {object} parameters
 */
const node = (name, type, typeVersion, parameters) => ({
	id: name,
	name,
	type,
	typeVersion,
	position: [0, 0],
	parameters,
});

/** @type {(type: string, fields: Fields) => CredentialStore} */
const stored = (type, fields) => ({ [type]: fields });

/**
 * The session that a login left in the store.
 *
 * @param {CredentialStore} store
 */
const sessionOf = (store) => String(store.elasticCloudServerLoginApi.sessionToken);

/**
 * A credential as the user edits it: n8n keeps the session.
 *
 * @param {CredentialStore} store
 * @param {Fields} fields
 * @returns {CredentialStore}
 */
const edit = (store, fields) =>
	Object.fromEntries(Object.entries(store).map(([type, data]) => [type, { ...data, ...fields }]));

const SECRET_FIELDS = [
	'sessionToken',
	'sessionTokenOwner',
	'password',
	'applicationCredentialSecret',
	'secretKey',
	'securityToken',
];

/** @param {import('node:http').IncomingHttpHeaders} headers */
const signatureIn = ({ authorization = '' }) => /Signature=(\w+)/.exec(authorization)?.[1];

/**
 * @param {CredentialStore} store
 * @param {Received[]} received
 * @returns {string[]}
 */
function secretsOf(store, received) {
	const kept = Object.values(store).flatMap((data) => SECRET_FIELDS.map((field) => data[field]));
	const sent = received.flatMap(({ headers }) => [
		headers['x-auth-token'],
		headers['x-security-token'],
		signatureIn(headers),
	]);
	return [...CANARIES, ...kept, ...sent].map((one) => String(one ?? '')).filter(Boolean);
}

/**
 * @param {RunResult} result
 * @param {CredentialStore} store
 * @param {Received[]} received
 */
function expectNoSecrets({ output, errorOutput, hints, error, nodes, requests }, store, received) {
	const shown = { output, errorOutput, hints, error, nodes, requests };
	for (const secret of new Set(secretsOf(store, received))) {
		secrets.add(secret);
		const places = placesOf(secret, shown);
		if (places.length > 0) throw new Error(`${secret} is shown in ${places.join(', ')}`);
	}
}

/** To be called in the last test of a file: what was printed has none of its secrets. */
function expectCleanLog() {
	const printed = logs.lines.join('\n');
	expect(logs.lines.length).toBeGreaterThan(20);
	expect([...secrets].filter((secret) => printed.includes(secret))).toEqual([]);
}

/**
 * Why an item failed, without the name of its server.
 *
 * @param {ItemError} failure
 */
const whyOf = ({ message }) => message.replace(/^Server \S+ .*?[:,] (because )?/, '');

/**
 * A gateway that refuses every request, and repeats something of it.
 *
 * @param {number} status
 * @param {(heard: Heard) => string} repeat
 */
async function openEcho(status, repeat) {
	const echo = createServer((request, response) => {
		let body = '';
		request.on('data', (chunk) => (body += String(chunk)));
		request.on('end', () => {
			const { headers } = request;
			const signature = signatureIn(headers);
			if (signature) secrets.add(signature);
			const message = `Not welcome: ${repeat({ headers, body })}`;
			response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
			response.end(JSON.stringify({ error_code: 'APIGW.9999', error_msg: message }));
		});
	});
	await new Promise((resolve) => echo.listen(0, '127.0.0.1', () => resolve(undefined)));
	closing.push(() => echo.close());
	const { port } = /** @type {import('node:net').AddressInfo} */ (echo.address());
	return { url: `http://127.0.0.1:${port}` };
}

module.exports = {
	openAccounts,
	openEcho,
	edit,
	sessionOf,
	signatureIn,
	whyOf,
	expectCleanLog,
	PASSWORD,
	SECRET,
	SECRET_KEY,
	SECURITY_TOKEN,
};
