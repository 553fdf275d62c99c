// @ts-check
'use strict';

/**
 * Runs the engine tests (test/engine) once on each engine of n8n that we support, and adds up:
 *
 *   node test/engines/run.js             all
 *   node test/engines/run.js 1.123 2.8   only these
 *
 * Today's engine is this repository's own n8n-core; the older ones are installed here when absent.
 */

const { spawnSync } = require('node:child_process');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

/**
 * @typedef {object} Tally
 * @property {number} passed
 * @property {number} failed  tests, and files that did not even load
 */

const REPOSITORY = path.resolve(__dirname, '../..');
const TODAY = '2.41';

/** Oldest first. */
const ENGINES = [
	{ line: '1.123', dir: path.join(__dirname, '1.123') },
	{ line: '2.8', dir: path.join(__dirname, '2.8') },
	{ line: TODAY, dir: REPOSITORY },
];

/** What is a matter of the cloud and of time alone, whichever n8n it is: tried in today's. */
const TODAY_ALONE = ['alarms-flood', 'apis', 'fleet', 'storm', 'storm-throttled', 'twice'];

/** @param {string} file */
const readJson = (file) => JSON.parse(fs.readFileSync(file, 'utf8'));

/** @param {string} dir */
function isInstalled(dir) {
	const installed = path.join(dir, 'node_modules/n8n-core/package.json');
	if (!fs.existsSync(installed)) return false;
	const { dependencies, devDependencies } = readJson(path.join(dir, 'package.json'));
	return readJson(installed).version === { ...devDependencies, ...dependencies }['n8n-core'];
}

/** @param {string} dir */
function megabytes(dir) {
	const bytes = fs
		.readdirSync(dir, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => fs.lstatSync(path.join(entry.parentPath, entry.name)).size)
		.reduce((sum, size) => sum + size, 0);
	return Math.round(bytes / 1e6);
}

/** @param {{ line: string, dir: string }} engine */
function install({ line, dir }) {
	const startedAt = Date.now();
	// Not for Node 20, some of it says, and runs there all the same: hence no warnings.
	const { status } = spawnSync('npm', ['ci', '--loglevel=error'], { cwd: dir, stdio: 'inherit' });
	if (status !== 0) throw new Error(`npm ci did not work in ${dir}`);
	const seconds = Math.round((Date.now() - startedAt) / 1000);
	console.log(`Installed ${line}: ${seconds} s, ${megabytes(path.join(dir, 'node_modules'))} MB`);
}

/**
 * @param {{ line: string, dir: string }} engine
 * @returns {Tally}
 */
function test({ line, dir }) {
	const report = path.join(fs.mkdtempSync(path.join(os.tmpdir(), 'engine-tests-')), 'report.json');
	const jest = path.join(REPOSITORY, 'node_modules/jest/bin/jest.js');
	// The slash at the end keeps this very folder, test/engines, out.
	const args = [jest, 'test/engine/', '--coverage=false', '--json', `--outputFile=${report}`];
	if (line !== TODAY) args.push(`--testPathIgnorePatterns=/engine/(${TODAY_ALONE.join('|')}).test`);
	spawnSync(process.execPath, args, {
		cwd: REPOSITORY,
		env: { ...process.env, ENGINE_DIR: dir },
		// The report goes to the file; on stdout jest would print it a second time.
		stdio: ['ignore', 'ignore', 'inherit'],
	});
	if (!fs.existsSync(report)) return { passed: 0, failed: 1 };
	const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = readJson(report);
	fs.rmSync(path.dirname(report), { recursive: true });
	return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
}

function main() {
	const wanted = process.argv.slice(2);
	const engines = ENGINES.filter(({ line }) => wanted.length === 0 || wanted.includes(line));
	if (engines.length === 0) throw new Error(`No engine is called ${wanted.join(', ')}`);
	if (!fs.existsSync(path.join(REPOSITORY, 'dist'))) throw new Error('First: npm run build');

	const tallies = engines.map((engine) => {
		if (!isInstalled(engine.dir)) install(engine);
		const { version } = readJson(path.join(engine.dir, 'node_modules/n8n-core/package.json'));
		console.log(`\nn8n ${engine.line}: n8n-core ${version}, Node ${process.version}`);
		return { line: engine.line, ...test(engine) };
	});

	console.log('');
	for (const { line, passed, failed } of tallies) {
		console.log(`n8n ${line.padEnd(6)} ${passed} passed, ${failed} failed`);
	}
	const passed = tallies.reduce((sum, tally) => sum + tally.passed, 0);
	const failed = tallies.reduce((sum, tally) => sum + tally.failed, 0);
	console.log(`All engines: ${passed} passed, ${failed} failed`);
	process.exitCode = failed === 0 && tallies.every((tally) => tally.passed > 0) ? 0 : 1;
}

try {
	main();
} catch (error) {
	console.error(error instanceof Error ? error.message : error);
	process.exitCode = 1;
}
