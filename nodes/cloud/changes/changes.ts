import { parseCloudTime } from '../api/cloud-time';
import { condition, isGone } from '../api/server';
import type { Row } from '../session/reader';
import type { ServerEvent } from './event';
import { forgetOthers, forgetPassed } from './forget';
import { type Entry, isKnownGone, type Kind, type Known } from './known';
import { isNew, isUnchanged, wasWatched } from './news';
import { createdOf, lastingKind, OVERLAP_MS, type Shown, updatedOf } from './shown';
import { stopToReport } from './stop';
import { toLookAt } from './to-read';
import { fits, type Watch } from './watch';

/**
 * What has happened since, and what is known now. Pure, and works from any older `known` of its own: then it
 * gives what was not known at that time, and nothing that was.
 */
export function changes(
	watch: Watch,
	known: Known,
	shown: Shown,
): { events: ServerEvent[]; known: Known } {
	const { rows, complete, gone, records, readAt } = shown;
	const servers = new Map(known.servers);
	const fitting = known.fitting && new Set(known.fitting);
	const events: ServerEvent[] = [];
	const unfinished = new Set(
		toLookAt(watch, known, shown)
			.map(({ server }) => server.id)
			.filter((id) => !records.has(id)),
	);
	for (const row of rows) {
		const { id } = row.server;
		if (unfinished.has(id)) continue;
		if (isGone(row.server)) {
			const event = deletion(watch, known, row, readAt);
			if (event) events.push(event);
			if (known.servers.has(id) || wasWatched(watch, known, row)) {
				const kind = row.server.status === 'DELETED' ? 'deleted' : 'binned';
				servers.set(id, { kind, at: updatedOf(row, readAt) });
			}
			fitting?.delete(id);
		} else if (fits(watch, row)) {
			fitting?.add(id);
			const { event, kind, at } = arrival(watch, known, row, shown);
			if (event) events.push(event);
			if (kind) servers.set(id, { kind, at });
			else servers.delete(id);
		} else {
			servers.delete(id);
			fitting?.delete(id);
		}
	}
	for (const id of gone) {
		servers.set(id, { kind: 'deleted', at: readAt });
		fitting?.delete(id);
		if (!isKnownGone(known, id)) events.push({ event: 'deleted', serverId: id, at: readAt });
	}
	const isFinished = unfinished.size === 0;
	const since = isFinished ? readAt : known.since;
	if (complete) forgetOthers(servers, fitting, shown);
	forgetPassed(watch, servers, since);
	return {
		events: events
			.filter(({ event }) => watch.events.has(event))
			.sort((a, b) => a.at - b.at || (a.serverId < b.serverId ? -1 : 1)),
		known: {
			servers,
			fitting,
			stockAt: known.stockAt,
			since,
			fullAt: complete && isFinished ? readAt : known.fullAt,
		},
	};
}

/** The event of a server that is there, if there is one, and what is remembered of it. */
function arrival(
	watch: Watch,
	known: Known,
	row: Row,
	{ records, readAt }: Shown,
): { event?: ServerEvent; kind?: Kind; at: number } {
	const serverId = row.server.id;
	const entry = known.servers.get(serverId);
	const at = updatedOf(row, readAt);
	const created = createdOf(row);
	const is = condition(row.server);
	const lasting = lastingKind(row);
	const isArrived = lasting !== undefined || is === 'running' || is === 'parked';
	const fresh = isNew(known, row, entry);

	if (!isArrived) return fresh ? { kind: 'building', at: created } : keep(entry);
	const young: { kind?: Kind; at: number } =
		created >= known.since - 2 * OVERLAP_MS ? { kind: 'there', at: created } : { at };
	if (fresh && watch.events.has('appeared')) {
		return {
			event: { event: 'appeared', serverId, row, at: created },
			...(lasting ? { kind: lasting, at } : young),
		};
	}
	if (is === 'parked') return entry && entry.kind !== 'building' ? keep(entry) : young;
	if (is === 'running') {
		const wasDown = entry?.kind === 'off' || entry?.kind === 'failed';
		return { event: wasDown ? { event: 'running', serverId, row, at } : undefined, ...young };
	}
	// What did not change fits only now, or was seen when stock was taken: no news of its power.
	if (!entry && isUnchanged(watch, known, row, readAt)) return { kind: lasting, at };
	if (is === 'broken') {
		const event: ServerEvent = { event: 'failed', serverId, row, at };
		return { event: entry?.kind === 'failed' ? undefined : event, kind: lasting, at };
	}
	// Where it is to be looked at, it has been by now: else it is known, or stops do not count.
	const done = records.get(serverId);
	const stopped = done && stopToReport(watch, entry, done, at);
	return {
		event: stopped && { event: 'stopped', serverId, row, ...stopped },
		kind: lasting,
		at,
	};
}

function keep(entry: Entry | undefined): { kind?: Kind; at: number } {
	return entry ?? { at: 0 };
}

function deletion(watch: Watch, known: Known, row: Row, readAt: number): ServerEvent | undefined {
	const { id } = row.server;
	if (isKnownGone(known, id)) return undefined;
	const at = parseCloudTime(row.json['OS-SRV-USG:terminated_at']) ?? updatedOf(row, readAt);
	return at >= known.stockAt && wasWatched(watch, known, row)
		? { event: 'deleted', serverId: id, row, at }
		: undefined;
}
