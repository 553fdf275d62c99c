// @ts-check
'use strict';

/**
 * Times what a test bounds from above. A busy machine takes the processor from this process now and then,
 * for seconds on end: node and simulator stand still together then, and none of it is the node's doing.
 * What this process itself works is.
 */

const TICK = 20;

/** How late a tick may be, in milliseconds, before the process counts as having stood still. */
const LATE = 100;

let stoodStill = 0;
let last = { at: performance.now(), worked: worked() };

setInterval(tick, TICK).unref();

/** Milliseconds of processor time that this process has had. */
function worked() {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
}

function tick() {
	const now = { at: performance.now(), worked: worked() };
	const late = now.at - last.at - TICK;
	if (late > LATE) stoodStill += Math.max(0, late - (now.worked - last.worked));
	last = now;
}

/**
 * @returns {() => number} the seconds since now, without those in which this process stood still
 */
function stopwatch() {
	tick();
	const from = { at: last.at, stoodStill };
	return () => {
		tick();
		return (last.at - from.at - (stoodStill - from.stoodStill)) / 1000;
	};
}

module.exports = { stopwatch };
