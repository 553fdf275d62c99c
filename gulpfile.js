'use strict';

const { rm } = require('node:fs/promises');
const { dest, parallel, src } = require('gulp');

/** Removes what an earlier build left behind. */
async function clean() {
	await rm('dist', { recursive: true, force: true });
}

/** Icons and codex files stand in dist where they stand in the source. */
const icons = () => src('icons/*.svg', { encoding: false }).pipe(dest('dist/icons'));
const codex = () => src('nodes/**/*.node.json').pipe(dest('dist/nodes'));

exports.clean = clean;
exports.assets = parallel(icons, codex);
