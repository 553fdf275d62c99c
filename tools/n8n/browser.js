'use strict';

// A headless Chromium: the one of CHROMIUM, or Debian's, which is installed when that can be done.

const { existsSync } = require('node:fs');

const { chromium } = require('playwright-core');

const { fromDebian } = require('./debian');

const DEBIAN = '/usr/bin/chromium';
const VIEWPORT = { width: 1440, height: 900 };

function chromiumPath() {
	const find = () => (existsSync(DEBIAN) ? DEBIAN : undefined);
	return process.env.CHROMIUM ?? fromDebian('chromium', find, 'name one in CHROMIUM');
}

/**
 * A page in a browser of its own; closing its browser ends all of it.
 * @param {import('playwright-core').BrowserContextOptions} [options]
 */
async function openPage(options) {
	const browser = await chromium.launch({
		executablePath: chromiumPath(),
		args: ['--no-sandbox'],
	});
	const page = await browser.newPage({ viewport: VIEWPORT, ...options });
	return { page, problems: problemsOf(page), close: async () => await browser.close() };
}

/**
 * What the browser complains about, as it comes: the only clue to a page that stays blank.
 * @param {import('playwright-core').Page} page
 * @returns {string[]}
 */
function problemsOf(page) {
	/** @type {string[]} */
	const problems = [];
	page.on('crash', () => problems.push('the page crashed'));
	page.on('pageerror', ({ message }) => problems.push(message));
	page.on('requestfailed', (request) => {
		problems.push(`${request.url()}: ${request.failure()?.errorText}`);
	});
	page.on('response', (response) => {
		if (response.status() >= 400) problems.push(`${response.url()}: ${response.status()}`);
	});
	return problems;
}

module.exports = { openPage };
