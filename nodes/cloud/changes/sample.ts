import { condition, type Condition } from '../api/server';
import type { Row } from '../session/reader';
import type { ServerEvent } from './event';
import { lastStop, type Records, tally } from './records';
import { updatedOf } from './shown';
import { causeOf, UNTOLD } from './stop';
import { type EventName, fits, type Watch } from './watch';

/** The event that a server's present state would be. */
const EVENT_OF: Partial<Record<Condition, EventName>> = {
	running: 'running',
	stopped: 'stopped',
	broken: 'failed',
};

/** Of the servers that are watched and have a state that lasts, the one that changed last. */
export function changedLast(watch: Watch, rows: Row[], now: number): Row | undefined {
	const fitting = rows.filter(
		(row) => fits(watch, row) && EVENT_OF[condition(row.server)] !== undefined,
	);
	fitting.sort((a, b) => updatedOf(b, now) - updatedOf(a, now));
	return fitting[0];
}

/** The event of a server that `changedLast` gives, as if it had just come into its state. */
export function stateOf(row: Row, records: Records, now: number): ServerEvent {
	const serverId = row.server.id;
	const event = EVENT_OF[condition(row.server)] ?? 'running';
	const changed = updatedOf(row, now);
	if (event !== 'stopped') return { event, serverId, row, at: changed };
	if (records === 'untold') return { event, serverId, row, at: changed, stop: UNTOLD };
	const stop = lastStop(records);
	const at = stop?.at ?? changed;
	const { stopsInLastHour } = tally(records, at, 0);
	return {
		event,
		serverId,
		row,
		at,
		stop: { ...causeOf(stop), stopsInLastHour, lastReport: false },
	};
}
