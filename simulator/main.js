// @ts-check
'use strict';

/**
 * The simulator as a program: `node simulator/main.js --port 8780 --servers 12`.
 */

const { parseArgs } = require('node:util');
const { createSimulator } = require('.');
const { PASSWORD } = require('./cloud');

const USAGE = `A cloud to try things on: Nova, ECS v1, IAM and SMN on one port.

  --port 8780           0 takes any free port
  --host 127.0.0.1
  --servers 12          how many, named lab-01, lab-02, …
  --running 0           how many of them run already
  --start-seconds 8     how long a start takes
  --stop-seconds 4
  --reboot-seconds 6
  --token-seconds 86400 how long a token lives
  --latency-ms 20       how long an answer takes
  --project-id ID
  --no-v1               without batch actions, like a plain OpenStack
  --quiet               print the URL only
`;

/** @param {string[]} args */
function parseOptions(args) {
	const text = /** @type {const} */ ({ type: 'string' });
	const flag = /** @type {const} */ ({ type: 'boolean' });
	const { values } = parseArgs({
		args,
		options: {
			port: { ...text, default: '8780' },
			host: { ...text, default: '127.0.0.1' },
			servers: { ...text, default: '12' },
			running: { ...text, default: '0' },
			'start-seconds': text,
			'stop-seconds': text,
			'reboot-seconds': text,
			'token-seconds': text,
			'latency-ms': { ...text, default: '20' },
			'project-id': text,
			'no-v1': flag,
			quiet: flag,
			help: flag,
		},
	});
	return values;
}

/** @param {string | undefined} text */
function number(text) {
	if (text === undefined) return undefined;
	const value = Number(text);
	if (Number.isNaN(value)) throw new Error(`Not a number: ${text}`);
	return value;
}

/**
 * @param {string} url
 * @param {import('./cloud').Cloud} cloud
 */
function greeting(url, cloud) {
	const token = cloud.issueToken();
	const servers = [...cloud.servers.values()];
	const rows = servers
		.slice(0, 20)
		.map((server) => `  ${server.id}  ${server.name}  ${server.status}`);
	if (servers.length > 20) rows.push(`  … ${servers.length - 20} more`);
	const [first] = servers;
	const id = first?.id ?? '<server id>';
	return `Cloud simulator at ${url}

ECS endpoint     ${url}  (a credential's Compute Endpoint, with Cloud: Custom)
IAM endpoint     ${url}  (its Identity Endpoint)
Project ID       ${cloud.project.id}
Token            ${token.id}
User             domain ${cloud.domain.name}, user ${cloud.user.name}, password ${PASSWORD}
Read-only user   ${cloud.reader.name}, same password
App credential   ${cloud.applicationCredential.id}, secret ${cloud.applicationCredential.secret}
Access key       ${cloud.accessKey.accessKey}, secret key ${cloud.accessKey.secretKey}

Servers
${rows.join('\n')}

Start one
  curl -i -X POST ${url}/v2.1/${cloud.project.id}/servers/${id}/action \\
    -H 'X-Auth-Token: ${token.id}' -H 'Content-Type: application/json' -d '{"os-start": {}}'

Make things go wrong (all of it: simulator/README.md)
  curl -X POST ${url}/_control/faults -d '{"match": "start", "times": 3, "then": "throttled"}'
  curl -X PATCH ${url}/_control/servers/${id} -d '{"startBehaviour": "fallsBack"}'
  curl -X POST ${url}/_control/tokens/expire
  curl ${url}/_control/requests
`;
}

async function main() {
	const options = parseOptions(process.argv.slice(2));
	if (options.help) {
		console.log(USAGE);
		return;
	}
	const { cloud, listen, close } = createSimulator({
		servers: number(options.servers),
		startSeconds: number(options['start-seconds']),
		stopSeconds: number(options['stop-seconds']),
		rebootSeconds: number(options['reboot-seconds']),
		tokenSeconds: number(options['token-seconds']),
		latencyMs: number(options['latency-ms']),
		projectId: options['project-id'],
		v1: !options['no-v1'],
	});
	for (const server of [...cloud.servers.values()].slice(0, number(options.running))) {
		server.force(cloud.now, { status: 'ACTIVE' });
	}
	const url = await listen(number(options.port), options.host);
	console.log(options.quiet ? url : greeting(url, cloud));
	for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void close());
}

main().catch((error) => {
	console.error(error.message);
	process.exitCode = 1;
});
