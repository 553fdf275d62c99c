'use strict';

const { once } = require('node:events');
const { createServer } = require('node:net');

/**
 * Ports of the loopback interface that are free now, all different.
 * @param {number} count
 * @returns {Promise<number[]>}
 */
async function freePorts(count) {
	const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
	await Promise.all(servers.map((server) => once(server, 'listening')));
	const ports = servers.map(
		(server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port,
	);
	await Promise.all(servers.map((server) => once(server.close(), 'close')));
	return ports;
}

module.exports = { freePorts };
