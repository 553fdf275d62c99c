'use strict';

/**
 * Changes an operator, a constant or a condition of the sources, one at a time, and asks whether the unit tests
 * of the same room notice (StrykerJS). Arguments: rooms, such as `cloud/api`, or files in one, such as
 * `cloud/session/reader`; none: all whose survivors are known. Fails if one survives that is not in equal.json.
 */

const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync, rmSync } = require('node:fs');
const path = require('node:path');

const EQUAL = require('./equal.json');
const { compare } = require('../../tools/survivors');

const ROOT = path.resolve(__dirname, '../..');
const REPORT = path.join(ROOT, 'coverage/mutation.json');
const TARGETS = [
	'cloud/api',
	'cloud/words',
	'cloud/servers/filters',
	'cloud/session/gate/backoff',
	'cloud/session/gate/pressure',
	'cloud/session/gate/weather',
	'cloud/power/steps',
];

/** @param {string} target */
function mutate(target) {
	const isFile = existsSync(path.join(ROOT, 'nodes', `${target}.ts`));
	const files = isFile ? `nodes/${target}.ts` : `nodes/${target}/**/*.ts`;
	const env = { ...process.env, ROOM: isFile ? path.posix.dirname(target) : target };
	console.log(`\n${files}`);
	rmSync(REPORT, { force: true });
	return spawnSync('npx', ['stryker', 'run', '--mutate', files], {
		cwd: ROOT,
		env,
		stdio: 'inherit',
	});
}

/**
 * Whether each mutant of a target was caught, or is known to be equal in effect.
 * @param {string} target
 */
function holds(target) {
	if (mutate(target).status !== 0) return false;
	const result = compare(JSON.parse(readFileSync(REPORT, 'utf8')), EQUAL);
	const { tried, caught, unknown, outdated } = result;
	for (const one of unknown) console.error(`\nSurvived: ${one}`);
	for (const one of outdated) console.error(`\nNo survivor, so take it out of equal.json: ${one}`);
	const equal = tried - caught - unknown.length;
	console.log(`\n${target}: ${caught} of ${tried} caught, ${equal} equal in effect`);
	return tried > 0 && unknown.length + outdated.length === 0;
}

const targets = process.argv.slice(2);
const failed = (targets.length > 0 ? targets : TARGETS).filter((target) => !holds(target));
if (failed.length > 0) {
	console.error(`\nA mutant survived, or none was tried, in ${failed.join(', ')}`);
	process.exitCode = 1;
}
