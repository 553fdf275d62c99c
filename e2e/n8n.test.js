'use strict';

// The packed node in a real n8n, against a simulated cloud. Started by `run.js`.

const { after, before, describe } = require('node:test');

const { World } = require('./lib/world');

const SUITES = [
	'loading',
	'command-line',
	'webhook',
	'failures',
	'cancelling',
	'credential',
	'examples',
	'secrets',
];

const world = new World();
before(() => world.open(process.env.E2E_TARBALL));
after(() => world.close());

for (const suite of SUITES) describe(suite, () => require(`./suites/${suite}`)(world));
