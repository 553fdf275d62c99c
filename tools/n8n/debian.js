'use strict';

// What Debian has and we do not bring along.

const { spawnSync } = require('node:child_process');

/** @param {string[]} args */
function aptGet(args) {
	const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
	const { error, status, stderr } = spawnSync('apt-get', ['-q', ...args], {
		env,
		encoding: 'utf8',
	});
	if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${error ?? stderr}`);
}

/**
 * Where a program is, whose package is installed first if it is not there. That needs root.
 * @param {string} name of the package
 * @param {() => string | undefined} find
 * @returns {string}
 */
function fromDebian(name, find) {
	const there = find();
	if (there !== undefined) return there;
	console.log(`Installing ${name} …`);
	aptGet(['update']);
	aptGet(['install', '-y', '--no-install-recommends', name]);
	const installed = find();
	if (installed === undefined) throw new Error(`The package ${name} is not what it was`);
	return installed;
}

module.exports = { fromDebian };
