// @ts-check
'use strict';

/**
 * The cloud's own API beside Nova's: batch actions, their jobs, and its lists of servers.
 * Shapes and codes from the public documentation; no live cloud was asked.
 */

const { authenticate } = require('./authenticate');
const { isObject } = require('./call');
const { createJob, failureOf, jobView } = require('./jobs');
const { refusalOf } = require('./server');
const { seconds } = require('./nova-views');

/**
 * @typedef {import('./call').Call} Call
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./cloud').Cloud} Cloud
 * @typedef {import('./cloud').Identity} Identity
 * @typedef {import('./server').Server} Server
 */

const MAX_BATCH = 1000;
const MAX_LIMIT = 1000;
const DEFAULT_LIMIT = 25;
const MAX_CHOSEN = 100;

/** @type {Record<string, import('./server').PowerAction>} */
const BATCH_ACTIONS = { 'os-start': 'start', 'os-stop': 'stop', reboot: 'reboot' };

/**
 * @param {Call} call
 * @param {number} status
 * @param {unknown} body
 * @returns {Answer}
 */
function answer(call, status, body) {
	return {
		status,
		headers: { 'content-type': 'application/json;charset=UTF-8', 'x-request-id': call.requestId },
		body: JSON.stringify(body),
	};
}

/**
 * @param {Call} call
 * @param {number} status
 * @param {string} code
 * @param {string} message
 */
function error(call, status, code, message) {
	return answer(call, status, { error: { code, message } });
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @returns {Answer}
 */
function ecsV1(cloud, call) {
	const who = authenticate(cloud, call);
	if ('answer' in who) return who.answer;
	const { identity } = who;
	const [, projectId, collection, id] = call.segments;
	if (projectId !== identity.projectId) {
		return error(
			call,
			400,
			'Ecs.0023',
			'The project ID in the URL differs from that of the token.',
		);
	}
	const route = `${call.method} ${collection}${id === undefined ? '' : '/'}${id === 'action' || id === 'detail' ? id : id === undefined ? '' : '*'}`;
	switch (call.segments.length > 4 ? '' : route) {
		case 'POST cloudservers/action':
			return batch(cloud, call, identity);
		case 'GET jobs/*':
			return showJob(cloud, call, identity, id);
		case 'GET cloudservers/detail':
			return list(cloud, call, identity);
		case 'GET cloudservers/*':
			return show(cloud, call, identity, id);
		default:
			return error(call, 404, 'Ecs.0000', 'Request error.');
	}
}

/**
 * @param {Cloud} cloud
 * @param {Identity} identity
 * @param {...string} what
 */
function mayNot(cloud, identity, ...what) {
	return identity.role !== 'admin' && what.some((name) => cloud.settings.denied.includes(name));
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @param {Identity} identity
 * @returns {Answer}
 */
function batch(cloud, call, identity) {
	if (call.body.length === 0) return error(call, 400, 'Common.0002', 'The request body is empty.');
	const entries = isObject(call.json) ? Object.entries(call.json) : [];
	const [name, argument] = entries[0] ?? [];
	const action = name === undefined ? undefined : BATCH_ACTIONS[name];
	if (entries.length !== 1 || action === undefined || !isObject(argument)) {
		return error(call, 400, 'Ecs.0005', 'The request parameter is invalid.');
	}
	const rebootType = String(argument.type ?? (action === 'reboot' ? '' : 'SOFT'));
	const servers = Array.isArray(argument.servers) ? argument.servers : [];
	const ids = servers.map((server) => (isObject(server) ? server.id : undefined));
	const wellFormed = ids.every((id) => typeof id === 'string' && /^[0-9a-f-]{36}$/i.test(id));
	if (ids.length === 0 || !wellFormed || (rebootType !== 'SOFT' && rebootType !== 'HARD')) {
		return error(call, 400, 'Ecs.0005', 'The request parameter is invalid.');
	}
	if (ids.length > MAX_BATCH) {
		return error(call, 400, 'Ecs.0118', `The number of servers exceeds the limit of ${MAX_BATCH}.`);
	}
	if (identity.role === 'reader' || mayNot(cloud, identity, 'batch')) {
		const message = `Policy doesn't allow ecs:cloudServers:${action} to be performed.`;
		return error(call, 403, 'Pdp.0001', message);
	}
	const misfit =
		cloud.settings.misfits === 'refused'
			? firstMisfit(cloud, identity, action, rebootType, ids)
			: null;
	if (misfit !== null) return error(call, misfit.status, misfit.code, misfit.message);
	const job = createJob(cloud, {
		action,
		rebootType,
		serverIds: ids.map((id) => String(id).toLowerCase()),
		asker: {
			userId: identity.userId,
			projectId: String(identity.projectId),
			admin: identity.role === 'admin',
		},
	});
	return answer(call, 200, { job_id: job.id });
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @param {Identity} identity
 * @param {string} id
 */
function showJob(cloud, call, identity, id) {
	const job = cloud.jobs.get(id);
	return job === undefined || job.projectId !== identity.projectId
		? // A failed look at a job has a shape of its own.
			answer(call, 400, { code: 'Common.0011', message: 'The job ID is invalid.' })
		: answer(call, 200, jobView(cloud, job));
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @param {Identity} identity
 */
function list(cloud, call, identity) {
	if (mayNot(cloud, identity, 'list')) {
		return error(
			call,
			403,
			'Pdp.0001',
			"Policy doesn't allow ecs:cloudServers:list to be performed.",
		);
	}
	const { query } = call;
	const limit = Math.min(positive(query.get('limit')) ?? DEFAULT_LIMIT, MAX_LIMIT);
	const chosen = query.get('server_id')?.split(',').slice(0, MAX_CHOSEN);
	if (chosen) return listChosen(cloud, call, identity, chosen);
	const wanted = cloud.serversOf(String(identity.projectId)).filter((server) => {
		server.settle(cloud.now);
		return !server.deleted && meets(server, query);
	});
	const from = startOf(query, wanted, limit);
	const servers = wanted.slice(from, from + limit).map(serverView);
	return answer(call, 200, { servers, count: wanted.length });
}

/**
 * After the server `marker`, where one is given; else `offset` is the number of a page, the first being 1.
 *
 * @param {URLSearchParams} query
 * @param {Server[]} servers
 * @param {number} limit
 */
function startOf(query, servers, limit) {
	const marker = query.get('marker');
	if (marker !== null) return servers.findIndex(({ id }) => id === marker) + 1;
	return ((positive(query.get('offset')) ?? 1) - 1) * limit;
}

/**
 * Those with these IDs, whatever else was asked for; of one that is not there it tells no more than that.
 *
 * @param {Cloud} cloud
 * @param {Call} call
 * @param {Identity} identity
 * @param {string[]} ids
 */
function listChosen(cloud, call, identity, ids) {
	const servers = ids.map((id) => {
		const server = cloud.serverOf(identity.projectId, id);
		const message = `Instance ${id} could not be found.`;
		return server ? serverView(server) : { id, name: null, status: null, fault: { message } };
	});
	return answer(call, 200, { servers, count: servers.length });
}

/**
 * What the first server that does not fit makes of a batch that is refused as a whole.
 *
 * @param {Cloud} cloud
 * @param {Identity} identity
 * @param {import('./server').PowerAction} action
 * @param {import('./server').RebootType} rebootType
 * @param {unknown[]} ids
 */
function firstMisfit(cloud, identity, action, rebootType, ids) {
	for (const id of ids) {
		const server = cloud.serverOf(identity.projectId, String(id));
		const why = server
			? refusalOf(server, action, rebootType, identity.role === 'admin')
			: /** @type {const} */ ('unknown');
		if (why === null) continue;
		const { code, reason } = /** @type {{ code: string, reason: string }} */ (
			failureOf(action, why)
		);
		return { status: why === 'unknown' ? 404 : 400, code, message: reason };
	}
	return null;
}

/** @param {string | null} text */
function positive(text) {
	const number = Number(text ?? NaN);
	return Number.isInteger(number) && number > 0 ? number : undefined;
}

/**
 * @param {Server} server
 * @param {URLSearchParams} query
 */
function meets(server, query) {
	const name = query.get('name');
	const status = query.get('status');
	const tags = query.get('tags');
	return (
		(name === null || server.name.includes(name)) &&
		(status === null || server.status === status.toUpperCase()) &&
		(tags === null || tags.split(',').every((tag) => server.tags.includes(tag)))
	);
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @param {Identity} identity
 * @param {string} id
 */
function show(cloud, call, identity, id) {
	const server = cloud.serverOf(identity.projectId, id);
	return server === undefined
		? error(call, 404, 'Ecs.0114', `Instance[${id}] could not be found.`)
		: answer(call, 200, { server: serverView(server) });
}

/** @param {Server} server */
function serverView(server) {
	return {
		id: server.id,
		name: server.name,
		status: server.status,
		tenant_id: server.projectId,
		user_id: server.userId,
		created: seconds(server.createdAt),
		updated: seconds(server.updatedAt),
		metadata: server.metadata,
		tags: server.tags,
		addresses: server.addresses,
		flavor: { id: 'sim-one', name: 'sim.one', vcpus: '1', ram: '64', disk: '0' },
		locked: server.locked,
		'OS-EXT-AZ:availability_zone': 'eu-de-01',
		'OS-EXT-STS:task_state': server.taskState,
		'OS-EXT-STS:vm_state': server.vmState,
		'OS-EXT-STS:power_state': server.powerState,
		enterprise_project_id: '0',
	};
}

module.exports = { ecsV1 };
