'use strict';

// npm run test:e2e, npm run test:e2e:queue: the packed node in the real n8n, all of it in one process
// or in queue mode. E2E_TARBALL tests a package that is there.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { existsSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { pack } = require('../../tools/pack');
const { nodePath, prepare } = require('../../tools/n8n/runtime');

/** The tests to run: a file in this folder. */
const [, , file = 'n8n.test.js'] = process.argv;

async function main() {
	prepare();
	const temporary = mkdtempSync(path.join(tmpdir(), 'ecs-e2e-'));
	process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));
	const tarball = process.env.E2E_TARBALL ?? pack(temporary).file;
	const counts = path.join(temporary, 'counts');
	const reporters = [
		['spec', 'stdout'],
		[path.join(__dirname, 'counts-reporter.mjs'), counts],
	].flatMap(([reporter, destination]) => [
		`--test-reporter=${reporter}`,
		`--test-reporter-destination=${destination}`,
	]);
	const tests = spawn(nodePath(), [...reporters, path.join(__dirname, file)], {
		env: { ...process.env, E2E_TARBALL: tarball },
		stdio: 'inherit',
	});
	// It has an n8n to stop: ended gently, and waited for.
	for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
		process.on(signal, () => tests.kill(signal));
	const [status] = await once(tests, 'exit');
	console.log(existsSync(counts) ? readFileSync(counts, 'utf8').trim() : '0 passed, 1 failed');
	process.exitCode = status ?? 1;
}

void main();
