// @ts-check
'use strict';

/**
 * SDK-HMAC-SHA256 from the receiving end: what was sent, byte for byte, gives the signature again.
 * Written from the cloud's signing guide, and on purpose not sharing a line with the node's signing.
 */

const { createHash, createHmac, timingSafeEqual } = require('node:crypto');

/**
 * @typedef {object} SignedRequest
 * @property {string} method
 * @property {string} path percent-encoded, without the query
 * @property {string} rawQuery
 * @property {Record<string, string | undefined>} headers names in lower case
 * @property {Buffer} body
 *
 * @typedef {object} Authorization
 * @property {string} accessKey
 * @property {string[]} signedHeaders
 * @property {string} signature
 */

/**
 * @param {string | undefined} header
 * @returns {Authorization | null} null: not of the form that the gateway takes
 */
function parseAuthorization(header) {
	const parts =
		/^SDK-HMAC-SHA256 Access=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/.exec(
			header ?? '',
		);
	if (parts === null) return null;
	return { accessKey: parts[1], signedHeaders: parts[2].split(';'), signature: parts[3] };
}

/**
 * Percent-encodes all but the unreserved characters.
 *
 * @param {string} text
 */
function encode(text) {
	return encodeURIComponent(text).replace(
		/[!'()*]/g,
		(character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
	);
}

/** @param {string} text */
function decode(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}

/** @param {string} path */
function canonicalPath(path) {
	const encoded = path
		.split('/')
		.map((segment) => encode(decode(segment)))
		.join('/');
	return encoded.endsWith('/') ? encoded : `${encoded}/`;
}

/** @param {string} rawQuery */
function canonicalQuery(rawQuery) {
	if (rawQuery === '') return '';
	return rawQuery
		.split('&')
		.filter(Boolean)
		.map((pair) => {
			const [name, ...value] = pair.replace(/\+/g, ' ').split('=');
			return [encode(decode(name)), encode(decode(value.join('=')))];
		})
		.sort(([a, x], [b, y]) => (a === b ? compare(x, y) : compare(a, b)))
		.map(([name, value]) => `${name}=${value}`)
		.join('&');
}

/**
 * @param {string} a
 * @param {string} b
 */
function compare(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}

/** @param {string | Buffer} data */
function sha256(data) {
	return createHash('sha256').update(data).digest('hex');
}

/**
 * @param {SignedRequest} request
 * @param {string[]} signedHeaders
 * @returns {string}
 */
function canonicalRequest({ method, path, rawQuery, headers, body }, signedHeaders) {
	const names = signedHeaders.map((name) => name.toLowerCase()).sort();
	return [
		method.toUpperCase(),
		canonicalPath(path),
		canonicalQuery(rawQuery),
		names.map((name) => `${name}:${(headers[name] ?? '').trim()}\n`).join(''),
		names.join(';'),
		sha256(body),
	].join('\n');
}

/**
 * @param {string} secretKey
 * @param {string} date the X-Sdk-Date header
 * @param {string} canonical
 * @returns {string}
 */
function signatureOf(secretKey, date, canonical) {
	return createHmac('sha256', secretKey)
		.update(`SDK-HMAC-SHA256\n${date}\n${sha256(canonical)}`)
		.digest('hex');
}

/**
 * @param {string | undefined} text YYYYMMDDTHHMMSSZ
 * @returns {number | null}
 */
function parseSdkDate(text) {
	const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '');
	if (parts === null) return null;
	const [, year, month, day, hour, minute, second] = parts;
	return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}

/**
 * @param {SignedRequest} request
 * @param {Authorization} authorization
 * @param {string} secretKey
 */
function signatureMatches(request, { signedHeaders, signature }, secretKey) {
	const canonical = canonicalRequest(request, signedHeaders);
	const expected = signatureOf(secretKey, request.headers['x-sdk-date'] ?? '', canonical);
	return timingSafeEqual(Buffer.from(expected), Buffer.from(signature));
}

module.exports = {
	parseAuthorization,
	canonicalRequest,
	signatureOf,
	signatureMatches,
	parseSdkDate,
	sha256,
};
