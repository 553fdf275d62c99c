'use strict';

const { setTimeout: delay } = require('node:timers/promises');

const INTERVAL_MS = 200;
const PATIENCE_MS = 60_000;

/**
 * Asks again and again until there is an answer.
 * @template T
 * @param {string} what is waited for
 * @param {() => T | Promise<T>} ask nothing, or false: not yet
 * @param {number} [patienceMs]
 * @returns {Promise<Exclude<T, undefined | null | false | 0 | ''>>}
 */
async function waitFor(what, ask, patienceMs = PATIENCE_MS) {
	const deadline = Date.now() + patienceMs;
	for (;;) {
		const answer = await ask();
		if (answer) return /** @type {Exclude<T, undefined | null | false | 0 | ''>} */ (answer);
		if (Date.now() > deadline) throw new Error(`Waited ${patienceMs / 1000} s for ${what}`);
		await delay(INTERVAL_MS);
	}
}

module.exports = { waitFor };
