'use strict';

// n8n's own scanner, which verification runs on a published package, on what would be published.

const { ROOT, packAndUnpack } = require('../tools/pack');

/** What n8n's scanner reads of a tarball (its own list is not exported). */
const TARBALL_PATTERNS = ['**/*.js', 'package.json'];

async function main() {
	const { analyzePackage, SOURCE_FILE_PATTERNS } = await import(
		'@n8n/scan-community-package/scanner/scanner.mjs'
	);
	const legs = [
		{ leg: 'sources', directory: ROOT, patterns: SOURCE_FILE_PATTERNS },
		{ leg: 'tarball', directory: packAndUnpack().directory, patterns: TARBALL_PATTERNS },
	];
	let failed = 0;
	for (const { leg, directory, patterns } of legs) {
		const { passed, message, details } = await analyzePackage(directory, patterns);
		// The scanner calls a folder in which it finds nothing to read clean.
		const clean = passed && !message;
		console.log(`${clean ? 'ok  ' : 'FAIL'} ${leg}${clean ? '' : `: ${message}`}`);
		if (details) console.log(details);
		if (!clean) failed += 1;
	}
	console.log(`${legs.length - failed} passed, ${failed} failed`);
	process.exitCode = failed === 0 ? 0 : 1;
}

void main();
