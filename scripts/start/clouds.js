// @ts-check
'use strict';

const { createSimulator } = require('../../test/simulator');
const { PASSWORD } = require('../../test/simulator/cloud');
const { kindOf } = require('./report');

/**
 * @typedef {import('../../test/engine/harness').SeenRequest} SeenRequest
 *
 * @typedef {object} DemoCloud
 * @property {string} title
 * @property {boolean} isDemo
 * @property {string[]} serverIds  what to start
 * @property {Record<string, Record<string, unknown>>} credentials
 * @property {string} [authentication]  the one to use instead of the example's
 * @property {(serverId: string) => string} nameOf
 * @property {(seen: SeenRequest[]) => string} progress
 * @property {() => Promise<void>} close
 */

/** A morning with everything that can be met. */
const SERVERS = [
	{ name: 'db-1', startSeconds: 13 },
	{ name: 'db-2', startSeconds: 15 },
	{ name: 'cache-1', startSeconds: 4 },
	{ name: 'web-1', startSeconds: 7 },
	{ name: 'web-2', startSeconds: 8 },
	{ name: 'web-3', startSeconds: 6 },
	{ name: 'mail-1', startSeconds: 11 },
	{ name: 'build-1', startSeconds: 3 },
	{ name: 'gateway-1', status: 'ACTIVE' },
	{ name: 'archive-1', locked: true },
	{ name: 'lab-1', startBehaviour: /** @type {const} */ ({ kind: 'fallsBack', seconds: 6 }) },
];

const UNKNOWN_ID = '5f0e4c1d-0d7a-4a3e-9a51-7c1f2b9d6e10';

/** @returns {Promise<DemoCloud>} */
async function simulatedCloud() {
	const { cloud, listen, close } = createSimulator({ servers: SERVERS, latencyMs: 20 });
	const url = await listen();
	const servers = [...cloud.servers.values()];
	const running = () => servers.filter((server) => cloud.wasRunning(server.id)).length;
	return {
		title: `simulated, at ${url}`,
		isDemo: true,
		serverIds: [...servers.map((server) => server.id), UNKNOWN_ID],
		credentials: simulatorCredentials(cloud, url),
		nameOf: (id) => servers.find((server) => server.id === id)?.name ?? id,
		progress: (seen) => `${asked(seen)} asked to start, ${running()} running`,
		close,
	};
}

/**
 * All three, whichever the example uses.
 *
 * @param {import('../../test/simulator').Simulator['cloud']} cloud
 * @param {string} url
 */
function simulatorCredentials(cloud, url) {
	const where = { cloud: 'custom', ecsEndpoint: url, projectId: cloud.project.id };
	return {
		elasticCloudServerTokenApi: { ...where, token: cloud.issueToken().id },
		elasticCloudServerLoginApi: {
			...where,
			iamEndpoint: url,
			loginMethod: 'password',
			domainName: cloud.domain.name,
			userName: cloud.user.name,
			password: PASSWORD,
			sessionToken: '',
		},
		elasticCloudServerAccessKeyApi: {
			...where,
			accessKey: cloud.accessKey.accessKey,
			secretKey: cloud.accessKey.secretKey,
		},
	};
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {string[]} serverIds
 * @returns {DemoCloud}
 */
function realCloud({ ECS_ENDPOINT, ECS_PROJECT_ID, ECS_TOKEN }, serverIds) {
	if (!ECS_ENDPOINT || !ECS_PROJECT_ID || !ECS_TOKEN || serverIds.length === 0) {
		throw new Error(
			'To start servers of a real cloud, set ECS_ENDPOINT, ECS_PROJECT_ID and ECS_TOKEN,' +
				' and name them:\n  npm start -- <server id> <server id> …\n' +
				'Without all of these, npm start shows a simulated cloud.',
		);
	}
	return {
		title: ECS_ENDPOINT,
		isDemo: false,
		serverIds,
		credentials: {
			elasticCloudServerTokenApi: {
				cloud: 'custom',
				ecsEndpoint: ECS_ENDPOINT,
				projectId: ECS_PROJECT_ID,
				token: ECS_TOKEN,
			},
		},
		authentication: 'token',
		nameOf: (id) => id,
		progress: (seen) => `${asked(seen)} asked to start, ${seen.length} requests so far`,
		close: async () => {},
	};
}

/** How many different servers were asked to start. @param {SeenRequest[]} seen */
function asked(seen) {
	const starts = seen.filter((request) => kindOf(request) === 'start').map(({ url }) => url);
	return new Set(starts).size;
}

module.exports = { realCloud, simulatedCloud };
