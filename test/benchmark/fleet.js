// @ts-check
'use strict';

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const axios = require('axios').default;

/**
 * A simulated cloud in a process of its own, so that its work is not measured as ours.
 *
 * @typedef {object} Fleet
 * @property {string[]} serverIds
 * @property {string} url
 * @property {string} projectId
 * @property {string} token
 * @property {{ elasticCloudServerTokenApi: Record<string, string> }} credentials
 * @property {() => Promise<void>} renew  the same servers, stopped again, and nothing counted yet
 * @property {() => Promise<Record<string, number>>} counts  requests by kind
 * @property {() => Promise<unknown>} close
 */

const SIMULATOR = path.resolve(__dirname, '../../simulator/main.js');

/**
 * @param {object} settings
 * @param {number} settings.servers
 * @param {number} settings.startSeconds
 * @param {number} [settings.latencyMs]  of each answer
 * @returns {Promise<Fleet>}
 */
async function createFleet({ servers, startSeconds, latencyMs = 20 }) {
	const options = {
		port: 0,
		servers,
		'start-seconds': startSeconds,
		'latency-ms': latencyMs,
	};
	const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
	const child = spawn(process.execPath, [SIMULATOR, '--quiet', ...args], {
		stdio: ['ignore', 'pipe', 'inherit'],
	});
	const url = await Promise.race([
		once(child.stdout, 'data').then(([line]) => String(line).trim()),
		once(child, 'exit').then(() => Promise.reject(new Error('The simulator did not start'))),
	]);
	const control = axios.create({ baseURL: `${url}/_control` });

	const { project } = (await control.get('')).data;
	const token = (await control.post('/tokens', {})).data.id;
	const listed = (await control.get('/servers')).data;
	return {
		serverIds: listed.map((/** @type {{ id: string }} */ { id }) => id),
		url,
		projectId: project.id,
		token,
		credentials: {
			elasticCloudServerTokenApi: {
				cloud: 'custom',
				ecsEndpoint: url,
				projectId: project.id,
				token,
			},
		},
		async renew() {
			await control.put('/servers', { count: servers });
			await control.delete('/requests');
		},
		counts: async () => (await control.get('/counts')).data.kinds,
		async close() {
			child.kill();
			await once(child, 'exit');
		},
	};
}

module.exports = { createFleet };
