'use strict';

// Must come last: it looks through all that n8n has written in the suites before.

const assert = require('node:assert/strict');
const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { before, test } = require('node:test');

const { placesInDatabase } = require('../../../tools/n8n/database');

const KINDS = [
	'token',
	'password',
	'application secret',
	'secret key',
	'security token',
	'session token',
	'signature',
	'link of a subscription',
	'signature of a message',
	'refused secret',
];

/** @param {import('../world').World} world */
module.exports = (world) => {
	before(() => world.n8n.stop());

	const database = () => path.join(world.n8n.folder, '.n8n', 'database.sqlite');
	const placesInLogs = (/** @type {string} */ text) =>
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

	for (const kind of KINDS) {
		test(`no ${kind} is in clear in the database, in a log at debug level, or on the command line`, () => {
			const secrets = world.secrets()[kind];
			assert.ok(secrets.length > 0);
			console.log(`  ${secrets.length} looked for`);
			for (const secret of secrets) {
				assert.deepEqual(placesInDatabase(database(), secret), []);
				assert.deepEqual(placesInLogs(secret), []);
			}
		});
	}
};
