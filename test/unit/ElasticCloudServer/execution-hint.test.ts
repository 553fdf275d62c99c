import type { Outcome } from '../../../nodes/cloud/power/actions/action';
import type { Fate } from '../../../nodes/cloud/power/perform';
import { actionHints, hintAt, readHints } from '../../../nodes/ElasticCloudServer/execution-hint';
import { type ItemResult, tally } from '../../../nodes/ElasticCloudServer/results';
import { START } from '../../../nodes/cloud/power/actions/start';
import { stop } from '../../../nodes/cloud/power/actions/stop';
import { idOf } from '../servers';
import { contextWith } from '../context';

const failure = { reason: 'locked', message: 'It is locked', hint: 'Unlock it' } as const;

const of = (...outcomes: Array<Outcome | 'failed' | 'refused'>): ItemResult[] =>
	outcomes.map((outcome, index) => {
		if (outcome === 'refused') return { kind: 'refused', given: 'x', failure };
		const result: Fate['result'] =
			outcome === 'failed' ? { kind: 'failed', failure } : { kind: 'done', outcome };
		return { kind: 'fate', fate: { serverId: idOf(index), result, attempts: 1, seconds: 1 } };
	});

const messages = (results: ItemResult[], action = START) =>
	actionHints(action, tally(results)).map(({ message }) => message);

describe('servers that did not get there', () => {
	test('are counted among all, and so are those for which there was nothing to do', () => {
		const results = of('alreadyRunning', 'failed', 'alreadyRunning', 'failed', 'refused');
		expect(actionHints(START, tally(results))).toEqual([
			{ message: '3 of 5 servers did not start', type: 'warning' },
			{ message: '2 of 5 servers were already running' },
		]);
	});

	test('are said not to have done what they were asked for', () => {
		expect(messages(of('failed', 'stopped'), stop(false))).toEqual(['1 of 2 servers did not stop']);
	});

	test('all of them', () => {
		expect(messages(of('failed', 'refused'))).toEqual(['2 of 2 servers did not start']);
	});
});

describe('one server', () => {
	test.each<[string, ItemResult[], string]>([
		['was already running', of('alreadyRunning'), 'The server was already running'],
		['was already stopped', of('alreadyStopped'), 'The server was already stopped'],
		['did not start', of('failed'), 'The server did not start'],
		['was named by no item', of('refused'), 'The server did not start'],
	])('%s', (_, results, message) => {
		expect(messages(results)).toEqual([message]);
	});

	test('that several items mean is one', () => {
		expect(messages([...of('alreadyRunning'), ...of('alreadyRunning')])).toEqual([
			'The server was already running',
		]);
	});
});

test.each<[string, ItemResult[], string]>([
	['one of two', of('started', 'alreadyRunning'), '1 of 2 servers was already running'],
	[
		'two of three',
		of('alreadyStopped', 'alreadyStopped', 'stopped'),
		'2 of 3 servers were already stopped',
	],
	['two of two', of('alreadyStopped', 'alreadyStopped'), '2 of 2 servers were already stopped'],
])('counts %s for which there was nothing to do', (_, results, message) => {
	expect(messages(results)).toEqual([message]);
});

test.each([
	['nothing was asked', of()],
	['all were started', of('started', 'started')],
	['all were restarted', of('restarted', 'accepted')],
])('says nothing where %s', (_, results) => {
	expect(messages(results)).toEqual([]);
});

test.each([
	[0, 3, []],
	[2, 3, ['Nothing could be read for 2 of 3 items']],
	[1, 1, ['Nothing could be read']],
])('reading failed for %i of %i items', (failed, all, expected) => {
	expect(readHints(failed, all).map(({ message }) => message)).toEqual(expected);
});

test('hints stand above the output', () => {
	const context = contextWith({});
	hintAt(context, [{ message: 'a' }, { message: 'b', type: 'warning' }]);
	expect(context.hints).toEqual([
		{ message: 'a', location: 'outputPane' },
		{ message: 'b', type: 'warning', location: 'outputPane' },
	]);
});

test('an n8n without hints goes without', () => {
	const context = { ...contextWith({}), addExecutionHints: undefined };
	expect(() => hintAt(context as never, [{ message: 'a' }])).not.toThrow();
});
