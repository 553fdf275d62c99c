'use strict';

// All that n8n has written into its SQLite database. Needs Node.js 24, for its SQLite.

const { readFileSync } = require('node:fs');
const { DatabaseSync } = require('node:sqlite');

/**
 * Where a text stands in a database, in clear: in which tables, and whether anywhere in the file.
 * Both, as a long value is scattered over the file's pages, and a deleted one is in no table.
 * @param {string} file of a server that has stopped
 * @param {string} text
 * @returns {string[]}
 */
function placesInDatabase(file, text) {
	const database = new DatabaseSync(file);
	database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
	const tables = database.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
	const places = tables
		.map(({ name }) => String(name))
		.filter((name) => {
			const rows = database.prepare(`SELECT * FROM "${name}"`).all();
			return rows.some((row) => Object.values(row).some((value) => contains(value, text)));
		})
		.map((name) => `table ${name}`);
	database.close();
	return readFileSync(file).includes(text) ? [...places, 'database file'] : places;
}

/**
 * @param {unknown} value
 * @param {string} text
 */
function contains(value, text) {
	if (value instanceof Uint8Array) return Buffer.from(value).includes(text);
	return typeof value === 'string' && value.includes(text);
}

module.exports = { placesInDatabase };
