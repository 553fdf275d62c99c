// @ts-check
'use strict';

/** Plain lines; colours only where somebody looks at them. */

const coloured = Boolean(process.stdout.isTTY) && !process.env.NO_COLOR;

/** @param {number} code */
const paint = (code) => (/** @type {string} */ text) =>
	coloured ? `\u001b[${code}m${text}\u001b[0m` : text;

/** @param {string} line */
const say = (line) => console.log(line);

module.exports = { say, bold: paint(1), dim: paint(2), green: paint(32), red: paint(31) };
