/** What the random runs have found, each as a run of its own. */
import { violations } from './invariants';
import { DIST, loadNode, play } from './play';
import { type Scenario, type ServerPlan, STOPPED_SERVER } from './scenario';

const node = loadNode(DIST);

/** A fleet, one item for each of its servers, and nothing in their way. */
function fleet(servers: Array<Partial<ServerPlan>>): Scenario {
	return {
		operation: 'start',
		forceful: false,
		servers: servers.map((plan) => ({ ...STOPPED_SERVER, ...plan })),
		bystanders: 0,
		items: servers.map((_, server) => ({ server, wait: true, upperCase: false })),
		interferences: [],
		faults: [],
		rateLimit: null,
		options: {},
		cloud: {
			latencyMs: 20,
			maxLimit: 1000,
			requestIds: true,
			v1: true,
			actionLog: true,
			subJobMissing: false,
		},
	};
}

/** What the user gets for each item, and the requests to start that reached the cloud. */
async function run(scenario: Scenario) {
	const played = await play(node, scenario);
	return {
		fates: played.output.map(({ json }) => (json.error ?? json) as Record<string, unknown>),
		starts: played.cloud.requests.entries.filter(
			({ kind, batchAction }) => (batchAction ?? kind) === 'start',
		),
		seconds: (played.endedAt - played.beganAt) / 1000,
		broken: violations(scenario, played),
	};
}

const BATCH = { sendAs: 'oneBatchRequest' };
const LAST_SECOND_MS = 1_000;

// The pace of ECS v1

test('servers of a batch that was refused for its rate need not wait for the next minute', async () => {
	const { fates, seconds, broken } = await run({
		...fleet(Array.from({ length: 600 }, () => ({}))),
		options: { ...BATCH, waitTimeout: 30 },
		faults: [{ match: 'batch', times: 1, then: { preset: 'throttled', retryAfter: 1 } }],
	});

	expect(broken).toEqual([]);
	expect(fates).toEqual(fates.map(() => expect.objectContaining({ outcome: 'started' })));
	expect(seconds).toBeLessThanOrEqual(30);
});

test('a server that can be asked only after its time, as 1,000 others were, says that its turn did not come', async () => {
	const servers = Array.from({ length: 1_000 }, () => ({ status: 'ACTIVE' }));
	const { fates, seconds, broken } = await run({
		...fleet([{ startSeconds: 5 }, ...servers]),
		operation: 'restart',
		options: { apiVersion: 'v1', waitTimeout: 30 },
		interferences: [{ at: 0, server: 0, what: 'start' }],
	});

	expect(broken).toEqual([]);
	expect(fates[0]).toMatchObject({
		reason: 'timedOut',
		attempts: 0,
		message: expect.stringMatching(
			/was not asked to restart, because its turn did not come in time$/,
		) as string,
	});
	expect(seconds).toBeLessThanOrEqual(30);
});

test('a server whose answer was lost is looked at while its next turn is far off, and not asked again once it runs', async () => {
	const { fates, starts, broken } = await run({
		...fleet([{ startSeconds: 4 }, ...Array.from({ length: 999 }, () => ({}))]),
		options: { apiVersion: 'v1', waitTimeout: 120 },
		faults: [{ match: 'batch', times: 1, then: 'dropAfter' }],
	});

	expect(broken).toEqual([]);
	expect(fates[0]).toMatchObject({ outcome: 'started', attempts: 1 });
	expect(
		starts.filter(({ serverIds }) => serverIds.includes(String(fates[0].serverId))),
	).toHaveLength(1);
});

// The job of a batch

test('servers that join a job with too little time to follow it are looked at one by one', async () => {
	// The first of them gave the job up at once; the others waited for its end for ever.
	const { fates, seconds, broken } = await run({
		...fleet([{ startSeconds: 0 }, { startSeconds: 0 }, { startSeconds: 0 }]),
		options: { ...BATCH, waitTimeout: 3 },
		// The answer is lost, so that the batch goes out again when little time is left.
		faults: [{ match: 'batch', times: 1, then: { preset: 'internalError', delayBefore: 1 } }],
	});

	expect(broken).toEqual([]);
	expect(fates).toEqual(fates.map(() => expect.objectContaining({ outcome: 'started' })));
	expect(seconds).toBeLessThanOrEqual(3.5);
});

test('a job that nobody has time to follow at all ends for all of its servers', async () => {
	const { fates, broken } = await run({
		...fleet([{}, {}]),
		options: { ...BATCH, waitTimeout: 2 },
	});

	expect(broken).toEqual([]);
	expect(fates.map(({ reason }) => reason)).toEqual(['timedOut', 'timedOut']);
});

test('a plain Nova answers 300 to a batch: the option is named that helps', async () => {
	const scenario = fleet([{}, {}]);
	const { fates, starts, broken } = await run({
		...scenario,
		options: BATCH,
		cloud: { ...scenario.cloud, v1: false },
	});

	expect(broken).toEqual([]);
	expect(starts.map(({ status }) => status)).toEqual([300]);
	expect(fates).toEqual(
		fates.map(() =>
			expect.objectContaining({
				reason: 'invalidInput',
				httpStatus: 300,
				hint: "Set 'How to Send' in Options to One Request per Server",
			}),
		),
	);
});

test('a gateway that refuses the credential at the batch alone: each server is asked for by itself', async () => {
	const { fates, starts, broken } = await run({
		...fleet([{}, {}]),
		options: BATCH,
		faults: [{ match: 'batch', then: { preset: 'tokenRefused' } }],
	});

	expect(broken).toEqual([]);
	expect(fates.map(({ outcome }) => outcome)).toEqual(['started', 'started']);
	expect(starts.map(({ kind, status }) => `${kind} ${status}`)).toEqual([
		'batch 401',
		'start 202',
		'start 202',
	]);
});

test('a sub-job that failed with Ecs.1000 is a failed start, not a cloud that is out', async () => {
	const { fates, starts, broken } = await run({
		...fleet([{ startBehaviour: { kind: 'fallsBack', seconds: 4 } }, {}]),
		options: BATCH,
	});

	expect(broken).toEqual([]);
	expect(fates[0]).toMatchObject({ reason: 'startFailed', code: 'Ecs.1000', status: 'SHUTOFF' });
	expect(fates[1]).toMatchObject({ outcome: 'started' });
	expect(starts).toHaveLength(1);
});

test('a server that the job leaves out is looked at itself', async () => {
	const scenario = fleet([{}, {}]);
	const { fates, starts, broken } = await run({
		...scenario,
		options: BATCH,
		cloud: { ...scenario.cloud, subJobMissing: true },
	});

	expect(broken).toEqual([]);
	expect(fates.map(({ outcome }) => outcome)).toEqual(['started', 'started']);
	expect(starts).toHaveLength(1);
});

// Little time left

test('a start is not asked for again with less than a second left', async () => {
	// Its answer would be lost, and turn what the cloud had said into `unreachable`.
	const { fates, starts, broken } = await run({
		...fleet([{}]),
		options: { waitTimeout: 5 },
		faults: [
			{
				match: 'start',
				times: 1,
				then: { preset: 'throttled', retryAfter: 4, delayBefore: 0.5 },
			},
			{ match: 'start', then: 'hang' },
		],
	});

	expect(broken).toEqual([]);
	expect(starts).toHaveLength(1);
	expect(fates).toEqual([expect.objectContaining({ reason: 'throttled', attempts: 1 })]);
});

test('with more than a second left it is asked for again', async () => {
	const { fates, starts, broken } = await run({
		...fleet([{ startSeconds: 0 }]),
		options: { waitTimeout: 6 },
		faults: [
			{
				match: 'start',
				times: 1,
				then: { preset: 'throttled', retryAfter: 4, delayBefore: 0.5 },
			},
		],
	});

	expect(broken).toEqual([]);
	expect(starts).toHaveLength(2);
	expect(starts[1].at - starts[0].at).toBeLessThan(6000 - LAST_SECOND_MS);
	expect(fates).toEqual([expect.objectContaining({ outcome: 'started', attempts: 2 })]);
});

test('a wait that nothing was ever seen of says so', async () => {
	const { fates, broken } = await run({
		...fleet([{ status: 'ACTIVE' }]),
		options: { waitTimeout: 30 },
		faults: [{ match: 'read', then: 'internalError' }],
	});

	expect(broken).toEqual([]);
	expect(fates[0]).toMatchObject({ reason: 'timedOut', attempts: 1 });
	expect(fates[0].message).toMatch(/could not be looked at within 30 seconds.*not known$/);
});

// Old news

test('a start that a gateway queued is judged by when the server was seen', async () => {
	// Found by seed 404. The server was off when it was looked at, 21 s after the start was taken, and
	// ran when the list of actions was refused, 15 s later: that is no 30 s of silence.
	const scenario = fleet([{ startSeconds: 2, startBehaviour: { kind: 'queued', seconds: 25 } }]);
	const { fates, broken } = await run({
		...scenario,
		cloud: { ...scenario.cloud, actionLog: false },
		faults: [{ match: 'action-log', after: 2, times: 1, then: { delayAfter: 15 } }],
	});

	expect(broken).toEqual([]);
	expect(fates).toEqual([expect.objectContaining({ outcome: 'started' })]);
});

// Others at work

test('a server that somebody deletes is not found, whatever its record says later', async () => {
	const { fates, starts } = await run({
		...fleet([{ startBehaviour: { kind: 'never' } }, {}]),
		interferences: [
			{ at: 0, server: 0, what: 'delete' },
			{ at: 8, server: 0, what: 'fail' },
		],
	});

	expect(fates[0]).toMatchObject({ reason: 'notFound', attempts: 1 });
	expect(fates[1]).toMatchObject({ outcome: 'started' });
	expect(starts).toHaveLength(2);
});

test('a start that somebody else has begun is joined, not asked for again', async () => {
	const { fates, starts, broken } = await run({
		...fleet([{}]),
		interferences: [{ at: 0, server: 0, what: 'start' }],
	});

	expect(broken).toEqual([]);
	expect(starts).toHaveLength(1);
	expect(fates[0]).toMatchObject({ outcome: 'started', attempts: 1 });
});
