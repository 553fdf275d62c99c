'use strict';

const { spawnSync } = require('node:child_process');
const { existsSync, mkdtempSync, readdirSync, rmSync, statSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..');
const SOURCES = ['credentials', 'icons', 'nodes', 'package.json', 'tsconfig.json'];

/**
 * @typedef {object} Packed
 * @property {string} name the package's name
 * @property {string} file the tarball
 * @property {number} size its size in bytes
 * @property {number} unpackedSize the size of what is in it
 */

/**
 * Every file under a path, the path itself if it is a file.
 * @param {string} start
 * @returns {string[]}
 */
function filesUnder(start) {
	if (!existsSync(start)) return [];
	if (!statSync(start).isDirectory()) return [start];
	return readdirSync(start).flatMap((name) => filesUnder(path.join(start, name)));
}

/** @param {string} start */
const newest = (start) => Math.max(0, ...filesUnder(start).map((file) => statSync(file).mtimeMs));

/**
 * Runs npm in the repository and gives back what it printed.
 * @param {string[]} args
 */
function npm(args) {
	const { status, stdout, stderr } = spawnSync('npm', args, { cwd: ROOT, encoding: 'utf8' });
	if (status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stdout}${stderr}`);
	return stdout;
}

/** Builds `dist`, unless what is there is newer than every source. */
function build() {
	const built = newest(path.join(ROOT, 'dist'));
	if (built > 0 && SOURCES.every((source) => newest(path.join(ROOT, source)) <= built)) return;
	npm(['run', 'build']);
}

/**
 * Packs the node exactly as it would be published.
 * @param {string} directory where the tarball goes
 * @returns {Packed}
 */
function pack(directory) {
	build();
	const [{ name, filename, size, unpackedSize }] = JSON.parse(
		npm(['pack', '--json', '--pack-destination', directory]),
	);
	return { name, file: path.join(directory, filename), size, unpackedSize };
}

/**
 * Unpacks a tarball, without the `package` folder that npm puts around it.
 * @param {string} tarball
 * @param {string} directory must exist
 */
function unpack(tarball, directory) {
	const args = ['-xzf', tarball, '-C', directory, '--strip-components=1', '--no-same-owner'];
	const { status, stderr } = spawnSync('tar', args, { encoding: 'utf8' });
	if (status !== 0) throw new Error(`tar could not unpack ${tarball}:\n${stderr}`);
}

/**
 * Packs into a temporary folder and unpacks next to it; both go when the process ends.
 * @returns {Packed & { directory: string }}
 */
function packAndUnpack() {
	const temporary = mkdtempSync(path.join(tmpdir(), 'ecs-pack-'));
	process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));
	const packed = pack(temporary);
	const directory = mkdtempSync(path.join(temporary, 'unpacked-'));
	unpack(packed.file, directory);
	return { ...packed, directory };
}

module.exports = { ROOT, filesUnder, pack, packAndUnpack, unpack };
