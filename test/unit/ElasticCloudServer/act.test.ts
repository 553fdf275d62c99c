import { NodeOperationError } from 'n8n-workflow';

import { restart } from '../../../nodes/cloud/power/actions/restart';
import { START } from '../../../nodes/cloud/power/actions/start';
import { stop } from '../../../nodes/cloud/power/actions/stop';
import type { PowerAction } from '../../../nodes/cloud/power/actions/action';
import { act } from '../../../nodes/ElasticCloudServer/act';
import { answered } from '../answers';
import { fleet, idOf, server } from '../servers';
import { VirtualClock } from '../virtual-clock';
import { contextWith, type SentRequest } from '../context';
import { projectOf, toResponse } from '../responses';

/** Takes each action at once, and shows the servers as they are. */
function cloudOf(servers = fleet(5)) {
	const read = projectOf(servers);
	return (request: SentRequest) =>
		request.method === 'POST' ? toResponse(answered(202)) : read(request);
}

interface World {
	items?: number;
	respond?: (request: SentRequest) => unknown;
	continueOnFail?: boolean;
	clock?: VirtualClock;
}

async function run(
	actionOf: (forceful: boolean) => PowerAction,
	parameters: Record<string, unknown>,
	{ items = 1, respond = cloudOf(), continueOnFail = true, clock = new VirtualClock() }: World = {},
) {
	const context = contextWith(parameters, { items, respond, continueOnFail });
	const output = await clock.until(act(context, actionOf, clock));
	const posts = context.sent.filter(({ method }) => method === 'POST');
	return {
		hints: context.hints,
		output: output.map(({ json }) => json),
		bodies: posts.map(({ body }) => body),
		reads: context.sent.length - posts.length,
	};
}

const start = () => START;
const ids = (count: number) => Array.from({ length: count }, (_, index) => idOf(index + 1));

describe('waiting', () => {
	test('is what each server does where nothing else is said', async () => {
		const { output, reads } = await run(start, { serverId: idOf(1) });
		expect(output).toMatchObject([{ serverId: idOf(1), outcome: 'started' }]);
		expect(reads).toBe(1);
	});

	test('is the wish of each item', async () => {
		const parameters = { serverId: [idOf(1), idOf(2)], waitUntilDone: [false, true] };
		const { output } = await run(start, parameters, { items: 2 });
		expect(output.map(({ outcome }) => outcome)).toEqual(['accepted', 'started']);
	});

	test.each([
		[false, true],
		[true, false],
	])('is done for both items of a server where one wishes it (%s, %s)', async (...wishes) => {
		const parameters = { serverId: [idOf(1), idOf(1)], waitUntilDone: wishes };
		const { output, bodies } = await run(start, parameters, { items: 2 });
		expect(output.map(({ outcome }) => outcome)).toEqual(['started', 'started']);
		expect(bodies).toHaveLength(1);
	});
});

describe('Forceful', () => {
	test('is the wish of each item', async () => {
		const parameters = {
			serverId: [idOf(1), idOf(2)],
			forceful: [true, false],
			waitUntilDone: false,
		};
		const { bodies } = await run(stop, parameters, { items: 2 });
		expect(bodies).toEqual([{ 'os-stop': { type: 'HARD' } }, { 'os-stop': {} }]);
	});

	test.each([
		[false, true],
		[true, false],
	])('is done once where one of two items of a server wishes it (%s, %s)', async (...wishes) => {
		const parameters = {
			serverId: [idOf(1), idOf(1)],
			forceful: wishes,
			waitUntilDone: false,
		};
		const { bodies, output } = await run(restart, parameters, { items: 2 });
		expect(bodies).toEqual([{ reboot: { type: 'HARD' } }]);
		expect(output).toMatchObject([{ operation: 'restart' }, { operation: 'restart' }]);
	});
});

describe('by name', () => {
	const byName = (value: string) => ({ __rl: true, mode: 'name', value });

	test('a server and its ID are one server', async () => {
		const parameters = { serverId: [byName('web-2'), idOf(2)], waitUntilDone: false };
		const { output, bodies } = await run(start, parameters, { items: 2 });
		expect(output.map(({ serverId }) => serverId)).toEqual([idOf(2), idOf(2)]);
		expect(bodies).toHaveLength(1);
	});

	test('an unknown or ambiguous name fails its item only, and nothing is sent for it', async () => {
		const servers = [server(1), server(2, { name: 'db' }), server(3, { name: 'db' })];
		const parameters = {
			serverId: [byName('nobody'), byName('db'), byName('web-1'), byName('')],
			waitUntilDone: false,
		};
		const world = { items: 4, respond: cloudOf(servers) };
		const { output, bodies } = await run(start, parameters, world);
		expect(output).toMatchObject([
			{ error: { reason: 'notFound', serverId: 'nobody', attempts: 0 } },
			{ error: { reason: 'ambiguousName', serverId: 'db', attempts: 0 } },
			{ serverId: idOf(1), outcome: 'accepted' },
			{ error: { reason: 'invalidInput', serverId: '', attempts: 0 } },
		]);
		expect(bodies).toHaveLength(1);
	});

	describe('the look-up is a part of Wait Timeout', () => {
		const ON_THE_WAY = { status: 'SHUTOFF', 'OS-EXT-STS:task_state': 'powering-on' };

		/** Takes 20 seconds for a look-up; the servers are for ever on their way. */
		async function runSlowly(...serverId: unknown[]) {
			const clock = new VirtualClock();
			const read = cloudOf(fleet(5).map((one) => ({ ...one, ...ON_THE_WAY })));
			const respond = async (request: SentRequest) => {
				if (request.qs?.name) await clock.sleep(20_000, new AbortController().signal);
				return read(request);
			};
			const parameters = { serverId, options: { waitTimeout: 60 } };
			const world = { items: serverId.length, respond, clock };
			const { output, bodies } = await run(start, parameters, world);
			const reasons = output.map(({ error }) => (error as { reason: string }).reason);
			return { reasons, bodies, endedAt: clock.now() };
		}

		test('so that a server has only the rest', async () => {
			expect(await runSlowly(byName('web-2'))).toMatchObject({
				reasons: ['timedOut'],
				endedAt: 60_000,
			});
		});

		test.each([
			['the name first', [byName('web-2'), idOf(2)]],
			['the ID first', [idOf(2), byName('web-2')]],
		])('also where its ID is given, too: %s', async (_, targets) => {
			const { reasons, bodies, endedAt } = await runSlowly(...targets);
			expect(reasons).toEqual(['timedOut', 'timedOut']);
			expect(bodies).toHaveLength(1);
			expect(endedAt).toBe(60_000);
		});

		test('but not of that of a server given by its ID alone', async () => {
			const { reasons, endedAt } = await runSlowly(byName('web-2'), idOf(3));
			expect(reasons).toEqual(['timedOut', 'timedOut']);
			expect(endedAt).toBe(80_000);
		});

		test('and counts in the seconds of the outcome', async () => {
			const clock = new VirtualClock();
			const respond = async (request: SentRequest) => {
				if (request.qs?.name) await clock.sleep(20_000, new AbortController().signal);
				return cloudOf()(request);
			};
			const parameters = { serverId: byName('web-2'), waitUntilDone: false };
			const { output } = await run(start, parameters, { respond, clock });
			expect(output).toMatchObject([{ outcome: 'accepted', seconds: 20 }]);
		});
	});
});

describe('a cancelled execution says what the servers may still do', () => {
	async function cancelled(actionOf: (forceful: boolean) => PowerAction) {
		const cancel = new AbortController();
		const respond = async () => {
			cancel.abort();
			return await new Promise(() => {});
		};
		const context = contextWith({ serverId: idOf(1) }, { respond, signal: cancel.signal });
		const error: unknown = await act(context, actionOf, new VirtualClock()).catch(
			(thrown: unknown) => thrown,
		);
		if (!(error instanceof NodeOperationError)) throw new Error('No error');
		expect(error.message).toBe('The execution was canceled');
		return error.description;
	}

	test.each([
		['start', start],
		['stop', stop],
	])('%s: to run it again does no harm', async (verb, actionOf) => {
		expect(await cancelled(actionOf)).toBe(
			`Servers that had been asked before may still ${verb}. Running this again does no harm.`,
		);
	});

	test('restart: a second one would', async () => {
		expect(await cancelled(restart)).toBe(
			'Servers that had been asked before may still restart. Check that before you run this again.',
		);
	});
});

describe('an expression that fails', () => {
	const broken = new Error("Node 'Webhook' hasn't been executed");

	test.each([
		['Server', { serverId: [idOf(1), broken, idOf(3)] }],
		['Wait Until Running', { serverId: ids(3), waitUntilDone: [true, broken, true] }],
		['Forceful', { serverId: ids(3), forceful: [false, broken, false] }],
	])('sinks its own item only: %s', async (_, parameters) => {
		const { output, bodies } = await run(start, parameters, { items: 3 });
		expect(output).toMatchObject([
			{ serverId: idOf(1), outcome: 'started' },
			{
				error: {
					reason: 'invalidInput',
					message: expect.stringContaining("Node 'Webhook'") as string,
					attempts: 0,
				},
			},
			{ serverId: idOf(3), outcome: 'started' },
		]);
		expect(bodies).toHaveLength(2);
	});

	test('is told with the server that it was for, unless that is wrong itself', async () => {
		const parameters = { serverId: [idOf(1), 'x'], forceful: [broken, broken] };
		const { output } = await run(start, parameters, { items: 2 });
		expect(output).toMatchObject([
			{
				error: { serverId: idOf(1), message: expect.stringContaining("Node 'Webhook'") as string },
			},
			{ error: { serverId: 'x', message: "'x' is not a server ID" } },
		]);
	});

	test('Stop Workflow: the others are started before it stops', async () => {
		const parameters = { serverId: [broken, idOf(2)] };
		await expect(run(start, parameters, { items: 2, continueOnFail: false })).rejects.toThrow(
			"The expression for this item failed: Node 'Webhook'",
		);
	});
});

test('Stop Workflow: what is no ID in several items is told once', async () => {
	const parameters = { serverId: ['web-1', 'web-2'] };
	await expect(run(start, parameters, { items: 2, continueOnFail: false })).rejects.toMatchObject({
		message: '2 servers did not start, 0 did: what was given is not a server ID',
		description: expect.stringMatching(
			/^Fill in the ID.*\.<br \/><br \/>web-1<br \/>web-2$/,
		) as string,
	});
});

test('one batch request: gentle and forceful stops are a request each', async () => {
	const respond = ({ method }: SentRequest) => {
		if (method !== 'POST') throw new Error('Nothing is to be read');
		return toResponse(answered(200, { job_id: 'job-1' }));
	};
	const parameters = {
		serverId: ids(3),
		forceful: [false, true, false],
		waitUntilDone: false,
		options: { sendAs: 'oneBatchRequest' },
	};
	const { output, bodies } = await run(stop, parameters, { items: 3, respond });
	expect(bodies).toEqual([
		{ 'os-stop': { servers: [{ id: idOf(1) }, { id: idOf(3) }] } },
		{ 'os-stop': { type: 'HARD', servers: [{ id: idOf(2) }] } },
	]);
	expect(output.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted', 'accepted']);
});

test('options are read from the first item', async () => {
	const parameters = {
		serverId: [idOf(1), idOf(2)],
		waitUntilDone: false,
		options: [{ concurrency: 1 }, { concurrency: 0 }],
	};
	const { output } = await run(start, parameters, { items: 2 });
	expect(output.map(({ outcome }) => outcome)).toEqual(['accepted', 'accepted']);
});

test('an option that cannot be: each item says so, with what stood for its server', async () => {
	const named = { __rl: true, mode: 'name', value: 'web-1' };
	const parameters = { serverId: [idOf(1), named, 'x'], options: { maxTries: 99 } };
	const { output, bodies } = await run(start, parameters, { items: 3 });
	const saying = (text: string) => expect.stringContaining(text) as string;
	expect(output).toMatchObject([
		{ error: { reason: 'invalidInput', serverId: idOf(1), message: saying('Max Tries') } },
		{ error: { reason: 'invalidInput', serverId: 'web-1', message: saying('Max Tries') } },
		{ error: { reason: 'invalidInput', serverId: 'x', message: saying('not a server ID') } },
	]);
	expect(bodies).toEqual([]);
});

test('Stop Workflow counts what did not stop, and what did', async () => {
	const parameters = { serverId: [idOf(1), idOf(9), 'x'] };
	const respond = (request: SentRequest) =>
		request.method === 'POST' && request.url.includes(idOf(9))
			? toResponse(answered(404, { itemNotFound: { code: 404, message: 'none' } }))
			: cloudOf(fleet(5).map((one) => ({ ...one, status: 'SHUTOFF' })))(request);
	await expect(run(stop, parameters, { items: 3, respond, continueOnFail: false })).rejects.toThrow(
		'2 servers did not stop, 1 did',
	);
});

test('a hint says how many servers there was nothing to do for', async () => {
	const respond = (request: SentRequest) =>
		request.method === 'POST'
			? toResponse(answered(409, { conflictingRequest: { code: 409, message: 'no' } }))
			: projectOf(fleet(5))(request);
	const parameters = { serverId: [idOf(1), idOf(2), idOf(1)] };
	const { hints } = await run(start, parameters, { items: 3, respond });
	expect(hints).toEqual([
		{ message: '2 of 2 servers were already running', location: 'outputPane' },
	]);
});

describe('a switch', () => {
	test.each<[unknown, string]>([
		['false', 'accepted'],
		[' FALSE', 'accepted'],
		['true', 'started'],
		['True', 'started'],
	])('may be a word: Wait Until Running %j', async (waitUntilDone, outcome) => {
		const { output } = await run(start, { serverId: idOf(1), waitUntilDone });
		expect(output).toMatchObject([{ outcome }]);
	});

	test('may be a word: Forceful', async () => {
		const parameters = { serverId: idOf(1), forceful: 'true', waitUntilDone: false };
		expect((await run(stop, parameters)).bodies).toEqual([{ 'os-stop': { type: 'HARD' } }]);
	});

	const NEITHER = [undefined, null, '', 0, 1, 'yes', [], {}];

	test.each<[string, string, unknown]>([
		...NEITHER.map((value): [string, string, unknown] => [
			'Wait Until Stopped',
			'waitUntilDone',
			value,
		]),
		...NEITHER.map((value): [string, string, unknown] => ['Forceful', 'forceful', value]),
	])('that is neither true nor false is not taken for a no: %s (%s: %j)', async (...given) => {
		const [title, name, value] = given;
		const parameters = { serverId: ids(2), waitUntilDone: false, [name]: [value, false] };
		const { output, bodies } = await run(stop, parameters, { items: 2 });
		expect(output).toMatchObject([
			{
				error: {
					reason: 'invalidInput',
					message: `'${title}' must be true or false`,
					serverId: idOf(1),
				},
			},
			{ serverId: idOf(2), outcome: 'accepted' },
		]);
		expect(bodies).toHaveLength(1);
	});
});
