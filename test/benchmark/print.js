// @ts-check
'use strict';

/** @param {number[]} values */
function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	const middle = Math.floor(sorted.length / 2);
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The first column to the left, figures to the right.
 *
 * @param {string} title
 * @param {string[]} head
 * @param {string[][]} rows
 */
function printTable(title, head, rows) {
	const widths = head.map((_, column) =>
		Math.max(...[head, ...rows].map((row) => row[column].length)),
	);
	console.log(`\n${title}\n`);
	for (const row of [head, ...rows]) {
		const cells = row.map((text, column) =>
			column === 0 ? text.padEnd(widths[0]) : text.padStart(widths[column]),
		);
		console.log(`  ${cells.join('   ')}`);
	}
}

module.exports = { median, printTable };
