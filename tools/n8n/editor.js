'use strict';

// n8n's editor, as somebody uses it who sees it for the first time.

const { OWNER } = require('./rest');

/** An idle machine needs 3 s for a page of the editor, one with four times the work 10 s. */
const PAGE_MS = 30_000;
const PAGE_TRIES = 3;

class Editor {
	/**
	 * @param {import('playwright-core').Page} page
	 * @param {string} url of n8n
	 */
	constructor(page, url) {
		this.page = page;
		this.url = url;
	}

	/** An element by the name that n8n gave it for its own tests. @param {string} id */
	part(id) {
		return this.page.locator(`[data-test-id="${id}"]`);
	}

	/**
	 * Loads a page, again if need be: when its main script is lost on the way, the editor neither
	 * asks for it again nor says anything, and the page stays blank for ever.
	 * @param {string} path
	 */
	async open(path) {
		const app = this.page.locator('#app > *').first();
		for (let left = PAGE_TRIES - 1; ; left -= 1) {
			try {
				await this.page.goto(`${this.url}${path}`, { timeout: PAGE_MS });
				return await app.waitFor({ state: 'attached', timeout: PAGE_MS });
			} catch (error) {
				if (left === 0) throw error;
				console.log(`${path} stayed blank: ${error}`);
			}
		}
	}

	async logIn() {
		await this.open('/signin');
		await this.page.locator('input[autocomplete="email"]').fill(OWNER.email);
		await this.page.locator('input[type="password"]').fill(OWNER.password);
		await this.page.getByRole('button', { name: /sign in/i }).click();
		await this.page.waitForURL((address) => !address.pathname.includes('signin'));
	}

	/**
	 * Opens the form of a new credential.
	 * @param {string} type as the editor shows it
	 */
	async newCredential(type) {
		await this.open('/home/credentials');
		await this.part('add-resource-credential').click();
		await this.part('selectCredential-modal').locator('input').fill(type);
		await this.part('new-credential-type-select-option').getByText(type, { exact: true }).click();
		await this.part('new-credential-type-button').click();
	}

	/**
	 * Picks from a list in a form.
	 * @param {string} field its name, not the one that is shown
	 * @param {RegExp} option
	 */
	async choose(field, option) {
		await this.part(`parameter-input-${field}`).click();
		await this.page.getByRole('option', { name: option }).click();
	}

	/**
	 * @param {string} field
	 * @param {string} value
	 */
	async fill(field, value) {
		await this.part(`parameter-input-${field}`).locator('input').fill(value);
	}

	/**
	 * Saves the credential that is open, and waits for its Test. Both banners are in the page at any
	 * time: the one counts that is shown, and that is what n8n answered.
	 * @returns {Promise<string>} what the Test says
	 */
	async saveCredential() {
		const answer = this.page.waitForResponse((response) =>
			response.url().endsWith('/rest/credentials/test'),
		);
		await this.part('credential-save-button').click();
		const { data } = await (await answer).json();
		const words = data.status === 'OK' ? /^Connection tested successfully/ : /^Couldn.t connect/;
		const banner = this.page.getByText(words).filter({ visible: true });
		return (await banner.innerText()).trim();
	}

	/** @param {string} [id] of a workflow that is there; without it, a new one */
	async openWorkflow(id = 'new') {
		await this.open(`/workflow/${id}`);
		await this.part(id === 'new' ? 'canvas-plus-button' : 'canvas-node')
			.first()
			.waitFor();
	}

	/** Puts the trigger for runs by hand on an empty canvas. */
	async addManualTrigger() {
		await this.part('canvas-plus-button').click();
		await this.part('item-iterator-item').getByText('Trigger manually', { exact: true }).click();
	}

	/** @param {string | RegExp} name of a node or an action in the panel of nodes */
	offered(name) {
		return this.part('node-creator-item-name').getByText(name, { exact: true });
	}

	/**
	 * Looks for a node to put behind the one that stands alone.
	 * @param {string} text
	 * @param {string} node that the search finds
	 */
	async searchNode(text, node) {
		await this.part('canvas-handle-plus').first().click();
		await this.part('node-creator-search-bar').fill(text);
		await this.offered(node).waitFor();
	}

	/**
	 * Takes what the search found.
	 * @param {string} node
	 * @param {string | RegExp} action
	 */
	async takeNode(node, action) {
		await this.offered(node).click();
		await this.offered(action).click();
		await this.part('ndv').waitFor();
	}

	/** Pastes a workflow onto the canvas, as a newcomer does with an example. @param {string} json */
	async paste(json) {
		const paste = (/** @type {string} */ text) => {
			const clipboardData = new DataTransfer();
			clipboardData.setData('text/plain', text);
			const event = new ClipboardEvent('paste', { clipboardData, bubbles: true });
			document.body.dispatchEvent(event);
		};
		await this.page.evaluate(paste, json);
		await this.part('canvas-node').first().waitFor();
	}

	/** For the open node. @param {string} name of the credential */
	async chooseCredential(name) {
		await this.part('node-credentials-select').click();
		await this.page.getByRole('option').getByText(name, { exact: true }).click();
	}

	/** @param {string} name */
	node(name) {
		return this.page.locator(`[data-test-id="canvas-node"][data-node-name="${name}"]`);
	}

	/** @param {string} name of a node on the canvas */
	async openNode(name) {
		await this.node(name).dblclick();
		await this.part('ndv').waitFor();
	}

	/** @returns {Promise<string[]>} the first lines of it */
	async openServerList() {
		await this.part('rlc-input').click();
		await this.part('rlc-item').first().waitFor();
		return await this.part('rlc-item').allInnerTexts();
	}

	/**
	 * Narrows the open list, until only such servers are left.
	 * @param {string} text
	 */
	async searchServer(text) {
		await this.part('rlc-search').fill(text);
		const narrowed = (/** @type {string} */ part) => {
			const lines = [...document.querySelectorAll('[data-test-id="rlc-item"]')];
			return lines.length > 0 && lines.every((line) => line.textContent?.includes(part));
		};
		await this.page.waitForFunction(narrowed, text);
	}

	/** @param {string} name with which a line of the open list begins */
	async pickServer(name) {
		const line = new RegExp(`^\\s*${name} `);
		await this.part('rlc-item').filter({ hasText: line }).click();
	}

	/** Runs the whole workflow. */
	async runWorkflow() {
		await this.part('execute-workflow-button').click();
	}

	/** Runs the open node, and those that lead to it. */
	async runNode() {
		await this.part('node-execute-button').click();
	}

	/** The open node's output. */
	get output() {
		return this.part('output-panel').first();
	}

	/** Turns the open node's output to a form or a branch. @param {string} name that is shown */
	async showOutput(name) {
		await this.output.getByText(name).first().click();
	}

	/** The messages in the corner go by themselves, and cover what is behind them until then. */
	async noMessages() {
		await this.page.locator('.el-notification').first().waitFor({ state: 'detached' });
	}
}

module.exports = { Editor };
