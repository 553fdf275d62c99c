'use strict';

// The first minute of somebody who has just installed the node, in the editor.

const assert = require('node:assert/strict');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { after, before, test } = require('node:test');

const { openPage } = require('../../../tools/n8n/browser');
const { Editor } = require('../../../tools/n8n/editor');
const { NOTE_TYPE, examples } = require('../../../tools/n8n/workflows');

const START_ACTION = /^start .*server/i;

/** @param {import('../world').World} world */
module.exports = (world) => {
	/** @type {Awaited<ReturnType<typeof openPage>>} */
	let browser;
	/** @type {Editor} */
	let editor;
	before(async () => {
		browser = await openPage();
		editor = new Editor(browser.page, world.n8n.url);
	});
	after(async () => await browser?.close());

	/**
	 * A test that leaves a picture of the editor behind when it fails.
	 * @param {string} name
	 * @param {() => Promise<void>} body
	 */
	function look(name, body) {
		test(name, async () => {
			try {
				await body();
			} catch (error) {
				const picture = path.join(tmpdir(), `ecs-ui-${name.replace(/\W+/g, '-')}.png`);
				await browser.page.screenshot({ path: picture });
				console.log([`what the editor showed: ${picture}`, ...browser.problems].join('\n  '));
				throw error;
			}
		});
	}

	look('the owner logs in', async () => await editor.logIn());

	look('a credential is created in the editor with a wrong token, and its Test fails', async () => {
		await editor.newCredential('Elastic Cloud Server Token (OpenStack, OTC, Huawei) API');
		await editor.choose('cloud', /^Custom/);
		await editor.fill('ecsEndpoint', world.endpoint);
		await editor.fill('projectId', world.cloud.project.id);
		await editor.fill('token', 'not-a-token');
		assert.match(await editor.saveCredential(), /^Couldn.t connect/);
	});

	look('with the right token its Test succeeds', async () => {
		await editor.fill('token', world.token.id);
		assert.equal(await editor.saveCredential(), 'Connection tested successfully');
	});

	look('the node is found, a server is picked from the list, and it starts', async () => {
		const server = world.cloud.addServer({ name: 'picked-by-hand' });

		await editor.openWorkflow();
		await editor.addManualTrigger();
		await editor.searchNode('open telekom', 'Elastic Cloud Server');
		await editor.takeNode('Elastic Cloud Server', START_ACTION);
		// n8n takes the credential that was created last.
		const lines = await editor.openServerList();
		const withStatus = lines.filter((line) => / \([a-z ]+\)$/i.test(line.trim()));
		assert.deepEqual(withStatus, lines);
		await editor.searchServer('by-hand');
		await editor.pickServer('picked-by-hand');
		await editor.runNode();
		await editor.output.getByText('started', { exact: true }).first().waitFor();

		assert.ok(world.cloud.wasRunning(server.id));
		assert.equal(world.actionsOn(server.id).length, 1);
	});

	look('“Start one server on demand” needs no more than a server from the list', async () => {
		const server = world.cloud.addServer({ name: 'on-demand-by-hand' });

		await editor.openWorkflow('on-demand');
		await editor.openNode('Elastic Cloud Server');
		await editor.openServerList();
		await editor.searchServer('on-demand-by');
		await editor.pickServer('on-demand-by-hand');
		await editor.runNode();
		await editor.output.getByText('started', { exact: true }).first().waitFor();

		assert.ok(world.cloud.wasRunning(server.id));
	});

	for (const { name, nodes } of examples()) {
		look(`“${name}” is pasted into a new workflow, with its notes`, async () => {
			await editor.openWorkflow();
			await editor.paste(JSON.stringify(examples().find((example) => example.name === name)));

			const notes = nodes.filter(({ type }) => type === NOTE_TYPE);
			for (const node of nodes.filter((one) => !notes.includes(one))) {
				await editor.node(node.name).waitFor();
			}
			assert.equal(await editor.part('sticky').count(), notes.length);
		});
	}
};
