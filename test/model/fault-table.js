// @ts-check
'use strict';

/**
 * Makes docs/faults.md: the built node runs in virtual time against one fault after another, and the
 * table says what came of it.
 */

const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');
const { SECTIONS } = require('./fault-cases');
const { play } = require('./play');

/**
 * @typedef {import('./fault-cases').FaultCase} FaultCase
 * @typedef {import('./fault-cases').Section} Section
 * @typedef {import('./play').Played} Played
 * @typedef {import('./scenario').Scenario} Scenario
 * @typedef {import('./scenario').ServerPlan} ServerPlan
 * @typedef {ReturnType<typeof import('./play').loadNode>} BuiltNode
 *
 * @typedef {object} Row
 * @property {FaultCase} fault
 * @property {Played} played
 * @property {Told} told what the user gets for the server that the row is about
 *
 * @typedef {object} Told
 * @property {string} serverId
 * @property {string} [outcome]
 * @property {string} [reason]
 * @property {string} [message]
 * @property {string} [hint]
 * @property {number} attempts
 */

const PAGE = path.resolve(__dirname, '../../docs/faults.md');
const START_SECONDS = 20;

/** @type {Scenario['cloud']} */
const CLOUD = {
	latencyMs: 100,
	maxLimit: 1000,
	requestIds: true,
	v1: true,
	actionLog: true,
	subJobMissing: false,
};

/** @type {ServerPlan} */
const SERVER = {
	status: 'SHUTOFF',
	taskState: null,
	locked: false,
	startSeconds: START_SECONDS,
	startBehaviour: { kind: 'ok' },
	stopBehaviour: { kind: 'ok' },
	rebootBehaviour: { kind: 'ok' },
};

/**
 * Runs all faults, in the order of the table.
 *
 * @param {BuiltNode} node
 * @returns {Promise<{ section: Section, rows: Row[] }[]>}
 */
async function playAll(node) {
	const played = [];
	for (const section of SECTIONS) {
		const rows = [];
		for (const fault of section.cases) rows.push(await playOne(node, fault));
		played.push({ section, rows });
	}
	return played;
}

/**
 * @param {BuiltNode} node
 * @param {FaultCase} fault
 * @returns {Promise<Row>}
 */
async function playOne(node, fault) {
	const played = await play(behind(fault, node), scenarioOf(fault));
	const { json } = played.output[played.output.length - 1];
	return { fault, played, told: /** @type {any} */ (json.error ?? json) };
}

/**
 * The server that the row is about is the last one.
 *
 * @param {FaultCase} fault
 * @returns {Scenario}
 */
function scenarioOf({ server, others = [], unknown, meanwhile = [], wait = true, ...fault }) {
	const subject = others.length;
	const plans = [...others, server ?? {}].map((plan, index) => ({
		name: `web-${index + 1}`,
		...SERVER,
		status: fault.operation ? 'ACTIVE' : 'SHUTOFF',
		...plan,
	}));
	return {
		operation: fault.operation ?? 'start',
		forceful: fault.forceful ?? false,
		servers: unknown ? plans.slice(0, subject) : plans,
		bystanders: 0,
		items: plans.map((_, index) => ({ server: index, wait, upperCase: false })),
		interferences: meanwhile.map(({ at, what }) => ({ at, server: subject, what })),
		faults: fault.faults ?? [],
		rateLimit: fault.rateLimit ?? null,
		options: fault.options ?? {},
		cloud: { ...CLOUD, ...fault.cloud },
	};
}

/**
 * The node with another credential, or with a network that does not let its requests out.
 *
 * @param {FaultCase} fault
 * @param {BuiltNode} node
 * @returns {BuiltNode}
 */
function behind({ credential, network }, node) {
	let stopped = 0;
	const authenticate = /** @type {Function} */ (node.credentialType.authenticate);
	/** n8n has a credential put its proof on a request just before it opens the connection. */
	const prove = async (/** @type {any[]} */ [, request, { credentialsDecrypted }]) =>
		await authenticate(credentialsDecrypted.data, request);
	/** @param {ReturnType<typeof import('./context').createContext>} context */
	const changed = (context) => ({
		...context,
		/** @param {Parameters<typeof context.getCredentials>} of */
		getCredentials: async (...of) => ({ ...(await context.getCredentials(...of)), ...credential }),
		helpers: {
			/** @param {Parameters<typeof context.helpers.httpRequestWithAuthentication>} request */
			async httpRequestWithAuthentication(...request) {
				if (network && stopped++ < (network.times ?? Infinity)) {
					if (!network.inside) await prove(request);
					throw networkError(network.code);
				}
				try {
					return await context.helpers.httpRequestWithAuthentication(...request);
				} catch (error) {
					throw networkError(/** @type {any} */ (error).cause.code);
				}
			},
		},
	});
	return {
		...node,
		act: (/** @type {any} */ context, /** @type {any[]} */ ...rest) =>
			node.act(changed(context), ...rest),
	};
}

/** What Node.js says of each. @type {Record<string, string>} */
const NETWORK_WORDS = {
	CERT_HAS_EXPIRED: 'certificate has expired',
	DEPTH_ZERO_SELF_SIGNED_CERT: 'self-signed certificate',
	ECONNABORTED: 'timeout of 30000ms exceeded',
	ECONNREFUSED: 'connect ECONNREFUSED 198.51.100.7:443',
	ECONNRESET: 'socket hang up',
	ENOTFOUND: 'getaddrinfo ENOTFOUND ecs.example',
	EPROTO:
		'write EPROTO 00A1:error:0A00010B:SSL routines:ssl3_get_record:wrong version number:../deps/openssl/record.c:354:\n',
	ERR_TLS_CERT_ALTNAME_INVALID:
		"Hostname/IP does not match certificate's altnames: Host: ecs.example. is not in the cert's altnames: DNS:other.example",
	SQLITE_BUSY: 'SQLITE_BUSY: database is locked',
};

/** As n8n's helper throws it. @param {string} code */
function networkError(code) {
	const message = NETWORK_WORDS[code];
	return Object.assign(new Error(message), { cause: { code, message } });
}

/**
 * @param {Awaited<ReturnType<typeof playAll>>} played
 * @returns {string} the page, as Markdown
 */
function toMarkdown(played) {
	return [HEAD, ...played.map(toSection)].join('\n');
}

const HEAD = `# What becomes of a server, fault by fault

<!-- Made by \`npm run docs:faults\`; a test compares it. Do not edit by hand. -->

Each row is a run of the built node against the simulated cloud, in virtual time: the server is off
unless the row says otherwise, and is to be started; a start takes ${START_SECONDS} seconds, an answer ${CLOUD.latencyMs / 1000} seconds, and all options are
at their defaults (Wait Until Running on, Wait Timeout 300 s, Check Every 5 s, Max Tries 5) unless the
row says otherwise. _Tries_ counts the requests that asked for this server, _seconds_ is how long the whole
run took. Pauses without \`Retry-After\` are drawn by chance: the seconds of such rows are an example.

What the reasons mean stands under [Reasons](usage.md#reasons). IDs are shortened here.
`;

/** @param {{ section: Section, rows: Row[] }} played */
function toSection({ section: { title, about }, rows }) {
	return [
		`## ${title}`,
		'',
		about,
		'',
		'<!-- prettier-ignore-start -->',
		'',
		'| What happens | Result | Tries | Seconds | What the user reads |',
		'| --- | --- | ---: | ---: | --- |',
		...rows.map(toRow),
		'',
		'<!-- prettier-ignore-end -->',
		'',
	].join('\n');
}

/** @param {Row} row */
function toRow({ fault: { what }, told, played: { beganAt, endedAt } }) {
	const { outcome, reason, message = '', hint = '', attempts } = told;
	const words = outcome ? '' : `${cell(message)}.<br>_${cell(hint)}._`;
	const seconds = Math.round((endedAt - beganAt) / 1000);
	return `| ${cell(what)} | \`${outcome ?? reason}\` | ${attempts} | ${seconds} | ${words} |`;
}

/** @param {string} text */
function cell(text) {
	return withShortIds(text).replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');
}

/** @param {string} text */
function withShortIds(text) {
	return text
		.replace(/\b([0-9a-f]{8})(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, '$1…')
		.replace(/\b([0-9a-f]{8})[0-9a-f]{24}\b/g, '$1…');
}

const readPage = () => readFileSync(PAGE, 'utf8');

/** @param {string} markdown */
const writePage = (markdown) => writeFileSync(PAGE, markdown);

module.exports = { playAll, toMarkdown, readPage, writePage };
