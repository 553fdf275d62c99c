'use strict';

// Whether this commit may be released: npm run release:check, then pack:check and scan.

const { execFileSync } = require('node:child_process');
const { readFileSync } = require('node:fs');
const path = require('node:path');

const { ROOT } = require('../tools/pack');

const read = (/** @type {string} */ file) => readFileSync(path.join(ROOT, file), 'utf8');
const git = (/** @type {string[]} */ ...args) =>
	execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();

const { version } = JSON.parse(read('package.json'));
const lock = JSON.parse(read('package-lock.json'));
const [, newest, date] = /^## \[(.+?)\](?: - (.+))?$/m.exec(read('CHANGELOG.md')) ?? [];
const publish = read('.github/workflows/publish.yml');
const pictures = [...read('README.md').matchAll(/<img src="([^"]+)"/g)].map(
	([, address]) => address,
);
const tags = git('tag', '--points-at', 'HEAD').split('\n').filter(Boolean);

/** @type {Record<string, boolean>} */
const checks = {
	[`package-lock.json has version ${version}`]: lock.version === version,
	[`CHANGELOG.md begins with ${version}`]: newest === version,
	'the newest version of CHANGELOG.md has a date': /^\d{4}-\d\d-\d\d$/.test(date ?? ''),
	[`a tag of this commit, if there is one, is v${version}`]: tags.every(
		(tag) => tag === `v${version}`,
	),
	'nothing is left to commit': git('status', '--porcelain') === '',
	'the package is published with provenance':
		publish.includes('id-token: write') && publish.includes('--provenance'),
	"the README's pictures have absolute addresses": pictures.every((address) =>
		address.startsWith('https://'),
	),
};

for (const [check, holds] of Object.entries(checks))
	console.log(`${holds ? 'ok  ' : 'FAIL'} ${check}`);
const failed = Object.values(checks).filter((holds) => !holds).length;
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
