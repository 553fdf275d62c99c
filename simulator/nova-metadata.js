// @ts-check
'use strict';

/** A server's metadata. */

const { isObject, pythonJson } = require('./call');
const { checkMediaType, pythonRepr, pythonStr } = require('./nova-bodies');
const { fault, forbidden, mayNot, notFound, success, visibleServer } = require('./nova-answers');

/**
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./nova-answers').Request} Request
 * @typedef {import('./server').Server} Server
 */

const KEY = '^[a-zA-Z0-9-_:. ]{1,255}$';
const KEY_PATTERN = /^[a-zA-Z0-9\-_:. ]{1,255}$/;

/**
 * @param {Request} request
 * @returns {Answer | null}
 */
function checkMetadata(request) {
	const badType = checkMediaType(request);
	if (badType !== null) return badType;
	const { json } = request.call;
	return isObject(json) ? null : fault(request, 400, 'Malformed request body');
}

/**
 * What Nova's schema says of a body; null if it is right.
 *
 * @param {Record<string, unknown>} body
 * @param {'metadata' | 'meta'} name all of it, or a single item
 * @returns {string | null}
 */
function problemOf(body, name) {
	const field = 'Invalid input for field/attribute';
	if (!(name in body)) return `'${name}' is a required property`;
	const extra = Object.keys(body).find((key) => key !== name);
	if (extra !== undefined) {
		return `Additional properties are not allowed ('${extra}' was unexpected)`;
	}
	const metadata = body[name];
	if (!isObject(metadata)) {
		return `${field} ${name}. Value: ${pythonStr(metadata)}. ${pythonRepr(metadata)} is not of type 'object'`;
	}
	for (const [key, value] of Object.entries(metadata)) {
		if (!KEY_PATTERN.test(key)) {
			return `${field} ${name}. Value: ${pythonRepr(metadata)}. '${key}' does not match any of the regexes: '${KEY}'`;
		}
		if (typeof value !== 'string') {
			return `${field} ${key}. Value: ${pythonRepr(value)}. ${pythonRepr(value)} is not of type 'string'`;
		}
	}
	return null;
}

/**
 * A server whose metadata the caller may change, or the answer that it may not.
 *
 * @param {Request} request
 * @param {string} id
 * @param {string} verb
 * @returns {Server | Answer}
 */
function changeable(request, id, verb) {
	const server = visibleServer(request, id);
	if (server === null) return notFound(request, id);
	return mayNot(request, 'metadata', true)
		? forbidden(request, `os_compute_api:server-metadata:${verb}`)
		: server;
}

/**
 * @param {Request} request
 * @param {Server} server
 * @returns {Answer | null}
 */
function lockedAnswer(request, server) {
	return server.locked && request.identity.role !== 'admin'
		? fault(request, 409, `Instance ${server.id} is locked`)
		: null;
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function showMetadata(request, [, id]) {
	const server = visibleServer(request, id);
	if (server === null) return notFound(request, id);
	return success(request, 200, pythonJson({ metadata: server.metadata }));
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function showMetadataItem(request, [, id, , key]) {
	const server = visibleServer(request, id);
	if (server === null) return notFound(request, id);
	return key in server.metadata
		? success(request, 200, pythonJson({ meta: { [key]: server.metadata[key] } }))
		: fault(request, 404, 'Metadata item was not found');
}

/**
 * POST adds, PUT replaces.
 *
 * @param {Request} request
 * @param {string[]} rest
 */
function changeMetadata(request, [, id]) {
	const { cloud, call } = request;
	const adds = call.method === 'POST';
	const body = /** @type {Record<string, unknown>} */ (call.json);
	const problem = problemOf(body, 'metadata');
	if (problem !== null) return fault(request, 400, problem);
	const server = changeable(request, id, adds ? 'create' : 'update_all');
	if (!('metadata' in server)) return server;
	const locked = lockedAnswer(request, server);
	if (locked !== null) return locked;
	const metadata = /** @type {Record<string, string>} */ (body.metadata);
	server.metadata = adds ? { ...server.metadata, ...metadata } : { ...metadata };
	server.changed(cloud.now);
	return success(request, 200, pythonJson({ metadata: server.metadata }));
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function changeMetadataItem(request, [, id, , key]) {
	const { cloud, call } = request;
	const body = /** @type {Record<string, unknown>} */ (call.json);
	const problem = problemOf(body, 'meta');
	if (problem !== null) return fault(request, 400, problem);
	const meta = /** @type {Record<string, string>} */ (body.meta);
	if (!(key in meta)) return fault(request, 400, 'Request body and URI mismatch');
	const server = changeable(request, id, 'update');
	if (!('metadata' in server)) return server;
	const locked = lockedAnswer(request, server);
	if (locked !== null) return locked;
	server.metadata = { ...server.metadata, [key]: meta[key] };
	server.changed(cloud.now);
	return success(request, 200, pythonJson({ meta: { [key]: meta[key] } }));
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function removeMetadata(request, [, id, , key]) {
	const server = changeable(request, id, 'delete');
	if (!('metadata' in server)) return server;
	if (!(key in server.metadata)) return fault(request, 404, 'Metadata item was not found');
	const locked = lockedAnswer(request, server);
	if (locked !== null) return locked;
	delete server.metadata[key];
	server.changed(request.cloud.now);
	return success(request, 204);
}

module.exports = {
	changeMetadata,
	changeMetadataItem,
	checkMetadata,
	removeMetadata,
	showMetadata,
	showMetadataItem,
};
