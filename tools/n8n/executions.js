'use strict';

// What an execution gave, out of the shapes that n8n keeps it in.

const { stripVTControlCharacters } = require('node:util');

const { parse } = require('flatted');

/**
 * @typedef {object} Outcome
 * @property {string} status
 * @property {{ message: string, description?: string } | undefined} error the one that ended it
 * @property {(node: string, output?: number) => Json[]} items what a node gave, the JSON of each
 *
 * @typedef {Record<string, any>} Json as a workflow knows it: whatever its nodes made
 *
 * @typedef {{ data?: { main: { json: Json }[][] } }} Run
 */

/**
 * @param {string} status
 * @param {{ error?: Outcome['error'], runData: Record<string, Run[]> }} resultData
 * @returns {Outcome}
 */
function outcome(status, { error, runData }) {
	return {
		status,
		error,
		items: (node, output = 0) =>
			(runData[node] ?? []).flatMap((run) =>
				(run.data?.main[output] ?? []).map(({ json }) => json),
			),
	};
}

/**
 * What `n8n execute --rawOutput` printed: among log lines, and at debug level as a coloured one of
 * them, a JSON document whose outer braces stand at the end and at the start of a line.
 * @param {string} printed
 */
function fromCommandLine(printed) {
	const [, document] = /(?:^|\s)(\{\n[\s\S]*?^\})/m.exec(stripVTControlCharacters(printed)) ?? [];
	if (!document) throw new Error(`n8n execute printed no execution:\n${printed}`);
	const { status, data } = JSON.parse(document);
	return outcome(status, data.resultData);
}

/**
 * A stored execution as REST gives it; undefined while n8n, before 2.0, has its end and not what came of
 * it: it stores them one after the other, and until then gives what it had when the execution began.
 * @param {{ status: string, data: string }} stored
 * @returns {Outcome | undefined}
 */
function fromStored({ status, data }) {
	const resultData = parse(data)?.resultData;
	if (!resultData) return;
	const { error, runData } = resultData;
	// Only one that was cancelled can have ended before its first node.
	const isStored = status === 'canceled' || error || Object.keys(runData).length > 0;
	return isStored ? outcome(status, resultData) : undefined;
}

module.exports = { fromCommandLine, fromStored };
