// @ts-check
'use strict';

/**
 * Time as the simulator sees it. All states are derived from `now()`; `sleep` serves latency only.
 *
 * @typedef {object} Clock
 * @property {() => number} now milliseconds since the epoch
 * @property {(ms: number) => Promise<void>} sleep
 * @property {() => () => void} [hold] keeps a virtual clock still until the returned function is called
 */

/**
 * A clock that jumps: `sleep` returns as soon as nothing else is left to do, and hours cost nothing.
 *
 * @typedef {object} VirtualClockParts
 * @property {(ms: number) => void} advance moves the time on, and wakes whoever has slept enough
 * @property {() => () => void} hold
 *
 * @typedef {Clock & VirtualClockParts} VirtualClock
 */

/** @returns {Clock} */
function createRealClock() {
	return {
		now: () => Date.now(),
		sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
	};
}

// An answer under `app.inject` takes a few turns of the event loop to reach its client: the clock
// jumps only after this many quiet turns, so that whoever still works is not overtaken by time.
const QUIET_TURNS = 8;

/**
 * @param {number} [start] milliseconds since the epoch
 * @returns {VirtualClock}
 */
function createVirtualClock(start = Date.parse('2026-01-01T06:00:00Z')) {
	let time = start;
	let holds = 0;
	let watching = false;
	/** @type {{ due: number, resolve: () => void }[]} sorted, the next to wake first */
	const sleepers = [];

	function wakeDue() {
		let woken = 0;
		while (sleepers.length > 0 && sleepers[0].due <= time) {
			/** @type {{ resolve: () => void }} */ (sleepers.shift()).resolve();
			woken++;
		}
		return woken;
	}

	/** @param {number} quietTurns */
	function watch(quietTurns) {
		watching = true;
		setImmediate(() => {
			if (sleepers.length === 0) {
				watching = false;
			} else if (holds > 0) {
				watch(0);
			} else if (quietTurns < QUIET_TURNS) {
				watch(quietTurns + 1);
			} else {
				time = Math.max(time, sleepers[0].due);
				wakeDue();
				watch(0);
			}
		});
	}

	return {
		now: () => time,
		sleep: (ms) =>
			new Promise((resolve) => {
				const due = time + Math.max(0, ms);
				// Equal times wake in the order in which they fell asleep.
				let at = sleepers.length;
				while (at > 0 && sleepers[at - 1].due > due) at--;
				sleepers.splice(at, 0, { due, resolve });
				if (!watching) watch(0);
			}),
		advance(ms) {
			time += ms;
			wakeDue();
		},
		hold() {
			holds++;
			let held = true;
			return () => {
				if (held) holds--;
				held = false;
			};
		},
	};
}

module.exports = { createRealClock, createVirtualClock };
