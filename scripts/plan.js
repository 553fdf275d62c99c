// @ts-check
'use strict';

// npm run docs:plan: draws the rooms of the package, and which imports which, into docs/architecture.md.
// With --check it only says whether the drawing there is that of the code.

const { execFileSync } = require('node:child_process');
const { readFileSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const ROOT = path.resolve(__dirname, '..');
const PAGE = path.join(ROOT, 'docs', 'architecture.md');
const CRUISER = path.join(ROOT, 'node_modules', '.bin', 'depcruise');
const BEGIN = '<!-- plan: made by npm run docs:plan -->\n';
const END = '<!-- end of plan -->\n';

/** The plan as Mermaid, each folder a room. */
function draw() {
	const mermaid = execFileSync(
		CRUISER,
		[
			'nodes',
			'credentials',
			'--include-only',
			'^(nodes|credentials)/',
			'--collapse',
			'^(nodes/cloud/[^/]+|nodes/[^/]+|credentials)',
			'--output-type',
			'mermaid',
		],
		{ cwd: ROOT, encoding: 'utf8' },
	);
	return `\n\`\`\`mermaid\n${mermaid.trim()}\n\`\`\`\n\n`;
}

function main() {
	const page = readFileSync(PAGE, 'utf8');
	const [before, rest] = page.split(BEGIN);
	const [, after] = (rest ?? '').split(END);
	if (after === undefined) throw new Error(`${PAGE} has no place for the plan`);
	const drawn = before + BEGIN + draw() + END + after;
	if (!process.argv.includes('--check')) {
		writeFileSync(PAGE, drawn);
	} else if (drawn !== page) {
		console.error('The plan in docs/architecture.md is not that of the code: npm run docs:plan');
		process.exitCode = 1;
	}
}

main();
