// @ts-check
'use strict';

/** What the API gateway makes of a signed request: who it is, or why it is refused. */

const {
	canonicalRequest,
	parseAuthorization,
	parseSdkDate,
	signatureMatches,
} = require('./signature');

/**
 * @typedef {import('./call').Call} Call
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./cloud').Cloud} Cloud
 * @typedef {import('./cloud').Identity} Identity
 */

const TOLERANCE_MS = 15 * 60_000;
const TRIES = 5;
const LOCK_MS = 5 * 60_000;

/**
 * @param {Call} call
 * @param {string} text
 * @returns {{ answer: Answer }}
 */
function refused(call, text) {
	return {
		answer: {
			status: 401,
			headers: { 'content-type': 'application/json', 'x-request-id': call.requestId },
			body: JSON.stringify({
				error_code: 'APIGW.0301',
				error_msg: `Incorrect IAM authentication information: ${text}`,
				request_id: call.requestId.replace(/^req-/, ''),
			}),
		},
	};
}

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @returns {{ identity: Identity } | { answer: Answer }}
 */
function checkSignature(cloud, call) {
	const authorization = parseAuthorization(call.headers.authorization);
	if (authorization === null) return refused(call, 'authorization header has wrong format');
	const { accessKey, signedHeaders } = authorization;
	const date = parseSdkDate(call.headers['x-sdk-date']);
	if (date === null || !signedHeaders.includes('x-sdk-date')) {
		return refused(call, 'x-sdk-date header is missing or not signed');
	}
	const lockout = cloud.lockouts.get(accessKey);
	if (lockout !== undefined && lockout.lockedUntil > cloud.now) {
		return refused(call, 'AK access failed to reach the limit,forbidden');
	}
	if (Math.abs(cloud.now - date) > TOLERANCE_MS) {
		const [signed, now] = [date, cloud.now].map((time) => new Date(time).toISOString());
		return refused(call, `signature expired, signed ${signed}, now ${now}`);
	}
	const key = cloud.accessKeys.get(accessKey);
	if (key === undefined)
		return refused(call, `Get secretKey failed,ak:${accessKey},err:ak not exist`);

	if (!signatureMatches(call, authorization, key.secretKey)) {
		countFailure(cloud, accessKey);
		const canonical = canonicalRequest(call, signedHeaders).replaceAll('\n', '|');
		return refused(call, `verify aksk signature fail, canonicalRequest:${canonical}`);
	}
	cloud.lockouts.delete(accessKey);
	if (key.securityToken !== null && call.headers['x-security-token'] !== key.securityToken) {
		return refused(call, 'decrypt token fail');
	}
	const projectId = call.headers['x-project-id'] ?? key.projectId;
	const identity = cloud.identityOf(key.userId, projectId);
	return identity === null ? refused(call, 'project is not accessible') : { identity };
}

/**
 * More than five wrong signatures in a row lock the key, whatever they ask for.
 *
 * @param {Cloud} cloud
 * @param {string} accessKey
 */
function countFailure(cloud, accessKey) {
	const refusedSoFar = (cloud.lockouts.get(accessKey)?.refused ?? 0) + 1;
	const lockedUntil = refusedSoFar > TRIES ? cloud.now + LOCK_MS : 0;
	cloud.lockouts.set(accessKey, { refused: lockedUntil > 0 ? 0 : refusedSoFar, lockedUntil });
}

module.exports = { checkSignature };
