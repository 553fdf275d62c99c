// @ts-check
'use strict';

/** The control API, under /_control: whatever a test does with the books, over HTTP. */

const { isObject } = require('./call');
const { mailOf } = require('./smn-alarms');

/**
 * @typedef {import('./call').Call} Call
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./cloud').Cloud} Cloud
 * @typedef {import('./cloud').Settings} Settings
 * @typedef {import('./faults').Rule} Rule
 * @typedef {import('./server').Server} Server
 * @typedef {import('./server').ServerSpec} ServerSpec
 *
 * @typedef {Partial<ServerSpec> & { powerState?: number, guestOff?: boolean }} ServerChange
 *
 * @typedef {object} Fleet
 * @property {number} [count]
 * @property {ServerChange} [each] what the counted ones have in common
 * @property {(ServerChange & { name: string })[]} [servers] or each one by itself
 */

/** A request that the control API cannot make sense of; the message goes to the caller. */
class ControlError extends Error {
	/**
	 * @param {number} status
	 * @param {string} message
	 */
	constructor(status, message) {
		super(message);
		this.status = status;
	}
}

/** @type {Record<string, (cloud: Cloud, body: Record<string, unknown>, call: Call) => unknown>} */
const ROUTES = {
	'GET ': overview,
	'POST reset': (cloud) => {
		cloud.reset();
		return overview(cloud);
	},
	'GET settings': (cloud) => cloud.settings,
	'PATCH settings': changeSettings,
	'GET servers': (cloud) =>
		[...cloud.servers.values()].map((server) => {
			server.settle(cloud.now);
			return briefView(cloud, server);
		}),
	'PUT servers': (cloud, body) => {
		cloud.removeServers();
		return addFleet(cloud, body);
	},
	'POST servers': addFleet,
	'GET servers/*': (cloud, _body, call) => serverView(cloud, findServer(cloud, call.segments[2])),
	'PATCH servers/*': changeServer,
	'DELETE servers/*': (cloud, _body, call) => {
		cloud.removeServer(findServer(cloud, call.segments[2]).id);
		return {};
	},
	'POST servers/*/alarm': raiseAlarm,
	'GET topics': (cloud) => [...cloud.smn.topics.values()].map(topicView),
	'POST topics': (cloud, { name, projectId }) =>
		topicView(
			cloud.smn.addTopic(String(name), projectId === undefined ? undefined : String(projectId)),
		),
	'POST topics/*/subscriptions': (cloud, { endpoint }, call) => {
		const topic = findTopic(cloud, call.segments[2]);
		cloud.smn.subscribe(topic, String(endpoint));
		return topicView(topic);
	},
	'POST topics/*/messages': (cloud, body, call) => {
		const mail = /** @type {import('./smn').Mail} */ (/** @type {unknown} */ (body));
		return { messageId: cloud.smn.publish(findTopic(cloud, call.segments[2]), mail) };
	},
	'GET deliveries': (cloud) =>
		cloud.smn.deliveries.map(({ message: _message, ...delivery }) => delivery),
	'GET faults': (cloud) => ({ rules: cloud.faults.list(), rateLimit: cloud.faults.rateLimit }),
	'POST faults': (cloud, body) => ({
		id: cloud.faults.add(/** @type {Rule} */ (/** @type {unknown} */ (body))),
	}),
	'DELETE faults': (cloud) => {
		cloud.faults.clear();
		return {};
	},
	'DELETE faults/*': (cloud, _body, call) => {
		cloud.faults.clear(Number(call.segments[2]));
		return {};
	},
	'POST outage': (cloud, { seconds, ...rule }) => ({
		id: cloud.faults.outage(Number(seconds), /** @type {Partial<Rule>} */ (rule)),
	}),
	'PUT rate-limit': (cloud, body) => {
		const limit = /** @type {import('./faults').RateLimit} */ (/** @type {unknown} */ (body));
		cloud.faults.rateLimit = Object.keys(body).length === 0 ? null : limit;
		return cloud.faults.rateLimit ?? {};
	},
	'POST tokens': (cloud, body) => cloud.issueToken(body),
	'POST tokens/expire': (cloud) => {
		cloud.expireTokens();
		return {};
	},
	'POST tokens/revoke': (cloud) => {
		cloud.revokeTokens();
		return {};
	},
	'GET requests': (cloud, _body, { query }) => {
		const since = query.get('since');
		const found = cloud.requests.find({
			kind: /** @type {import('./request-log').RequestKind} */ (query.get('kind') ?? undefined),
			serverId: query.get('serverId')?.toLowerCase(),
			since: since === null ? undefined : Number(since),
		});
		return found.slice(-Number(query.get('last') ?? found.length));
	},
	'DELETE requests': (cloud) => {
		cloud.requests.clear();
		return {};
	},
	'GET counts': (cloud) => ({
		total: cloud.requests.total,
		kinds: cloud.requests.counts,
		outcomes: cloud.requests.outcomes,
		maxInFlight: cloud.requests.maxInFlight,
		startsWhileRunning: Object.fromEntries(cloud.requests.startsWhileRunning),
	}),
};

/** @param {Cloud} cloud */
function overview(cloud) {
	return {
		now: new Date(cloud.now).toISOString(),
		project: cloud.project,
		user: { domain: cloud.domain.name, name: cloud.user.name, password: cloud.user.password },
		reader: { name: cloud.reader.name, password: cloud.reader.password },
		applicationCredential: cloud.applicationCredential,
		accessKey: cloud.accessKey,
		servers: cloud.servers.size,
		settings: cloud.settings,
	};
}

/**
 * @param {Cloud} cloud
 * @param {Record<string, unknown>} body
 */
function changeSettings(cloud, body) {
	for (const name of Object.keys(body)) {
		if (!(name in cloud.settings)) throw new ControlError(400, `No such setting: ${name}`);
	}
	return Object.assign(cloud.settings, body);
}

/**
 * @param {Cloud} cloud
 * @param {Record<string, unknown>} body
 */
function addFleet(cloud, body) {
	const { count, each, servers = [] } = /** @type {Fleet} */ (body);
	const added = [
		...(count === undefined ? [] : cloud.addServers(count, each)),
		...servers.map((server) => cloud.addServer({ ...each, ...server })),
	];
	return added.map((server) => briefView(cloud, server));
}

/**
 * @param {Cloud} cloud
 * @param {string} idOrName
 * @returns {Server}
 */
function findServer(cloud, idOrName) {
	const byId = cloud.server(idOrName);
	if (byId !== undefined) return byId;
	const byName = [...cloud.servers.values()].find((server) => server.name === idOrName);
	if (byName === undefined) throw new ControlError(404, `No such server: ${idOrName}`);
	byName.settle(cloud.now);
	return byName;
}

/**
 * @param {Cloud} cloud
 * @param {Record<string, unknown>} body
 * @param {Call} call
 */
function changeServer(cloud, body, call) {
	const server = findServer(cloud, call.segments[2]);
	const change = /** @type {ServerChange} */ (body);
	for (const action of /** @type {const} */ (['start', 'stop', 'reboot'])) {
		const behaviour = change[`${action}Behaviour`];
		const seconds = change[`${action}Seconds`];
		if (behaviour !== undefined) server.behave(action, behaviour);
		if (seconds !== undefined) server.seconds[action] = seconds;
	}
	if (change.name !== undefined) server.name = change.name;
	if (change.tags !== undefined) server.setTags(change.tags);
	if (change.metadata !== undefined) server.metadata = change.metadata;
	if (change.locked !== undefined) server.locked = change.locked;
	if (change.subJobMissing !== undefined) server.subJobMissing = change.subJobMissing;
	const { status, taskState, powerState } = change;
	if (status !== undefined || taskState !== undefined || powerState !== undefined) {
		server.force(cloud.now, { status, taskState, powerState });
	} else if (change.guestOff) {
		server.guestOff(cloud.now);
	} else if (['name', 'metadata', 'locked'].some((what) => what in change)) {
		server.changed(cloud.now);
	}
	return serverView(cloud, server);
}

/**
 * Has the cloud tell of a server, in whichever form.
 *
 * @param {Cloud} cloud
 * @param {{ form?: import('./smn-alarms').Form, name?: string, topic?: string }} body
 * @param {Call} call
 */
function raiseAlarm(cloud, { form = 'alarm', name, topic }, call) {
	const server = findServer(cloud, call.segments[2]);
	const mail = mailOf(form, { server, at: cloud.now, name });
	return { messageId: cloud.smn.publish(findTopic(cloud, topic), mail), ...mail };
}

/**
 * @param {Cloud} cloud
 * @param {string} [name] default: the first
 */
function findTopic({ smn }, name) {
	const topic = name === undefined ? [...smn.topics.values()][0] : smn.topics.get(name);
	if (topic === undefined) throw new ControlError(404, `No such topic: ${name ?? 'there is none'}`);
	return topic;
}

/** @param {import('./smn').Topic} topic */
function topicView({ name, urn, subscriptions }) {
	const views = subscriptions.map(({ urn: id, endpoint, status }) => ({
		urn: id,
		endpoint,
		status,
	}));
	return { name, urn, subscriptions: views };
}

/**
 * @param {Cloud} cloud
 * @param {Server} server
 */
function briefView(cloud, server) {
	const { id, name, status, taskState, locked } = server;
	return { id, name, status, taskState, locked, running: cloud.wasRunning(id) };
}

/**
 * @param {Cloud} cloud
 * @param {Server} server
 */
function serverView(cloud, server) {
	return {
		...briefView(cloud, server),
		powerState: server.powerState,
		tags: server.tags,
		metadata: server.metadata,
		behaviours: server.behaviours,
		actions: server.actions,
		history: server.history,
		requests: cloud.requests.byServer.get(server.id) ?? {},
	};
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @returns {Answer}
 */
function control(cloud, call) {
	const [, collection = '', , ...rest] = call.segments;
	const path = call.segments.slice(1).join('/');
	const pattern = [collection, '*', ...rest].join('/');
	const route = ROUTES[`${call.method} ${path}`] ?? ROUTES[`${call.method} ${pattern}`];
	try {
		if (route === undefined)
			throw new ControlError(404, `No such control: ${call.method} /${path}`);
		if (call.body.length > 0 && !isObject(call.json)) {
			throw new ControlError(400, 'The body is not a JSON object');
		}
		return answer(200, route(cloud, isObject(call.json) ? call.json : {}, call));
	} catch (error) {
		const status = error instanceof ControlError ? error.status : 400;
		return answer(status, { error: error instanceof Error ? error.message : String(error) });
	}
}

/**
 * @param {number} status
 * @param {unknown} body
 * @returns {Answer}
 */
function answer(status, body) {
	return {
		status,
		headers: { 'content-type': 'application/json' },
		body: `${JSON.stringify(body, null, 2)}\n`,
	};
}

module.exports = { control };
