// @ts-check
'use strict';

const { createHash } = require('node:crypto');

/**
 * A request as it arrived, and the answer to it; the routes are functions from one to the other.
 *
 * @typedef {object} Call
 * @property {string} method
 * @property {string} url path and query, as sent
 * @property {string} path without the query, still percent-encoded
 * @property {string[]} segments of the path, decoded; empty ones dropped
 * @property {URLSearchParams} query
 * @property {string} rawQuery
 * @property {Record<string, string | undefined>} headers names in lower case
 * @property {Buffer} body
 * @property {unknown} json the parsed body; undefined if it is not JSON
 * @property {string} origin scheme and host as the client knows them
 * @property {string} requestId
 *
 * @typedef {object} Answer
 * @property {number} status
 * @property {Record<string, string | string[]>} headers
 * @property {string} body
 */

/**
 * @param {string} text
 * @returns {unknown}
 */
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/**
 * Percent-decoding as these services do it: bytes become Latin-1, and what is no escape stays.
 *
 * @param {string} path
 */
function decode(path) {
	return path.replace(/%([0-9a-f]{2})/gi, (_escape, hex) => String.fromCharCode(parseInt(hex, 16)));
}

/**
 * @param {object} raw
 * @param {string} raw.method
 * @param {string} raw.url
 * @param {Record<string, string | string[] | undefined>} raw.headers
 * @param {Buffer} raw.body
 * @param {string} requestId
 * @returns {Call}
 */
function toCall({ method, url, headers, body }, requestId) {
	const mark = url.indexOf('?');
	const path = mark < 0 ? url : url.slice(0, mark);
	const rawQuery = mark < 0 ? '' : url.slice(mark + 1);
	/** @type {Record<string, string | undefined>} */
	const flat = {};
	for (const [name, value] of Object.entries(headers)) {
		flat[name] = Array.isArray(value) ? value.join(', ') : value;
	}
	return {
		method,
		url,
		path,
		// Decoded before it is split: an escaped slash separates as well as a plain one.
		segments: decode(path).split('/').filter(Boolean),
		query: new URLSearchParams(rawQuery),
		rawQuery,
		headers: flat,
		body,
		json: body.length === 0 ? undefined : parseJson(body.toString('utf8')),
		origin: `http://${flat.host ?? 'localhost'}`,
		requestId,
	};
}

/**
 * @param {unknown} value
 * @returns {value is Record<string, unknown>}
 */
function isObject(value) {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What a request is about, for the books and for faults: read from its shape, before it is routed.
 *
 * @param {Call} call
 * @returns {{ kind: import('./request-log').RequestKind, serverIds: string[], batchAction?: string }}
 */
function classify(call) {
	const { segments, method } = call;
	if (segments[0] === 'v3') {
		if (segments[1] !== 'auth' || segments[2] !== 'tokens') return { kind: 'other', serverIds: [] };
		return { kind: method === 'POST' ? 'login' : 'token', serverIds: [] };
	}
	if (segments[0] === 'v1') return classifyV1(call);
	if (segments[0] === 'smn') {
		const isLink = segments[1] === 'subscription';
		return { kind: isLink ? 'subscription-link' : 'certificate', serverIds: [] };
	}

	const at = segments.indexOf('servers');
	if (at < 0) return { kind: 'other', serverIds: [] };
	const id = segments[at + 1];
	if (id === undefined || id === 'detail') return { kind: 'list', serverIds: [] };
	const serverIds = [id.toLowerCase()];
	switch (segments[at + 2]) {
		case undefined:
			return { kind: method === 'GET' ? 'read' : 'other', serverIds };
		case 'action':
			return { kind: actionKind(call.json), serverIds };
		case 'os-instance-actions':
			return { kind: 'action-log', serverIds };
		case 'metadata':
			return { kind: 'metadata', serverIds };
		case 'tags':
			return { kind: 'tags', serverIds };
		default:
			return { kind: 'other', serverIds };
	}
}

/**
 * @param {unknown} body
 * @returns {'start' | 'stop' | 'reboot' | 'action'}
 */
function actionKind(body) {
	if (isObject(body)) {
		if ('os-start' in body) return 'start';
		if ('os-stop' in body) return 'stop';
		if ('reboot' in body) return 'reboot';
	}
	return 'action';
}

/**
 * @param {Call} call
 * @returns {{ kind: import('./request-log').RequestKind, serverIds: string[], batchAction?: string }}
 */
function classifyV1({ segments, json, method }) {
	const [, , collection, id] = segments;
	if (collection === 'jobs') return { kind: 'job', serverIds: [] };
	if (collection !== 'cloudservers') return { kind: 'other', serverIds: [] };
	if (id === 'action' && method === 'POST') {
		const batchAction = actionKind(json);
		const body = isObject(json) ? Object.values(json)[0] : undefined;
		const servers = isObject(body) && Array.isArray(body.servers) ? body.servers : [];
		const serverIds = servers.flatMap((server) =>
			isObject(server) && typeof server.id === 'string' ? [server.id.toLowerCase()] : [],
		);
		return { kind: 'batch', serverIds, batchAction };
	}
	if (id === 'detail' || id === undefined) return { kind: 'list', serverIds: [] };
	return { kind: 'read', serverIds: [id.toLowerCase()] };
}

/**
 * Who called, without giving away a secret.
 *
 * @param {Call} call
 */
function callerOf({ headers }) {
	const token = headers['x-auth-token'];
	if (token) return `token ${createHash('sha256').update(token).digest('hex').slice(0, 8)}`;
	const key = /Access=([^,]+)/.exec(headers.authorization ?? '');
	return key ? `key ${key[1]}` : 'nobody';
}

/**
 * JSON as Python writes it, with a blank after `:` and `,`: what the real services send.
 *
 * @param {unknown} value
 * @returns {string}
 */
function pythonJson(value) {
	if (Array.isArray(value)) return `[${value.map(pythonJson).join(', ')}]`;
	if (isObject(value)) {
		const members = Object.entries(value).filter(([, member]) => member !== undefined);
		return `{${members.map(([name, member]) => `${asciiJson(name)}: ${pythonJson(member)}`).join(', ')}}`;
	}
	return asciiJson(value);
}

/** @param {unknown} value */
function asciiJson(value) {
	return JSON.stringify(value).replace(
		/[\u007f-\uffff]/g,
		(character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
	);
}

module.exports = { toCall, classify, callerOf, pythonJson, isObject };
