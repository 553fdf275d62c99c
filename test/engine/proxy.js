// @ts-check
'use strict';

const { createServer } = require('node:http');

/** @type {(() => void)[]} */
const closing = [];

afterAll(() => closing.forEach((close) => close()));

/**
 * A proxy on this machine that answers every CONNECT so, and connects nobody.
 *
 * @param {string} answer
 */
async function openProxy(answer) {
	let connects = 0;
	const server = createServer();
	server.on('connect', (_, socket) => {
		connects += 1;
		socket.end(answer);
	});
	await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
	closing.push(() => server.close());
	const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());

	/**
	 * Runs something with this proxy in n8n's environment.
	 *
	 * @template T
	 * @param {() => Promise<T>} work
	 */
	async function use(work) {
		const before = process.env.HTTPS_PROXY;
		process.env.HTTPS_PROXY = `http://127.0.0.1:${port}`;
		try {
			return await work();
		} finally {
			if (before === undefined) delete process.env.HTTPS_PROXY;
			else process.env.HTTPS_PROXY = before;
		}
	}

	return { use, connects: () => connects };
}

module.exports = { openProxy };
