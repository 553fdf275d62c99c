// @ts-check
'use strict';

/**
 * npm run test:soak -- --cases 10000 [--of trigger] [--seed 42] [--path 3:0:1] [--dist folder]
 *
 * Many random cases; prints its seed, so that a failing case can be run again.
 */

const path = require('node:path');
const { parseArgs } = require('node:util');
const fc = require('fast-check');
const { violations } = require('./invariants');
const { DIST, loadNode, play } = require('./play');
const { scenario } = require('./scenario');
const { life, liveOn } = require('./trigger-life');

const { values } = parseArgs({
	options: {
		cases: { type: 'string', default: '10000' },
		of: { type: 'string', default: 'actions' },
		seed: { type: 'string' },
		path: { type: 'string' },
		dist: { type: 'string', default: DIST },
	},
});

/**
 * @param {string} of `actions`, or `trigger`
 * @param {string} dist
 * @returns {import('fast-check').IAsyncProperty<any>}
 */
function propertyOf(of, dist) {
	/** @type {(work: Promise<string[]>) => Promise<void>} */
	const isRight = async (work) => {
		const found = await work;
		if (found.length > 0) throw new Error(found.join('\n'));
	};
	if (of === 'trigger') return fc.asyncProperty(life, (one) => isRight(liveOn(dist, one)));
	const node = loadNode(dist);
	return fc.asyncProperty(scenario, (one) =>
		isRight(play(node, one).then((played) => violations(one, played))),
	);
}

async function main() {
	const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
	const cases = Number(values.cases);
	const property = propertyOf(values.of, path.resolve(values.dist));
	process.stdout.write(`${cases} cases, seed ${seed}\n`);
	const began = performance.now();
	const result = await fc.check(property, {
		seed,
		numRuns: cases,
		path: values.path,
		interruptAfterTimeLimit: undefined,
	});
	const spent = ((performance.now() - began) / 1000).toFixed(1);
	if (result.failed) {
		process.stdout.write(`${fc.defaultReportMessage(result)}\n`);
		process.stdout.write(`${String(result.errorInstance)}\n`);
		process.stdout.write(`1 failed after ${result.numRuns} cases, ${spent} s\n`);
		process.exitCode = 1;
		return;
	}
	process.stdout.write(`${result.numRuns} passed, 0 failed (${spent} s)\n`);
}

void main();
