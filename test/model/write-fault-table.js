'use strict';

// npm run docs:faults: writes docs/faults.md, what a start makes of each fault, from runs of the built node.

const { playAll, toMarkdown, writePage } = require('./fault-table');
const { DIST, loadNode } = require('./play');

async function main() {
	const played = await playAll(loadNode(DIST));
	writePage(toMarkdown(played));
	const rows = played.reduce((sum, section) => sum + section.rows.length, 0);
	console.log(`${rows} faults in docs/faults.md`);
}

main().catch((error) => {
	console.error(error);
	process.exitCode = 1;
});
