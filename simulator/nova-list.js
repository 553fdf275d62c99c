// @ts-check
'use strict';

/** Nova's list of servers: its filters (and those it silently ignores), its order, its pages. */

const { FLAVOR_ID, IMAGE_ID, briefServerJson, serverJson } = require('./nova-views');
const { checkQuery, knownKeys } = require('./nova-query');
const { statesOf } = require('./server');

/**
 * @typedef {import('./nova-answers').Request} Request
 * @typedef {import('./nova-query').Problem} Problem
 * @typedef {import('./server').Server} Server
 */

/**
 * @param {Request} request
 * @param {boolean} detail
 * @returns {{ body: string } | Problem}
 */
function listServers(request, detail) {
	const { cloud, call, identity } = request;
	const { query } = call;
	const problem = checkQuery(request, detail);
	if (problem !== null) return problem;

	const now = cloud.now;
	const sorted = sortedCopy(cloud.serversOf(identity.projectId ?? ''), query);
	const marker = last(query, 'marker');
	const start = markerPosition(sorted, marker);
	if (start === null) {
		// The marker of another project's server is known, and nothing of one's own comes after it.
		return marker !== undefined && cloud.servers.has(marker)
			? { body: '{"servers": []}' }
			: { status: 400, message: `marker [${marker}] not found` };
	}
	const asked = last(query, 'limit');
	const { maxLimit, defaultLimit } = cloud.settings;
	const limit = asked === undefined ? defaultLimit : Math.min(Number(asked), maxLimit);
	const wanted = filterOf(request);
	/** @type {Server[]} */
	const page = [];
	for (let index = start; index < sorted.length && page.length < limit; index++) {
		sorted[index].settle(now);
		if (wanted(sorted[index])) page.push(sorted[index]);
	}
	const write = detail ? serverJson : briefServerJson;
	const servers = page.map((server) => write(request, server)).join(', ');
	// A full page has a next one, even when nothing follows; a page of 0 has not.
	const links =
		page.length === limit && limit > 0
			? `, "servers_links": [{"rel": "next", "href": ${JSON.stringify(nextHref(request, detail, page[limit - 1].id))}}]`
			: '';
	return { body: `{"servers": [${servers}]${links}}` };
}

/**
 * The last of several equal keys counts.
 *
 * @param {URLSearchParams} query
 * @param {string} key
 * @returns {string | undefined}
 */
function last(query, key) {
	return query.getAll(key).at(-1);
}

/**
 * @param {Request} request
 * @returns {(server: Server) => boolean}
 */
function filterOf({ call: { query }, minor }) {
	/** @type {((server: Server) => boolean)[]} */
	const conditions = [];
	const given = (
		/** @type {string} */ key,
		/** @type {(value: string) => (server: Server) => boolean} */ condition,
	) => {
		const value = last(query, key);
		if (value !== undefined) conditions.push(condition(value));
	};
	const since = last(query, 'changes-since');
	if (since === undefined) conditions.push((server) => !server.deleted);
	else {
		// The database keeps whole seconds, and compares them with what was asked for.
		const from = Date.parse(since) / 1000;
		conditions.push((server) => Math.floor(server.updatedAt / 1000) >= from);
	}
	given('name', (name) => {
		// The database compares without regard to case, and Nova escapes this one sign.
		const pattern = new RegExp(name.replaceAll('|', '\\|'), 'i');
		return (server) => pattern.test(server.name);
	});
	given('flavor', (flavor) => () => flavor === FLAVOR_ID);
	given('image', (image) => () => image === IMAGE_ID);
	given('ip', (ip) => (server) => JSON.stringify(server.addresses).includes(ip));
	if (query.has('status')) conditions.push(hasStatus(query.getAll('status')));
	if (minor >= 26) {
		const has = (/** @type {Server} */ server) => (/** @type {string} */ tag) =>
			server.tags.some((other) => other.toLowerCase() === tag.toLowerCase());
		given('tags', (tags) => (server) => tags.split(',').every(has(server)));
		given('tags-any', (tags) => (server) => tags.split(',').some(has(server)));
		given('not-tags', (tags) => (server) => !tags.split(',').every(has(server)));
		given('not-tags-any', (tags) => (server) => !tags.split(',').some(has(server)));
	}
	if (minor >= 73) {
		given(
			'locked',
			(locked) => (server) => server.locked === /^(1|t|true|on|y|yes)$/i.test(locked),
		);
	}
	return (server) => conditions.every((condition) => condition(server));
}

/**
 * Tasks count only where each of the statuses is one of a task: of those for ACTIVE, some may reboot.
 *
 * @param {string[]} statuses
 * @returns {(server: Server) => boolean}
 */
function hasStatus(statuses) {
	const wanted = statuses
		.map((status) => statesOf(status.toUpperCase()))
		.filter((states) => states !== undefined);
	const vmStates = wanted.map(({ vmState }) => vmState);
	const tasks = wanted.flatMap(({ taskStates }) => taskStates ?? []);
	const byTask = wanted.every(({ taskStates }) => taskStates !== undefined);
	return ({ vmState, taskState }) =>
		vmStates.includes(vmState) && (!byTask || (taskState !== null && tasks.includes(taskState)));
}

/**
 * @param {Server[]} all
 * @param {URLSearchParams} query
 * @returns {Server[]}
 */
function sortedCopy(all, query) {
	const key = last(query, 'sort_key');
	if (key === undefined) return all;
	const sign = last(query, 'sort_dir') === 'asc' ? 1 : -1;
	const valueOf = (/** @type {Server} */ server) =>
		key === 'display_name' ? server.name : key === 'uuid' ? server.id : String(server.createdAt);
	return [...all].sort((a, b) => {
		if (valueOf(a) === valueOf(b)) return 0;
		return valueOf(a) < valueOf(b) ? -sign : sign;
	});
}

/** @type {WeakMap<Server[], Map<string, number>>} positions in a list, which is replaced when it changes */
const positions = new WeakMap();

/**
 * @param {Server[]} all
 * @param {string | undefined} marker
 * @returns {number | null} where the page begins; null: no such marker
 */
function markerPosition(all, marker) {
	if (!marker) return 0;
	let known = positions.get(all);
	if (known === undefined) {
		known = new Map(all.map((server, index) => [server.id, index]));
		positions.set(all, known);
	}
	const position = known.get(marker.toLowerCase());
	return position === undefined ? null : position + 1;
}

/**
 * The link keeps what Nova knows, sorted, and of equal keys only the last in that order: a list
 * for two statuses goes on with one of them.
 *
 * @param {Request} request
 * @param {boolean} detail
 * @param {string} marker
 */
function nextHref({ base, call, minor, legacy }, detail, marker) {
	const known = knownKeys(minor);
	const kept = [...call.query]
		.filter(([key]) => key !== 'marker' && (legacy || known.has(key)))
		.sort(([a, x], [b, y]) => (a === b ? (x < y ? -1 : 1) : a < b ? -1 : 1));
	const query = new URLSearchParams([...new Map(kept), ['marker', marker]]);
	return `${base}/servers${detail ? '/detail' : ''}?${query}`;
}

module.exports = { listServers };
