// @ts-check
'use strict';

const v8 = require('node:v8');
const vm = require('node:vm');

v8.setFlagsFromString('--expose-gc');
/** @type {() => void} */
const collectGarbage = vm.runInNewContext('gc');

/** What is in use when all that nobody holds is gone, in bytes. */
function liveHeap() {
	collectGarbage();
	return process.memoryUsage().heapUsed;
}

module.exports = { liveHeap };
