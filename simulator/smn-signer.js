// @ts-check
'use strict';

/**
 * How SMN signs, from its documentation, and on purpose not sharing a line with the node's check.
 */

const { generateKeyPairSync, randomBytes, sign } = require('node:crypto');
const { certify } = require('./certificates');

/**
 * @typedef {object} Signer
 * @property {string} file of its certificate
 * @property {string} certificate in PEM
 * @property {(fields: Record<string, string>) => string} sign
 */

const NOTIFICATION = ['message', 'message_id', 'subject', 'timestamp', 'topic_urn', 'type'];
const CONFIRMATION = ['message', 'message_id', 'subscribe_url', 'timestamp', 'topic_urn', 'type'];

/** @param {Record<string, string>} fields */
function stringToSign(fields) {
	const names = fields.type === 'Notification' ? NOTIFICATION : CONFIRMATION;
	return names
		.filter((name) => fields[name])
		.map((name) => `${name}\n${fields[name]}\n`)
		.join('');
}

/**
 * @param {string} region
 * @returns {Signer}
 */
function createSigner(region) {
	const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	const { certificate } = certify({ name: `smn.${region}`, key: privateKey });
	return {
		file: `SMN_${region}_${randomBytes(16).toString('hex')}.pem`,
		certificate,
		sign: (fields) =>
			sign('RSA-SHA256', Buffer.from(stringToSign(fields)), privateKey).toString('base64'),
	};
}

module.exports = { createSigner };
