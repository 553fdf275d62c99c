/** What the user gets of each event. */
import type { ServerEvent } from '../../../nodes/cloud/changes/event';
import type { Stop } from '../../../nodes/cloud/changes/stop';
import { toItems } from '../../../nodes/ElasticCloudServerTrigger/items';
import { at, row, time } from '../cloud/changes/stories';
import { idOf } from '../servers';

const READ_AT = at(9);
const STOP: Stop = {
	cause: 'requested',
	requestedBy: 'user',
	requestId: 'req-1',
	stopsInLastHour: 2,
	lastReport: false,
};

const itemOf = (more: Partial<ServerEvent>, simplify = true) =>
	toItems(
		[{ event: 'running', serverId: idOf(1), row: row(1, 'ACTIVE'), at: at(1), ...more }],
		READ_AT,
		simplify,
	)[0].json;

test('an event has its time, the time of the poll, and an ID of its own', () => {
	expect(itemOf({})).toMatchObject({
		event: 'running',
		serverId: idOf(1),
		serverName: 'web-1',
		status: 'ACTIVE',
		at: time(1),
		seenAt: time(9),
		eventId: `${idOf(1)}:running:${time(1)}`,
		server: { id: idOf(1), name: 'web-1' },
	});
});

test('only a stop has a cause, and only the last one that is reported says so', () => {
	const stop = (lastReport: boolean) => itemOf({ event: 'stopped', stop: { ...STOP, lastReport } });

	expect(stop(false)).toMatchObject({
		cause: 'requested',
		requestedBy: 'user',
		stopsInLastHour: 2,
	});
	expect(stop(false)).not.toHaveProperty('lastReport');
	expect(stop(true)).toHaveProperty('lastReport', true);
	expect(itemOf({})).not.toHaveProperty('cause');
});

test('only a failed server has a fault, if the cloud tells one', () => {
	const fault = { fault: { message: 'No valid host' } };

	expect(itemOf({ event: 'failed', row: row(1, 'ERROR', 1, fault) }).fault).toBe('No valid host');
	expect(itemOf({ event: 'failed', row: row(1, 'ERROR') }).fault).toBeNull();
	expect(itemOf({})).not.toHaveProperty('fault');
});

test('a deletion has one ID, and no server where the cloud no longer shows it', () => {
	expect(itemOf({ event: 'deleted', row: undefined })).toMatchObject({
		status: 'DELETED',
		serverName: null,
		server: null,
		eventId: `${idOf(1)}:deleted`,
	});
});

test('without Simplify the server is as the cloud shows it', () => {
	expect(itemOf({}, false).server).toMatchObject({ updated: time(-600) });
	expect(itemOf({}).server).not.toHaveProperty('updated');
});
