/** The event to try a workflow with: a server's present state. */
import { changedLast, stateOf } from '../../../../nodes/cloud/changes/sample';
import { at, byItself, did, row, WATCH } from './stories';

test('it is of the server that changed last, among those whose state lasts', () => {
	const rows = [row(1, 'ACTIVE', 1), row(2, 'SHUTOFF', 3), row(3, 'BUILD', 4), row(4, 'PAUSED', 5)];

	expect(changedLast(WATCH, rows, at(9))?.server.name).toBe('web-2');
	expect(changedLast(WATCH, rows.slice(2), at(9))).toBeUndefined();
});

test.each([
	['ACTIVE', 'running'],
	['ERROR', 'failed'],
	['SHUTOFF', 'stopped'],
])('%s gives %s', (status, event) => {
	expect(stateOf(row(1, status, 3), [], at(9))).toMatchObject({ event, at: at(3) });
});

test.each([
	['by a user', [did('stop', 2)], { cause: 'requested', requestedBy: 'user' }],
	['by itself', [byItself(2)], { cause: 'notRequested', stopsInLastHour: 1 }],
	['where the cloud does not tell', 'untold' as const, { cause: 'unknown', stopsInLastHour: null }],
])('a stop %s tells its cause', (_, records, stop) => {
	expect(stateOf(row(1, 'SHUTOFF', 3), records, at(9)).stop).toMatchObject(stop);
});

test('no sample is the last report', () => {
	const many = [9, 8, 7, 6, 5, 4].map((minute) => byItself(minute));

	expect(stateOf(row(1, 'SHUTOFF', 9), many, at(10)).stop).toMatchObject({ lastReport: false });
});
