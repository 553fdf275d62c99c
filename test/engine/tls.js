// @ts-check
'use strict';

const { createServer } = require('node:https');
const { certify } = require('../../simulator/certificates');

/** @type {(() => void)[]} */
const closing = [];

afterAll(() => closing.forEach((close) => close()));

/** A cloud without servers behind TLS, with a certificate of its own making; its URL. */
async function openTlsCloud() {
	const { key, certificate } = certify({ name: 'A private cloud' });
	const server = createServer(
		{ key: key.export({ type: 'pkcs8', format: 'pem' }), cert: certificate },
		(_, response) => {
			response.writeHead(200, { 'content-type': 'application/json', connection: 'close' });
			response.end(JSON.stringify({ servers: [] }));
		},
	);
	await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
	closing.push(() => server.close());
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return `https://127.0.0.1:${port}`;
}

module.exports = { openTlsCloud };
