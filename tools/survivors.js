'use strict';

/**
 * A mutant that cannot be caught, as it is equal in effect: the line that it changes, what it makes of that
 * line, and why no test can tell.
 * @typedef {{ line: string, mutants: string[], why: string }} Equal
 * @typedef {{ line: number, column: number }} Position counted from 1
 * @typedef {object} Mutant one of StrykerJS's JSON report
 * @property {string} status
 * @property {string} [replacement]
 * @property {{ start: Position, end: Position }} location
 * @typedef {{ files: Record<string, { source: string, mutants: Mutant[] }> }} Report
 * @typedef {{ tried: number, caught: number, unknown: string[], outdated: string[] }} Result
 */

const CAUGHT = ['Killed', 'Timeout'];
const SURVIVED = ['Survived', 'NoCoverage'];

/**
 * Compares the survivors of a run with those that are known to be equal in effect. `unknown`: need a test, or a
 * reason. `outdated`: known ones that did not survive, or are there no more.
 * @param {Report} report
 * @param {Record<string, Equal[]>} known by file, such as `cloud/api/job`
 * @returns {Result}
 */
function compare({ files }, known) {
	/** @type {Result} */
	const result = { tried: 0, caught: 0, unknown: [], outdated: [] };
	for (const [name, { source, mutants }] of Object.entries(files)) {
		const file = name.replace(/^nodes\/|\.ts$/g, '');
		const expected = new Set(
			(known[file] ?? []).flatMap(({ line, mutants: tos }) =>
				tos.map((to) => described(file, line, to)),
			),
		);
		const survivors = new Set(
			mutants
				.filter(({ status }) => SURVIVED.includes(status))
				.map((mutant) => described(file, ...changed(source, mutant))),
		);
		const caught = mutants.filter(({ status }) => CAUGHT.includes(status)).length;
		result.caught += caught;
		result.tried += caught + mutants.filter(({ status }) => SURVIVED.includes(status)).length;
		result.unknown.push(...[...survivors].filter((one) => !expected.has(one)));
		result.outdated.push(...[...expected].filter((one) => !survivors.has(one)));
	}
	return result;
}

/** @param {string} file @param {string} from @param {string} to */
const described = (file, from, to) => `${file}\n- ${from}\n+ ${to}`;

/**
 * The lines that a mutant changes, before and after, each as one line.
 * @param {string} source
 * @param {Mutant} mutant
 * @returns {[from: string, to: string]}
 */
function changed(source, { location: { start, end }, replacement = '' }) {
	const lines = source.split('\n').slice(start.line - 1, end.line);
	const before = lines[0].slice(0, start.column - 1);
	const after = lines[lines.length - 1].slice(end.column - 1);
	return [oneLine(lines.join('\n')), oneLine(`${before}${replacement}${after}`)];
}

/** @param {string} text */
const oneLine = (text) => text.replace(/\s+/g, ' ').trim();

module.exports = { compare };
