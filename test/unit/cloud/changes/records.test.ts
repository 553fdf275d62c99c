/** What the list of actions tells of a stop. */
import { lastStop, readRecords, tally } from '../../../../nodes/cloud/changes/records';
import { at, byItself, did } from './stories';

test('the newest stop counts, unless something let the server run since', () => {
	expect(lastStop([byItself(2), did('start', 1)])?.at).toBe(at(2));
	expect(lastStop([did('lock', 3), byItself(2), did('start', 1)])?.at).toBe(at(2));
	expect(lastStop([did('start', 3), byItself(2)])).toBeUndefined();
	expect(lastStop([did('reboot', 3), byItself(2)])).toBeUndefined();
	expect(lastStop([])).toBeUndefined();
});

test('of two in the same second the order of the list decides', () => {
	expect(lastStop([byItself(1), did('start', 1)])?.userId).toBeNull();
	expect(lastStop([did('start', 1), byItself(1)])).toBeUndefined();
});

test('the list is read as Nova writes it', () => {
	const line = {
		action: 'stop',
		start_time: '2026-11-28T12:01:00.000000',
		request_id: 'req-1',
		user_id: null,
	};

	expect(readRecords({ instanceActions: [line] })).toEqual([
		{ action: 'stop', at: at(1), requestId: 'req-1', userId: null },
	]);
	expect(readRecords({ servers: [] })).toBeUndefined();
});

describe('Max Stops per Hour', () => {
	/** A server that stops at each of these minutes, and is started a minute later each time. */
	const loop = (minutes: number[]) =>
		[
			did('create', -9_000),
			...minutes.flatMap((one) => [byItself(one), did('start', one + 1)]),
		].reverse();
	const verdictAt = (minutes: number[], most: number) => {
		const last = minutes[minutes.length - 1];
		return tally(loop(minutes).slice(1), at(last), most);
	};

	test('counts the stops of the last hour, whoever asked', () => {
		expect(verdictAt([0, 50, 70], 5).stopsInLastHour).toBe(2);
	});

	test('the one that reaches it is the last to be reported', () => {
		expect(verdictAt([0, 10], 3)).toMatchObject({ report: true, lastReport: false });
		expect(verdictAt([0, 10, 20], 3)).toMatchObject({ report: true, lastReport: true });
		expect(verdictAt([0, 10, 20, 30], 3)).toMatchObject({ report: false, lastReport: false });
	});

	test('a slower loop stays silent until the server has run for an hour', () => {
		expect(verdictAt([0, 10, 20, 70], 3).report).toBe(false);
		expect(verdictAt([0, 10, 20, 70, 131], 3)).toMatchObject({ report: true, stopsInLastHour: 1 });
	});

	test('0 is no limit', () => {
		expect(verdictAt([0, 1, 2, 3, 4, 5, 6, 7], 0)).toMatchObject({
			report: true,
			lastReport: false,
		});
	});
});
