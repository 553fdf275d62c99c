// @ts-check
'use strict';

// The pages of the repository, and the links in them, read from disk.

const { existsSync, readFileSync, readdirSync } = require('node:fs');
const path = require('node:path');

const { ROOT } = require('./pack');

const LINK = /\]\(([^)\s]+)\)|(?:href|src)="([^"]+)"/g;
const CODE = /^( *)```[^]*?^\1```$/gm;

/** Where a picture is found from npm's page, too. */
const PICTURES =
	'https://raw.githubusercontent.com/n8n-nodes-elastic-cloud-server/n8n-nodes-elastic-cloud-server/main/';

/** README, CHANGELOG, SECURITY and all under docs/, as paths from the repository's root. */
const pages = () => [
	'README.md',
	'CHANGELOG.md',
	'SECURITY.md',
	...readdirSync(path.join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
		.filter((file) => file.endsWith('.md'))
		.map((file) => path.join('docs', file))
		.sort(),
];

/** @param {string} page */
const read = (page) => readFileSync(path.join(ROOT, page), 'utf8');

/** @param {string} page */
const sizeOf = (page) => Buffer.byteLength(read(page));

/** The anchors that GitHub makes of the headings of a page. @param {string} page */
const anchorsOf = (page) =>
	[
		...read(page)
			.replace(CODE, '')
			.matchAll(/^#+ (.*)$/gm),
	].map(([, heading]) =>
		heading
			.toLowerCase()
			.replace(/[^\p{L}\p{N}\s_-]/gu, '')
			.replace(/ /g, '-'),
	);

/** The links of a page into the repository that lead nowhere. @param {string} page */
function deadLinksOf(page) {
	const links = [...read(page).replace(CODE, '').matchAll(LINK)].map(
		([, text, html]) => text ?? html,
	);
	return links.filter((link) => {
		if (link.startsWith(PICTURES)) return !existsSync(path.join(ROOT, link.slice(PICTURES.length)));
		if (/^[a-z]+:/.test(link)) return false;
		const [file, anchor] = link.split('#');
		const target = file ? path.join(path.dirname(page), file) : page;
		if (!existsSync(path.join(ROOT, target))) return true;
		return anchor !== undefined && !anchorsOf(target).includes(anchor);
	});
}

module.exports = { anchorsOf, deadLinksOf, pages, read, sizeOf };
