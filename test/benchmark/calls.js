// @ts-check
'use strict';

/** How many requests a started server costs, waiting included: starts of 20 s, looked at every 5 s. */

const { createFleet } = require('./fleet');
const { runNode } = require('./starts');
const { printTable } = require('./print');

/**
 * @typedef {import('../harness/harness').Engine} Engine
 * @typedef {{ project: number, started: number }} Case
 * @typedef {object} Count
 * @property {number} started
 * @property {number} project  servers in it
 * @property {number} calls  in all
 * @property {number} perServer
 * @property {number} seconds  the node took
 * @property {string} kinds
 */

/** Small ones only wait, and do so together; a large one has the machine for itself. */
const SMALL = 100;

/** @type {Case[]} */
const CASES = [
	{ project: 1, started: 1 },
	{ project: 10, started: 10 },
	{ project: 100, started: 100 },
	{ project: 1000, started: 1000 },
	{ project: 5000, started: 5000 },
	{ project: 5000, started: 3 },
];

const ECS = { apiVersion: 'v1' };

/** One look before, a request for each, and as many looks as with Nova. */
const ECS_CASES = [
	{ project: 1, started: 1, most: 7 },
	{ project: 10, started: 10, most: 16 },
	{ project: 100, started: 100, most: 106 },
	{ project: 1000, started: 1000, most: 1006 },
];

/**
 * @param {Engine} engine
 * @returns {Promise<import('./run').Verdict[]>}
 */
async function calls(engine) {
	// A batch costs next to nothing but time: clouds take one a minute.
	const [one, ecs, batch] = await Promise.all([
		countOneByOne(engine),
		Promise.all(ECS_CASES.map((each) => count(engine, each, ECS))),
		Promise.all(CASES.map((each) => count(engine, each, { sendAs: 'oneBatchRequest' }))),
	]);
	print('One request for each server', one);
	print('The same through ECS v1', ecs);
	print('One batch request', batch);

	/** @param {number} size */
	const whole = (size) =>
		CASES.findIndex(({ project, started }) => project === size && started === size);
	const hundred = one[whole(100)].perServer;
	const thousand = one[whole(1000)].perServer;
	const inBatch = batch[whole(1000)].calls;
	return [
		{ bar: `100 servers: at most 1.10 calls each: ${hundred.toFixed(3)}`, met: hundred <= 1.1 },
		{
			bar: `1,000 servers: at most 1.01 calls each: ${thousand.toFixed(4)}`,
			met: thousand <= 1.01,
		},
		...ecs.map(({ calls: inAll }, i) => {
			const { started, most } = ECS_CASES[i];
			return {
				bar: `${started} through ECS v1: at most ${most} calls: ${inAll}`,
				met: inAll <= most,
			};
		}),
		{ bar: `1,000 servers in a batch: at most 8 calls in all: ${inBatch}`, met: inBatch <= 8 },
	];
}

/**
 * @param {Engine} engine
 * @returns {Promise<Count[]>}  in the order of the cases
 */
async function countOneByOne(engine) {
	/** @type {Map<Case, Count>} */
	const counts = new Map();
	const take = async (/** @type {Case} */ each) => {
		counts.set(each, await count(engine, each, {}));
	};
	await Promise.all(CASES.filter(({ started }) => started <= SMALL).map(take));
	for (const each of CASES.filter(({ started }) => started > SMALL)) await take(each);
	return CASES.map((each) => /** @type {Count} */ (counts.get(each)));
}

/**
 * @param {Engine} engine
 * @param {Case} each
 * @param {Record<string, string>} options
 * @returns {Promise<Count>}
 */
async function count(engine, { project, started }, options) {
	const fleet = await createFleet({ servers: project, startSeconds: 20 });
	try {
		const step = project / started;
		const chosen = Array.from({ length: started }, (_, i) => fleet.serverIds[Math.floor(i * step)]);
		const { output, executionTime } = await runNode(engine, fleet, chosen, {
			options: { ...options, pollInterval: 5 },
		});
		const done = output.filter(({ json }) => json.outcome === 'started').length;
		if (done !== started) throw new Error(`${done} of ${started} servers were started`);

		const counts = await fleet.counts();
		const inAll = Object.values(counts).reduce((sum, calls) => sum + calls, 0);
		return {
			started,
			project,
			calls: inAll,
			perServer: inAll / started,
			seconds: executionTime / 1000,
			kinds: Object.entries(counts)
				.map(([kind, calls]) => `${kind} ${calls}`)
				.join(', '),
		};
	} finally {
		await fleet.close();
	}
}

/**
 * @param {string} title
 * @param {Count[]} counts
 */
function print(title, counts) {
	printTable(
		`${title}: starts of 20 s, looked at every 5 s`,
		['servers started', 'in the project', 'calls', 'for each', 'seconds', 'which'],
		counts.map(({ started, project, calls: inAll, perServer, seconds, kinds }) => [
			String(started),
			String(project),
			String(inAll),
			perServer.toFixed(4),
			seconds.toFixed(1),
			kinds,
		]),
	);
}

module.exports = { calls };
