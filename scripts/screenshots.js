'use strict';

// npm run screenshots: the node's panel in a real n8n, after a run, for the README.

const { spawnSync } = require('node:child_process');
const { existsSync, mkdirSync, mkdtempSync, rmSync } = require('node:fs');
const { createRequire } = require('node:module');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { Demo } = require('../e2e/lib/demo');
const { OWNER } = require('../e2e/lib/rest');
const { prepare } = require('../e2e/lib/runtime');
const { NODE_NAME } = require('../e2e/lib/workflows');
const { ROOT, pack } = require('./pack');

const CHROMIUM = '/usr/bin/chromium';
const IMAGE = path.join(ROOT, 'docs', 'images', 'node-in-editor.png');
const VIEWPORT = { width: 1440, height: 900 };

function installChromium() {
	if (existsSync(CHROMIUM)) return;
	console.log('Installing chromium …');
	for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
		const { status, stderr } = spawnSync('apt-get', ['-q', ...args], { encoding: 'utf8' });
		if (status !== 0) throw new Error(`apt-get ${args.join(' ')} failed:\n${stderr}`);
	}
}

/**
 * @param {import('playwright-core').Page} page
 * @param {string} url of n8n
 */
async function logIn(page, url) {
	await page.goto(`${url}/signin`);
	await page.locator('input[autocomplete="email"]').fill(OWNER.email);
	await page.locator('input[type="password"]').fill(OWNER.password);
	await page.getByRole('button', { name: /sign in/i }).click();
	await page.waitForURL((address) => !address.pathname.includes('signin'));
}

/**
 * Runs a workflow in the editor and opens our node's panel, with what it gave.
 * @param {import('playwright-core').Page} page
 * @param {string} address of the workflow
 */
async function openNodeAfterRun(page, address) {
	await page.goto(address);
	const node = page.locator(`[data-test-id="canvas-node"][data-node-name="${NODE_NAME}"]`);
	await node.waitFor();
	await page.locator('[data-test-id="execute-workflow-button"]').click();
	await node.locator('[data-test-id="canvas-node-status-success"]').waitFor();
	await node.dblclick();
	const panel = page.locator('[data-test-id="output-panel"]').first();
	await panel.getByText('JSON', { exact: true }).click();
	await panel.getByText('started').first().waitFor();
	// The message that the run succeeded goes by itself, and covers the panel until then.
	await page.locator('.el-notification').first().waitFor({ state: 'detached' });
}

async function main() {
	prepare();
	installChromium();
	// Installed beside n8n, which is not in the package's own development dependencies.
	const { chromium } = createRequire(path.join(ROOT, 'e2e', 'package.json'))('playwright-core');
	const temporary = mkdtempSync(path.join(tmpdir(), 'ecs-pack-'));
	process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));
	const demo = new Demo({ cloud: { startSeconds: 1 } });
	await demo.open(process.env.E2E_TARBALL ?? pack(temporary).file);
	const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
	const page = await browser.newPage({ viewport: VIEWPORT });
	try {
		await logIn(page, demo.n8n.url);
		await openNodeAfterRun(page, `${demo.n8n.url}/workflow/on-demand`);
		mkdirSync(path.dirname(IMAGE), { recursive: true });
		await page.screenshot({ path: IMAGE });
		console.log(`Wrote ${path.relative(ROOT, IMAGE)}`);
	} catch (error) {
		await page.screenshot({ path: path.join(tmpdir(), 'ecs-screenshot-failed.png') });
		throw error;
	} finally {
		await browser.close();
		await demo.close();
	}
}

void main();
