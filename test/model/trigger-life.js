// @ts-check
'use strict';

/**
 * Random fleets live for hours of virtual time under the built trigger. A second, much simpler account of what
 * a poll must tell is made from the simulator's books, and compared poll by poll.
 */

const fc = require('fast-check');
const { createSimulator, createVirtualClock } = require('../../simulator');
const { createContext } = require('./context');

/**
 * @typedef {import('../../simulator/server').Server} Server
 *
 * @typedef {object} Happening in the life of a fleet; times are seconds after the one before
 * @property {number} after
 * @property {'stop' | 'start' | 'guestOff' | 'unnoticed' | 'fail' | 'delete' | 'create' | 'pause' | 'rename' | 'unrecorded'
 *   | 'poll' | 'twice' | 'outage' | 'restart' | 'republish' | 'pause for hours'} what
 * @property {number} server
 *
 * @typedef {object} Life
 * @property {('ACTIVE' | 'SHUTOFF' | 'ERROR')[]} fleet
 * @property {Happening[]} happenings
 */

const OPERATIONS = /** @type {const} */ ([
	'stop',
	'start',
	'start',
	'guestOff',
	'guestOff',
	'unnoticed',
	'fail',
	'delete',
	'create',
	'pause',
	'rename',
	'unrecorded',
]);
const POLLS = /** @type {const} */ ([
	'poll',
	'poll',
	'poll',
	'twice',
	'outage',
	'restart',
	'republish',
	'pause for hours',
]);

/** @type {import('fast-check').Arbitrary<Life>} */
const life = /** @type {any} */ (
	fc.record({
		fleet: fc.array(fc.constantFrom('ACTIVE', 'ACTIVE', 'SHUTOFF', 'ERROR'), {
			minLength: 1,
			maxLength: 6,
		}),
		happenings: fc.array(
			fc.record({
				after: fc.oneof(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 60, max: 900 })),
				what: fc.oneof(fc.constantFrom(...OPERATIONS), fc.constantFrom(...POLLS)),
				server: fc.nat(7),
			}),
			{ minLength: 5, maxLength: 60 },
		),
	})
);

const ADMIN = { userId: 'an-admin', projectId: 'another', admin: true };

/**
 * Lets a fleet live; what the trigger told otherwise than the books, in words.
 *
 * @param {string} dist
 * @param {Life} one
 * @returns {Promise<string[]>}
 */
async function liveOn(dist, { fleet, happenings }) {
	const { poller } = require(`${dist}/nodes/ElasticCloudServerTrigger/poll.js`);
	const { ElasticCloudServerTokenApi } = require(
		`${dist}/credentials/ElasticCloudServerTokenApi.credentials.js`,
	);
	const tokenApi = new ElasticCloudServerTokenApi();
	const clock = createVirtualClock();
	const simulator = createSimulator({ clock, servers: 0, startSeconds: 5, stopSeconds: 3 });
	const { cloud } = simulator;
	for (const [index, status] of fleet.entries())
		cloud.addServer({ name: `server-${index}`, status });

	const token = cloud.issueToken({ expiresAt: Infinity }).id;
	const credential = {
		cloud: 'custom',
		ecsEndpoint: 'http://127.0.0.1:8774',
		projectId: cloud.project.id,
		token,
	};
	const parameters = {
		authentication: 'token',
		events: ['appeared', 'deleted', 'failed', 'running', 'stopped'],
		stopCause: 'all',
		options: { maxStopsPerHour: 0 },
	};
	const base = createContext({
		simulator,
		clock,
		credentialType: tokenApi,
		credentials: [credential],
		parameters: [parameters],
		onError: 'stopWorkflow',
		signal: new AbortController().signal,
	});
	const nodeClock = {
		now: () => clock.now(),
		random: () => 0.5,
		/** @param {number} ms @param {AbortSignal} signal */
		sleep: async (ms, signal) =>
			await Promise.race([
				clock.sleep(ms),
				new Promise((resolve) => signal.addEventListener('abort', () => resolve(undefined))),
			]),
	};
	let poll = poller(nodeClock);
	let saved = {};
	/** @type {any} */
	let state = {};
	/** @type {any} */
	let context;
	const begin = (/** @type {string} */ activation) => {
		state = structuredClone(saved);
		const held = state;
		context = {
			...base,
			getNode: () => ({ id: 'node', name: 'Cloud', type: 'elasticCloudServerTrigger' }),
			getNodeParameter: (/** @type {string} */ name, /** @type {unknown} */ preset) =>
				base.getNodeParameter(name, 0, preset),
			getCredentials: async () => await base.getCredentials(tokenApi.name, 0),
			getMode: () => 'trigger',
			getWorkflow: () => ({ id: 'workflow' }),
			getActivationMode: () => activation,
			getWorkflowStaticData: () => held,
		};
	};

	/** @type {string[]} */
	const wrong = [];
	/** @type {Map<string, { status: string, stop?: string }>} */
	const seen = new Map();
	const told = new Set();

	/** What the books say that a poll must tell now. */
	const due = (/** @type {boolean} */ isFirst) => {
		/** @type {string[]} */
		const expected = [];
		for (const server of cloud.servers.values()) {
			server.settle(cloud.now);
			if (server.taskState !== null) continue;
			const { status, name } = server;
			const record = [...server.actions]
				.reverse()
				.find(({ action }) => /start|stop|reboot|create/.test(action));
			const stop = record?.action === 'stop' ? record : undefined;
			const before = seen.get(server.id);
			if (status === 'PAUSED' && before) continue;
			seen.set(server.id, { status, stop: status === 'SHUTOFF' ? stop?.requestId : undefined });
			if (isFirst) continue;
			const wasDown = before?.status === 'SHUTOFF' || before?.status === 'ERROR';
			if (status === 'DELETED') {
				if (before?.status !== 'DELETED') expected.push(`deleted ${name}`);
			} else if (!before) expected.push(`appeared ${name}`);
			else if (status === 'ERROR' && before.status !== 'ERROR') expected.push(`failed ${name}`);
			else if (status === 'ACTIVE' && wasDown) expected.push(`running ${name}`);
			else if (
				status === 'SHUTOFF' &&
				(before.status !== 'SHUTOFF' || (stop && stop.requestId !== before.stop))
			) {
				const cause = stop?.userId ? 'requested' : 'notRequested';
				expected.push(`stopped ${name} ${cause} ${stop?.requestId ?? null}`);
			}
		}
		return expected.sort();
	};

	const check = async (/** @type {boolean} */ isFirst, /** @type {number} */ times) => {
		const expected = due(isFirst);
		const results = await Promise.all(Array.from({ length: times }, () => poll.call(context)));
		const items = results.flatMap((one) => one?.[0] ?? []).map(({ json }) => json);
		if (items.length > 0 || isFirst) saved = structuredClone(state);
		for (const { eventId } of items) {
			if (told.has(eventId)) wrong.push(`${eventId} came twice`);
			told.add(eventId);
		}
		const shown = items.map(({ event, serverName, cause, requestId }) =>
			event === 'stopped'
				? `${event} ${serverName} ${cause} ${requestId}`
				: `${event} ${serverName}`,
		);
		if (shown.sort().join() !== expected.join()) {
			wrong.push(
				`At ${new Date(cloud.now).toISOString()}: ${expected.join()} / told: ${shown.join()}`,
			);
		}
	};

	const happen = async (/** @type {Happening} */ { what, server: index }) => {
		const servers = [...cloud.servers.values()];
		const server = servers[index % servers.length];
		const now = cloud.now;
		const request = { now, requestId: cloud.newRequestId() };
		const user = { userId: 'a-user', projectId: cloud.project.id, admin: false };
		server.settle(now);
		switch (what) {
			case 'stop':
				if (!server.deleted) server.ask('stop', { ...request, asker: index % 2 ? user : ADMIN });
				return;
			case 'start':
				if (!server.deleted) server.ask('start', { ...request, asker: user });
				return;
			case 'guestOff':
				return server.guestOff(now);
			case 'unnoticed':
				return server.guestOff(now, 400);
			case 'fail':
				if (!server.deleted && server.taskState === null) server.force(now, { status: 'ERROR' });
				return;
			case 'rename':
				if (!server.deleted) server.changed(now);
				return;
			case 'unrecorded':
				if (server.status === 'ACTIVE' && server.taskState === null) {
					server.force(now, { status: 'SHUTOFF' });
				}
				return;
			case 'pause':
				if (server.status === 'ACTIVE') server.force(now, { status: 'PAUSED' });
				return;
			case 'delete':
				if (!server.deleted) server.force(now, { status: 'DELETED' });
				return;
			case 'create': {
				const name = `new-${servers.length}`;
				const made = cloud.addServer({
					name,
					status: 'BUILD',
					taskState: 'spawning',
					createdAt: now,
				});
				made.later(now + 200_000, () => {
					if (!made.deleted) made.force(now + 200_000, { status: 'ACTIVE' });
				});
				return;
			}
			case 'outage':
				cloud.faults.outage(120);
				await poll.call(context).then(undefined, () => undefined);
				return await clock.sleep(130_000);
			case 'restart':
				// Who live by another clock share nothing.
				poll = poller({ ...nodeClock });
				begin('init');
				return await check(false, 1);
			case 'republish':
				begin('update');
				return await check(false, 1);
			case 'pause for hours':
				return await clock.sleep(7 * 3_600_000);
			default:
				return await check(false, what === 'twice' ? 2 : 1);
		}
	};

	begin('activate');
	await check(true, 1);
	for (const one of happenings) {
		// Never in the very second of a poll: the cloud's times are whole ones.
		await clock.sleep(one.after * 1000 + 1_500);
		await happen(one);
	}
	await clock.sleep(600_000);
	await check(false, 1);
	await simulator.close();
	return wrong;
}

module.exports = { life, liveOn };
