import type { Row } from '../../../../nodes/cloud/session/reader';
import { changes } from '../../../../nodes/cloud/changes/changes';
import type { Known } from '../../../../nodes/cloud/changes/known';
import type { ActionRecord, Records } from '../../../../nodes/cloud/changes/records';
import type { Shown } from '../../../../nodes/cloud/changes/shown';
import { takeStock } from '../../../../nodes/cloud/changes/stock';
import type { Watch } from '../../../../nodes/cloud/changes/watch';
import { toServer } from '../../../../nodes/cloud/api/server';
import { server } from '../../servers';

/** Noon of a day, by the cloud's clock. */
export const NOON = Date.parse('2026-11-28T12:00:00Z');

/** So many minutes after noon. */
export const at = (minutes: number) => NOON + minutes * 60_000;

export const time = (minutes: number) => `${new Date(at(minutes)).toISOString().slice(0, 19)}Z`;

/** A server as the cloud shows it; it was made long ago, and changed at that minute. */
export function row(index: number, status: string, minutes = -600, more: object = {}): Row {
	const json = server(index, { status, created: time(-10_000), updated: time(minutes), ...more });
	const read = toServer(json);
	if (!read) throw new Error('Not a server');
	return { kind: 'row', server: read, json };
}

export const WATCH: Watch = {
	events: new Set(['appeared', 'deleted', 'failed', 'running', 'stopped']),
	stopCause: 'all',
	choice: { kind: 'all' },
	maxStopsPerHour: 0,
};

/** An action at that minute, by a user or by nobody. */
export const did = (action: string, minutes: number, userId: string | null = 'user') =>
	({ action, at: at(minutes), requestId: `req-${action}-${minutes}`, userId }) as ActionRecord;

export const byItself = (minutes: number) => did('stop', minutes, null);

/** What a poll at that minute reads; what was done to the servers, newest first, by the index of each. */
export function shown(
	minutes: number,
	rows: Row[],
	done: Record<number, Records> = {},
	more: Partial<Shown> = {},
): Shown {
	const records = new Map(
		Object.entries(done).map(([index, list]) => [row(Number(index), '').server.id, list]),
	);
	return { rows, complete: false, gone: [], records, readAt: at(minutes), ...more };
}

/** What is known after stock was taken at noon. */
export const stock = (rows: Row[], watch = WATCH) => takeStock(watch, shown(0, rows));

/** What is told of a poll, in words: the event and the server, with the cause of a stop. */
export const told = (known: Known, seen: Shown, watch = WATCH) =>
	changes(watch, known, seen).events.map(({ event, row: of, serverId, stop }) =>
		[event, of?.server.name ?? serverId, stop?.cause].filter(Boolean).join(' '),
	);

export const after = (known: Known, seen: Shown, watch = WATCH) =>
	changes(watch, known, seen).known;
