'use strict';

// The node as the tool of n8n's AI agent, whose model is one that says what it was told to say.

const assert = require('node:assert/strict');
const { after, before, test } = require('node:test');

const { LanguageModel } = require('../language-model');
const {
	AGENT_NAME,
	agent,
	manualTrigger,
	startServers,
	toTool,
} = require('../../../tools/n8n/workflows');

/** What n8n's editor writes when a parameter is left to the model. */
const LEFT_TO_MODEL =
	"={{ /*n8n-auto-generated-fromAI-override*/ $fromAI('Server', ``, 'string') }}";

/** @param {import('../world').World} world */
module.exports = (world) => {
	/** Asks for the tool first, and then repeats what it got from it. */
	const model = new LanguageModel(({ messages }) => {
		const results = messages.filter(({ role }) => role === 'tool');
		if (results.length === 0) return { calls: wanted.map((Server) => ({ Server })) };
		return { content: results.map(({ content }) => content).join('\n') };
	});
	/** @type {string[]} the servers that it asks for, by name */
	let wanted;
	/** @type {string} the agent's workflow */
	let workflow;

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
		assert.match(description, /start/i);
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
		assert.doesNotMatch(answer, /"outcome"/);
	});
};
