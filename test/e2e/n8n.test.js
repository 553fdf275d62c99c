'use strict';

// The packed node in a real n8n, against a simulated cloud. Started by `run.js`.

const { after, before, describe } = require('node:test');

const { World } = require('./world');

const SUITES = [
	'loading',
	'command-line',
	'webhook',
	'failures',
	'cancelling',
	'login',
	'schedule',
	'recovery',
	'editing',
	'access-key',
	'credential',
	'http-request',
	'ai-agent',
	'examples',
	'recipes',
	'alarms',
	'ui',
	'secrets',
];

/** What an older line of n8n is tried in. */
const CORE = [
	'loading',
	'command-line',
	'webhook',
	'failures',
	'login',
	'access-key',
	'credential',
	'recovery',
	'alarms',
];

// Some of them only, while working on them: E2E_SUITES=login,editing
const chosen = process.env.E2E_SUITES?.split(',') ?? (process.env.N8N_LINE ? CORE : SUITES);

const world = new World();
before(() => world.open(process.env.E2E_TARBALL ?? ''));
after(() => world.close());

for (const suite of SUITES.filter((name) => chosen.includes(name)))
	describe(suite, () => require(`./suites/${suite}`)(world));
