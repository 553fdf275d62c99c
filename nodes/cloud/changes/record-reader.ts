import { readServer } from '../servers/inventory';
import { readUntil } from '../session/read-until';
import { judgeUnread, type Row, type Unread } from '../session/reader';
import type { Session } from '../session/session';
import { within } from '../session/within';
import { type ActionRecord, readRecords, type Records } from './records';

/** What the cloud tells of what was done to a server. */
export type Told =
	| { kind: 'told'; records: ActionRecord[] }
	/** It keeps no such list, or does not show it. */
	| { kind: 'untold' }
	/** The server was deleted since it was listed. */
	| { kind: 'gone' }
	| Unread;

/** Reads what was done to a server; `deadline`: when that has no more use, in milliseconds on the clock. */
export async function readDone(session: Session, { server }: Row, deadline: number): Promise<Told> {
	const api = session.apis.of('read');
	const request = api.evidence({ serverId: server.id });
	if (!request) return { kind: 'untold' };
	const answer = await readUntil(session, request, deadline);
	if (answer.kind === 'answered' && answer.status === 200) {
		const records = readRecords(answer.body);
		return records ? { kind: 'told', records } : { kind: 'untold' };
	}
	const unread = judgeUnread(answer, api);
	if (answer.kind !== 'answered' || unread.reason === 'unauthorized') return unread;
	if (answer.status === 403) return { kind: 'untold' };
	if (answer.status !== 404) return unread;
	if (unread.reason !== 'notFound') return { kind: 'untold' };
	// Nova says the same of a server that is gone, and of none else.
	const row = await readServer(session, server.id);
	return row.kind === 'unread' && row.reason === 'notFound' ? { kind: 'gone' } : { kind: 'untold' };
}

/** What was read of the lists of many servers before the time was up. */
export interface Done {
	records: Map<string, Records>;
	/** The cloud does not tell. */
	untold: boolean;
	/** Why one of them could not be read. */
	unread?: Unread;
}

/** Reads what was done to each of the servers, as far as that is possible until `deadline`. */
export async function readAllDone(session: Session, rows: Row[], deadline: number): Promise<Done> {
	const { clock, signal } = session;
	const done: Done = { records: new Map(), untold: false };
	let ended = false;
	const work = rows.map(async (row) => {
		const told = await readDone(session, row, deadline);
		if (ended) return;
		if (told.kind === 'unread') done.unread ??= told;
		else if (told.kind !== 'gone') {
			done.records.set(row.server.id, told.kind === 'told' ? told.records : told.kind);
			done.untold ||= told.kind === 'untold';
		}
	});
	await within(clock, deadline - clock.now(), Promise.all(work), signal);
	ended = true;
	return done;
}
