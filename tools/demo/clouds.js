// @ts-check
'use strict';

const { createSimulator } = require('../../simulator');
const { PASSWORD } = require('../../simulator/cloud');
const { kindOf } = require('./report');

/**
 * @typedef {import('../../test/harness/harness').SeenRequest} SeenRequest
 *
 * @typedef {object} DemoCloud
 * @property {string} title
 * @property {boolean} isDemo
 * @property {string} servers  which ones to start, in words
 * @property {string[]} [serverIds]  what to start, instead of what the example finds
 * @property {Record<string, Record<string, unknown>>} credentials
 * @property {string} [authentication]  the one to use instead of the example's
 * @property {(serverId: string) => string} nameOf
 * @property {(request: SeenRequest) => void} [onRequest]  called before each request
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
	{ name: 'gateway-1' },
	{ name: 'archive-1', locked: true },
	{ name: 'lab-1', startBehaviour: /** @type {const} */ ({ kind: 'fallsBack', seconds: 6 }) },
	{ name: 'old-1' },
];

/**
 * @param {string[]} tags  by which the example finds its servers
 * @returns {Promise<DemoCloud>}
 */
async function simulatedCloud(tags) {
	const { cloud, listen, close } = createSimulator({ servers: 0, latencyMs: 20 });
	SERVERS.forEach((server, index) => {
		// The cloud lists the newest first.
		cloud.addServer({ ...server, tags, createdAt: cloud.now - (index + 1) * 60_000 });
	});
	cloud.addServer({ name: 'without-a-tag-1' });
	const url = await listen();
	const servers = [...cloud.servers.values()];
	const named = (/** @type {string} */ name) => servers.find((server) => server.name === name);
	/** Only those that a start was accepted for: another may run by somebody else's doing. */
	const running = () =>
		servers.filter(
			({ id, actions }) => cloud.wasRunning(id) && actions.some(({ action }) => action === 'start'),
		).length;
	let begun = false;
	return {
		title: `simulated, at ${url}`,
		isDemo: true,
		servers: `those with the tag ${tags.join(', ')} that are off`,
		credentials: simulatorCredentials(cloud, url),
		nameOf: (id) => servers.find((server) => server.id === id)?.name ?? id,
		onRequest(request) {
			if (begun || kindOf(request) !== 'start') return;
			begun = true;
			// What others did since the servers were found.
			named('gateway-1')?.force(cloud.now, { status: 'ACTIVE' });
			cloud.removeServer(String(named('old-1')?.id));
		},
		progress: (seen) => `${asked(seen)} asked to start, ${running()} running`,
		close,
	};
}

/**
 * All three, whichever the example uses.
 *
 * @param {import('../../simulator').Simulator['cloud']} cloud
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
		servers: String(serverIds.length),
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
