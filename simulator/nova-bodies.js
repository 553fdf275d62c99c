// @ts-check
'use strict';

/** What Nova says of request bodies. */

const { isObject } = require('./call');
const { fault } = require('./nova-answers');

/**
 * @typedef {import('./call').Call} Call
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./nova-answers').Request} Request
 */

/**
 * @param {Request} request
 * @returns {Answer | null}
 */
function checkMediaType(request) {
	const type = (request.call.headers['content-type'] ?? '').split(';')[0].trim();
	const accepted = ['', 'application/json', 'application/vnd.openstack.compute+json', 'text/plain'];
	return accepted.includes(type) ? null : fault(request, 415, 'Unsupported Content-Type');
}

/**
 * @param {unknown} value
 * @returns {string}
 */
function pythonRepr(value) {
	if (value === null) return 'None';
	if (value === true) return 'True';
	if (value === false) return 'False';
	if (typeof value === 'string') return `'${value}'`;
	if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
	if (isObject(value)) {
		const members = Object.entries(value);
		return `{${members.map(([key, member]) => `'${key}': ${pythonRepr(member)}`).join(', ')}}`;
	}
	return String(value);
}

/** @param {unknown} value */
function pythonStr(value) {
	return typeof value === 'string' ? value : pythonRepr(value);
}

module.exports = { checkMediaType, pythonRepr, pythonStr };
