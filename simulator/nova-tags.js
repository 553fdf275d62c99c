// @ts-check
'use strict';

/** A server's tags, which came with microversion 2.26. */

const { isObject, pythonJson } = require('./call');
const { pythonRepr, pythonStr } = require('./nova-bodies');
const { fault, forbidden, mayNot, noCell, success, visibleServer } = require('./nova-answers');

/**
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./nova-answers').Request} Request
 * @typedef {import('./server').Server} Server
 */

/**
 * @param {Request} request
 * @param {string} id
 * @param {string} [verb] what is to be done to the tags
 * @returns {Server | Answer}
 */
function taggedServer(request, id, verb) {
	if (request.minor < 26) return fault(request, 404, 'The resource could not be found.');
	const server = visibleServer(request, id);
	if (server === null) return noCell(request, id);
	return verb !== undefined && mayNot(request, 'tags', true)
		? forbidden(request, `os_compute_api:os-server-tags:${verb}`)
		: server;
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function showTags(request, [, id]) {
	const server = taggedServer(request, id);
	if (!('tags' in server)) return server;
	return success(request, 200, pythonJson({ tags: server.tags }));
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function showTag(request, [, id, , tag]) {
	const server = taggedServer(request, id);
	if (!('tags' in server)) return server;
	return server.tags.includes(tag)
		? success(request, 204)
		: fault(request, 404, `Server ${server.id} has no tag '${tag}'`);
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function replaceTags(request, [, id]) {
	const { json } = request.call;
	const tags = isObject(json) ? json.tags : undefined;
	const server = taggedServer(request, id, 'update_all');
	if (!('tags' in server)) return server;
	if (!Array.isArray(tags)) {
		const field = 'Invalid input for field/attribute tags';
		const text = `${field}. Value: ${pythonStr(tags)}. ${pythonRepr(tags)} is not of type 'array'`;
		return fault(request, 400, text);
	}
	const problem = tags.map(tagProblem).find((found) => found !== null);
	if (problem) return fault(request, 400, problem);
	server.setTags(tags.map(String));
	return success(request, 200, pythonJson({ tags: server.tags }));
}

/**
 * @param {unknown} tag
 * @param {number} index
 * @returns {string | null}
 */
function tagProblem(tag, index) {
	const field = `Invalid input for field/attribute ${index}. Value: ${pythonStr(tag)}. ${pythonRepr(tag)}`;
	if (typeof tag !== 'string') return `${field} is not of type 'string'`;
	if (tag === '') return `${field} is too short`;
	if (tag.length > 60) return `${field} is too long`;
	return /[,/]/.test(tag) ? `${field} does not match '^[^,/]*$'` : null;
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function addTag(request, [, id, , tag]) {
	const server = taggedServer(request, id, 'update');
	if (!('tags' in server)) return server;
	const html = { 'content-type': 'text/html; charset=UTF-8' };
	if (server.tags.includes(tag)) return success(request, 204, '', html);
	server.setTags([...server.tags, tag]);
	const location = `${request.base}/servers/${server.id}/tags/${tag}`;
	return success(request, 201, '', { ...html, location });
}

/**
 * One tag, or all.
 *
 * @param {Request} request
 * @param {string[]} rest
 */
function removeTags(request, [, id, , tag]) {
	const server = taggedServer(request, id, tag === undefined ? 'delete_all' : 'delete');
	if (!('tags' in server)) return server;
	if (tag !== undefined && !server.tags.includes(tag)) {
		return fault(request, 404, `Instance ${server.id} has no tag '${tag}'`);
	}
	server.setTags(tag === undefined ? [] : server.tags.filter((other) => other !== tag));
	return success(request, 204);
}

module.exports = { addTag, removeTags, replaceTags, showTag, showTags };
