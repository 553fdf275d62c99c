'use strict';

// The packed node in n8n's queue mode, against a simulated cloud. Started by `../run.js`.

const { after, before, describe } = require('node:test');

const { QueueWorld } = require('./world');

const SUITES = ['storm', 'workers', 'recovery', 'alarms', 'editor', 'cancelling', 'interruptions'];

// Some of them only, while working on them: E2E_SUITES=storm
const chosen = process.env.E2E_SUITES?.split(',') ?? SUITES;

const world = new QueueWorld();
before(() => world.open(process.env.E2E_TARBALL ?? ''));
after(() => world.close());

for (const suite of SUITES.filter((name) => chosen.includes(name)))
	describe(suite, () => require(`./suites/${suite}`)(world));
