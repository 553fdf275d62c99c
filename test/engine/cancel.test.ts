/** The user stops the execution: it ends at once, and the cloud hears nothing more of it. */
import type { Cloud } from '../../simulator/cloud';
import { stopwatch } from '../harness/stopwatch';
import { addServers, openWorld, postsTo, staysSo, until } from '../harness/world';

jest.setTimeout(60_000);

interface Stage {
	/** What the cloud is like, so that the execution gets into the stage and stays there. */
	arrange?: (cloud: Cloud) => void;
	concurrency?: number;
	latencyMs?: number;
	/** Whether the execution is in the stage. */
	reached: (cloud: Cloud) => boolean;
}

const asked = (cloud: Cloud) => cloud.requests.count('start');
const accepted = (cloud: Cloud) => cloud.requests.outcomes['start 202'] ?? 0;
const looks = (cloud: Cloud) => cloud.requests.count('read') + cloud.requests.count('list');
const inFlight = (cloud: Cloud) => cloud.requests.inFlight;

const SERVERS = 6;

const STAGES: [string, Stage][] = [
	[
		'while servers wait to be asked',
		{
			concurrency: 1,
			latencyMs: 150,
			reached: (cloud) => asked(cloud) === 3 && inFlight(cloud) === 1,
		},
	],
	[
		'while requests are under way',
		{
			arrange: (cloud) => cloud.faults.add({ match: 'start', after: 1, then: 'hang' }),
			reached: (cloud) => inFlight(cloud) === SERVERS - 1,
		},
	],
	[
		'while the next look is waited for',
		{ reached: (cloud) => looks(cloud) > 0 && inFlight(cloud) === 0 },
	],
	[
		'while a look is under way',
		{
			arrange: (cloud) => cloud.faults.add({ match: { kind: ['read', 'list'] }, then: 'hang' }),
			reached: (cloud) => looks(cloud) > 0 && inFlight(cloud) > 0,
		},
	],
	[
		'while the cloud has asked to slow down',
		{
			arrange: (cloud) =>
				cloud.faults.add({
					match: 'start',
					after: 2,
					then: { preset: 'throttled', retryAfter: 2 },
				}),
			reached: (cloud) => asked(cloud) === SERVERS && inFlight(cloud) === 0,
		},
	],
	[
		'while an outage is waited out',
		{
			arrange: (cloud) =>
				cloud.faults.outage(60, { then: { preset: 'serviceUnavailable', retryAfter: 2 } }),
			reached: (cloud) => asked(cloud) > 0 && inFlight(cloud) === 0,
		},
	],
];

/** Cancels an execution in a stage. */
async function cancel(stage: Stage, onError: OnError) {
	const { arrange, concurrency = 10, latencyMs, reached } = stage;
	const { cloud, start } = await openWorld({ startSeconds: 30, latencyMs });
	const ids = addServers(cloud, SERVERS);
	arrange?.(cloud);
	const stop = new AbortController();
	let tried = 0;
	const running = start(ids, {
		onError,
		options: { concurrency },
		signal: stop.signal,
		onRequest: () => void tried++,
	});
	await until(() => reached(cloud));

	const before = tried;
	const seconds = stopwatch();
	stop.abort();
	const run = await running;
	return {
		run,
		seconds: seconds(),
		/** n8n was asked to send nothing since, and the cloud heard no more than what was on its way. */
		isQuiet: () => tried === before && cloud.requests.total <= before,
	};
}

type OnError = 'stopWorkflow' | 'continueErrorOutput' | 'continueRegularOutput';

test.concurrent.each(STAGES)(
	'%s: ends within a second, and nothing more is sent',
	async (_, stage) => {
		const { run, seconds, isQuiet } = await cancel(stage, 'stopWorkflow');

		expect(run.status).toBe('canceled');
		expect(seconds).toBeLessThan(1);
		await staysSo(isQuiet, 3);
	},
);

const CONTINUING = ['continueErrorOutput', 'continueRegularOutput'] as const;

test.concurrent.each(
	STAGES.flatMap(([name, stage]) => CONTINUING.map((onError) => [name, onError, stage] as const)),
)('%s, %s: no server is reported, as failed or else', async (_, onError, stage) => {
	const { run, seconds, isQuiet } = await cancel(stage, onError);

	expect(run.status).toBe('canceled');
	expect(seconds).toBeLessThan(1);
	expect(run.failures).toEqual([]);
	expect(run.output.filter(({ json }) => 'error' in json || 'outcome' in json)).toEqual([]);
	expect(isQuiet()).toBe(true);
});

test.concurrent('cancelled before it began: nothing is sent', async () => {
	const { cloud, start } = await openWorld();

	const { status, output } = await start(addServers(cloud, 2), { signal: AbortSignal.abort() });

	expect(status).toBe('canceled');
	expect(output).toEqual([]);
	expect(cloud.requests.total).toBe(0);
});

test.concurrent('running it again afterwards does no harm', async () => {
	const { cloud, start } = await openWorld({ startSeconds: 1.5, latencyMs: 60 });
	const ids = addServers(cloud, 4);
	const stop = new AbortController();
	const first = start(ids, { options: { concurrency: 1 }, signal: stop.signal });
	await until(() => accepted(cloud) >= 2);
	stop.abort();
	await first;

	const { items } = await start(ids);

	expect(items.map(({ outcome }) => outcome)).toEqual(ids.map(() => 'started'));
	expect(ids.filter((id) => !cloud.wasRunning(id))).toEqual([]);
	for (const id of ids) expect(postsTo(cloud, id).length).toBeLessThanOrEqual(2);
});
