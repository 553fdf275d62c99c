// @ts-check
'use strict';

/** What SMN and its console answer to whoever visits: certificates, and the links in the messages. */

/**
 * @typedef {import('./call').Call} Call
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./cloud').Cloud} Cloud
 */

/**
 * @param {number} status
 * @param {string} type
 * @param {string} body
 * @returns {Answer}
 */
const answer = (status, type, body) => ({ status, headers: { 'content-type': type }, body });

/**
 * @param {number} status
 * @param {object} body
 */
const json = (status, body) => answer(status, 'application/json', JSON.stringify(body));

/** As SMN says no; the exact words are not documented. */
const NOT_FOUND = json(404, { code: 'SMN.0003', message: 'Not found' });

/** @type {Record<string, (cloud: Cloud, query: URLSearchParams) => import('./smn').Subscription | undefined>} */
const LINKS = {
	confirm: ({ smn }, query) => smn.confirm(query.get('topic_urn') ?? '', query.get('token') ?? ''),
	unsubscribe: ({ smn }, query) => smn.unsubscribe(query.get('subscription_urn') ?? ''),
};

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @returns {Answer}
 */
function smn(cloud, { method, segments, headers, query }) {
	const { signer, smnHost, consoleHost } = cloud.smn;
	const [, place, action] = segments;
	if (method !== 'GET') return NOT_FOUND;
	if (headers.host === smnHost && place === signer.file) {
		return answer(200, 'application/x-pem-file', signer.certificate);
	}
	if (headers.host !== consoleHost || place !== 'subscription') return NOT_FOUND;
	const subscription = LINKS[action]?.(cloud, query);
	return subscription ? json(200, { subscription_urn: subscription.urn }) : NOT_FOUND;
}

module.exports = { smn };
