// @ts-check
'use strict';

/**
 * What a storm costs: so many executions at once in one process, one server each, beside one execution of as
 * many items. Counted in the simulator's books; what is timed is mostly waiting, so that the clouds stand in
 * this process.
 */

const { createSimulator } = require('../../simulator');
const { itemsOf } = require('./starts');
const { printTable } = require('./print');

/**
 * @typedef {import('../harness/harness').Engine} Engine
 * @typedef {import('../harness/harness').CredentialStore} CredentialStore
 * @typedef {import('../../simulator/cloud').SimulatorOptions} SimulatorOptions
 *
 * @typedef {object} Storm
 * @property {number} size  how many executions, or items of one
 * @property {(options: SimulatorOptions) => Promise<World>} open  a cloud of its own
 *
 * @typedef {object} World
 * @property {import('../../simulator/cloud').Cloud} cloud
 * @property {CredentialStore} byToken
 * @property {(fields?: Record<string, string>) => CredentialStore} byPassword
 * @property {(store: CredentialStore, serverIds: string[]) => Promise<number>} start  all at once; how many
 *   items failed
 * @property {(store: CredentialStore, serverId: string) => Promise<number>} alarm  one execution, one server
 *
 * @typedef {Record<string, number>} Figures
 * @typedef {{ row: string, size: number, shape: (typeof SHAPES)[number] }} Cell
 *
 * @typedef {object} Figure
 * @property {string} name
 * @property {number} [digits]
 * @property {number} [atMost]  the target at 100
 */

const SIZES = [1, 10, 100, 300];
const TARGETS_AT = 100;
const SHAPES = /** @type {const} */ (['at once', 'in one']);
const LATER_ALARMS = 10;
const TIMES_EACH = 10;
const PER_SECOND = 10;
const LIMIT = `${PER_SECOND} requests a second`;
const SHORT_START_SECONDS = 1;
/** As a login takes its time, everybody meets the same expired token. */
const LATENCY_MS = 150;

/** @type {Record<string, { measure: (storm: Storm) => Promise<Figures>, figures: Record<string, Figure> }>} */
const ROWS = {
	tokenExpired: {
		measure: tokenExpired,
		figures: { logins: { name: 'token expired: logins', atMost: 1 } },
	},
	passwordWrong: {
		measure: passwordWrong,
		figures: {
			refused: { name: 'password wrong: refused logins', atMost: 1 },
			refusedLater: { name: `password wrong: the same, ${LATER_ALARMS} alarms later`, atMost: 1 },
		},
	},
	sameServer: {
		measure: sameServer,
		figures: { posts: { name: 'each server ten times: POSTs a server', digits: 2, atMost: 1 } },
	},
	slowStarts: {
		measure: slowStarts,
		figures: { calls: { name: 'starts of 20 s: calls a server', digits: 2, atMost: 1.3 } },
	},
	throttled: {
		measure: throttled,
		figures: {
			failed: { name: `${LIMIT}: failed`, atMost: 0 },
			share: { name: `${LIMIT}: 429, % of the calls`, digits: 1, atMost: 15 },
			seconds: { name: `${LIMIT}: seconds to the last start`, digits: 1 },
			ratio: { name: `${LIMIT}: times the ideal`, digits: 2, atMost: 1.5 },
		},
	},
};

/** @param {Storm} storm */
async function tokenExpired({ size, open }) {
	const { cloud, byPassword, start, alarm } = await open({
		servers: size + 1,
		startSeconds: SHORT_START_SECONDS,
		latencyMs: LATENCY_MS,
	});
	const [first, ...serverIds] = idsOf(cloud);
	const store = byPassword();
	await alarm(store, first);
	cloud.expireTokens();
	cloud.requests.clear();
	expectNone(await start(store, serverIds));
	return { logins: cloud.requests.count('login') };
}

/** @param {Storm} storm */
async function passwordWrong({ size, open }) {
	const { cloud, byPassword, start, alarm } = await open({ servers: size, latencyMs: LATENCY_MS });
	const store = byPassword({ password: 'not-it' });
	const serverIds = idsOf(cloud);
	const refusedLogins = () => cloud.requests.outcomes['login 401'] ?? 0;
	await start(store, serverIds);
	const refused = refusedLogins();
	for (let i = 0; i < LATER_ALARMS; i++) await alarm(store, serverIds[0]);
	return { refused, refusedLater: refusedLogins() };
}

/** @param {Storm} storm */
async function sameServer({ size, open }) {
	const servers = Math.ceil(size / TIMES_EACH);
	const { cloud, byToken, start } = await open({
		servers,
		startSeconds: SHORT_START_SECONDS,
		latencyMs: LATENCY_MS,
	});
	const ids = idsOf(cloud);
	const asked = Array.from({ length: size }, (_, i) => ids[i % servers]);
	expectNone(await start(byToken, asked));
	return { posts: cloud.requests.count('start') / servers };
}

/** @param {Storm} storm */
async function slowStarts({ size, open }) {
	const { cloud, byToken, start } = await open({ servers: size, startSeconds: 20, latencyMs: 20 });
	expectNone(await start(byToken, idsOf(cloud)));
	return { calls: cloud.requests.total / size };
}

/** @param {Storm} storm */
async function throttled({ size, open }) {
	const { cloud, byToken, start } = await open({
		servers: size,
		startSeconds: SHORT_START_SECONDS,
		latencyMs: 20,
	});
	cloud.faults.rateLimit = { requests: PER_SECOND, seconds: 1, retryAfter: 2 };
	const failed = await start(byToken, idsOf(cloud));
	const { entries, outcomes, total } = cloud.requests;
	const taken = cloud.requests.find({ kind: 'start', status: 202 });
	const seconds = (taken[taken.length - 1].at - entries[0].at) / 1000;
	const refused = Object.entries(outcomes)
		.filter(([outcome]) => outcome.endsWith(' 429'))
		.reduce((sum, [, times]) => sum + times, 0);
	return {
		failed,
		share: (100 * refused) / total,
		seconds,
		ratio: seconds / (size / PER_SECOND),
	};
}

/** @param {import('../../simulator/cloud').Cloud} cloud */
const idsOf = (cloud) => [...cloud.servers.keys()];

/** @param {number} failed */
function expectNone(failed) {
	if (failed > 0) throw new Error(`${failed} servers were not started`);
}

/**
 * @param {Engine} engine
 * @returns {Promise<import('./run').Verdict[]>}
 */
async function storm(engine) {
	/** @type {Map<string, Figures>} */
	const measured = new Map();
	const keyOf = (/** @type {unknown[]} */ ...parts) => parts.join();
	const measure = async (/** @type {Cell[]} */ cells) =>
		await Promise.all(
			cells.map(async ({ row, size, shape }) => {
				const figures = await inWorlds(
					engine,
					shape,
					async (open) => await ROWS[row].measure({ size, open }),
				);
				measured.set(keyOf(row, size, shape), figures);
			}),
		);
	const cells = Object.keys(ROWS).flatMap((row) =>
		SIZES.flatMap((size) => SHAPES.map((shape) => ({ row, size, shape }))),
	);
	// Whoever waits most of the time does so together; what has a target in seconds goes without the large ones.
	const waits = cells.filter(({ row }) => row === 'slowStarts' || row === 'throttled');
	const timed = waits.filter(({ row, size }) => row === 'throttled' && size <= TARGETS_AT);
	await measure(cells.filter((cell) => !waits.includes(cell)));
	await measure(timed);
	await measure(waits.filter((cell) => !timed.includes(cell)));

	const rows = Object.entries(ROWS).flatMap(([row, { figures }]) =>
		Object.entries(figures).map(([key, figure]) => ({ row, key, figure })),
	);
	const valueOf = (/** @type {[string, string, number, string]} */ ...[row, key, size, shape]) =>
		/** @type {Figures} */ (measured.get(keyOf(row, size, shape)))[key];
	printTable(
		'A storm: executions at once, one server each, beside as many items in one execution',
		['', ...SHAPES.flatMap((shape) => SIZES.map((size) => `${size} ${shape}`))],
		rows.map(({ row, key, figure: { name, digits = 0 } }) => [
			name,
			...SHAPES.flatMap((shape) =>
				SIZES.map((size) => valueOf(row, key, size, shape).toFixed(digits)),
			),
		]),
	);
	return rows.flatMap(({ row, key, figure: { name, digits, atMost } }) =>
		atMost === undefined
			? []
			: SHAPES.map((shape) => {
					const value = valueOf(row, key, TARGETS_AT, shape);
					return {
						bar: `${TARGETS_AT} ${shape}, ${name}: at most ${atMost}: ${value.toFixed(digits)}`,
						met: value <= atMost,
					};
				}),
	);
}

/**
 * @template T
 * @param {Engine} engine
 * @param {(typeof SHAPES)[number]} shape
 * @param {(open: Storm['open']) => Promise<T>} work
 */
async function inWorlds(engine, shape, work) {
	/** @type {(() => Promise<void>)[]} */
	const closing = [];
	try {
		return await work(async (options) => {
			const { cloud, listen, close } = createSimulator(options);
			closing.push(close);
			return worldOf(engine, shape, cloud, await listen());
		});
	} finally {
		await Promise.all(closing.map((close) => close()));
	}
}

/**
 * @param {Engine} engine
 * @param {(typeof SHAPES)[number]} shape
 * @param {import('../../simulator/cloud').Cloud} cloud
 * @param {string} url
 * @returns {World}
 */
function worldOf(engine, shape, cloud, url) {
	const place = { cloud: 'custom', ecsEndpoint: url, projectId: cloud.project.id };
	const run = async (/** @type {CredentialStore} */ store, /** @type {string[]} */ serverIds) => {
		const { output, error } = await engine.run({
			node: {
				authentication: 'elasticCloudServerLoginApi' in store ? 'login' : 'token',
				operation: 'start',
				serverId: { __rl: true, mode: 'id', value: '={{ $json.serverId }}' },
			},
			items: itemsOf(serverIds),
			credentialStore: store,
			mode: 'webhook',
			onError: 'continueRegularOutput',
		});
		if (error) throw new Error(error.message);
		return output.filter(({ json }) => json.outcome === undefined).length;
	};
	return {
		cloud,
		byToken: { elasticCloudServerTokenApi: { ...place, token: cloud.issueToken().id } },
		byPassword: (fields) => ({
			elasticCloudServerLoginApi: {
				...place,
				sessionToken: '',
				sessionTokenOwner: '',
				iamEndpoint: url,
				loginMethod: 'password',
				domainName: cloud.domain.name,
				userName: cloud.user.name,
				password: cloud.user.password,
				...fields,
			},
		}),
		async start(store, serverIds) {
			if (shape === 'in one') return await run(store, serverIds);
			const failed = await Promise.all(serverIds.map((id) => run(store, [id])));
			return failed.reduce((sum, count) => sum + count, 0);
		},
		alarm: async (store, serverId) => await run(store, [serverId]),
	};
}

module.exports = { storm };
