'use strict';

// Must come last: it looks through all that n8n has written in the suites before.

const assert = require('node:assert/strict');
const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { before, test } = require('node:test');

const { placesInDatabase } = require('../lib/database');

/** @param {import('../lib/world').World} world */
module.exports = (world) => {
	before(() => world.n8n.stop());

	const database = () => path.join(world.n8n.folder, '.n8n', 'database.sqlite');
	const placesInLogs = (text) =>
		readdirSync(world.n8n.logs).filter((file) =>
			readFileSync(path.join(world.n8n.logs, file)).includes(text),
		);

	test('the search finds what is there', () => {
		const [{ id }] = world.cloud.servers.values();
		const places = placesInDatabase(database(), id);
		assert.ok(places.includes('table execution_data'));
		assert.ok(places.includes('database file'));
		assert.ok(placesInLogs(id).length > 0);
	});

	test('the token is nowhere in the database in clear', () => {
		assert.deepEqual(placesInDatabase(database(), world.canary), []);
	});

	test('the token is in no log, at debug level, and in no output of the command line', () => {
		assert.deepEqual(placesInLogs(world.canary), []);
	});
};
