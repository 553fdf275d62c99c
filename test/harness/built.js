// @ts-check
'use strict';

/** What the built package is made of. */

const fs = require('node:fs');
const path = require('node:path');

const REPOSITORY = path.resolve(__dirname, '../..');
const DIST = path.join(REPOSITORY, 'dist');

/** All that can bring another module in, dynamic and indirect ways included. */
const LOADS = /\b(?:require|import)\s*\(\s*([^)]*)\)|^\s*import\b[^'"]*(['"].*['"])/gm;

/**
 * @typedef {object} Load one place where a file loads a module
 * @property {string} file within dist
 * @property {string} what as it is written, without quotes when it is a plain text
 * @property {boolean} inside whether it leads to another file of dist
 */

/** @returns {Load[]} of all scripts in dist */
function loadsOfDist() {
	return scriptsOfDist().flatMap((file) => {
		const text = fs.readFileSync(path.join(DIST, file), 'utf8');
		return [...text.matchAll(LOADS)].map(([, called, imported]) => {
			const what = (called ?? imported).trim().replace(/^(['"])(.*)\1$/, '$2');
			return { file, what, inside: leadsInside(file, what) };
		});
	});
}

/** @returns {string[]} within dist */
function scriptsOfDist() {
	return fs
		.readdirSync(DIST, { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.js'));
}

/**
 * @param {string} file
 * @param {string} what
 */
function leadsInside(file, what) {
	if (!/^\.\.?\//.test(what)) return false;
	const target = path.join(DIST, path.dirname(file), what);
	const found = [target, `${target}.js`, path.join(target, 'index.js')].some(
		(candidate) => fs.existsSync(candidate) && fs.statSync(candidate).isFile(),
	);
	return found && !path.relative(DIST, target).startsWith('..');
}

/** @returns {Record<string, unknown>} package.json */
const manifest = () => JSON.parse(fs.readFileSync(path.join(REPOSITORY, 'package.json'), 'utf8'));

module.exports = { loadsOfDist, scriptsOfDist, manifest };
