/** What n8n's setting On Error makes of servers that did not start. */
import { addServers, openWorld, postsTo, runningOf } from '../harness/world';

jest.setTimeout(60_000);

const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

const NOT_FOUND = {
	message: expect.stringContaining(UNKNOWN_ID),
	reason: 'notFound',
	hint: expect.any(String),
	serverId: UNKNOWN_ID,
	operation: 'start',
	attempts: 1,
	httpStatus: 404,
	code: 'itemNotFound',
	requestId: expect.stringMatching(/^req-/),
};

// Continue (using error output)

test.concurrent('failed servers go down the error branch, the others on', async () => {
	const { cloud, start } = await openWorld();
	const [a, b] = addServers(cloud, 2);

	const { status, output, errorOutput } = await start([a, UNKNOWN_ID, b], {
		onError: 'continueErrorOutput',
	});

	expect(status).toBe('success');
	expect(output.map(({ json }) => json.serverId)).toEqual([a, b]);
	expect(output.map(({ pairedItem }) => pairedItem)).toEqual([{ item: 0 }, { item: 2 }]);
	// n8n itself puts the fields of the input item beside `error`.
	expect(errorOutput).toEqual([
		expect.objectContaining({
			json: { id: UNKNOWN_ID, error: NOT_FOUND },
			pairedItem: { item: 1 },
		}),
	]);
});

test.concurrent('all failed: nothing comes out of the success branch', async () => {
	const { start } = await openWorld();

	const { output, errorOutput } = await start([UNKNOWN_ID, ''], {
		onError: 'continueErrorOutput',
	});

	expect(output).toEqual([]);
	expect(errorOutput).toHaveLength(2);
});

// Continue

test.concurrent('failed servers stay in their place, with nothing but their error', async () => {
	const { cloud, start } = await openWorld();
	const [a, b] = addServers(cloud, 2);

	const { status, output } = await start([a, UNKNOWN_ID, b], {
		onError: 'continueRegularOutput',
	});

	expect(status).toBe('success');
	expect(output).toEqual([
		{
			json: expect.objectContaining({ serverId: a, outcome: 'started' }),
			pairedItem: { item: 0 },
		},
		{ json: { error: NOT_FOUND }, pairedItem: { item: 1 } },
		{
			json: expect.objectContaining({ serverId: b, outcome: 'started' }),
			pairedItem: { item: 2 },
		},
	]);
});

// Stop Workflow

test.concurrent('one error, after all were asked: how many, which, and why', async () => {
	const { cloud, start } = await openWorld();
	const good = addServers(cloud, 3);
	const paused = cloud.addServer({ name: 'sleeper', status: 'PAUSED' }).id;

	const { status, output, error } = await start([UNKNOWN_ID, good[0], paused, good[1], good[2]], {
		onError: 'stopWorkflow',
	});

	expect(status).toBe('error');
	expect(output).toEqual([]);
	expect(error.message).toMatch(/^2 servers did not start\b.*\b3\b/);
	expect(error.description).toContain(UNKNOWN_ID);
	expect(error.description).toContain('sleeper');
	expect(error.description).toMatch(/Check the server ID.*Unpause the server/);
	for (const id of good) expect(error.description).not.toContain(id);
	expect(runningOf(cloud, good)).toEqual(good);
	expect(postsTo(cloud)).toHaveLength(5);
});

test.concurrent('a single server: what happened to it, and what to do', async () => {
	const { start } = await openWorld();

	const { error } = await start([UNKNOWN_ID], { onError: 'stopWorkflow' });

	expect(error.message).toMatch(new RegExp(`^Server ${UNKNOWN_ID} was not found`));
	expect(error.description).toMatch(/^Check the server ID[^.]*\.$/);
});

test.concurrent('the same server among several items counts once', async () => {
	const { cloud, start } = await openWorld();
	const [good] = addServers(cloud, 1);

	const { error } = await start([UNKNOWN_ID, good, UNKNOWN_ID, good], {
		onError: 'stopWorkflow',
	});

	expect(error.message).toMatch(new RegExp(`^Server ${UNKNOWN_ID} was not found`));
	expect(error.description).toMatch(/1 other server did start\.$/);
});

test.concurrent('of more than 20 failures, 20 are listed and the others counted', async () => {
	const { cloud, start } = await openWorld();
	const ids = addServers(cloud, 25, { status: 'PAUSED' });
	const [good] = addServers(cloud, 1, { status: 'SHUTOFF' });

	const { error } = await start([...ids, good], { onError: 'stopWorkflow' });

	expect(error.message).toBe(
		'25 servers did not start, 1 did: each cannot start while it is PAUSED',
	);
	expect(ids.filter((id) => error.description.includes(id))).toEqual(ids.slice(0, 20));
	expect(error.description).toMatch(/\b5 more\b/);
});

test.concurrent('20 failures are all listed, and nothing is counted', async () => {
	const { cloud, start } = await openWorld();
	const ids = addServers(cloud, 20, { status: 'PAUSED' });

	const { error } = await start(ids, { onError: 'stopWorkflow' });

	expect(ids.filter((id) => error.description.includes(id))).toEqual(ids);
	expect(error.description).not.toMatch(/\bmore\b/);
});

test.concurrent('when all start, there is no error', async () => {
	const { cloud, start } = await openWorld();
	const ids = addServers(cloud, 2);

	const { status, error, items } = await start(ids, { onError: 'stopWorkflow' });

	expect(status).toBe('success');
	expect(error).toBeUndefined();
	expect(items).toHaveLength(2);
});
