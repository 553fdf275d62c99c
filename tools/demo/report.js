// @ts-check
'use strict';

const { bold, dim, green, red } = require('./terminal');

/**
 * @typedef {import('../../test/harness/harness').SeenRequest} SeenRequest
 *
 * @typedef {object} Failure  the node's error, as far as it is shown
 * @property {string} message
 * @property {string} reason
 * @property {string} [hint]
 *
 * @typedef {object} Row
 * @property {string} server
 * @property {string} outcome
 * @property {string} status
 * @property {string} seconds
 * @property {Failure} [failure]
 */

/**
 * @param {import('../../test/harness/harness').NodeResult} result  of the node
 * @param {(serverId: string) => string} nameOf
 * @returns {Row[]}  in the order of the input
 */
function rowsOf({ output, errorOutput }, nameOf) {
	const position = (/** @type {any} */ item) => item.pairedItem?.item ?? 0;
	return [...output, ...errorOutput]
		.sort((a, b) => position(a) - position(b))
		.map(({ json }) => {
			/** @type {any} */
			const { error, serverName, serverId, outcome, status, seconds } = json;
			if (error) {
				const server = nameOf(error.serverId);
				return {
					server,
					outcome: error.reason,
					status: error.status ?? '',
					seconds: '',
					failure: error,
				};
			}
			return {
				server: serverName ?? nameOf(serverId),
				outcome,
				status: status ?? '',
				seconds: seconds?.toFixed(1) ?? '',
			};
		});
}

/** @param {Row[]} rows */
function table(rows) {
	const head = { server: 'Server', outcome: 'Outcome', status: 'Status', seconds: 'Seconds' };
	const all = [head, ...rows];
	const columns = /** @type {const} */ (['server', 'outcome', 'status', 'seconds']);
	const widths = columns.map((column) => Math.max(...all.map((row) => row[column].length)));
	return all
		.map((row, line) =>
			columns
				.map((column, i) => {
					const text = row[column];
					const padded = column === 'seconds' ? text.padStart(widths[i]) : text.padEnd(widths[i]);
					if (line === 0) return bold(padded);
					if (column !== 'outcome') return padded;
					return 'failure' in row && row.failure ? red(padded) : green(padded);
				})
				.join('  ')
				.trimEnd(),
		)
		.join('\n');
}

/**
 * Why each did not start.
 *
 * @param {Row[]} rows
 * @param {boolean} hints  whether what to do then can be done
 */
function failures(rows, hints) {
	const lines = rows.flatMap(({ server, failure }) =>
		failure
			? [
					`  ${bold(server)}: ${failure.message}`,
					...(hints && failure.hint ? [dim(`    ${failure.hint}`)] : []),
				]
			: [],
	);
	return lines.length > 0 ? ['Did not start', ...lines].join('\n') : '';
}

/** @param {Row[]} rows */
function summary(rows) {
	const failed = rows.filter((row) => row.failure).length;
	return `${rows.length - failed} of ${rows.length} servers run, ${failed} did not start.`;
}

/**
 * What a request asks, by its address.
 *
 * @param {SeenRequest} request
 */
function kindOf({ method, url }) {
	const { pathname } = new URL(url);
	if (/\/cloudservers\/action$/.test(pathname)) return 'batch start';
	if (/\/servers\/[^/]+\/action$/.test(pathname)) return 'start';
	if (/\/os-instance-actions/.test(pathname)) return 'action log';
	if (/\/jobs\//.test(pathname)) return 'job';
	if (/\/servers(\/detail)?$/.test(pathname)) return 'list';
	if (method === 'GET' && /\/servers\/[^/]+$/.test(pathname)) return 'read';
	return 'other';
}

/**
 * @param {SeenRequest[]} requests
 * @param {number} logins
 */
function callsByKind(requests, logins) {
	/** @type {Record<string, number>} */
	const counts = logins > 0 ? { login: logins } : {};
	for (const request of requests) {
		const kind = kindOf(request);
		counts[kind] = (counts[kind] ?? 0) + 1;
	}
	return [
		requests.length + logins,
		`(${Object.entries(counts)
			.map(([kind, count]) => `${kind} ${count}`)
			.join(', ')})`,
	].join(' ');
}

module.exports = { callsByKind, failures, kindOf, rowsOf, summary, table };
