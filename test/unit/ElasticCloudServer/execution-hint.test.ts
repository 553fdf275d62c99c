import type { Outcome } from '../../../nodes/cloud/power/actions/action';
import type { Fate } from '../../../nodes/cloud/power/perform';
import { hintAt } from '../../../nodes/ElasticCloudServer/execution-hint';
import type { ItemResult } from '../../../nodes/ElasticCloudServer/items';
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

function hintsFor(results: ItemResult[]) {
	const context = contextWith({});
	hintAt(context, results);
	return context.hints;
}

test('says how many servers were already running', () => {
	expect(hintsFor(of('started', 'alreadyRunning', 'failed', 'alreadyRunning', 'refused'))).toEqual([
		{ message: '2 of 4 servers were already running', location: 'outputPane' },
	]);
});

test('says how many servers were already stopped', () => {
	expect(hintsFor(of('alreadyStopped', 'alreadyStopped', 'stopped'))).toEqual([
		{ message: '2 of 3 servers were already stopped', location: 'outputPane' },
	]);
});

test.each([
	['one of one', of('alreadyRunning'), '1 of 1 server was already running'],
	['one of three', of('started', 'alreadyRunning', 'failed'), '1 of 3 servers was already running'],
	['two of two', of('alreadyStopped', 'alreadyStopped'), '2 of 2 servers were already stopped'],
])('counts %s', (_, results, message) => {
	expect(hintsFor(results)).toEqual([{ message, location: 'outputPane' }]);
});

test('counts servers, not items: several items may mean the same', () => {
	const items = [1, 2, 3].flatMap(() => of('alreadyRunning', 'started'));
	expect(hintsFor(items)).toMatchObject([{ message: '1 of 2 servers was already running' }]);
});

test.each([
	['nothing was asked', of()],
	['all were started', of('started', 'started')],
	['all were restarted', of('restarted', 'accepted')],
	['all failed', of('failed', 'refused')],
])('says nothing where %s', (_, results) => {
	expect(hintsFor(results)).toEqual([]);
});

test('an n8n without hints goes without', () => {
	const context = { ...contextWith({}), addExecutionHints: undefined };
	expect(() => hintAt(context as never, of('alreadyRunning'))).not.toThrow();
});
