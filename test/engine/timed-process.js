// @ts-check
'use strict';

// A process of its own that times itself, so that it can be stopped and let go on.

const { fork } = require('node:child_process');
const { once } = require('node:events');
const path = require('node:path');
const { setTimeout: sleep } = require('node:timers/promises');

const TIMED = path.join(__dirname, 'timed.js');

/**
 * Begins a process that takes its time, and works first.
 *
 * @param {number} [worksMs]
 */
async function openTimedProcess(worksMs = 0) {
	const timed = fork(TIMED, [String(worksMs)]);
	await once(timed, 'message');
	return {
		/** Lets it wait for so many milliseconds. */
		wait: sleep,

		/** Keeps it from running for so many milliseconds, as a busy machine does. @param {number} ms */
		async stop(ms) {
			timed.kill('SIGSTOP');
			await sleep(ms);
			timed.kill('SIGCONT');
		},

		/** How long it has taken by its own count, with which it ends. */
		async seconds() {
			const told = Promise.all([once(timed, 'message'), once(timed, 'exit')]);
			timed.send('how long?');
			const [[seconds]] = await told;
			return Number(seconds);
		},
	};
}

module.exports = { openTimedProcess };
