/** The token is sent to the cloud, and shown to nobody, whatever goes wrong. */
import { captureLogs, placesOf } from '../harness/leaks';
import { openWorld, until } from '../harness/world';

jest.setTimeout(60_000);

/** What gives a leak away, also where the token is encoded or cut. */
const CANARY = 'CANARY5ecret';
const TOKEN = `gAAAAABn-${CANARY}_x9/Qz+4==`;
const UNKNOWN_ID = '00000000-0000-4000-8000-000000000000';

type World = Awaited<ReturnType<typeof openWorld>>;
type Faults = World['cloud']['faults'];
type Rule = Parameters<Faults['add']>[0];
type How = NonNullable<Parameters<World['start']>[1]>;
type Run = Awaited<ReturnType<World['start']>>;

const MODES = ['continueErrorOutput', 'continueRegularOutput', 'stopWorkflow'] as const;

/** For what would only end with Wait Timeout. */
const IMPATIENT: How = { options: { waitTimeout: 3 } };

const logs = captureLogs();

afterAll(() => logs.end());

/** A world whose cloud knows the token, with one stopped server. */
async function openWorldWithCanary(spec: object = {}) {
	const world = await openWorld();
	world.cloud.issueToken({ id: TOKEN });
	const { id } = world.cloud.addServer({ name: 'web-1', ...spec });
	return { ...world, id };
}

/** All that a run shows; the credential store is n8n's own. */
function shown({ output, errorOutput, hints, error, nodes, requests }: Run) {
	return { output, errorOutput, hints, error, nodes, requests };
}

const OUTCOMES = ['started', 'alreadyRunning'];

/** How a run went. The error that stops a workflow holds no reason, so that any fits it. */
function wordOf({ output, failures, error }: Run, expected: string) {
	if (error && !OUTCOMES.includes(expected)) return expected;
	const inPlace = output[0]?.json.error as { reason: string } | undefined;
	return output[0]?.json.outcome ?? inPlace?.reason ?? failures[0]?.reason;
}

/** Runs the node on one server in each mode, and looks for the token in all that is shown. */
async function expectNoLeak(
	expected: string,
	how: How = {},
	{ rule, spec, id }: { rule?: Rule; spec?: object; id?: unknown } = {},
) {
	await Promise.all(
		MODES.map(async (onError) => {
			const world = await openWorldWithCanary(spec);
			if (rule) world.cloud.faults.add(rule);

			const run = await world.start([id ?? world.id], {
				onError,
				...how,
				credential: { token: TOKEN, ...how.credential },
				options: { maxTries: 2, ...how.options },
			});

			expect(wordOf(run, expected)).toBe(expected);
			expect(placesOf(CANARY, shown(run))).toEqual([]);
		}),
	);
}

test.concurrent('this search finds what it looks for', async () => {
	const { received, id, start } = await openWorldWithCanary();

	const { credentialStore } = await start([id], { credential: { token: TOKEN } });

	expect(received[0].headers['x-auth-token']).toBe(TOKEN);
	expect(placesOf(CANARY, credentialStore)).toEqual(['.elasticCloudServerTokenApi.token']);
	const error = new Error('a', { cause: Object.defineProperty({}, 'b', { value: [TOKEN] }) });
	expect(placesOf(CANARY, { error })).toEqual(['.error.cause.b.0']);
});

// Success

test.concurrent('a started server', () => expectNoLeak('started'));

test.concurrent('a server that runs already', () =>
	expectNoLeak('alreadyRunning', {}, { spec: { status: 'ACTIVE' } }),
);

// Failures, whoever makes them

test.concurrent.each([
	['refused by the cloud: 401', 'unauthorized', 'tokenRefused'],
	['refused by a policy: 403', 'forbidden', 'policyForbids'],
	['throttled: 429', 'throttled', 'throttled'],
	['an inner error: 500', 'unavailable', 'internalError'],
	['a page: 502', 'unavailable', 'badGateway'],
	['an outage: 503', 'unavailable', 'serviceUnavailable'],
	['no body: 504', 'unavailable', 'gatewayTimeout'],
	['a dropped connection', 'unreachable', 'drop'],
] as const)('%s', (_, reason, then) =>
	expectNoLeak(reason, {}, { rule: { match: 'start', then } }),
);

test.concurrent('no answer', () =>
	expectNoLeak('unreachable', IMPATIENT, { rule: { match: 'start', then: 'hang' } }),
);

test.concurrent.each([
	['a locked server', 'locked', { locked: true }],
	['a paused server', 'wrongState', { status: 'PAUSED' }],
	['a start that ends in ERROR', 'startFailed', { startBehaviour: 'error' }],
])('%s', (_, reason, spec) => expectNoLeak(reason, {}, { spec }));

test.concurrent('a start that never ends', () =>
	expectNoLeak('timedOut', IMPATIENT, { spec: { startBehaviour: 'never' } }),
);

test.concurrent('an unknown server', () => expectNoLeak('notFound', {}, { id: UNKNOWN_ID }));

test.concurrent('no server ID', () => expectNoLeak('invalidInput', {}, { id: '../..' }));

test.concurrent.each([
	['nobody listens', 'unreachable', { ecsEndpoint: 'http://127.0.0.1:1' }],
	['another project', 'invalidInput', { projectId: 'f'.repeat(32) }],
	['the token in the field of the project', 'invalidInput', { projectId: TOKEN }],
	['the token in the field of the endpoint', 'invalidInput', { ecsEndpoint: TOKEN }],
])('%s', (_, reason, credential) => expectNoLeak(reason, { credential }));

test.concurrent('a token broken in two', async () => {
	const { id, start } = await openWorldWithCanary();

	const run = await start([id], {
		credential: { token: `${TOKEN}\n${TOKEN}` },
		options: { waitTimeout: 2 },
	});

	expect(run.failures).toHaveLength(1);
	expect(placesOf(CANARY, shown(run))).toEqual([]);
});

test.concurrent('an endpoint that speaks no TLS', async () => {
	const { url, id, start } = await openWorldWithCanary();

	const run = await start([id], {
		credential: { token: TOKEN, ecsEndpoint: url.replace('http:', 'https:') },
		options: { waitTimeout: 2 },
	});

	expect(run.failures[0].reason).toBe('unreachable');
	expect(placesOf(CANARY, shown(run))).toEqual([]);
});

test.concurrent('a cancelled execution', async () => {
	const { cloud, id, start } = await openWorldWithCanary();
	const stop = new AbortController();
	cloud.faults.add({ match: 'start', then: 'hang' });
	const running = start([id], { credential: { token: TOKEN }, signal: stop.signal });
	await until(() => cloud.requests.inFlight === 1);
	stop.abort();

	expect(placesOf(CANARY, shown(await running))).toEqual([]);
});

// Gateways that repeat what they were sent

const ECHO = `Header X-Auth-Token: ${TOKEN} is not welcome`;

test.concurrent.each([
	[400, 'invalidInput'],
	[401, 'unauthorized'],
	[403, 'forbidden'],
	[404, 'invalidInput'],
	[429, 'throttled'],
	[500, 'unavailable'],
	[503, 'unavailable'],
	[200, 'unexpectedResponse'],
	[202, 'unexpectedResponse'],
	[201, 'unexpectedResponse'],
])('the token in the error of a %i', async (status, reason) => {
	const asJson = { error: { code: 'Ecs.9999', message: ECHO } };
	const asGateway = { error_code: 'APIGW.9999', error_msg: ECHO, request_id: TOKEN };
	await expectNoLeak(reason, {}, { rule: echo('start', { status, body: asJson }) });
	await expectNoLeak(reason, {}, { rule: echo('start', { status, body: asGateway }) });
});

test.concurrent.each([400, 403, 500])('the token in the plain text of a %i', (status) =>
	expectNoLeak(
		status === 500 ? 'unavailable' : status === 403 ? 'forbidden' : 'invalidInput',
		{},
		{ rule: echo('start', { status, headers: { 'content-type': 'text/plain' }, body: ECHO }) },
	),
);

test.concurrent('the token in the target of a redirect', () =>
	expectNoLeak(
		'unexpectedResponse',
		{},
		{
			rule: echo('start', { status: 302, headers: { location: `/login?token=${TOKEN}` } }),
		},
	),
);

test.concurrent('the token as the id of the request', () =>
	expectNoLeak(
		'invalidInput',
		{},
		{ rule: echo('start', { status: 400, headers: { 'x-request-id': TOKEN }, body: ECHO }) },
	),
);

test.concurrent('the token as the id of a request that worked', () =>
	expectNoLeak(
		'started',
		{},
		{
			rule: echo('start', {
				status: 202,
				headers: { 'x-request-id': TOKEN },
				body: '',
				afterEffect: true,
			}),
		},
	),
);

test.concurrent.each([
	[200, 'timedOut'],
	[403, 'forbidden'],
	[500, 'timedOut'],
])('the token in what a read brings: %i', (status, reason) =>
	expectNoLeak(reason, IMPATIENT, {
		rule: echo(
			{ kind: ['read', 'list'] },
			{ status, body: { error: { code: 'Ecs.9999', message: ECHO } } },
		),
	}),
);

function echo(match: Rule['match'], then: Exclude<Rule['then'], string>): Rule {
	return { match, then };
}

// The log

test('none of it has been logged, though much else was', () => {
	expect(logs.lines.length).toBeGreaterThan(100);
	expect(logs.lines.filter((line) => line.includes(CANARY))).toEqual([]);
});
