// @ts-check
'use strict';

/**
 * Finds a secret where it must not be: in anything that a user gets to see, and in what is logged.
 * To be loaded before n8n-core, as that reads its log level once.
 */

const { inspect } = require('node:util');

process.env.N8N_LOG_LEVEL = 'debug';
process.env.NODE_ENV = 'development'; // else n8n logs no details

/**
 * Every place in a value that holds the text: keys and values of all objects, hidden ones too.
 *
 * @param {string} text
 * @param {unknown} value
 * @param {string} [path]
 * @param {Set<unknown>} [seen]
 * @returns {string[]}
 */
function placesOf(text, value, path = '', seen = new Set()) {
	if (typeof value === 'string') return value.includes(text) ? [path] : [];
	if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return [];
	if (seen.has(value)) return [];
	seen.add(value);
	if (ArrayBuffer.isView(value)) return placesOf(text, Buffer.from(value.buffer).toString(), path);

	/** @type {[string, unknown][]} */
	const inner = Reflect.ownKeys(value).map((key) => [String(key), read(value, key)]);
	if (value instanceof Map) inner.push(['entries', [...value]]);
	if (value instanceof Set) inner.push(['values', [...value]]);
	return inner.flatMap(([key, member]) => [
		...placesOf(text, key, `${path}.${key} (key)`, seen),
		...placesOf(text, member, `${path}.${key}`, seen),
	]);
}

/**
 * @param {object} value
 * @param {string | symbol} key
 * @returns {unknown}
 */
function read(value, key) {
	try {
		return Reflect.get(value, key);
	} catch {
		return undefined; // such as `caller` of a function
	}
}

const METHODS = /** @type {const} */ (['log', 'info', 'warn', 'error', 'debug', 'trace']);

/** Keeps all that is printed from now on, in place of printing it. */
function captureLogs() {
	/** @type {string[]} */
	const lines = [];
	const keep = (/** @type {unknown[]} */ ...parts) => void lines.push(inspect(parts));
	const spies = METHODS.map((method) => jest.spyOn(console, method).mockImplementation(keep));
	const streams = [
		process.stdout,
		process.stderr,
		/** @type {{ _stdout?: NodeJS.WriteStream }} */ (/** @type {unknown} */ (console))._stdout,
		/** @type {{ _stderr?: NodeJS.WriteStream }} */ (/** @type {unknown} */ (console))._stderr,
	];
	for (const stream of streams) {
		if (!stream) continue;
		const spy = jest.spyOn(stream, 'write').mockImplementation((chunk) => {
			lines.push(String(chunk));
			return true;
		});
		spies.push(/** @type {(typeof spies)[0]} */ (/** @type {unknown} */ (spy)));
	}
	return {
		lines,
		end: () => spies.forEach((spy) => spy.mockRestore()),
	};
}

module.exports = { placesOf, captureLogs };
