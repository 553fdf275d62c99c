// @ts-check
'use strict';

/** Servers to look at: lists, details, and what they have been through. */

const { pythonJson } = require('./call');
const {
	askerOf,
	fault,
	forbidden,
	mayNot,
	notFound,
	success,
	visibleServer,
} = require('./nova-answers');
const { listServers } = require('./nova-list');
const { limitProblem } = require('./nova-query');
const { actionJson, serverJson } = require('./nova-views');

/**
 * @typedef {import('./nova-answers').Request} Request
 * @typedef {import('./nova-query').Problem} Problem
 * @typedef {import('./server').ActionRecord} ActionRecord
 * @typedef {import('./server').Server} Server
 */

/**
 * @param {Request} request
 * @param {boolean} detail
 */
function list(request, detail) {
	if (mayNot(request, 'list')) {
		return forbidden(request, `os_compute_api:servers:${detail ? 'detail' : 'index'}`);
	}
	const result = listServers(request, detail);
	return 'message' in result
		? fault(request, result.status, result.message)
		: success(request, 200, result.body);
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function show(request, [, id]) {
	const server = visibleServer(request, id);
	if (server === null) return notFound(request, id);
	if (mayNot(request, 'read')) return forbidden(request, 'os_compute_api:servers:show');
	return success(request, 200, `{"server": ${serverJson(request, server)}}`);
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function remove(request, [, id]) {
	const server = visibleServer(request, id);
	if (server === null) return notFound(request, id);
	if (mayNot(request, 'delete', true)) return forbidden(request, 'os_compute_api:servers:delete');
	const { cloud, call } = request;
	const asker = askerOf(request, server);
	server.remove({ now: cloud.now, requestId: call.requestId, asker });
	return success(request, 204);
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function listActions(request, [, id]) {
	const server = visibleServer(request, id) ?? deletedServer(request, id);
	if (server === null) return notFound(request, id);
	if (mayNot(request, 'actionLog')) {
		return forbidden(request, 'os_compute_api:os-instance-actions:list');
	}
	const newestFirst = [...server.actions].reverse();
	// Pages came with 2.58; before, the query is not looked at.
	const page =
		request.minor >= 58 ? pageOfActions(request, server, newestFirst) : { records: newestFirst };
	if ('message' in page) return fault(request, page.status, page.message);
	const instanceActions = page.records.map((record) => actionJson(request, server, record, false));
	return success(request, 200, pythonJson({ instanceActions, links: page.links }));
}

/**
 * What was done to a deleted server can be read from 2.21 on.
 *
 * @param {Request} request
 * @param {string} id
 */
function deletedServer({ cloud, identity, minor }, id) {
	const server = minor >= 21 ? cloud.server(id) : undefined;
	return server?.projectId === identity.projectId ? server : null;
}

const ACTION_KEYS = ['limit', 'marker', 'changes-since'];

/**
 * @param {Request} request
 * @param {Server} server
 * @param {ActionRecord[]} newestFirst
 * @returns {{ records: ActionRecord[], links?: object[] } | Problem}
 */
function pageOfActions({ call: { query }, base }, server, newestFirst) {
	const unknown = [...query.keys()].find((key) => !ACTION_KEYS.includes(key));
	if (unknown !== undefined) {
		const message = `Additional properties are not allowed ('${unknown}' was unexpected)`;
		return { status: 400, message };
	}
	const limitText = query.get('limit');
	const problem = limitText === null ? null : limitProblem(limitText);
	if (problem !== null) return problem;
	const marker = query.get('marker');
	const start = newestFirst.findIndex((record) => record.requestId === marker) + 1;
	if (marker !== null && start === 0) {
		return { status: 400, message: 'Marker None could not be found.' };
	}
	const since = Date.parse(query.get('changes-since') ?? '1970-01-01');
	const limit = limitText === null ? newestFirst.length + 1 : Number(limitText);
	const records = newestFirst
		.slice(start)
		.filter((record) => record.updatedAt >= since)
		.slice(0, limit);
	if (limit === 0 || records.length < limit) return { records };
	const next = new URLSearchParams({ limit: String(limit), marker: records[limit - 1].requestId });
	const href = `${base}/servers/${server.id}/os-instance-actions?${next}`;
	return { records, links: [{ rel: 'next', href }] };
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function showAction(request, [, id, , requestId]) {
	const server = visibleServer(request, id);
	if (server === null) return notFound(request, id);
	if (mayNot(request, 'actionLog')) {
		return forbidden(request, 'os_compute_api:os-instance-actions:show');
	}
	const record = server.actionsByRequestId.get(requestId);
	return record === undefined
		? fault(request, 404, `Action ${requestId} not found`)
		: success(
				request,
				200,
				pythonJson({ instanceAction: actionJson(request, server, record, true) }),
			);
}

module.exports = { list, listActions, remove, show, showAction };
