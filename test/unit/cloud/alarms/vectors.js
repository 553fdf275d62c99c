// @ts-check
'use strict';

const { readFileSync } = require('node:fs');
const path = require('node:path');

/** Made-up messages, signed with a made-up key. @param {string} file */
const read = (file) => readFileSync(path.join(__dirname, 'vectors', file), 'utf8');

module.exports = {
	SIGNER: read('signer.key'),
	CERTIFICATE: read('SMN_eu-de_00000000000000000000000000000001.pem'),
	/** @param {string} name @returns {Record<string, unknown>} */
	vector: (name) => JSON.parse(read(`${name}.json`)),
	/** @param {string} name */
	textToSign: (name) => read(`${name}.string-to-sign.txt`),
};
