import {
	type IExecuteFunctions,
	type INode,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';

import type { Failure } from '../../../nodes/cloud/words/failure';
import type { Fate } from '../../../nodes/cloud/power/perform';
import { START } from '../../../nodes/cloud/power/actions/start';
import { stopOnFailure, toItems } from '../../../nodes/ElasticCloudServer/items';
import { type ItemResult, tally } from '../../../nodes/ElasticCloudServer/results';
import { contextWith } from '../context';

const idOf = (index: number) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;

function started(index: number, more: Partial<Fate> = {}): ItemResult {
	const serverId = idOf(index);
	return {
		kind: 'fate',
		fate: {
			serverId,
			serverName: `web-${index}`,
			result: { kind: 'done', outcome: 'started' },
			server: { id: serverId, name: `web-${index}`, status: 'ACTIVE', poweredOff: false },
			requestId: `req-${index}`,
			attempts: 1,
			seconds: 17.4,
			...more,
		},
	};
}

const FAILURE: Omit<Failure, 'message'> = {
	reason: 'locked',
	why: 'it is locked',
	hint: 'Unlock the server',
	httpStatus: 409,
	code: 'conflictingRequest',
	requestId: 'req-9',
	status: 'SHUTOFF',
};

const failed = (index: number, failure: Partial<Failure> = {}): ItemResult =>
	started(index, {
		result: {
			kind: 'failed',
			failure: {
				...FAILURE,
				message: `Server 'web-${index}' (${idOf(index)}) did not start because it is locked`,
				server: { id: idOf(index), name: `web-${index}` },
				...failure,
			},
		},
	});

const FAILURE_JSON = {
	message: `Server 'web-1' (${idOf(1)}) did not start because it is locked`,
	reason: 'locked',
	hint: 'Unlock the server',
	serverId: idOf(1),
	serverName: 'web-1',
	operation: 'start',
	attempts: 1,
	httpStatus: 409,
	code: 'conflictingRequest',
	requestId: 'req-9',
	status: 'SHUTOFF',
};

const refused = (given: string, message = `'${given}' is not a server ID`): ItemResult => ({
	kind: 'refused',
	given,
	failure: { reason: 'invalidInput', message, hint: 'Fill it in' },
});

function itemsOf(context: IExecuteFunctions, results: ItemResult[]): INodeExecutionData[] {
	stopOnFailure(context, START, tally(results));
	return toItems(START, results);
}

const goOn = (results: ItemResult[]) => itemsOf(contextWith({}, { continueOnFail: true }), results);

function stop(results: ItemResult[]): NodeOperationError {
	try {
		itemsOf(contextWith({}), results);
	} catch (error) {
		if (error instanceof NodeOperationError) return error;
	}
	throw new Error('Did not stop the workflow');
}

describe('a success', () => {
	test('has the documented keys', () => {
		expect(toItems(START, [started(1)])).toEqual([
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
			serverName: undefined,
			server: undefined,
			requestId: undefined,
		} as const;
		const [{ json }] = toItems(START, [started(1, unseen)]);
		expect(json).toEqual({
			serverId: idOf(1),
			operation: 'start',
			outcome: 'accepted',
			attempts: 1,
			seconds: 17.4,
		});
	});

	test('no items give none', () => {
		expect(toItems(START, [])).toEqual([]);
	});
});

describe('Continue', () => {
	test('a failure is exactly one key, error, so that n8n takes the error branch', () => {
		const [item] = goOn([failed(1)]);
		expect(Object.keys(item).sort()).toEqual(['json', 'pairedItem']);
		expect(item.json).toEqual({ error: FAILURE_JSON });
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
		expect(itemsOf(contextWith({}), [started(1), started(2)])).toHaveLength(2);
	});

	test('one error for all: how many did not start, how many did, and why', () => {
		const { message, description } = stop([started(1), failed(2), started(3), failed(4)]);
		expect(message).toBe('2 servers did not start, 2 did: each is locked');
		expect(description).toBe(
			`Unlock the server.<br /><br />web-2 (${idOf(2)})<br />web-4 (${idOf(4)})`,
		);
	});

	test('several causes: what became of each, and what to do', () => {
		const { message, description } = stop([started(1), failed(2), refused('x')]);
		expect(message).toBe('2 servers did not start, 1 did');
		expect(description).toBe(
			`Server 'web-2' (${idOf(2)}) did not start because it is locked. Unlock the server.<br /><br />'x' is not a server ID. Fill it in.`,
		);
	});

	test('one server: what happened to it, then what to do', () => {
		expect(stop([failed(1)])).toMatchObject({
			message: "Server 'web-1' did not start because it is locked",
			description: `Unlock the server.<br />ID: ${idOf(1)}`,
		});
	});

	test('one of several: that the others did start stands behind it', () => {
		const { message, description } = stop([started(1), refused('x'), started(2)]);
		expect(message).toBe("'x' is not a server ID");
		expect(description).toBe('Fill it in.<br /><br />2 other servers did start.');
		expect(stop([failed(1), started(2)]).description).toMatch(/1 other server did start\.$/);
	});

	test('signs that n8n would read as HTML are shown as they are', () => {
		const named = { server: { id: idOf(1), name: '<b>&lt;' }, message: "'<b>&lt;' did not start" };
		const { message, description } = stop([failed(1, { ...named, hint: 'Look at <img> & co' })]);
		expect(message).toBe("'<b>&lt;' did not start");
		expect(description).toBe(`Look at &lt;img> &amp; co.<br />ID: ${idOf(1)}`);
	});

	test.each([
		'the cloud did not answer: connect ECONNREFUSED 10.0.0.1:443',
		'the cloud did not answer (ECONNRESET)',
		'the cloud did not answer: getaddrinfo ENOTFOUND ecs.example.com',
		'the cloud did not answer in time (ETIMEDOUT)',
		"'eacces-1' is locked",
	])('n8n puts no text of its own in place of the message: %s', (why) => {
		expect(stop([failed(1, { message: why })]).message).toBe(why);
		const both = stop([failed(1, { why }), failed(2, { why })]);
		expect(both.message).toBe(`2 servers did not start, 0 did: ${why}`);
	});

	test('of more than twenty the first twenty are listed, then a count', () => {
		const { message, description } = stop(Array.from({ length: 150 }, (_, index) => failed(index)));
		expect(message).toBe('150 servers did not start, 0 did: each is locked');
		expect(description?.match(/web-\d+/g)).toHaveLength(20);
		expect(description).toMatch(/web-19 .*130 more\.$/);
	});

	test('the same server twice counts once', () => {
		const { message, description } = stop([failed(1), failed(1), started(2), started(2)]);
		expect(message).toBe("Server 'web-1' did not start because it is locked");
		expect(description).toMatch(/1 other server did start\.$/);
	});

	test('the same server twice counts once, too, where nothing could be sent for any', () => {
		const { message } = stop([refused(idOf(1), 'No project'), refused(idOf(1), 'No project')]);
		expect(message).toBe('No project');
	});

	test('two items without a server are two', () => {
		expect(stop([refused(''), refused('')]).message).toMatch(/^2 servers did not start, 0 did/);
	});
});

describe('as a tool of an agent', () => {
	const goOnAs = (onError: INode['onError']) => {
		const context = contextWith({}, { continueOnFail: true });
		const node = { ...context.getNode(), type: 'elasticCloudServerTool', onError };
		return () => itemsOf({ ...context, getNode: () => node }, [failed(1)]);
	};

	test('Continue gives the model the item', () => {
		expect(goOnAs('continueRegularOutput')()).toMatchObject([{ json: { error: FAILURE_JSON } }]);
	});

	test('an error output leads to no model, so that the failure is thrown', () => {
		expect(goOnAs('continueErrorOutput')).toThrow(
			"Server 'web-1' did not start because it is locked. Unlock the server.",
		);
	});
});
