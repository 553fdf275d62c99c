/** What has happened to servers between two looks at them. */
import { changes } from '../../../../nodes/cloud/changes/changes';
import { missing, toLookAt } from '../../../../nodes/cloud/changes/to-read';
import type { Watch } from '../../../../nodes/cloud/changes/watch';
import { idOf } from '../../servers';
import { after, at, byItself, did, row, shown, stock, time, told, WATCH } from './stories';

const watching = (changed: Partial<Watch>): Watch => ({ ...WATCH, ...changed });

describe('the first look', () => {
	test('what is off, failed or new by then is no news later', () => {
		const rows = [
			row(1, 'SHUTOFF'),
			row(2, 'ERROR'),
			row(3, 'ACTIVE', -1, { created: time(-1) }),
			row(4, 'ACTIVE'),
		];
		const known = stock(rows);

		expect(told(known, shown(1, rows, { 1: [byItself(-600)] }))).toEqual([]);
	});

	test('what was deleted before it is no news, though the first window shows it', () => {
		const gone = row(1, 'DELETED', -1, { 'OS-SRV-USG:terminated_at': time(-1) });

		expect(told(stock([]), shown(1, [gone]))).toEqual([]);
	});
});

describe('a server that goes off', () => {
	const known = stock([row(1, 'ACTIVE')]);
	const off = row(1, 'SHUTOFF', 1);

	test.each([
		['by a user', [did('stop', 1), did('create', -9_000)], 'stopped web-1 requested'],
		['by itself', [byItself(1), did('create', -9_000)], 'stopped web-1 notRequested'],
		[
			'where the cloud records no stop, though it has one of yesterday',
			[did('start', -500), did('stop', -1_000)],
			'stopped web-1 notRequested',
		],
		['where the cloud does not tell', 'untold' as const, 'stopped web-1 unknown'],
	])('%s', (_, records, event) => {
		expect(told(known, shown(2, [off], { 1: records }))).toEqual([event]);
	});

	test('tells when it stopped: when the action began, or else when the server changed', () => {
		const [recorded] = changes(WATCH, known, shown(2, [off], { 1: [byItself(0.5)] })).events;
		const [unrecorded] = changes(WATCH, known, shown(2, [off], { 1: [] })).events;

		expect(recorded.at).toBe(at(0.5));
		expect(unrecorded.at).toBe(at(1));
		expect(unrecorded.stop).toMatchObject({ requestId: null, requestedBy: null });
	});

	test.each([
		['notRequested', [did('stop', 1)], []],
		['notRequested', [byItself(1)], ['stopped web-1 notRequested']],
		['notRequested', 'untold', ['stopped web-1 unknown']],
		['requested', [byItself(1)], []],
		['requested', 'untold', []],
		['all', 'untold', ['stopped web-1 unknown']],
	] as const)('with Stops to Report on %s, after %j', (stopCause, records, events) => {
		const list = records === 'untold' ? records : [...records];
		expect(told(known, shown(2, [off], { 1: list }), watching({ stopCause }))).toEqual(events);
	});

	test('is told once, however often the window shows it', () => {
		const seen = shown(2, [off], { 1: [byItself(1)] });
		const later = shown(3, [off], { 1: [byItself(1)] });

		expect(told(after(known, seen), later)).toEqual([]);
		expect(toLookAt(WATCH, after(known, seen), later)).toEqual([]);
	});

	test('and ran and went off again between two looks is told again', () => {
		const before = after(known, shown(2, [off], { 1: [byItself(1)] }));
		const again = shown(5, [row(1, 'SHUTOFF', 4)], {
			1: [byItself(4), did('start', 3), byItself(1)],
		});

		expect(told(before, again)).toEqual(['stopped web-1 notRequested']);
	});

	test('and only got another name is not told again', () => {
		const before = after(known, shown(2, [off], { 1: [byItself(1)] }));

		expect(told(before, shown(5, [row(1, 'SHUTOFF', 4)], { 1: [byItself(1)] }))).toEqual([]);
	});

	test('and whose start fails is not told again', () => {
		const before = after(known, shown(2, [off], { 1: [byItself(1)] }));
		const failed = shown(5, [row(1, 'SHUTOFF', 4)], { 1: [did('start', 3), byItself(1)] });

		expect(told(before, failed)).toEqual([]);
	});

	test('and failed, and is off without a new stop, is told as not requested', () => {
		const off = after(known, shown(2, [row(1, 'SHUTOFF', 1)], { 1: [did('stop', 1)] }));
		const failed = after(off, shown(4, [row(1, 'ERROR', 3)]));
		const again = shown(6, [row(1, 'SHUTOFF', 5)], { 1: [did('stop', 1)] });

		expect(changes(WATCH, failed, again).events).toMatchObject([
			{ event: 'stopped', at: at(5), stop: { cause: 'notRequested', requestId: null } },
		]);
	});

	test('is told once it has arrived, not on its way', () => {
		const onTheWay = row(1, 'ACTIVE', 1, { 'OS-EXT-STS:task_state': 'powering-off' });
		const between = after(known, shown(1, [onTheWay]));

		expect(told(known, shown(1, [onTheWay]))).toEqual([]);
		expect(told(between, shown(3, [row(1, 'SHUTOFF', 2)], { 1: [did('stop', 1)] }))).toEqual([
			'stopped web-1 requested',
		]);
	});

	test('and there was no time to look at comes again, with all that changed since', () => {
		const two = [off, row(2, 'SHUTOFF', 1)];
		const seen = shown(2, two, { 1: [byItself(1)] });
		const rest = after(known, seen);

		expect(told(known, seen)).toEqual(['stopped web-1 notRequested']);
		expect(rest.since).toBe(known.since);
		expect(toLookAt(WATCH, rest, shown(3, two)).map(({ server }) => server.name)).toEqual([
			'web-2',
		]);
	});
});

describe('other events', () => {
	test('failed, and not again while it stays so', () => {
		const seen = shown(2, [row(1, 'ERROR', 1)]);
		const known = stock([row(1, 'ACTIVE')]);

		expect(told(known, seen)).toEqual(['failed web-1']);
		expect(told(after(known, seen), shown(4, [row(1, 'ERROR', 3)]))).toEqual([]);
	});

	test.each(['SHUTOFF', 'ERROR'])('running, after %s', (status) => {
		expect(told(stock([row(1, status)]), shown(2, [row(1, 'ACTIVE', 1)]))).toEqual([
			'running web-1',
		]);
	});

	test.each(['PAUSED', 'SUSPENDED', 'SHELVED', 'RESCUE', 'VERIFY_RESIZE'])(
		'%s is none, and keeps what was known',
		(status) => {
			const parked = shown(2, [row(1, status, 1)]);
			const known = stock([row(1, 'SHUTOFF')]);

			expect(told(known, parked)).toEqual([]);
			expect(told(after(known, parked), shown(4, [row(1, 'ACTIVE', 3)]))).toEqual([
				'running web-1',
			]);
		},
	);

	test.each(['ACTIVE', 'SHUTOFF', 'ERROR', 'PAUSED'])('appeared, once, as %s', (status) => {
		const known = stock([]);
		const fresh = row(1, status, 2, { created: time(1) });
		const seen = shown(3, [fresh]);

		expect(told(known, seen)).toEqual(['appeared web-1']);
		expect(told(after(known, seen), shown(4, [fresh]))).toEqual([]);
	});

	test('appeared, when it has arrived, however long that takes', () => {
		const created = { created: time(1) };
		const built = after(stock([]), shown(2, [row(1, 'BUILD', 1, created)]));
		const still = after(built, shown(60, []));

		expect(told(still, shown(120, [row(1, 'ACTIVE', 119, created)]))).toEqual(['appeared web-1']);
	});

	test('where appeared is not chosen, a new one that is off has stopped', () => {
		const fresh = row(1, 'SHUTOFF', 2, { created: time(1) });
		const watch = watching({ events: new Set(['stopped', 'failed']) });

		expect(told(stock([], watch), shown(3, [fresh], { 1: [byItself(2)] }), watch)).toEqual([
			'stopped web-1 notRequested',
		]);
	});

	test.each(['DELETED', 'SOFT_DELETED'])('deleted (%s), once', (status) => {
		const known = stock([row(1, 'ACTIVE')]);
		const seen = shown(2, [row(1, status, 1)]);

		expect(told(known, seen)).toEqual(['deleted web-1']);
		expect(told(after(known, seen), shown(3, [row(1, status, 1)]))).toEqual([]);
	});

	test('one that is deleted for good days after is not told again', () => {
		const binned = after(stock([row(1, 'ACTIVE')]), shown(2, [row(1, 'SOFT_DELETED', 1)]));

		expect(told(after(binned, shown(900, [])), shown(999, [row(1, 'DELETED', 998)]))).toEqual([]);
	});

	test('one in the bin that the cloud no longer knows is not told again', () => {
		const watch = watching({ choice: { kind: 'chosen', ids: new Set([idOf(1)]) } });
		const known = stock([row(1, 'ACTIVE')], watch);
		const binned = after(known, shown(2, [row(1, 'SOFT_DELETED', 1)]), watch);
		const gone = shown(900, [], {}, { complete: true, gone: [idOf(1)] });

		expect(told(binned, gone, watch)).toEqual([]);
	});

	test('made and deleted between two looks: deleted alone', () => {
		const gone = row(1, 'DELETED', 2, { created: time(1) });

		expect(told(stock([]), shown(3, [gone]))).toEqual(['deleted web-1']);
	});

	test('one that is still being deleted is on its way', () => {
		const going = row(1, 'ACTIVE', 1, { 'OS-EXT-STS:task_state': 'deleting' });

		expect(told(stock([row(1, 'ACTIVE')]), shown(2, [going]))).toEqual([]);
	});

	test('a chosen one that the cloud no longer knows is deleted, once', () => {
		const watch = watching({ choice: { kind: 'chosen', ids: new Set([idOf(1)]) } });
		const known = stock([row(1, 'ACTIVE')], watch);
		const seen = shown(2, [], {}, { complete: true, gone: [idOf(1)] });
		const next = after(known, seen, watch);

		expect(missing(watch, known, shown(2, []))).toEqual([idOf(1)]);
		expect(told(known, seen, watch)).toEqual([`deleted ${idOf(1)}`]);
		expect(missing(watch, next, shown(9_999, []))).toEqual([]);
	});

	test('they come oldest first', () => {
		const known = stock([row(1, 'ACTIVE'), row(2, 'ACTIVE')]);
		const seen = shown(9, [row(1, 'ERROR', 8), row(2, 'ERROR', 7)]);

		expect(told(known, seen)).toEqual(['failed web-2', 'failed web-1']);
	});
});

describe('a filter by tags', () => {
	const watch = watching({ choice: { kind: 'matching', filters: { tags: ['a'] } } });
	const tagged = { tags: ['a=1'] };
	const known = stock(
		[row(1, 'ACTIVE', -600, tagged), row(2, 'ACTIVE', -600, { tags: [] })],
		watch,
	);

	test('a deleted server has lost its tags, and is told all the same', () => {
		const gone = [row(1, 'DELETED', 1, { tags: [] }), row(2, 'DELETED', 1, { tags: [] })];

		expect(told(known, shown(2, gone), watch)).toEqual(['deleted web-1']);
	});

	test('one that got the tag while it was off long since is no news', () => {
		const all = shown(400, [row(3, 'SHUTOFF', -500, tagged)], { 3: [did('stop', -500)] });

		expect(told(known, { ...all, complete: true }, watch)).toEqual([]);
	});

	test('others are none of its business', () => {
		expect(told(known, shown(2, [row(2, 'ERROR', 1, { tags: [] })]), watch)).toEqual([]);
	});
});

describe('what is known', () => {
	test('works from an older state: all that came since, and nothing that was told before', () => {
		const start = stock([row(1, 'ACTIVE'), row(2, 'ACTIVE')]);
		const first = after(start, shown(2, [row(1, 'SHUTOFF', 1)], { 1: [byItself(1)] }));
		const lost = after(first, shown(20, []));
		const seen = shown(40, [row(1, 'SHUTOFF', 1), row(2, 'ERROR', 30)], { 1: [byItself(1)] });

		expect(told(first, seen)).toEqual(['failed web-2']);
		expect(told(lost, seen)).toEqual(['failed web-2']);
	});

	test('forgets those that appeared or were deleted when no window can show them again', () => {
		const fresh = row(1, 'ACTIVE', 1, { created: time(1) });
		const known = after(stock([]), shown(2, [fresh, row(2, 'DELETED', 1)]));

		expect(known.servers.size).toBe(2);
		expect(after(known, shown(20, [])).servers.size).toBe(0);
	});

	test('a full read forgets servers that are no longer there', () => {
		const known = stock([row(1, 'SHUTOFF'), row(2, 'SHUTOFF')]);
		const all = shown(400, [row(1, 'SHUTOFF')], {}, { complete: true });

		expect([...after(known, all).servers.keys()]).toEqual([idOf(1)]);
	});
});
