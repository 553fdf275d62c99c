// @ts-check
'use strict';

const { createServer } = require('node:http');

/** @type {(() => void)[]} */
const closing = [];

afterAll(() => closing.forEach((close) => close()));

/**
 * An endpoint on this machine that answers with each of these statuses in turn, and then with the last.
 *
 * @param {...number} statuses
 */
async function openEndpoint(...statuses) {
	/** @type {{ headers: import('node:http').IncomingHttpHeaders, message: Record<string, string> }[]} */
	const received = [];
	const server = createServer(async (request, response) => {
		const chunks = [];
		for await (const chunk of request) chunks.push(chunk);
		const status = statuses[Math.min(received.length, statuses.length - 1)];
		received.push({
			headers: request.headers,
			message: JSON.parse(Buffer.concat(chunks).toString()),
		});
		response.writeHead(status).end('{}');
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
	closing.push(() => {
		server.closeAllConnections();
		server.close();
	});
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
	return { url: `http://127.0.0.1:${port}/`, received };
}

module.exports = { openEndpoint };
