'use strict';

// npm run screenshots: the node in a real n8n's editor, for the README.

const { mkdirSync, mkdtempSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const path = require('node:path');

const { Demo } = require('../tools/n8n/demo');
const { prepare } = require('../tools/n8n/runtime');
const { NODE_NAME } = require('../tools/n8n/workflows');
const { ROOT, pack } = require('../tools/pack');

const IMAGES = path.join(ROOT, 'docs', 'images');
const VIEWPORT = { width: 1440, height: 940 };
/** For a table with the columns that matter: the last one, the ID of the request, stays out. */
const WIDE = { width: 1780, height: 940 };

/** @typedef {import('../tools/n8n/editor').Editor} Editor */

/**
 * @param {Editor} editor
 * @param {string} name
 */
async function take({ page }, name) {
	const file = path.join(IMAGES, `${name}.png`);
	const { width, height } = page.viewportSize() ?? VIEWPORT;
	await page.mouse.move(width - 2, height - 2);
	await page.screenshot({ path: file, animations: 'disabled' });
	console.log(`Wrote ${path.relative(ROOT, file)}`);
}

/**
 * The search for the node, and the list of servers.
 * @param {Editor} editor
 */
async function firstMinute(editor) {
	await editor.openWorkflow();
	await editor.addManualTrigger();
	await editor.searchNode('open telekom', NODE_NAME);
	await take(editor, 'node-picker');

	await editor.takeNode(NODE_NAME, /^start .*server/i);
	await editor.chooseCredential('Elastic Cloud Server Token (OpenStack, OTC, Huawei) account');
	await editor.openServerList();
	await take(editor, 'server-list');
}

/**
 * A run of the morning start-up, in which one server is locked, and somebody else starts another.
 * @param {Editor} editor
 * @param {Demo} demo
 */
async function morning(editor, { cloud, simulator }) {
	const tagged = [...cloud.servers.values()].filter(({ tags }) => tags.length > 0);
	const [database, application] = tagged;
	for (const server of tagged) server.force(cloud.now, { status: 'SHUTOFF' });
	application.locked = true;
	simulator.app.server.prependListener('request', ({ method, url }) => {
		if (method === 'POST' && url?.endsWith('/action'))
			database.force(cloud.now, { status: 'ACTIVE' });
	});
	await editor.openWorkflow('morning-start-up');
	await editor.runWorkflow();
	await editor.node('Report').locator('[data-test-id="canvas-node-status-success"]').waitFor();
	await editor.noMessages();
	await take(editor, 'morning-start-up');

	await editor.openNode('Start Servers');
	await editor.showOutput('Table');
	await editor.page.setViewportSize(WIDE);
	await take(editor, 'finished-run');
	await editor.page.setViewportSize(VIEWPORT);
	await editor.showOutput('Error Branch');
	await editor.showOutput('JSON');
	await take(editor, 'error-output');
}

/**
 * The trigger, with what it tells of a guest that died.
 * @param {Editor} editor
 * @param {Demo} demo
 */
async function wentOff(editor, { cloud }) {
	const server = [...cloud.servers.values()].find(({ name }) => name === 'gateway');
	server?.guestOff(cloud.now);
	await editor.openWorkflow('recovery');
	await editor.openNode('Server Went Off');
	await editor.runNode();
	await editor.showOutput('JSON');
	await editor.output.getByText('notRequested').first().waitFor();
	await editor.noMessages();
	await take(editor, 'trigger');
}

async function main() {
	prepare();
	// They need what has just been installed.
	const { openPage } = require('../tools/n8n/browser');
	const { Editor } = require('../tools/n8n/editor');
	const temporary = mkdtempSync(path.join(tmpdir(), 'ecs-pack-'));
	process.once('exit', () => rmSync(temporary, { recursive: true, force: true }));
	mkdirSync(IMAGES, { recursive: true });
	const demo = new Demo({ cloud: { startSeconds: 1 } });
	await demo.open(process.env.E2E_TARBALL ?? pack(temporary).file);
	const { page, problems, close } = await openPage({ viewport: VIEWPORT });
	try {
		const editor = new Editor(page, demo.n8n.url);
		await editor.logIn();
		await firstMinute(editor);
		await morning(editor, demo);
		await wentOff(editor, demo);
	} catch (error) {
		const picture = path.join(tmpdir(), 'ecs-screenshot-failed.png');
		await page.screenshot({ path: picture });
		console.error([`What the editor showed: ${picture}`, ...problems].join('\n'));
		throw error;
	} finally {
		await close();
		await demo.close();
	}
}

void main();
