// @ts-check
'use strict';

/** The credentials of a storm, as n8n has them stored, and what the cloud knows of them. */

const { PASSWORD } = require('../../../simulator/cloud');
const { callerOf } = require('../../../simulator/call');

/**
 * @typedef {import('./scenario').AccountPlan} AccountPlan
 * @typedef {import('../context').Credential} Credential
 * @typedef {import('../context').CredentialType} CredentialType
 * @typedef {import('../../../simulator/cloud').Cloud} Cloud
 *
 * @typedef {object} Account
 * @property {'token' | 'login' | 'accessKey'} way
 * @property {CredentialType} type
 * @property {string} projectId
 * @property {Credential} stored
 * @property {Set<string>} working the secrets with which the cloud takes it
 * @property {() => void} correct
 */

const ENDPOINT = 'http://127.0.0.1:8774';

/**
 * What a credential proves itself with, and where.
 *
 * @param {Credential} credential
 */
function secretOf({ projectId, token, userName, password, accessKey, secretKey }) {
	if (userName !== undefined) return `login ${userName} ${password} ${projectId}`;
	return token === undefined ? `key ${accessKey} ${secretKey} ${projectId}` : `token ${token}`;
}

/**
 * How the books call who asks with a credential.
 *
 * @param {Credential} credential
 */
function callerWith({ token, sessionToken, accessKey }) {
	if (accessKey) return `key ${accessKey}`;
	return callerOf(/** @type {any} */ ({ headers: { 'x-auth-token': token ?? sessionToken } }));
}

/**
 * @param {Cloud} cloud
 * @param {AccountPlan} plan
 * @param {number} index
 * @param {string[]} projectIds
 * @param {{ token: CredentialType, login: CredentialType, accessKey: CredentialType }} types
 * @returns {Account}
 */
function openAccount(cloud, plan, index, projectIds, types) {
	const projectId = projectIds[plan.project % projectIds.length];
	const roles = Object.fromEntries(projectIds.map((id) => [id, /** @type {const} */ ('member')]));
	const user = cloud.addUser(`user-${plan.user}`, roles);
	const accessKey = `ACCESSKEY${index}`;
	const { secretKey } = cloud.addAccessKey(user.id, projectId, {
		accessKey,
		secretKey: `secret-key-of-account-${index}`,
	});
	/** @type {Record<AccountPlan['way'], () => Credential>} */
	const right = {
		token: () => ({ token: cloud.issueToken({ projectId, userId: user.id }).id }),
		login: () => ({ password: PASSWORD }),
		accessKey: () => ({ secretKey }),
	};
	/** @type {Record<AccountPlan['way'], Credential>} */
	const wrong = {
		token: { token: `wrong-token-of-account-${index}` },
		login: { password: `wrong-password-of-account-${index}` },
		accessKey: { secretKey: `wrong-key-of-account-${index}` },
	};
	/** @type {Record<AccountPlan['way'], Credential>} */
	const fields = {
		token: {},
		login: {
			iamEndpoint: ENDPOINT,
			loginMethod: 'password',
			domainName: 'Default',
			userName: user.name,
			sessionToken: '',
			sessionTokenOwner: '',
		},
		accessKey: { accessKey },
	};
	/** @type {Account} */
	const account = {
		way: plan.way,
		type: types[plan.way],
		projectId,
		stored: { cloud: 'custom', ecsEndpoint: ENDPOINT, projectId, ...fields[plan.way] },
		working: new Set(),
		correct() {
			Object.assign(account.stored, right[plan.way]());
			account.working.add(secretOf(account.stored));
		},
	};
	if (plan.wrong) Object.assign(account.stored, wrong[plan.way]);
	else account.correct();
	return account;
}

module.exports = { callerWith, openAccount, secretOf };
