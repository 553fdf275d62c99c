import { NodeOperationError } from 'n8n-workflow';

import type { Failure } from '../../../nodes/cloud/words/failure';
import type { Fate } from '../../../nodes/cloud/power/perform';
import { START } from '../../../nodes/cloud/power/actions/start';
import { type ItemResult, toItems } from '../../../nodes/ElasticCloudServer/items';
import { contextWith } from '../context';

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

function started(index: number, more: Partial<Fate> = {}): ItemResult {
	const serverId = idOf(index);
	return {
		kind: 'fate',
		fate: {
			serverId,
			result: { kind: 'done', outcome: 'started' },
			server: { id: serverId, name: `web-${index}`, status: 'ACTIVE', poweredOff: false },
			requestId: `req-${index}`,
			attempts: 1,
			seconds: 17.4,
			...more,
		},
	};
}

const FAILURE: Failure = {
	reason: 'locked',
	message: "Server 'web' did not start because it is locked",
	hint: 'Unlock the server',
	httpStatus: 409,
	code: 'conflictingRequest',
	requestId: 'req-9',
	status: 'SHUTOFF',
};

const failed = (index: number, failure: Partial<Failure> = {}): ItemResult =>
	started(index, {
		result: { kind: 'failed', failure: { ...FAILURE, message: `No ${index}`, ...failure } },
	});

const refused = (given: string, message = `'${given}' is not a server ID`): ItemResult => ({
	kind: 'refused',
	given,
	failure: { reason: 'invalidInput', message, hint: 'Fill it in' },
});

const goOn = (results: ItemResult[]) =>
	toItems(contextWith({}, { continueOnFail: true }), START, results);

function stop(results: ItemResult[]): NodeOperationError {
	try {
		toItems(contextWith({}), START, results);
	} catch (error) {
		if (error instanceof NodeOperationError) return error;
	}
	throw new Error('Did not stop the workflow');
}

describe('a success', () => {
	test('has the documented keys', () => {
		expect(toItems(contextWith({}), START, [started(1)])).toEqual([
			{
				json: {
					serverId: idOf(1),
					serverName: 'web-1',
					operation: 'start',
					outcome: 'started',
					status: 'ACTIVE',
					requestId: 'req-1',
					attempts: 1,
					seconds: 17.4,
				},
				pairedItem: { item: 0 },
			},
		]);
	});

	test('has only those that the node has learnt', () => {
		const unseen = {
			result: { kind: 'done', outcome: 'accepted' },
			server: undefined,
			requestId: undefined,
		} as const;
		const [{ json }] = toItems(contextWith({}), START, [started(1, unseen)]);
		expect(json).toEqual({
			serverId: idOf(1),
			operation: 'start',
			outcome: 'accepted',
			attempts: 1,
			seconds: 17.4,
		});
	});

	test('no items give none', () => {
		expect(toItems(contextWith({}), START, [])).toEqual([]);
	});
});

describe('Continue', () => {
	test('a failure is exactly one key, error, so that n8n takes the error branch', () => {
		const [item] = goOn([failed(1)]);
		expect(Object.keys(item).sort()).toEqual(['json', 'pairedItem']);
		expect(item.json).toEqual({
			error: {
				message: 'No 1',
				reason: 'locked',
				hint: 'Unlock the server',
				serverId: idOf(1),
				operation: 'start',
				attempts: 1,
				httpStatus: 409,
				code: 'conflictingRequest',
				requestId: 'req-9',
				status: 'SHUTOFF',
			},
		});
	});

	test('it has only what the node has learnt', () => {
		const [item] = goOn([refused('web-1')]);
		expect(item.json).toEqual({
			error: {
				message: "'web-1' is not a server ID",
				reason: 'invalidInput',
				hint: 'Fill it in',
				serverId: 'web-1',
				operation: 'start',
				attempts: 0,
			},
		});
	});

	test('order and pairing are those of the input, failed or not', () => {
		const items = goOn([started(1), failed(2), refused('x'), started(3), started(1)]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3, 4].map((item) => ({ item })),
		);
		expect(items.map(({ json }) => Object.keys(json).length === 1)).toEqual([
			false,
			true,
			true,
			false,
			false,
		]);
	});

	test('the same server twice gives both items its outcome, each its own object', () => {
		const [first, second] = goOn([started(1), started(1)]);
		expect(first.json).toEqual(second.json);
		expect(first.json).not.toBe(second.json);
	});
});

describe('Stop Workflow', () => {
	test('nothing is thrown where nothing failed', () => {
		expect(toItems(contextWith({}), START, [started(1), started(2)])).toHaveLength(2);
	});

	test('one error for all: how many did not start, and how many did', () => {
		const { message } = stop([started(1), failed(2), started(3), failed(4), refused('x')]);
		expect(message).toBe('3 servers did not start, 2 did');
	});

	test('one server is one server', () => {
		expect(stop([failed(1), started(2)]).message).toMatch(/^1 server did not start, 1 did/);
	});

	test('what became of a single one stands in the message, which is all that some see', () => {
		expect(stop([failed(1)]).message).toBe('1 server did not start, 0 did: No 1');
		expect(stop([started(1), refused('x'), started(2)]).message).toBe(
			"1 server did not start, 2 did: 'x' is not a server ID",
		);
	});

	test('each that failed is described, with its reason and what to do', () => {
		const { description } = stop([started(1), failed(2), refused('x')]);
		expect(description).toContain('No 2');
		expect(description).toContain('locked');
		expect(description).toContain('Unlock the server');
		expect(description).toContain("'x' is not a server ID");
		expect(description).toContain('invalidInput');
		expect(description).not.toContain('web-1');
	});

	test('a line for each: what happened, what to do, and the reason', () => {
		expect(stop([failed(2), refused('x')]).description).toBe(
			"No 2. Unlock the server. [locked]<br /><br />'x' is not a server ID. Fill it in. [invalidInput]",
		);
	});

	test('signs that n8n would read as HTML are shown as they are', () => {
		const { message, description } = stop([
			failed(1, { message: "'<b>&lt;' did not start", hint: 'Look at <img> & co' }),
		]);
		expect(message).toBe("1 server did not start, 0 did: '<b>&lt;' did not start");
		expect(description).toBe("'&lt;b>&amp;lt;' did not start. Look at &lt;img> &amp; co. [locked]");
	});

	test.each([
		'the cloud did not answer: connect ECONNREFUSED 10.0.0.1:443',
		'the cloud did not answer (ECONNRESET)',
		'the cloud did not answer: getaddrinfo ENOTFOUND ecs.example.com',
		'the cloud did not answer in time (ETIMEDOUT)',
		"'eacces-1' is locked",
	])('n8n puts no text of its own in place of the message: %s', (text) => {
		const { message, description } = stop([failed(1, { message: text })]);
		expect(message).toBe(`1 server did not start, 0 did: ${text}`);
		expect(description).toBe(`${text}. Unlock the server. [locked]`);
	});

	test('twenty are listed', () => {
		const { description } = stop(Array.from({ length: 20 }, (_, index) => failed(index)));
		expect(description).toContain('No 19');
		expect(description).not.toMatch(/more/);
	});

	test('of more, the first twenty are, then a count', () => {
		const { message, description } = stop(Array.from({ length: 150 }, (_, index) => failed(index)));
		expect(message).toBe('150 servers did not start, 0 did');
		expect(description?.match(/No \d+/g)).toHaveLength(20);
		expect(description).toContain('No 19');
		expect(description).not.toMatch(/No 20\b/);
		expect(description).toContain('130 more');
	});

	test('the same server twice counts once', () => {
		const { message, description } = stop([failed(1), failed(1), started(2), started(2)]);
		expect(message).toBe('1 server did not start, 1 did: No 1');
		expect(description?.match(/No 1/g)).toHaveLength(1);
	});

	test('the same server twice counts once, too, where nothing could be sent for any', () => {
		const { message } = stop([refused(idOf(1), 'No project'), refused(idOf(1), 'No project')]);
		expect(message).toBe('1 server did not start, 0 did: No project');
	});

	test('two items without a server are two', () => {
		expect(stop([refused(''), refused('')]).message).toBe('2 servers did not start, 0 did');
	});
});
