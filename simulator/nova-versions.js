// @ts-check
'use strict';

/** Nova's version documents, and its microversions. */

const { pythonJson } = require('./call');
const { idHeaders, versionHeaders } = require('./nova-answers');

/**
 * @typedef {import('./call').Call} Call
 * @typedef {import('./call').Answer} Answer
 */

const MAX_MINOR = 93;

/**
 * @param {string | undefined} text
 * @returns {{ minor: number } | { status: number, message: string, version: string | null }}
 */
function parseMicroversion(text) {
	if (text === undefined) return { minor: 1 };
	if (text === 'latest') return { minor: MAX_MINOR };
	const parts = /^([1-9]\d*)\.([1-9]\d*|0)$/.exec(text);
	if (parts === null) {
		const message = `API Version String ${text} is of invalid format. Must be of format MajorNum.MinorNum.`;
		return { status: 400, message, version: null };
	}
	const minor = Number(parts[2]);
	if (parts[1] !== '2' || minor < 1 || minor > MAX_MINOR) {
		const message = `Version ${text} is not supported by the API. Minimum is 2.1 and maximum is 2.${MAX_MINOR}.`;
		return { status: 406, message, version: text };
	}
	return { minor };
}

/**
 * @param {Call} call
 * @returns {string | undefined}
 */
function askedMicroversion({ headers }) {
	for (const part of (headers['openstack-api-version'] ?? '').split(',')) {
		const [service, version] = part.trim().split(/\s+/);
		if (service.toLowerCase() === 'compute') return version;
	}
	return headers['x-openstack-nova-api-version'];
}

/**
 * @param {Call} call
 * @param {boolean} legacy
 */
function versionEntry(call, legacy) {
	return legacy
		? {
				id: 'v2.0',
				status: 'SUPPORTED',
				version: '',
				min_version: '',
				updated: '2011-01-21T11:33:21Z',
				links: [{ rel: 'self', href: `${call.origin}/v2/` }],
			}
		: {
				id: 'v2.1',
				status: 'CURRENT',
				version: `2.${MAX_MINOR}`,
				min_version: '2.1',
				updated: '2013-07-23T11:33:21Z',
				links: [{ rel: 'self', href: `${call.origin}/v2.1/` }],
			};
}

/** @param {boolean} legacy */
function mediaTypes(legacy) {
	const type = `application/vnd.openstack.compute+json;version=${legacy ? '2' : '2.1'}`;
	return [{ base: 'application/json', type }];
}

/**
 * @param {Call} call
 * @returns {Answer}
 */
function versionsDocument(call) {
	const versions = [versionEntry(call, true), versionEntry(call, false)];
	return {
		status: 200,
		headers: { 'content-type': 'application/json' },
		body: pythonJson({ versions }),
	};
}

/**
 * @param {Call} call
 * @param {boolean} legacy
 * @returns {Answer}
 */
function versionDocument(call, legacy) {
	const entry = versionEntry(call, legacy);
	const described = { rel: 'describedby', type: 'text/html', href: 'http://docs.openstack.org/' };
	const version = {
		...entry,
		links: [...entry.links, described],
		'media-types': mediaTypes(legacy),
	};
	return {
		status: 200,
		headers: {
			'content-type': 'application/json',
			...(legacy ? {} : versionHeaders(shownVersion(call))),
			...idHeaders(call),
		},
		body: pythonJson({ version }),
	};
}

/** @param {Call} call */
function shownVersion(call) {
	const version = parseMicroversion(askedMicroversion(call));
	return 'minor' in version ? `2.${version.minor}` : '2.1';
}

/**
 * An unknown root is answered with 300 and no Location: neither a success nor a redirect.
 *
 * @param {Call} call
 * @returns {Answer}
 */
function choices(call) {
	const entry = (/** @type {boolean} */ legacy) => ({
		id: legacy ? 'v2.0' : 'v2.1',
		status: legacy ? 'SUPPORTED' : 'CURRENT',
		links: [{ rel: 'self', href: `${call.origin}/${legacy ? 'v2' : 'v2.1'}${call.path}` }],
		'media-types': mediaTypes(legacy),
	});
	return {
		status: 300,
		headers: { 'content-type': 'application/json' },
		body: pythonJson({ choices: [entry(true), entry(false)] }),
	};
}

module.exports = {
	askedMicroversion,
	choices,
	parseMicroversion,
	versionDocument,
	versionsDocument,
};
