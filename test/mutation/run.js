'use strict';

/**
 * Changes an operator, a constant or a condition of the sources, one at a time, and asks whether the unit tests
 * of the same room notice (StrykerJS). Arguments: rooms, such as `cloud/api`, or files in one, such as
 * `cloud/session/reader`; none: all that are held to the threshold.
 */

const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '../..');
const ROOMS = ['cloud/api', 'cloud/words', 'cloud/servers'];

/** @param {string} target */
function mutate(target) {
	const isFile = existsSync(path.join(ROOT, 'nodes', `${target}.ts`));
	const files = isFile ? `nodes/${target}.ts` : `nodes/${target}/**/*.ts`;
	const env = { ...process.env, ROOM: isFile ? path.posix.dirname(target) : target };
	console.log(`\n${files}`);
	return spawnSync('npx', ['stryker', 'run', '--mutate', files], {
		cwd: ROOT,
		env,
		stdio: 'inherit',
	});
}

const targets = process.argv.slice(2);
const failed = (targets.length > 0 ? targets : ROOMS).filter(
	(target) => mutate(target).status !== 0,
);
if (failed.length > 0) {
	console.error(`\nToo few mutants caught, or none tried, in ${failed.join(', ')}`);
	process.exitCode = 1;
}
