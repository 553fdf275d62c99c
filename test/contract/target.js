// @ts-check
'use strict';

/**
 * The cloud under contract: the simulator in this process, or the OpenStack that the environment
 * names. Here is all that differs between them; the suite itself does not know which one it asks.
 */

const { createSimulator } = require('../../simulator');
const { PASSWORD } = require('../../simulator/cloud');

/**
 * How the next power actions of a server are to go.
 *
 * @typedef {object} Trouble
 * @property {'slow' | 'fallsBack' | 'error' | 'dies' | 'staysOff'} [start]
 * @property {'slow' | 'fallsBack'} [stop]
 * @property {'slow' | 'fallsBack'} [reboot]
 *
 * @typedef {object} Account
 * @property {string} authUrl ends in /v3
 * @property {string} userName
 * @property {string} password
 * @property {{ id: string } | { name: string }} userDomain
 * @property {string} projectId
 * @property {string | undefined} readerName same password
 * @property {{ name: string, password: string } | undefined} admin of the project
 * @property {{ id: string, secret: string } | undefined} applicationCredential
 *
 * @typedef {(method: string, path: string, body?: object, microversion?: string) => Promise<{ json: unknown }>} NovaCall
 *
 * @typedef {object} Target
 * @property {string} name
 * @property {string} serverPrefix servers whose names begin so may be started and stopped
 * @property {boolean} canMakeTrouble
 * @property {boolean} hasEcsV1 has an API of its own under /v1
 * @property {boolean} hasReader
 * @property {boolean} hasAdmin
 * @property {boolean} hasApplicationCredential
 * @property {() => Promise<Account>} open
 * @property {(serverId: string, trouble: Trouble, nova: NovaCall) => Promise<void>} makeTrouble
 * @property {(serverId: string, status: 'PAUSED' | 'SUSPENDED', nova: NovaCall) => Promise<unknown>} park
 * @property {(serverId: string, name: string, nova: NovaCall) => Promise<unknown>} rename
 * @property {(name: string, like: string, nova: NovaCall) => Promise<string>} addServer of the kind of another one; its ID
 * @property {() => Promise<void>} close
 */

/** @returns {Target} */
function simulatorTarget() {
	const { cloud, listen, close } = createSimulator({
		startSeconds: 0.2,
		stopSeconds: 0.1,
		rebootSeconds: 0.4,
	});
	const serverOf = (/** @type {string} */ id) =>
		/** @type {import('../../simulator/server').Server} */ (cloud.server(id));
	return {
		name: 'the simulator',
		serverPrefix: 'lab-',
		canMakeTrouble: true,
		hasEcsV1: true,
		hasReader: true,
		hasAdmin: true,
		hasApplicationCredential: true,
		async open() {
			const url = await listen();
			const { id, secret } = cloud.applicationCredential;
			return {
				authUrl: `${url}/v3`,
				userName: cloud.user.name,
				password: PASSWORD,
				userDomain: { id: cloud.domain.id },
				projectId: cloud.project.id,
				readerName: cloud.reader.name,
				admin: { name: cloud.admin.name, password: cloud.admin.password },
				applicationCredential: { id, secret },
			};
		},
		async makeTrouble(serverId, { start, stop, reboot }) {
			const server = serverOf(serverId);
			const kinds = /** @type {const} */ ({
				slow: 'ok',
				fallsBack: 'fallsBack',
				error: 'error',
				dies: 'diesAfter',
				staysOff: 'noop',
			});
			server.behave('start', { kind: start ? kinds[start] : 'ok', seconds: 0.5 });
			server.behave('stop', { kind: stop ? kinds[stop] : 'ok', seconds: 0.5 });
			server.behave('reboot', { kind: reboot ? kinds[reboot] : 'ok', seconds: 0.5 });
			server.seconds = {
				start: start === 'slow' ? 1 : undefined,
				stop: stop === 'slow' ? 1 : undefined,
				reboot: reboot === 'slow' ? 1 : undefined,
			};
		},
		async park(serverId, status) {
			serverOf(serverId).force(cloud.now, { status });
		},
		async rename(serverId, name) {
			const server = serverOf(serverId);
			server.name = name;
			server.changed(cloud.now);
		},
		async addServer(name) {
			return cloud.addServer({ name, createdAt: cloud.now }).id;
		},
		close,
	};
}

/** What the Nova lab's driver does, told through the server's metadata. */
const LAB_RULES = {
	slow: 'sleep:2',
	fallsBack: 'sleep:1,raise:no such device',
	error: 'sleep:1,error:hypervisor lost',
	dies: 'crash:1',
	staysOff: 'noop',
};

/**
 * @param {NodeJS.ProcessEnv} env
 * @returns {Target}
 */
function openStackTarget(env) {
	/** @param {string} name */
	const needed = (name) => {
		const value = env[name];
		if (!value) throw new Error(`${name} is needed beside OS_AUTH_URL`);
		return value;
	};
	const credentialId = env.OS_APPLICATION_CREDENTIAL_ID;
	return {
		name: `the OpenStack at ${env.OS_AUTH_URL}`,
		serverPrefix: env.CONTRACT_SERVER_PREFIX ?? 'lab-',
		canMakeTrouble: env.NOVA_LAB !== undefined,
		hasEcsV1: false,
		hasReader: env.OS_READER_USERNAME !== undefined,
		hasAdmin: env.OS_ADMIN_USERNAME !== undefined,
		hasApplicationCredential: credentialId !== undefined,
		async open() {
			return {
				authUrl: needed('OS_AUTH_URL')
					.replace(/\/+$/, '')
					.replace(/(?:\/v3)?$/, '/v3'),
				userName: needed('OS_USERNAME'),
				password: needed('OS_PASSWORD'),
				userDomain: env.OS_USER_DOMAIN_NAME
					? { name: env.OS_USER_DOMAIN_NAME }
					: { id: env.OS_USER_DOMAIN_ID ?? 'default' },
				projectId: needed('OS_PROJECT_ID'),
				readerName: env.OS_READER_USERNAME,
				admin: env.OS_ADMIN_USERNAME
					? { name: env.OS_ADMIN_USERNAME, password: needed('OS_ADMIN_PASSWORD') }
					: undefined,
				applicationCredential: credentialId
					? { id: credentialId, secret: needed('OS_APPLICATION_CREDENTIAL_SECRET') }
					: undefined,
			};
		},
		async makeTrouble(serverId, { start, stop, reboot }, nova) {
			/** @type {Record<string, string>} */
			const metadata = {};
			if (start) metadata.lab_power_on = LAB_RULES[start];
			if (stop) metadata.lab_power_off = LAB_RULES[stop];
			if (reboot) metadata.lab_reboot = LAB_RULES[reboot];
			await nova('PUT', `/servers/${serverId}/metadata`, { metadata });
		},
		async park(serverId, status, nova) {
			const action = status === 'PAUSED' ? 'pause' : 'suspend';
			await nova('POST', `/servers/${serverId}/action`, { [action]: null });
		},
		async rename(serverId, name, nova) {
			await nova('PUT', `/servers/${serverId}`, { server: { name } });
		},
		async addServer(name, like, nova) {
			/** @typedef {{ server: { id: string, flavor: { id: string }, image: { id: string } } }} Shown */
			const shown = /** @type {Shown} */ ((await nova('GET', `/servers/${like}`)).json);
			const { flavor, image } = shown.server;
			const server = { name, flavorRef: flavor.id, imageRef: image.id, networks: 'none' };
			// Servers without a network came with 2.37.
			const added = await nova('POST', '/servers', { server }, '2.37');
			return /** @type {Shown} */ (added.json).server.id;
		},
		close: async () => {},
	};
}

/** @returns {Target} */
function createTarget() {
	return process.env.OS_AUTH_URL ? openStackTarget(process.env) : simulatorTarget();
}

/** @param {number} milliseconds */
async function sleep(milliseconds) {
	await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Reads again and again until what was read is as wanted.
 *
 * @template T
 * @param {() => Promise<T>} read
 * @param {(value: T) => boolean} isWanted
 * @param {number} [seconds]
 * @returns {Promise<T>}
 */
async function waitUntil(read, isWanted, seconds = 60) {
	const deadline = Date.now() + seconds * 1000;
	for (;;) {
		const value = await read();
		if (isWanted(value)) return value;
		if (Date.now() > deadline) {
			throw new Error(`Still not as wanted after ${seconds} s: ${JSON.stringify(value)}`);
		}
		await sleep(50);
	}
}

module.exports = { createTarget, sleep, waitUntil };
