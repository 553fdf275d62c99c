// @ts-check
'use strict';

const { fastify } = require('fastify');
const { createRealClock, createVirtualClock } = require('./clock');
const { Cloud } = require('./cloud');
const { createExchange } = require('./exchange');
const { openTls } = require('./smn-tls');

/**
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./cloud').SimulatorOptions} SimulatorOptions
 *
 * @typedef {object} DirectRequest
 * @property {string} [method] default GET
 * @property {string} url path and query; a full URL is taken apart
 * @property {Record<string, string | undefined>} [headers]
 * @property {string | Buffer | object} [body] an object is sent as JSON
 * @property {AbortSignal} [signal] gives up
 *
 * @typedef {object} DirectResponse
 * @property {number} status
 * @property {Record<string, string>} headers names in lower case
 * @property {string} body
 *
 * @typedef {object} Simulator
 * @property {import('fastify').FastifyInstance} app for `app.inject`, without sockets
 * @property {Cloud} cloud the books
 * @property {import('./smn-tls').Tls} tls the hosts of SMN, for who has the simulator as HTTPS_PROXY
 * @property {(request: DirectRequest) => Promise<DirectResponse>} request the shortest way in: neither
 *   sockets nor fastify; rejects with code ECONNRESET when the connection is dropped
 * @property {(port?: number, host?: string) => Promise<string>} listen returns the URL
 * @property {() => Promise<void>} close
 */

/** What a client sees when the connection ends before the answer. */
class ConnectionLost extends Error {
	constructor() {
		super('socket hang up');
		this.code = 'ECONNRESET';
	}
}

/**
 * @param {import('node:http').IncomingMessage} raw
 * @returns {Promise<Buffer>}
 */
async function readBody(raw) {
	const chunks = [];
	for await (const chunk of raw) chunks.push(chunk);
	return Buffer.concat(chunks);
}

/**
 * @param {DirectRequest['body']} body
 * @returns {Buffer}
 */
function toBuffer(body) {
	if (body === undefined) return Buffer.alloc(0);
	if (Buffer.isBuffer(body)) return body;
	return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}

/**
 * A fault of the simulator itself, with a status that no cloud has: not to be taken for one of its.
 *
 * @param {Error} error
 * @returns {Answer}
 */
function ownFault(error) {
	return { status: 599, headers: { 'content-type': 'text/plain' }, body: String(error.stack) };
}

/**
 * A cloud to talk to: Nova, ECS v1, IAM and SMN behind one port.
 *
 * @param {SimulatorOptions} [options]
 * @returns {Simulator}
 */
function createSimulator(options = {}) {
	const cloud = new Cloud(options);
	const exchange = createExchange(cloud);

	/** @type {{ app: import('fastify').FastifyInstance, tls: import('./smn-tls').Tls } | undefined} */
	let made;

	/** Made when it is first needed: `request` goes without it, and it takes longer to make than many answers. */
	function doors() {
		made ??= openDoors();
		return made;
	}

	function openDoors() {
		const app = fastify({
			forceCloseConnections: true,
			frameworkErrors: (_error, request, reply) => void handle(request, reply),
		});
		// Taken before fastify looks at URL or body: Nova has its own idea of both, and a signature is
		// over the bytes as they came.
		app.addHook('onRequest', handle);
		app.addHook('preClose', async () => exchange.endHanging());
		app.all('/*', () => undefined);
		return { app, tls: openTls(app.server, () => [cloud.smn.smnHost, cloud.smn.consoleHost]) };
	}

	/**
	 * @param {Answer} answer
	 * @returns {Record<string, string | string[]>}
	 */
	function allHeaders({ status, headers, body }) {
		// Keystone's 204 has neither type nor length, Nova's has both.
		const hasLength = 'content-type' in headers || status !== 204;
		return {
			...headers,
			...(hasLength ? { 'content-length': String(Buffer.byteLength(body)) } : {}),
			date: new Date(cloud.now).toUTCString(),
		};
	}

	/**
	 * @param {import('fastify').FastifyRequest} request
	 * @param {import('fastify').FastifyReply} reply
	 */
	async function handle({ raw }, reply) {
		reply.hijack();
		const { method = 'GET', url = '/', headers } = raw;
		const response = reply.raw;
		const body = await readBody(raw);
		const answer = await exchange
			.answer({ method, url, headers, body }, (end) => response.once('close', end))
			.catch(ownFault);
		if (response.destroyed) return;
		if (answer === 'dropped') {
			raw.socket?.destroy?.();
			response.destroy();
			return;
		}
		response.writeHead(answer.status, allHeaders(answer));
		response.end(method === 'HEAD' ? undefined : answer.body);
	}

	/** @type {Simulator['request']} */
	async function request({ method = 'GET', url, headers = {}, body, signal }) {
		const { host, pathname, search } = new URL(url, 'http://localhost');
		/** @type {Record<string, string | undefined>} */
		const sent = { host };
		for (const [name, value] of Object.entries(headers)) sent[name.toLowerCase()] = value;
		const path = /^https?:/.test(url) ? pathname + search : url;
		const answer = await exchange.answer(
			{ method, url: path, headers: sent, body: toBuffer(body) },
			(end) => signal?.addEventListener('abort', end),
		);
		if (answer === 'dropped') throw new ConnectionLost();
		const received = Object.entries(allHeaders(answer)).map(([name, value]) => [
			name,
			Array.isArray(value) ? value.join(', ') : value,
		]);
		return { status: answer.status, headers: Object.fromEntries(received), body: answer.body };
	}

	return {
		get app() {
			return doors().app;
		},
		get tls() {
			return doors().tls;
		},
		cloud,
		request,
		listen: (port = 0, host = '127.0.0.1') => doors().app.listen({ port, host }),
		async close() {
			exchange.endHanging();
			cloud.smn.close();
			made?.tls.close();
			await made?.app.close();
		},
	};
}

module.exports = { createSimulator, createRealClock, createVirtualClock };
