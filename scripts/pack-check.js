'use strict';

// What npm would publish: the right files, all of them, and nothing that a user's n8n cannot load.

const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');

const { filesUnder, packAndUnpack } = require('../tools/pack');

const ALLOWED_ROOT_FILES = ['LICENSE', 'README.md', 'package.json'];
const ALLOWED_MODULES = ['n8n-workflow', 'crypto', 'node:crypto'];
const UNWANTED = /(^|\/)(test|tests|__tests__)\/|\.test\.|\.tsbuildinfo$|\.map$/;
const LOADS_A_MODULE = /\b(?:require|import)\s*\(\s*([^)]*?)\s*\)|\bfrom\s+(['"][^'"]+['"])/g;

const { name, directory, size, unpackedSize } = packAndUnpack();
const manifest = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'));
const files = filesUnder(directory).map((file) => path.relative(directory, file));

/** The paths that package.json promises to n8n. */
const promised = [...(manifest.n8n?.nodes ?? []), ...(manifest.n8n?.credentials ?? [])];

/**
 * The modules that a script loads and that a user's n8n may not have.
 * @param {string} file
 */
function foreignModules(file) {
	const source = readFileSync(path.join(directory, file), 'utf8');
	return [...source.matchAll(LOADS_A_MODULE)]
		.map(([, call, from]) => call ?? from)
		.filter((argument) => {
			const module = /^(['"])(.*)\1$/.exec(argument)?.[2];
			return !module || !(module.startsWith('.') || ALLOWED_MODULES.includes(module));
		})
		.map((argument) => `${file} loads ${argument}`);
}

/** @type {Record<string, string[]>} each check, with what is wrong */
const checks = {
	'only dist, README.md, LICENSE and package.json': files.filter(
		(file) => !file.startsWith('dist/') && !ALLOWED_ROOT_FILES.includes(file),
	),
	'README.md, LICENSE and package.json are there': ALLOWED_ROOT_FILES.filter(
		(file) => !files.includes(file),
	),
	'no tests, build information or source maps': files.filter((file) => UNWANTED.test(file)),
	'package.json names at least one node and one credential': ['nodes', 'credentials'].filter(
		(kind) => !manifest.n8n?.[kind]?.length,
	),
	'every path that package.json gives n8n exists': promised.filter(
		(file) => !existsSync(path.join(directory, file)),
	),
	'every script loads only n8n-workflow, crypto and its own files': files
		.filter((file) => file.endsWith('.js'))
		.flatMap(foreignModules),
	'no runtime dependencies': Object.keys(manifest.dependencies ?? {}),
};

for (const [check, wrong] of Object.entries(checks)) {
	console.log(`${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${check}`);
	for (const what of wrong) console.log(`     ${what}`);
}
const failed = Object.values(checks).filter((wrong) => wrong.length > 0).length;
console.log(`${name}: ${files.length} files, ${size} bytes packed, ${unpackedSize} unpacked`);
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
