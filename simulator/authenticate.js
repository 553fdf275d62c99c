// @ts-check
'use strict';

/** The door in front of Nova and ECS: a token, or a signed request. */

const { pythonJson } = require('./call');
const { checkSignature } = require('./access-keys');

/**
 * @typedef {import('./call').Call} Call
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./cloud').Cloud} Cloud
 * @typedef {import('./cloud').Identity} Identity
 */

/**
 * Missing, unknown, revoked and expired tokens are all told the same.
 *
 * @param {Call} call
 * @returns {Answer}
 */
function unauthorized(call) {
	return {
		status: 401,
		headers: {
			'content-type': 'application/json',
			'www-authenticate': `Keystone uri="${call.origin}"`,
			'x-openstack-request-id': call.requestId,
			'x-compute-request-id': call.requestId,
		},
		body: pythonJson({
			error: {
				code: 401,
				title: 'Unauthorized',
				message: 'The request you have made requires authentication.',
			},
		}),
	};
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @returns {{ identity: Identity } | { answer: Answer }}
 */
function authenticate(cloud, call) {
	if (call.headers.authorization?.startsWith('SDK-HMAC-SHA256')) {
		return checkSignature(cloud, call);
	}
	const token = cloud.validToken(call.headers['x-auth-token']);
	const identity = token === null ? null : cloud.identityOf(token.userId, token.projectId);
	return identity === null ? { answer: unauthorized(call) } : { identity };
}

module.exports = { authenticate };
