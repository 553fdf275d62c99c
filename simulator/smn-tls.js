// @ts-check
'use strict';

/**
 * The hosts of SMN and its console, by TLS and by their own names. No name on this machine leads there:
 * the simulator is the proxy by which n8n reaches the internet (HTTPS_PROXY), and there is nothing else.
 */

const { createServer } = require('node:https');
const { certify } = require('./certificates');

/**
 * @typedef {object} Tls
 * @property {string} authority its certificate in PEM, for NODE_EXTRA_CA_CERTS
 * @property {string[]} refused hosts that somebody wanted to reach, and that are not there
 * @property {() => void} close
 */

/**
 * @param {import('node:http').Server} server who answers what is asked of the hosts, too
 * @param {() => string[]} hosts by name
 * @returns {Tls}
 */
function openTls(server, hosts) {
	const authority = certify({ name: 'Simulator CA' });
	/** @type {Map<string, import('node:https').Server>} by host */
	const doors = new Map();
	/** @type {string[]} */
	const refused = [];
	/** @type {Set<import('node:stream').Duplex>} */
	const sockets = new Set();

	/** @param {string} host */
	function doorOf(host) {
		const known = doors.get(host);
		if (known) return known;
		const { key, certificate } = certify({ name: host, issuer: authority, hosts: [host] });
		const door = createServer(
			{ key: key.export({ type: 'pkcs8', format: 'pem' }), cert: certificate },
			(request, response) => server.emit('request', request, response),
		);
		doors.set(host, door);
		return door;
	}

	server.on('connect', ({ url = '' }, socket, head) => {
		sockets.add(socket);
		socket.once('close', () => sockets.delete(socket));
		// Who gives up in the middle of it is gone.
		socket.on('error', () => socket.destroy());
		const [host, port] = url.split(':');
		if (port !== '443' || !hosts().includes(host)) {
			refused.push(host);
			socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
			return;
		}
		socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
		if (head.length > 0) socket.unshift(head);
		doorOf(host).emit('connection', socket);
	});

	return {
		authority: authority.certificate,
		refused,
		close: () => sockets.forEach((socket) => socket.destroy()),
	};
}

module.exports = { openTls };
