// @ts-check
'use strict';

/**
 * npm run test:soak -- --cases 10000 [--storms | --of trigger] [--seed 42] [--path 3:0:1] [--dist folder] [--first]
 *
 * Many random cases, of one execution each or, as storms, of many; prints its seed, so that a failing case
 * can be run again. With --first the first failing case will do: no smaller one is looked for.
 */

const path = require('node:path');
const { parseArgs } = require('node:util');
const fc = require('fast-check');
const { violations } = require('./invariants');
const { DIST, loadNode, play } = require('./play');
const { scenario } = require('./scenario');
const { stormViolations } = require('./storm/invariants');
const { playStorm } = require('./storm/play');
const { storm } = require('./storm/scenario');
const { life, liveOn } = require('./trigger-life');

const { values } = parseArgs({
	options: {
		cases: { type: 'string', default: '10000' },
		of: { type: 'string', default: 'actions' },
		seed: { type: 'string' },
		path: { type: 'string' },
		dist: { type: 'string', default: DIST },
		storms: { type: 'boolean', default: false },
		first: { type: 'boolean', default: false },
	},
});

/**
 * @param {string} dist
 * @returns {import('fast-check').IAsyncPropertyWithHooks<any>}
 */
function propertyOf(dist) {
	if (values.of === 'trigger') {
		return fc.asyncProperty(life, async (one) => check(await liveOn(dist, one)));
	}
	const node = loadNode(dist);
	if (values.storms) {
		return fc.asyncProperty(storm, async (one) =>
			check(stormViolations(one, await playStorm(node, one))),
		);
	}
	return fc.asyncProperty(scenario, async (one) => check(violations(one, await play(node, one))));
}

/** @param {string[]} found */
function check(found) {
	if (found.length > 0) throw new Error(found.join('\n'));
}

async function main() {
	const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
	const cases = Number(values.cases);
	const property = propertyOf(path.resolve(values.dist));
	process.stdout.write(`${cases} cases, seed ${seed}\n`);
	const began = performance.now();
	const result = await fc.check(property, {
		seed,
		numRuns: cases,
		path: values.path,
		endOnFailure: values.first,
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
