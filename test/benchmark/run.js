// @ts-check
'use strict';

/**
 * npm run bench: what the node costs beyond the requests themselves, how long it blocks the event
 * loop, how many requests it needs, what a storm of executions and what a poll of the trigger costs, and how
 * much memory. On n8n's own engine, against the simulator in a process of its own, but for the storm and the polls.
 *
 *   node test/benchmark/run.js               all six
 *   node test/benchmark/run.js calls memory  only these
 *
 * Exit code 1 if a bar is missed.
 */

const { createEngine } = require('../harness/harness');
const { bareLoop } = require('./bare-loop');
const { breath } = require('./breath');
const { calls } = require('./calls');
const { httpRequest } = require('./http-request');
const { memory } = require('./memory');
const { overhead } = require('./overhead');
const { storm } = require('./storm');
const { trigger } = require('./trigger');

/**
 * @typedef {import('../harness/harness').Engine} Engine
 * @typedef {{ bar: string, met: boolean }} Verdict
 */

/** In this order and never at the same time: the first two measure time. */
const PARTS = { overhead, breath, calls, storm, trigger, memory };

async function main() {
	const wanted = process.argv.slice(2);
	const engine = createEngine({ extraNodes: { ...bareLoop, ...httpRequest() } });
	console.log(`n8n-core ${engine.version}, Node ${process.version}`);
	/** @type {Verdict[]} */
	const verdicts = [];
	for (const [name, part] of Object.entries(PARTS)) {
		if (wanted.length > 0 && !wanted.includes(name)) continue;
		verdicts.push(...(await part(engine)));
	}
	console.log('');
	for (const { bar, met } of verdicts) console.log(`${met ? 'bar met   ' : 'bar missed'}  ${bar}`);
	process.exitCode = verdicts.every(({ met }) => met) ? 0 : 1;
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
