import { type ItemResult, tally } from '../../../nodes/ElasticCloudServer/results';
import { idOf } from '../servers';

const failure = { reason: 'locked', message: 'It is locked', hint: 'Unlock it' } as const;

const done = (index: number): ItemResult => ({
	kind: 'fate',
	fate: {
		serverId: idOf(index),
		result: { kind: 'done', outcome: 'started' },
		attempts: 1,
		seconds: 1,
	},
});
const failed = (index: number): ItemResult => ({
	kind: 'fate',
	fate: { serverId: idOf(index), result: { kind: 'failed', failure }, attempts: 1, seconds: 1 },
});
const refused = (given: string): ItemResult => ({ kind: 'refused', given, failure });

function counted(...results: ItemResult[]) {
	const tallied = tally(results);
	return {
		failed: tallied.failed.map(({ given }) => given),
		done: tallied.done.map(({ serverId }) => serverId),
		all: tallied.all,
	};
}

test('nothing is nothing', () => {
	expect(counted()).toEqual({ failed: [], done: [], all: 0 });
});

test('what failed and what did not, in the order of the items', () => {
	expect(counted(failed(3), done(2), refused('x'), done(1))).toEqual({
		failed: [idOf(3), 'x'],
		done: [idOf(2), idOf(1)],
		all: 4,
	});
});

test('several items that mean the same server count once', () => {
	expect(counted(done(1), failed(2), done(1), failed(2))).toEqual({
		failed: [idOf(2)],
		done: [idOf(1)],
		all: 2,
	});
});

test('a server that failed for one item has failed', () => {
	const one = { failed: [idOf(1)], done: [], all: 1 };
	expect(counted(refused(idOf(1).toUpperCase()), done(1))).toMatchObject({ done: [], all: 1 });
	expect(counted(done(1), refused(idOf(1)))).toEqual(one);
});

test('what is no server counts each time', () => {
	expect(counted(refused(''), refused(''), refused('web'), refused('web')).all).toBe(4);
});

test('why it failed goes with it', () => {
	expect(tally([failed(1)]).failed).toEqual([{ failure, given: idOf(1) }]);
});
