// @ts-check
'use strict';

/**
 * X.509 certificates, made when they are needed: so no key lies in the repository, and none runs out.
 * The few structures of RFC 5280 that TLS and a signature check look at, in DER.
 */

const { createPublicKey, generateKeyPairSync, randomBytes, sign } = require('node:crypto');

/**
 * @typedef {import('node:crypto').KeyObject} KeyObject
 *
 * @typedef {object} Certified
 * @property {string} name
 * @property {KeyObject} key the private one
 * @property {string} certificate in PEM
 *
 * @typedef {object} Wish
 * @property {string} name
 * @property {KeyObject} [key] default: a new one
 * @property {Certified} [issuer] default: it signs itself, as an authority
 * @property {string[]} [hosts] that it is for
 */

const YEAR_MS = 365 * 86_400_000;

/** @param {number} tag @param {...Buffer} parts */
function der(tag, ...parts) {
	const body = Buffer.concat(parts);
	const { length } = body;
	const size =
		length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length];
	return Buffer.concat([Buffer.from([tag, ...size.map((byte) => byte & 255)]), body]);
}

const sequence = (/** @type {Buffer[]} */ ...parts) => der(0x30, ...parts);
const explicit = (/** @type {number} */ tag, /** @type {Buffer} */ part) => der(0xa0 + tag, part);
const octets = (/** @type {Buffer} */ part) => der(0x04, part);
const bits = (/** @type {Buffer} */ part) => der(0x03, Buffer.from([0]), part);
const oid = (/** @type {string} */ hex) => der(0x06, Buffer.from(hex, 'hex'));
const time = (/** @type {number} */ at) =>
	der(0x18, Buffer.from(new Date(at).toISOString().replace(/[-:T]|\.\d+/g, '')));

const TRUE = der(0x01, Buffer.from([255]));
const VERSION_3 = explicit(0, der(0x02, Buffer.from([2])));
const COMMON_NAME = oid('550403');
const BASIC_CONSTRAINTS = oid('551d13');
const ALTERNATIVE_NAMES = oid('551d11');
const ECDSA_SHA256 = sequence(oid('2a8648ce3d040302'));
const RSA_SHA256 = sequence(oid('2a864886f70d01010b'), der(0x05));

const nameOf = (/** @type {string} */ text) =>
	sequence(der(0x31, sequence(COMMON_NAME, der(0x0c, Buffer.from(text)))));

/** @param {string[]} hosts */
const alternativeNames = (hosts) =>
	sequence(
		ALTERNATIVE_NAMES,
		octets(sequence(...hosts.map((host) => der(0x82, Buffer.from(host))))),
	);

const AUTHORITY = sequence(BASIC_CONSTRAINTS, TRUE, octets(sequence(TRUE)));

/** A key as TLS takes it: of a curve, as those are there at once. */
const newKey = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' }).privateKey;

/**
 * A certificate that is good from a day ago for a year.
 *
 * @param {Wish} wish
 * @returns {Certified}
 */
function certify({ name, key = newKey(), issuer, hosts = [] }) {
	const signer = issuer?.key ?? key;
	const algorithm = signer.asymmetricKeyType === 'rsa' ? RSA_SHA256 : ECDSA_SHA256;
	const now = Date.now();
	const toBeSigned = sequence(
		VERSION_3,
		der(0x02, Buffer.from([1]), randomBytes(8)),
		algorithm,
		nameOf(issuer?.name ?? name),
		sequence(time(now - YEAR_MS / 365), time(now + YEAR_MS)),
		nameOf(name),
		createPublicKey(key).export({ type: 'spki', format: 'der' }),
		explicit(3, sequence(issuer ? alternativeNames(hosts) : AUTHORITY)),
	);
	const signature = sign('sha256', toBeSigned, signer);
	const base64 = sequence(toBeSigned, algorithm, bits(signature)).toString('base64');
	const lines = base64.replace(/(.{64})(?=.)/g, '$1\n');
	return {
		name,
		key,
		certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
	};
}

module.exports = { certify };
