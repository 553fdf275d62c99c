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
	if (status !== 0) throw new Error(`apt-get ${args[0]} failed:\n${error ?? stderr}`);
}

/**
 * Where something of Debian's is; its package is installed first if it is not there, as root.
 * @param {string} name of the package
 * @param {() => string | undefined} find
 * @param {string} [remedy] for who has no Debian, or no right to install
 * @returns {string}
 */
function fromDebian(name, find, remedy = 'install it') {
	const there = find();
	if (there !== undefined) return there;
	console.log(`Installing ${name} …`);
	try {
		aptGet(['update']);
		aptGet(['install', '-y', '--no-install-recommends', name]);
	} catch (cause) {
		throw new Error(`There is no ${name}: ${remedy}`, { cause });
	}
	const installed = find();
	if (installed === undefined) throw new Error(`What is needed of ${name} is not in its package`);
	return installed;
}

module.exports = { fromDebian };
