// @ts-check
'use strict';

/**
 * The demo: runs examples/morning-start-up.json on n8n's own engine, with the node from dist.
 *
 *   npm start                        against a simulated cloud; touches nothing else
 *   npm start -- <server id> …       against a real one, by ECS_ENDPOINT, ECS_PROJECT_ID, ECS_TOKEN
 */

const fs = require('node:fs');
const path = require('node:path');
const { createEngine } = require('../test/harness/harness');
const { realCloud, simulatedCloud } = require('../tools/demo/clouds');
const { callsByKind, failures, rowsOf, summary, table } = require('../tools/demo/report');
const { dim, say } = require('../tools/demo/terminal');

const EXAMPLE = path.resolve(__dirname, '../examples/morning-start-up.json');
const NODE_TYPE = 'n8n-nodes-elastic-cloud-server.elasticCloudServer';

const wantsRealCloud = () => process.argv.length > 2 || Boolean(process.env.ECS_ENDPOINT);

/** The example, and its two nodes of ours. */
function readExample() {
	const workflow = JSON.parse(fs.readFileSync(EXAMPLE, 'utf8'));
	const nodeFor = (/** @type {string} */ operation) =>
		workflow.nodes.find(
			(/** @type {any} */ { type, parameters }) =>
				type === NODE_TYPE && parameters.operation === operation,
		);
	return { workflow, find: nodeFor('getMany'), start: nodeFor('start') };
}

/**
 * Prints how things stand, whenever that changes.
 *
 * @param {() => string} stand
 */
function startProgress(stand) {
	const startedAt = Date.now();
	let last = '';
	const show = () => {
		const now = stand();
		if (now === last) return;
		last = now;
		const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
		say(`${dim(`${seconds.padStart(6)} s`)}  ${now}`);
	};
	const timer = setInterval(show, 500);
	return () => {
		clearInterval(timer);
		show();
		say('');
	};
}

async function main() {
	const engine = createEngine();
	const { workflow, find, start } = readExample();
	const cloud = wantsRealCloud()
		? realCloud(process.env, process.argv.slice(2))
		: await simulatedCloud(find.parameters.filters.tags.split(','));
	if (cloud.authentication) start.parameters.authentication = cloud.authentication;
	if (cloud.serverIds) {
		// Pinned as in the editor: what the node would have found.
		workflow.pinData = { [find.name]: cloud.serverIds.map((serverId) => ({ json: { serverId } })) };
	}
	say(`Workflow  ${workflow.name ?? path.basename(EXAMPLE)}`);
	say(`Engine    n8n-core ${engine.version}`);
	say(`Cloud     ${cloud.title}`);
	say(`Servers   ${cloud.servers}\n`);

	const stop = new AbortController();
	process.once('SIGINT', () => stop.abort());
	/** @type {import('../test/harness/harness').SeenRequest[]} */
	const seen = [];
	const endProgress = startProgress(() => cloud.progress(seen));
	const result = await engine
		.runWorkflow({
			workflow,
			mode: 'trigger',
			credentials: cloud.credentials,
			signal: stop.signal,
			onRequest(request) {
				seen.push(request);
				cloud.onRequest?.(request);
			},
		})
		.finally(endProgress)
		.finally(cloud.close);

	if (result.status !== 'success') {
		const { message, description } = result.error ?? {};
		throw new Error([`The workflow ended as ${result.status}: ${message}`, description].join('\n'));
	}
	const rows = rowsOf(result.nodes[start.name], cloud.nameOf);
	// A simulated server is in no console, and gone after the run.
	const why = failures(rows, !cloud.isDemo);
	for (const part of [table(rows), why, summary(rows)].filter(Boolean)) say(`${part}\n`);
	say(`API calls: ${callsByKind(result.requests, result.logins)}`);
	const allRun = rows.every((row) => !row.failure);
	process.exitCode = allRun || cloud.isDemo ? 0 : 1;
}

main().catch((error) => {
	console.error(error.message);
	process.exitCode = 1;
});
