// @ts-check
'use strict';

/**
 * Nova's API as a real Nova 26.2.2 answered: routes, order of checks, texts.
 */

const { authenticate } = require('./authenticate');
const { act, checkAction } = require('./nova-actions');
const {
	fault,
	forbidden,
	idHeaders,
	noSuchRoute,
	routingError,
	versionHeaders,
} = require('./nova-answers');
const {
	changeMetadata,
	changeMetadataItem,
	checkMetadata,
	removeMetadata,
	showMetadata,
	showMetadataItem,
} = require('./nova-metadata');
const { list, listActions, remove, show, showAction } = require('./nova-servers');
const { addTag, removeTags, replaceTags, showTag, showTags } = require('./nova-tags');
const {
	askedMicroversion,
	choices,
	parseMicroversion,
	versionDocument,
	versionsDocument,
} = require('./nova-versions');

/**
 * @typedef {import('./call').Call} Call
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./cloud').Cloud} Cloud
 * @typedef {import('./nova-answers').Request} Request
 *
 * @typedef {object} Route
 * @property {(request: Request) => Answer | null} [checkBody] before the project is looked at
 * @property {(request: Request, rest: string[]) => Answer} answer
 */

const MAX_BODY_BYTES = 114_688;

/** @type {[pattern: string, route: Route][]} `*` stands for one segment */
const ROUTES = [
	['GET servers', { answer: (request) => list(request, false) }],
	['GET servers/detail', { answer: (request) => list(request, true) }],
	['GET servers/*', { answer: show }],
	['DELETE servers/*', { answer: remove }],
	['POST servers/*/action', { checkBody: checkAction, answer: act }],
	['GET servers/*/os-instance-actions', { answer: listActions }],
	['GET servers/*/os-instance-actions/*', { answer: showAction }],
	['GET servers/*/metadata', { answer: showMetadata }],
	['POST servers/*/metadata', { checkBody: checkMetadata, answer: changeMetadata }],
	['PUT servers/*/metadata', { checkBody: checkMetadata, answer: changeMetadata }],
	['GET servers/*/metadata/*', { answer: showMetadataItem }],
	['PUT servers/*/metadata/*', { checkBody: checkMetadata, answer: changeMetadataItem }],
	['DELETE servers/*/metadata/*', { answer: removeMetadata }],
	['GET servers/*/tags', { answer: showTags }],
	['PUT servers/*/tags', { answer: replaceTags }],
	['DELETE servers/*/tags', { answer: removeTags }],
	['GET servers/*/tags/*', { answer: showTag }],
	['PUT servers/*/tags/*', { answer: addTag }],
	['DELETE servers/*/tags/*', { answer: removeTags }],
];

const PARSED_ROUTES = ROUTES.map(([pattern, route]) => {
	const [method, path] = pattern.split(' ');
	return { method, segments: path.split('/'), route };
});

/**
 * @param {string} method
 * @param {string[]} segments
 * @returns {Route | null}
 */
function findRoute(method, segments) {
	const found = PARSED_ROUTES.find(
		(candidate) =>
			candidate.method === method &&
			candidate.segments.length === segments.length &&
			candidate.segments.every((part, index) => part === '*' || part === segments[index]),
	);
	return found?.route ?? null;
}

/**
 * Nova tells a project from a resource by its letters; a project's name is none.
 *
 * @param {string} segment
 */
function isProjectId(segment) {
	return /^[0-9a-f-]+$/.test(segment);
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @returns {Answer}
 */
function nova(cloud, call) {
	const [root, ...segments] = call.segments;
	if (root === undefined) return versionsDocument(call);
	if (root !== 'v2' && root !== 'v2.1') return choices(call);
	const legacy = root === 'v2';
	if (segments.length === 0) return versionDocument(call, legacy);

	if (call.body.length > MAX_BODY_BYTES) {
		const text = `Request is too large. Larger than max_request_body_size (${MAX_BODY_BYTES}).`;
		return routingError(call, 413, text);
	}
	const who = authenticate(cloud, call);
	if ('answer' in who) return who.answer;

	const inProject = isProjectId(segments[0]) ? segments[0] : undefined;
	const rest = inProject === undefined ? segments : segments.slice(1);
	if (rest.length === 0 && call.path.endsWith('/')) return versionDocument(call, legacy);
	// An empty segment counts for nothing, except at the end.
	const route = call.path.endsWith('/') ? null : findRoute(call.method, rest);
	if (route === null) return noSuchRoute(call);

	const version = legacy ? { minor: 1 } : parseMicroversion(askedMicroversion(call));
	const path = inProject === undefined ? '' : `/${inProject}`;
	/** @type {Request} */
	const request = {
		cloud,
		call,
		identity: who.identity,
		legacy,
		minor: 'minor' in version ? version.minor : 1,
		base: `${call.origin}/${root}${path}`,
		bookmarkBase: `${call.origin}${path}`,
	};
	if ('status' in version) {
		const { status, headers, body } = fault(request, version.status, version.message);
		return {
			status,
			headers: {
				'content-type': headers['content-type'],
				...(version.version === null ? {} : versionHeaders(version.version)),
				...idHeaders(call),
			},
			body,
		};
	}
	const badBody = route.checkBody?.(request) ?? null;
	if (badBody !== null) return badBody;
	const { projectId } = who.identity;
	if (inProject !== undefined && inProject !== projectId) {
		const text = `URL's project_id '${inProject}' doesn't match Context's project_id '${projectId ?? 'None'}'`;
		return fault(request, 400, `Malformed request URL: ${text}`);
	}
	return projectId === null ? unscoped(request, rest) : route.answer(request, rest);
}

/**
 * A token for no project gets this far when the path names none either.
 *
 * @param {Request} request
 * @param {string[]} rest
 */
function unscoped(request, [, id, what]) {
	if (id === undefined) return forbidden(request, 'os_compute_api:servers:index');
	if (id === 'detail') return forbidden(request, 'os_compute_api:servers:detail');
	if (what !== undefined) return fault(request, 403, 'Forbidden');
	const text =
		'Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if possible.';
	return fault(request, 500, `${text}\n<class 'nova.exception.NovaException'>`);
}

module.exports = { nova };
