/** The node as the tool of an AI agent, as n8n makes it of every node that says `usableAsTool`. */
import { addServers, bodiesOf, locator, openWorld, postsTo } from '../harness/world';

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

	expect(tool.description).toBe('Start server in Elastic Cloud Server');
	expect(Object.keys(tool.schema.shape)).toEqual(['Server']);
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

async function answerForNobody(calledBy: 'agent' | 'engine') {
	const { callTool } = await openWorld();

	const { status, answers, error } = await callTool({
		calledBy,
		parameters: byName,
		calls: [{ Server: 'nobody' }],
	});

	return { status, said: status === 'success' ? String(answers[0]) : error.message };
}

const NOBODY = "No server of the project is named 'nobody'";

test.concurrent('called by the agent: the model reads why a server did not start', async () => {
	const { status, said } = await answerForNobody('agent');

	expect(status).toBe('success');
	expect(said).toContain(NOBODY);
});

// The engine hands only the message on, not the description: to the model, or, before 2.41, to the user.
test.concurrent('called by the engine: the message says why, too', async () => {
	expect((await answerForNobody('engine')).said).toContain(NOBODY);
});

test.concurrent('the token is not shown to the model, whatever happens', async () => {
	const { cloud, token, callTool } = await openWorld();
	cloud.addServer({ name: 'web-1' });
	cloud.faults.add({ match: 'start', then: { status: 400, body: `bad ${token}` } });

	const { answers } = await callTool({ parameters: byName, calls: [{ Server: 'web-1' }] });

	expect(JSON.stringify(answers)).not.toContain(token);
});
