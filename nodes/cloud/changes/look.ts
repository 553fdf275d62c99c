import { findChanged, findServers, readServer } from '../servers/inventory';
import type { Row, Unread } from '../session/reader';
import type { Session } from '../session/session';
import { failed, type Failed } from './failed';
import type { Known } from './known';
import { OVERLAP_MS, type Shown } from './shown';
import type { Time } from './time';
import { filtersOf, needsFitting, onlyOne, type Watch } from './watch';

/** How long a full list is trusted, in milliseconds: some clouds may not tell all that changed. */
const FULL_EVERY_MS = 6 * 3_600_000;

/** What a full list leaves of a poll's time, in milliseconds, to read what was done to servers that are off. */
const RESERVED_MS = 10_000;

/** What was read of the servers, without what was done to them. */
export type Look = Omit<Shown, 'records'> & { kind: 'look' };

/** Reads all servers that are watched. */
export async function lookAtAll(
	session: Session,
	watch: Watch,
	time: Time,
): Promise<Look | Failed> {
	const id = onlyOne(watch);
	if (id) return await lookAtOne(session, id, time);
	const found = await findServers(session, filtersOf(watch), Infinity, time.spentMs());
	if (found.kind === 'unread') return failed('The list of servers', found);
	return { kind: 'look', rows: found.rows, complete: true, gone: [], readAt: time.beganAt() };
}

/** Reads the servers that changed, and now and then all. */
export async function lookAtChanged(
	session: Session,
	watch: Watch,
	known: Known,
	time: Time,
): Promise<Look | Failed> {
	const id = onlyOne(watch);
	if (id) return await lookAtOne(session, id, time);
	// Deleted servers have lost their tags: whoever asks for tags does not get them.
	const { tags, ...others } = filtersOf(watch);
	const filters = needsFitting(watch) ? others : { tags, ...others };
	const since = known.since - OVERLAP_MS;
	const changed = await findChanged(session, filters, since, tags, time.spentMs());
	if (changed.kind === 'unread') return failed('The list of servers', changed);
	const readAt = time.beganAt();
	const look: Look = { kind: 'look', rows: changed.rows, complete: false, gone: [], readAt };
	if (readAt - known.fullAt < FULL_EVERY_MS) return look;
	const all = await lookAtAll(session, watch, lessTime(time));
	// A safety net: without it the changes count all the same, and the next poll tries again.
	if (all.kind === 'failed') return look;
	const rows = new Map([...changed.rows, ...all.rows].map((row) => [row.server.id, row]));
	return { ...look, rows: [...rows.values()], complete: true };
}

function lessTime(time: Time): Time {
	return { ...time, spentMs: () => time.spentMs() + RESERVED_MS };
}

async function lookAtOne(session: Session, id: string, time: Time): Promise<Look | Failed> {
	const row = await readServer(session, id, time.spentMs());
	if (row.kind === 'row') {
		return { kind: 'look', rows: [row], complete: true, gone: [], readAt: time.beganAt() };
	}
	if (row.reason !== 'notFound') return failed(`Server ${id}`, row);
	return { kind: 'look', rows: [], complete: true, gone: [id], readAt: time.beganAt() };
}

/** Looks at servers that a list of all does not show: adds those that are there, and says which are gone. */
export async function withMissing(
	session: Session,
	look: Look,
	ids: string[],
	time: Time,
): Promise<Look | Failed> {
	const found = await Promise.all(
		ids.map(async (id) => await readServer(session, id, lessTime(time).spentMs())),
	);
	const unread = found.find(
		(one): one is Unread => one.kind === 'unread' && one.reason !== 'notFound',
	);
	if (unread) return failed('A server that the list of servers does not show', unread);
	return {
		...look,
		rows: [...look.rows, ...found.filter((one): one is Row => one.kind === 'row')],
		gone: ids.filter((_, index) => found[index].kind === 'unread'),
	};
}
