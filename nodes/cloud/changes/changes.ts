import { parseCloudTime } from '../api/cloud-time';
import { condition, type Condition, isGone } from '../api/server';
import type { Row } from '../session/reader';
import type { Entry, Kind, Known } from './known';
import { type ActionRecord, lastStop, type Records, tally } from './records';
import { type EventName, fits, needsFitting, type Watch } from './watch';

/** Two reads overlap by this much, in milliseconds: the clocks of a cloud's parts differ. */
export const OVERLAP_MS = 120_000;

/** What a poll has read of the cloud. */
export interface Shown {
	/** Servers that changed, deleted ones among them, or all; each once. */
	rows: Row[];
	/** All that are watched and are there are among the rows. */
	complete: boolean;
	/** Servers that are known to be gone by a 404 alone. */
	gone: readonly string[];
	/** What was done to those that `toLookAt` names, as far as there was time to read it. */
	records: ReadonlyMap<string, Records>;
	/** When the read began, in milliseconds since 1970 by the cloud's clock. */
	readAt: number;
}

/** That something happened to a server. */
export interface ServerEvent {
	event: EventName;
	serverId: string;
	/** Undefined where the cloud no longer shows the server. */
	row?: Row;
	/** When it happened, in milliseconds since 1970 by the cloud's clock. */
	at: number;
	stop?: Stop;
}

/** How a server came to be off. */
export interface Stop {
	cause: 'notRequested' | 'requested' | 'unknown';
	requestedBy: string | null;
	requestId: string | null;
	stopsInLastHour: number | null;
	lastReport: boolean;
}

/** What was there before the first poll is no news. */
export function takeStock(watch: Watch, { rows, readAt }: Shown): Known {
	const servers = new Map<string, Entry>();
	const fitting = rows.filter((row) => fits(watch, row) && !isGone(row.server));
	for (const row of fitting) {
		const kind = STAYS[condition(row.server)];
		if (kind) servers.set(row.server.id, { kind, at: updatedOf(row, readAt) });
		else if (createdOf(row) >= readAt - 2 * OVERLAP_MS) {
			servers.set(row.server.id, { kind: 'there', at: createdOf(row) });
		}
	}
	const ids = new Set(fitting.map(({ server }) => server.id));
	return {
		servers,
		fitting: needsFitting(watch) ? ids : undefined,
		stockAt: readAt,
		since: readAt,
		fullAt: readAt,
	};
}

/** What is remembered of a server in a condition that lasts. */
const STAYS: Partial<Record<Condition, Kind>> = { stopped: 'off', broken: 'failed' };

/**
 * The servers whose list of actions tells more than the servers themselves: those that are off, but for those
 * that were seen in this very state before. Those come first of which it is not known that they are off.
 */
export function toLookAt(watch: Watch, known: Known, { rows, readAt }: Shown): Row[] {
	if (!watch.events.has('stopped')) return [];
	const off = rows.filter((row) => fits(watch, row) && condition(row.server) === 'stopped');
	const news = off.filter((row) => {
		const entry = known.servers.get(row.server.id);
		if (entry?.kind === 'off') return entry.at !== updatedOf(row, readAt);
		if (!entry && isUnchanged(watch, known, row, readAt)) return false;
		return !(isNew(known, row, entry) && watch.events.has('appeared'));
	});
	const isKnownOff = (row: Row) => known.servers.get(row.server.id)?.kind === 'off';
	return [...news.filter((row) => !isKnownOff(row)), ...news.filter(isKnownOff)];
}

/** The IDs that must be among the rows of a complete read; one that is not may be gone. */
export function missing(watch: Watch, known: Known, { rows }: Shown): string[] {
	const { choice, events } = watch;
	if (!events.has('deleted')) return [];
	const expected = choice.kind === 'chosen' ? choice.ids : (known.fitting ?? []);
	const shown = new Set(rows.map(({ server }) => server.id));
	return [...expected].filter((id) => {
		const kind = known.servers.get(id)?.kind;
		return !shown.has(id) && kind !== 'deleted' && kind !== 'binned';
	});
}

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
		const entry = known.servers.get(id);
		if (isGone(row.server)) {
			const event = deletion(watch, known, row, readAt);
			if (event) events.push(event);
			if (entry || isWatched(watch, known, row)) {
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
		if (known.servers.get(id)?.kind !== 'deleted')
			events.push({ event: 'deleted', serverId: id, at: readAt });
	}
	const next = {
		stockAt: known.stockAt,
		since: unfinished.size > 0 ? known.since : readAt,
		fullAt: complete && unfinished.size === 0 ? readAt : known.fullAt,
	};
	if (complete) forgetOthers(servers, fitting, shown);
	forgetPassed(watch, servers, next.since);
	return {
		events: events
			.filter(({ event }) => watch.events.has(event))
			.sort((a, b) => a.at - b.at || (a.serverId < b.serverId ? -1 : 1)),
		known: { servers, fitting, ...next },
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
	const stays = STAYS[is];
	const isArrived = stays !== undefined || is === 'running' || is === 'parked';
	const fresh = isNew(known, row, entry);

	if (!isArrived) return fresh ? { kind: 'building', at: created } : { ...keep(entry) };
	const young: { kind?: Kind; at: number } =
		created >= known.since - 2 * OVERLAP_MS ? { kind: 'there', at: created } : { at };
	if (fresh && watch.events.has('appeared')) {
		return {
			event: { event: 'appeared', serverId, row, at: created },
			...(stays ? { kind: stays, at } : young),
		};
	}
	if (is === 'parked') return entry && entry.kind !== 'building' ? { ...keep(entry) } : young;
	if (is === 'running') {
		const wasDown = entry?.kind === 'off' || entry?.kind === 'failed';
		return { event: wasDown ? { event: 'running', serverId, row, at } : undefined, ...young };
	}
	// What did not change fits only now, or was seen when stock was taken: no news of its power.
	if (!entry && isUnchanged(watch, known, row, readAt)) return { kind: stays, at };
	if (is === 'broken') {
		const event: ServerEvent = { event: 'failed', serverId, row, at };
		return { event: entry?.kind === 'failed' ? undefined : event, kind: 'failed', at };
	}
	return { event: stopped(watch, row, entry, records.get(serverId), at), kind: 'off', at };
}

function keep(entry: Entry | undefined): { kind?: Kind; at: number } {
	return entry ?? { at: 0 };
}

/** The event of a server that is off, where it is to be reported; `at` is when it changed last. */
function stopped(
	watch: Watch,
	row: Row,
	entry: Entry | undefined,
	records: Records | undefined,
	at: number,
): ServerEvent | undefined {
	if (records === undefined) return undefined;
	const wasOff = entry?.kind === 'off';
	const event = { event: 'stopped' as const, serverId: row.server.id, row };
	if (records === 'untold') {
		if (wasOff || watch.stopCause === 'requested') return undefined;
		return { ...event, at, stop: UNTOLD };
	}
	const last = lastStop(records);
	const stop = last && wasOff && last.at <= entry.at ? undefined : last;
	if (wasOff && !stop) return undefined;
	const began = stop?.at ?? at;
	const { report, ...counted } = tally(records, began, watch.maxStopsPerHour);
	const told = { ...causeOf(stop), ...counted };
	if (!report || (watch.stopCause !== 'all' && watch.stopCause !== told.cause)) return undefined;
	return { ...event, at: began, stop: told };
}

/** Whoever asked the cloud for a stop is on record with it; no record is no proof that somebody asked. */
export function causeOf(
	stop: ActionRecord | undefined,
): Omit<Stop, 'stopsInLastHour' | 'lastReport'> {
	const { userId: requestedBy = null, requestId = null } = stop ?? {};
	return { cause: requestedBy ? 'requested' : 'notRequested', requestedBy, requestId };
}

/** Of a stop of which the cloud does not tell. */
export const UNTOLD: Stop = {
	cause: 'unknown',
	requestedBy: null,
	requestId: null,
	stopsInLastHour: null,
	lastReport: false,
};

function deletion(watch: Watch, known: Known, row: Row, readAt: number): ServerEvent | undefined {
	const { id } = row.server;
	const kind = known.servers.get(id)?.kind;
	if (kind === 'deleted' || kind === 'binned') return undefined;
	const at = parseCloudTime(row.json['OS-SRV-USG:terminated_at']) ?? updatedOf(row, readAt);
	return at >= known.stockAt && isWatched(watch, known, row)
		? { event: 'deleted', serverId: id, row, at }
		: undefined;
}

/** Whether a server that is gone was one of those that are watched. */
function isWatched(watch: Watch, { fitting }: Known, row: Row): boolean {
	return fitting ? fitting.has(row.server.id) : fits(watch, row);
}

/** Made since, and not seen at its destination yet. */
function isNew(known: Known, row: Row, entry: Entry | undefined): boolean {
	return entry ? entry.kind === 'building' : createdOf(row) >= known.since - OVERLAP_MS;
}

/**
 * It was as it is now when all servers were read last, and was none of those watched then: a tag that is put
 * on a server leaves no trace in when it changed. Of any other choice, what is not known has not been so.
 */
function isUnchanged({ choice }: Watch, known: Known, row: Row, readAt: number): boolean {
	return choice.kind === 'matching' && updatedOf(row, readAt) < known.fullAt - OVERLAP_MS;
}

/** Of what is not there any more, only that it was deleted is worth remembering. */
function forgetOthers(
	servers: Map<string, Entry>,
	fitting: Set<string> | undefined,
	{ rows }: Shown,
): void {
	const shown = new Set(rows.map(({ server }) => server.id));
	for (const [id, { kind }] of servers) {
		if (!shown.has(id) && kind !== 'deleted' && kind !== 'binned') servers.delete(id);
	}
	for (const id of fitting ?? []) if (!shown.has(id)) fitting?.delete(id);
}

/** What no later read can show again need not be remembered; a chosen one that is gone stays so. */
function forgetPassed({ choice }: Watch, servers: Map<string, Entry>, since: number): void {
	for (const [id, { kind, at }] of servers) {
		const mayPass = kind === 'there' || (kind === 'deleted' && choice.kind !== 'chosen');
		if (mayPass && at < since - 2 * OVERLAP_MS) servers.delete(id);
	}
}

/** When the cloud changed it last, in whole seconds; one that does not say so has changed just now. */
export function updatedOf({ json }: Row, now: number): number {
	const at = parseCloudTime(json.updated) ?? now;
	return Math.floor(at / 1000) * 1000;
}

function createdOf({ json }: Row): number {
	return parseCloudTime(json.created) ?? 0;
}
