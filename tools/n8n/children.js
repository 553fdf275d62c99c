'use strict';

// Child processes that never outlive this one, however it ends.

const { spawn } = require('node:child_process');
const { once } = require('node:events');
const { constants } = require('node:os');

/** @typedef {import('node:child_process').ChildProcess} ChildProcess */

/** How long a child may take to end by itself. */
const PATIENCE_MS = 15_000;

/** @type {Set<ChildProcess>} */
const running = new Set();

/**
 * Signals a child and all that it started: each child leads a process group of its own.
 * @param {ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function signalGroup(child, signal) {
	if (!child.pid) return;
	try {
		process.kill(-child.pid, signal);
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error;
	}
}

process.on('exit', () => {
	for (const child of running) signalGroup(child, 'SIGKILL');
});
// A signal's default action would end this process without its exit handlers.
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
	process.once(signal, () => process.exit(128 + constants.signals[signal]));
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @returns {ChildProcess}
 */
function start(command, args, options) {
	const child = spawn(command, args, { ...options, detached: true });
	running.add(child);
	child.once('exit', () => {
		// What it started itself, and left behind.
		signalGroup(child, 'SIGKILL');
		running.delete(child);
	});
	return child;
}

/**
 * Asks a child to end, and ends it if it does not.
 * @param {ChildProcess} child
 * @param {NodeJS.Signals} [signal] by which it is asked
 */
async function stop(child, signal = 'SIGTERM') {
	if (!running.has(child)) return;
	const ended = once(child, 'exit');
	signalGroup(child, signal);
	const patience = setTimeout(() => signalGroup(child, 'SIGKILL'), PATIENCE_MS);
	await ended;
	clearTimeout(patience);
}

module.exports = { start, stop };
