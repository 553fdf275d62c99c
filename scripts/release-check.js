// @ts-check
'use strict';

// Whether this commit may be released as the version of its package.json. What npm would publish is checked by
// pack-check.js, which runs before this.

const { execFileSync } = require('node:child_process');

const { ROOT } = require('../tools/pack');
const { deadLinksOf, read } = require('../tools/pages');

const git = (/** @type {string[]} */ ...args) =>
	execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).split('\n').filter(Boolean);

const { version, repository } = JSON.parse(read('package.json'));
const lock = JSON.parse(read('package-lock.json'));
const tag = `v${version}`;
const [head] = git('rev-parse', 'HEAD');
const [, newest, date = ''] = /^## \[(.+?)\](?: - (.+))?$/m.exec(read('CHANGELOG.md')) ?? [];
const workflow = read('.github/workflows/publish.yml');
const pictures = [...read('README.md').matchAll(/<img [^>]*src="([^"]+)"/g)].map(([, at]) => at);

/** @type {Record<string, string[]>} each check, with what is wrong */
const checks = {
	[`package-lock.json has version ${version}`]: [lock.version, lock.packages[''].version].filter(
		(one) => one !== version,
	),
	[`CHANGELOG.md begins with ${version}`]: [newest].filter((one) => one !== version),
	'its newest version has a date': [date].filter((one) => !/^\d{4}-\d\d-\d\d$/.test(one)),
	'nothing is left to commit': git('status', '--porcelain'),
	[`this commit has no other tag than ${tag}`]: git('tag', '--points-at', 'HEAD').filter(
		(one) => one !== tag,
	),
	[`no other commit has the tag ${tag}`]: git('tag', '--list', tag).filter(
		(one) => git('rev-list', '-n', '1', one)[0] !== head,
	),
	'a tag is published with provenance': ['id-token: write', 'npm publish --provenance'].filter(
		(line) => !workflow.includes(line),
	),
	"the README's pictures have absolute addresses": pictures.filter(
		(address) => !address.startsWith('https://'),
	),
	"npm's page leads the README's relative links to GitHub": [repository.url].filter(
		(url) => !url.startsWith('git+https://github.com/'),
	),
	"each of the README's links leads to a file and a heading": deadLinksOf('README.md'),
};

for (const [check, wrong] of Object.entries(checks)) {
	console.log(`${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${check}`);
	for (const what of wrong) console.log(`     ${what}`);
}
const failed = Object.values(checks).filter((wrong) => wrong.length > 0).length;
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
