'use strict';

// npm run n8n: a real n8n with this node, next to a simulated cloud, to click through.

const { mkdtempSync, rmSync } = require('node:fs');
const { createServer } = require('node:net');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { Demo } = require('../tools/n8n/demo');
const { OWNER } = require('../tools/n8n/rest');
const { prepare } = require('../tools/n8n/runtime');
const { pack } = require('../tools/pack');

/** Where n8n is at home; another is taken while somebody else has it. */
const USUAL_PORT = 5678;

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
	return new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
	});
}

async function main() {
	prepare();
	const temporary = mkdtempSync(path.join(tmpdir(), 'ecs-pack-'));
	process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));
	const tarball = process.env.E2E_TARBALL ?? pack(temporary).file;
	console.log('Starting n8n …');
	const port = (await isFree(USUAL_PORT)) ? USUAL_PORT : undefined;
	const demo = new Demo({ n8n: { port } });
	await demo.open(tarball);
	await demo.rest.publish('recovery');
	await demo.rest.publish('recovery-on-event');
	await demo.listenToAlarms();
	demo.n8n.server.once('exit', () => {
		console.log('n8n has ended.');
		process.exit(1);
	});

	const [firstServer] = demo.cloud.servers.keys();
	console.log(`
n8n              ${demo.n8n.url}
  log in as      ${OWNER.email}
  password       ${OWNER.password}
simulated cloud  ${demo.endpoint}
  its servers    curl ${demo.endpoint}/_control/servers
  users, keys    curl ${demo.endpoint}/_control
  all of it      simulator/README.md

Try this:
  - Open “Start one server on demand”, pick a server in its node, and press “Execute workflow”.
  - Do it again: the server runs already, and the node says so.
  - Let a guest die; “Recovery” starts its server again within a minute:
      curl -X PATCH ${demo.endpoint}/_control/servers/gateway -d '{"guestOff":true}'
  - Open “Morning start-up”, lock a server, and read the report:
      curl -X PATCH ${demo.endpoint}/_control/servers/web -d '{"status":"SHUTOFF","locked":true}'
    “Recovery” finds the server off too, cannot start it either, and ends red.
  - Call the webhook of “Recovery on an event”, then look at its executions:
      curl -X POST ${demo.n8n.url}/webhook/recover-server \\
        -H 'content-type: application/json' -d '{"serverId":"${firstServer}"}'
  - Break a server, and have the cloud tell of it: “Recovery on an alarm” restarts it. The topic is confirmed already:
      curl -X PATCH ${demo.endpoint}/_control/servers/archive -d '{"status":"ERROR"}'
      curl -X POST ${demo.endpoint}/_control/servers/archive/alarm -d '{"form":"systemEvent"}'
  - Open the Token credential, change its token, and save it: n8n tests it.

“Recovery” is published: for experiments with servers that are off, unpublish it, or it starts them.

Ctrl-C ends all of it, and nothing stays behind.`);
}

void main();
