// @ts-check
'use strict';

/** The forms of Nova's answers, shared by all its routes. */

const { pythonJson } = require('./call');

/**
 * @typedef {import('./call').Call} Call
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./cloud').Cloud} Cloud
 * @typedef {import('./cloud').Identity} Identity
 * @typedef {import('./server').Server} Server
 *
 * @typedef {object} Request a call that got past the door
 * @property {Cloud} cloud
 * @property {Call} call
 * @property {Identity} identity
 * @property {boolean} legacy under /v2, which knows no microversions
 * @property {number} minor the microversion 2.<minor>
 * @property {string} base URL up to the project, for links: http://host/v2.1/{project}
 * @property {string} bookmarkBase the same without the version
 */

/** @type {Record<number, string>} */
const FAULT_NAMES = {
	400: 'badRequest',
	403: 'forbidden',
	404: 'itemNotFound',
	406: 'computeFault',
	409: 'conflictingRequest',
	415: 'badMediaType',
	500: 'computeFault',
};

const REASONS = /** @type {Record<number, string>} */ ({
	404: 'Not Found',
	413: 'Request Entity Too Large',
});

/**
 * @param {Call} call
 * @returns {Record<string, string>}
 */
function idHeaders({ requestId }) {
	return { 'x-openstack-request-id': requestId, 'x-compute-request-id': requestId };
}

/**
 * @param {string} version
 * @returns {Record<string, string | string[]>}
 */
function versionHeaders(version) {
	return {
		'openstack-api-version': `compute ${version}`,
		'x-openstack-nova-api-version': version,
		vary: ['OpenStack-API-Version', 'X-OpenStack-Nova-API-Version'],
	};
}

/**
 * An error from below Nova's controllers: the code is a string there, and the text HTML.
 *
 * @param {Call} call
 * @param {number} status
 * @param {string} text
 * @returns {Answer}
 */
function routingError(call, status, text) {
	return {
		status,
		headers: { 'content-type': 'application/json', ...idHeaders(call) },
		body: pythonJson({
			message: `${text}<br /><br />\n\n\n`,
			code: `${status} ${REASONS[status]}`,
			title: REASONS[status],
		}),
	};
}

/** @param {Call} call */
function noSuchRoute(call) {
	return routingError(call, 404, 'The resource could not be found.');
}

/**
 * @param {Request} request
 * @returns {Record<string, string | string[]>}
 */
function commonHeaders({ legacy, minor, call }) {
	return { ...(legacy ? {} : versionHeaders(`2.${minor}`)), ...idHeaders(call) };
}

/**
 * @param {Request} request
 * @param {number} status
 * @param {string} message
 * @returns {Answer}
 */
function fault(request, status, message) {
	return {
		status,
		headers: { 'content-type': 'application/json; charset=UTF-8', ...commonHeaders(request) },
		body: pythonJson({ [FAULT_NAMES[status]]: { code: status, message } }),
	};
}

/**
 * @param {Request} request
 * @param {number} status
 * @param {string} [body]
 * @param {Record<string, string>} [headers]
 * @returns {Answer}
 */
function success(request, status, body = '', headers = {}) {
	return {
		status,
		headers: { 'content-type': 'application/json', ...headers, ...commonHeaders(request) },
		body,
	};
}

/**
 * @param {Request} request
 * @param {string} id
 * @returns {Server | null} null: unknown, another project's, or deleted
 */
function visibleServer({ cloud, identity }, id) {
	const server = cloud.server(id);
	if (server === undefined || server.deleted) return null;
	return server.projectId === identity.projectId || identity.role === 'admin' ? server : null;
}

/**
 * @param {Request} request
 * @param {string} id
 */
function notFound(request, id) {
	return fault(request, 404, `Instance ${id} could not be found.`);
}

/**
 * @param {Request} request
 * @param {string} id
 */
function noCell(request, id) {
	return fault(request, 404, `Instance ${id} has no mapping to a cell.`);
}

/**
 * @param {Request} request
 * @param {string} policy
 */
function forbidden(request, policy) {
	return fault(request, 403, `Policy doesn't allow ${policy} to be performed.`);
}

/**
 * @param {Request} request
 * @param {string} what
 * @param {boolean} [writes]
 */
function mayNot({ cloud, identity }, what, writes = false) {
	if (identity.role === 'admin') return false;
	return (writes && identity.role === 'reader') || cloud.settings.denied.includes(what);
}

/**
 * Who asks, as a server has it on record.
 *
 * @param {Request} request
 * @param {Server} server
 */
function askerOf({ identity: { userId, projectId, role } }, server) {
	return { userId, projectId: projectId ?? server.projectId, admin: role === 'admin' };
}

module.exports = {
	askerOf,
	fault,
	forbidden,
	idHeaders,
	mayNot,
	noCell,
	noSuchRoute,
	notFound,
	routingError,
	success,
	versionHeaders,
	visibleServer,
};
