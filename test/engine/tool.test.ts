/** The node as the tool of an AI agent, as n8n makes it of every node that says `usableAsTool`. */
import { addServers, bodiesOf, locator, N8N_CORE, openWorld, postsTo } from '../harness/world';

jest.setTimeout(60_000);

/** What n8n's editor writes when a parameter is left to the model. */
const fromAi = (key: string, type = 'string') => `={{ $fromAI('${key}', '', '${type}') }}`;

const CALLERS = ['engine', 'agent'] as const;

const byName = { serverId: locator('name', fromAi('Server')), options: { pollInterval: 1 } };

const read = (answer: unknown): unknown => JSON.parse(String(answer));

test.concurrent.each(CALLERS)('called by the %s: a start by name works', async (calledBy) => {
	const { cloud, callTool } = await openWorld();
	const { id } = cloud.addServer({ name: 'web-1' });
	cloud.addServer({ name: 'web-10' });

	const { answers } = await callTool({
		calledBy,
		parameters: byName,
		calls: [{ Server: 'web-1' }],
	});

	expect(answers).toHaveLength(1);
	expect(read(answers[0])).toEqual([
		expect.objectContaining({
			serverId: id,
			serverName: 'web-1',
			operation: 'start',
			outcome: 'started',
			status: 'ACTIVE',
		}),
	]);
	expect(cloud.wasRunning(id)).toBe(true);
	expect(postsTo(cloud)).toHaveLength(1);
});

test.concurrent('the model sees what the tool does, and what to fill in', async () => {
	const { cloud, callTool } = await openWorld();
	cloud.addServer({ name: 'web-1' });

	const { tool } = await callTool({ parameters: byName, calls: [{ Server: 'web-1' }] });

	expect(tool.description).toMatch(/^Start a server.* complete name .* or its ID/);
	expect(Object.keys(tool.schema.shape)).toEqual(['Server']);
});

test.concurrent.each(['start', 'stop', 'restart', 'get', 'getMany'])(
	'the model is told what %s does, in words of its own',
	async (operation) => {
		const { callTool } = await openWorld();
		const { tool } = await callTool({
			calledBy: 'agent',
			parameters: { ...byName, operation },
			calls: [],
		});
		expect(tool.description).toMatch(
			operation === 'getMany'
				? /^Find servers: .* SHUTOFF/
				: /complete name .* or its ID \(a UUID\)/,
		);
	},
);

test.concurrent(
	'the model is told what the user says of the tool, if that is something else',
	async () => {
		const { callTool } = await openWorld();
		const toolDescription = 'Starts the build server';
		const { tool } = await callTool({
			calledBy: 'agent',
			parameters: { ...byName, toolDescription },
			calls: [],
		});
		expect(tool.description).toBe(toolDescription);
	},
);

test.concurrent.each(CALLERS)('called by the %s: By Name takes an ID, too', async (calledBy) => {
	const { cloud, callTool } = await openWorld();
	const [id] = addServers(cloud, 1);

	const { answers } = await callTool({ calledBy, parameters: byName, calls: [{ Server: id }] });

	expect(read(answers[0])).toEqual([expect.objectContaining({ serverId: id, outcome: 'started' })]);
});

test.concurrent.each(CALLERS)('called by the %s: by ID, too', async (calledBy) => {
	const { cloud, callTool } = await openWorld();
	const [id] = addServers(cloud, 1);

	const { answers } = await callTool({
		calledBy,
		parameters: { ...byName, serverId: locator('id', fromAi('Server')) },
		calls: [{ Server: id }],
	});

	expect(read(answers[0])).toEqual([expect.objectContaining({ serverId: id, outcome: 'started' })]);
});

test.concurrent.each(CALLERS)('called by the %s: several calls, each its own', async (calledBy) => {
	const { cloud, callTool } = await openWorld();
	cloud.addServer({ name: 'web-1' });
	cloud.addServer({ name: 'web-2', status: 'ACTIVE' });

	const { answers } = await callTool({
		calledBy,
		parameters: byName,
		calls: [{ Server: 'web-1' }, { Server: 'web-2' }],
	});

	expect(answers.map(read)).toEqual([
		[expect.objectContaining({ serverName: 'web-1', outcome: 'started' })],
		[expect.objectContaining({ serverName: 'web-2', outcome: 'alreadyRunning' })],
	]);
});

test.concurrent('what else a model may fill in: Forceful and Wait Until Stopped', async () => {
	const { cloud, received, callTool } = await openWorld();
	cloud.addServer({ name: 'web-1', status: 'ACTIVE' });

	const { answers } = await callTool({
		parameters: {
			...byName,
			operation: 'stop',
			forceful: fromAi('Forceful', 'boolean'),
			waitUntilDone: fromAi('Wait_Until_Stopped', 'boolean'),
		},
		calls: [{ Server: 'web-1', Forceful: true, Wait_Until_Stopped: false }],
	});

	expect(read(answers[0])).toEqual([expect.objectContaining({ outcome: 'accepted' })]);
	expect(bodiesOf(received)).toEqual(['{"os-stop":{"type":"HARD"}}']);
});

test.concurrent('Get Many by what the model asks for', async () => {
	const { cloud, callTool } = await openWorld();
	cloud.addServer({ name: 'web-1', tags: ['env=test'] });
	cloud.addServer({ name: 'web-2', status: 'ACTIVE', tags: ['env=test'] });
	cloud.addServer({ name: 'db-1' });

	const { answers } = await callTool({
		parameters: {
			operation: 'getMany',
			limit: fromAi('Limit', 'number'),
			filters: { name: fromAi('Name'), status: fromAi('Status'), tags: fromAi('Tags') },
		},
		calls: [{ Limit: 10, Name: 'web', Status: 'SHUTOFF', Tags: 'env=test' }],
	});

	expect(read(answers[0])).toEqual([expect.objectContaining({ name: 'web-1' })]);
});

test.concurrent.each(CALLERS)(
	'called by the %s: nothing found is said in words',
	async (calledBy) => {
		const { cloud, callTool } = await openWorld();
		cloud.addServer({ name: 'web-1' });

		const { answers } = await callTool({
			calledBy,
			parameters: { operation: 'getMany', filters: { name: fromAi('Name') } },
			calls: [{ Name: 'db' }],
		});

		expect(read(answers[0])).toEqual([
			{ message: 'No server of the project fits what was asked for' },
		]);
	},
);

const NEAR = "No server of the project is named 'web'. Similar names: 'web-1', 'web-10'";

const ON_ERROR = [
	'stopWorkflow',
	'continueRegularOutput',
	'continueErrorOutput',
	undefined,
] as const;

/** There the model gets back what it has written, whatever a tool with an error output does. */
const isLostInOlderN8n = (calledBy: string, onError?: string) =>
	/^(1|2\.8)\./.test(N8N_CORE) && calledBy === 'engine' && onError === 'continueErrorOutput';

test.concurrent.each(
	CALLERS.flatMap((calledBy) => ON_ERROR.map((onError) => [calledBy, onError] as const)).filter(
		([calledBy, onError]) => !isLostInOlderN8n(calledBy, onError),
	),
)(
	'called by the %s, On Error %s: the model reads why a server did not start, and what to do',
	async (calledBy, onError) => {
		const { cloud, callTool } = await openWorld();
		cloud.addServer({ name: 'web-10' });
		cloud.addServer({ name: 'web-1' });

		const { status, answers, error } = await callTool({
			calledBy,
			parameters: byName,
			onError,
			calls: [{ Server: 'web' }],
		});

		// On Stop Workflow the engine hands the message to the user instead.
		const said = status === 'success' ? String(answers[0]) : error.message;
		expect(said).toContain(NEAR);
		expect(said).toContain('Check the name, which must be complete');
		expect(said.split('Check the name')).toHaveLength(2);
	},
);

test.concurrent('the token is not shown to the model, whatever happens', async () => {
	const { cloud, token, callTool } = await openWorld();
	cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', then: { status: 400, body: `bad ${token}` } });

	const { answers } = await callTool({ parameters: byName, calls: [{ Server: 'web-1' }] });

	expect(JSON.stringify(answers)).not.toContain(token);
});
