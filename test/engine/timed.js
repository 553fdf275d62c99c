// @ts-check
'use strict';

// A process of its own that times itself: begins, works for so many milliseconds, and tells the seconds when asked.

const { stopwatch } = require('../harness/stopwatch');

const tell = (/** @type {unknown} */ message) => process.send?.(message);

const worksMs = Number(process.argv[2]);
const seconds = stopwatch();
const { user } = process.cpuUsage();
while (process.cpuUsage().user - user < worksMs * 1000);
process.once('message', () => {
	tell(seconds());
	process.disconnect();
});
tell('begun');
