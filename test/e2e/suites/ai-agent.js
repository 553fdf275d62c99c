'use strict';

// The node as the tool of n8n's AI agent, whose model is one that says what it was told to say.

const assert = require('node:assert/strict');
const { after, before, describe, test } = require('node:test');

const { LanguageModel } = require('../language-model');
const {
	AGENT_NAME,
	agent,
	agentExample,
	manualTrigger,
	startServers,
	toTool,
} = require('../../../tools/n8n/workflows');

/** What n8n's editor writes when a parameter is left to the model. */
const LEFT_TO_MODEL =
	"={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('Server', ``, 'string') }}";

/** @param {import('../world').World} world */
module.exports = (world) => {
	/** Asks for the tool first, and then repeats what it got from it. @param {string[]} results of the tool */
	function repeat(results) {
		if (results.length === 0) return { calls: wanted.map((Server) => ({ Server })) };
		return { content: results.join('\n') };
	}

	/** @type {(results: string[]) => import('../language-model').Answer} what the model makes of its tools' results */
	let think = repeat;
	const model = new LanguageModel(({ messages }) =>
		think(messages.filter(({ role }) => role === 'tool').map(({ content }) => content)),
	);
	/** @type {string[]} the servers that it asks for, by name */
	let wanted;
	/** @type {string} the agent's workflow */
	let workflow;
	/** @type {string} that of the example */
	let example;

	before(async () => {
		const type = 'openAiApi';
		const data = { apiKey: 'of-no-use', organizationId: '', url: await model.listen() };
		const account = { name: 'A model that needs no intelligence', type, data };
		const id = await world.rest.createCredential(account);
		const tool = toTool(startServers(world.credential));
		tool.parameters.serverId = { __rl: true, mode: 'name', value: LEFT_TO_MODEL };
		workflow = await world.rest.createWorkflow(
			agent('Agent', manualTrigger, { ...account, id }, tool),
		);
		const copy = agentExample({ ...account, id }, world.credentials.password);
		example = await world.rest.createWorkflow(copy);
	});
	after(async () => await model.close());

	/** @param {string[]} names of servers */
	async function ask(...names) {
		wanted = names;
		model.asked = [];
		const execution = await world.rest.execution(
			await world.rest.run(workflow, manualTrigger.name),
		);
		assert.equal(execution.status, 'success', execution.error?.message);
		const [{ output }, ...more] = execution.items(AGENT_NAME);
		assert.deepEqual(more, []);
		return output;
	}

	test('a server is started by its name, and the answer says what became of it', async () => {
		const server = world.cloud.addServer({ name: 'web-1' });
		world.cloud.addServer({ name: 'web-10' });

		const answer = await ask('web-1');

		console.log(`  ${answer}`);
		assert.match(answer, /started/);
		assert.ok(answer.includes(server.id));
		assert.ok(world.cloud.wasRunning(server.id));
		assert.equal(world.actionsOn(server.id).length, 1);
	});

	test('the model was offered one tool, which tells what it does and what to fill in', () => {
		const [{ tools }, ...later] = model.asked;
		assert.equal(tools.length, 1);
		assert.equal(later.length, 1);
		const { name, description, parameters } = tools[0].function;
		console.log(`  ${name}: ${description}`);
		assert.match(description, /^Start a server .* complete name .* or its ID/);
		assert.deepEqual(Object.keys(parameters.properties), ['Server']);
	});

	test('two servers in one answer of the model are both started', async () => {
		const servers = ['db-1', 'db-2'].map((name) => world.cloud.addServer({ name }));

		const answer = await ask('db-1', 'db-2');

		for (const { id } of servers) {
			assert.ok(answer.includes(id));
			assert.ok(world.cloud.wasRunning(id));
			assert.equal(world.actionsOn(id).length, 1);
		}
	});

	test('the model reads why a server did not start, and the agent goes on', async () => {
		const answer = await ask('no-such-server');

		console.log(`  ${answer}`);
		assert.match(answer, /no-such-server/);
		assert.match(answer, /Check the name/);
		assert.doesNotMatch(answer, /"outcome"/);
	});

	test('the model reads which names are near one that no server has', async () => {
		const answer = await ask('WEB');

		console.log(`  ${answer}`);
		assert.match(answer, /Similar names: .*'web-1', 'web-10'/);
	});

	test('a server is started by its ID, too, where its name is asked for', async () => {
		const [{ id }] = world.servers(1);

		await ask(id);

		assert.ok(world.cloud.wasRunning(id));
	});

	describe('the example', () => {
		/**
		 * What the agent answers in the chat.
		 * @param {string} chatInput
		 * @param {typeof think} thinking
		 */
		async function chat(chatInput, thinking) {
			think = thinking;
			model.asked = [];
			const trigger = 'When Chat Message Received';
			const json = { sessionId: chatInput, action: 'sendMessage', chatInput };
			const execution = await world.rest.execution(await world.rest.run(example, trigger, json));
			assert.equal(execution.status, 'success', execution.error?.message);
			const [{ output }] = execution.items(AGENT_NAME);
			console.log(`  ${output}`);
			return output;
		}

		/** Finds a server by a part of its name, and has something done with it by the ID that it found. */
		const find = (/** @type {string} */ Name, /** @type {string} */ tool) =>
			/** @type {typeof think} */ (
				([found, done]) => {
					if (!found) return { tool: 'Find_Servers', calls: [{ Name }] };
					if (done) return { content: done };
					const [{ id }] = JSON.parse(found);
					return { tool, calls: [{ Server_Name_or_ID: id }] };
				}
			);

		test('a server is found by a part of its name and started', async () => {
			const server = world.cloud.addServer({ name: 'chat-started' });
			await chat('Start the one', find('chat-st', 'Start_a_Server'));
			assert.ok(world.cloud.wasRunning(server.id));
		});

		test('a server is found and shut down, without force', async () => {
			const server = world.cloud.addServer({ name: 'chat-running', status: 'ACTIVE' });
			const before = world.wire.length;

			await chat('Stop the other', find('chat-run', 'Stop_a_Server'));

			assert.equal(world.cloud.server(server.id)?.status, 'SHUTOFF');
			const bodies = world.wire.slice(before).filter(({ url }) => url.endsWith('/action'));
			assert.deepEqual(
				bodies.map(({ body }) => body),
				['{"os-stop":{}}'],
			);
		});

		test('a server that is not there is said not to be there', async () => {
			const output = await chat('Start nothing', ([found]) =>
				found ? { content: found } : { tool: 'Find_Servers', calls: [{ Name: 'chat-none' }] },
			);
			assert.match(output, /No server of the project fits/);
		});

		test('the model reads what each tool does, and what to fill in', () => {
			const [{ tools }] = model.asked;
			for (const { function: told } of tools) console.log(`  ${JSON.stringify(told)}`);
			assert.deepEqual(tools.map(({ function: { name } }) => name).sort(), [
				'Find_Servers',
				'Start_a_Server',
				'Stop_a_Server',
			]);
			for (const { function: told } of tools) {
				assert.doesNotMatch(JSON.stringify(told.parameters), /forceful/i);
				for (const parameter of Object.values(told.parameters.properties)) {
					assert.ok(/** @type {{ description: string }} */ (parameter).description);
				}
			}
		});
	});
};
