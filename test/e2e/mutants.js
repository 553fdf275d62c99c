'use strict';

/**
 * npm run test:e2e:mutants
 *
 * Breaks the packed node on purpose, in one way after another, and shows that the end-to-end tests
 * catch each, at least by the suites named with it. A break that goes unnoticed fails.
 */

const { spawnSync } = require('node:child_process');
const { mkdtempSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { filesUnder, pack, unpack } = require('../../tools/pack');
const { prepare } = require('../../tools/n8n/runtime');

/**
 * @typedef {object} Mutant
 * @property {string} what the mistake, in words
 * @property {string} suites that must notice it
 * @property {string} from stands in one file of the package
 * @property {string} to
 */

/** @type {Mutant[]} */
const MUTANTS = [
	{
		what: 'the Test of a credential is always OK',
		suites: 'ui',
		from: "url: '=/v2.1/{{ String($credentials.projectId).trim() }}/servers',",
		to: "url: '=/',",
	},
	{
		what: 'the list of servers is empty',
		suites: 'ui',
		from: 'results: page.rows.map(',
		to: 'results: [].map(',
	},
	{
		what: 'the outcome is always `started`',
		suites: 'command-line',
		from: 'outcome: fate.result.outcome,',
		to: "outcome: 'started',",
	},
];

/**
 * @param {Mutant} mutant
 * @param {string} tarball of the node as it is
 * @param {string} folder
 * @returns {string} the tarball of the broken node
 */
function breakIt({ from, to }, tarball, folder) {
	const unpacked = mkdtempSync(path.join(folder, 'package-'));
	unpack(tarball, unpacked);
	const broken = filesUnder(path.join(unpacked, 'dist')).filter((file) =>
		readFileSync(file, 'utf8').includes(from),
	);
	if (broken.length !== 1) throw new Error(`${broken.length} files hold: ${from}`);
	writeFileSync(broken[0], readFileSync(broken[0], 'utf8').replace(from, to));
	const file = `${unpacked}.tgz`;
	const { status, stderr } = spawnSync(
		'tar',
		['-czf', file, '-C', folder, path.basename(unpacked)],
		{ encoding: 'utf8' },
	);
	if (status !== 0) throw new Error(`tar could not pack ${unpacked}:\n${stderr}`);
	return file;
}

/**
 * Whether tests ran, and some of them failed.
 * @param {Mutant} mutant
 * @param {string} tarball
 */
function isCaught({ suites }, tarball) {
	const { stdout } = spawnSync(process.execPath, [path.join(__dirname, 'run.js')], {
		env: { ...process.env, E2E_TARBALL: tarball, E2E_SUITES: suites },
		encoding: 'utf8',
	});
	const counts = /^(\d+) passed, (\d+) failed$/m.exec(stdout);
	return counts !== null && Number(counts[1]) > 0 && Number(counts[2]) > 0;
}

function main() {
	prepare();
	const folder = mkdtempSync(path.join(tmpdir(), 'ecs-e2e-mutants-'));
	process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
	const { file } = pack(folder);
	let missed = 0;
	for (const mutant of MUTANTS) {
		const caught = isCaught(mutant, breakIt(mutant, file, folder));
		console.log(`${caught ? 'caught' : 'MISSED'}  ${mutant.what}`);
		if (!caught) missed += 1;
	}
	console.log(`${MUTANTS.length - missed} passed, ${missed} failed`);
	process.exitCode = missed === 0 ? 0 : 1;
}

main();
