import type { Row } from '../session/reader';
import type { Session } from '../session/session';
import type { Failure } from '../words/failure';
import { changes } from './changes';
import type { ServerEvent } from './event';
import { failed, type Failed } from './failed';
import type { Known } from './known';
import { type Look, lookAtChanged, withMissing } from './look';
import { type Done, readAllDone } from './record-reader';
import { type Time, timeOf } from './time';
import { missing, toLookAt } from './to-read';
import type { Watch } from './watch';

/** What a poll has come to. */
export interface Polled {
	kind: 'polled';
	events: ServerEvent[];
	known: Known;
	/** The time of the poll, in milliseconds since 1970 by the cloud's clock. */
	readAt: number;
	/** The cloud was asked who stopped a server, and does not tell. */
	untold: boolean;
	/** Why some servers are left to the next poll. */
	trouble?: Failure;
}

/**
 * Reads what changed since, within the session's Wait Timeout; what there was no time for is left to the next
 * poll. `tells`: false where the cloud has refused to tell who stopped a server, and need not be asked now.
 */
export async function nextPoll(
	session: Session,
	watch: Watch,
	known: Known,
	tells: boolean,
): Promise<Polled | Failed> {
	const time = timeOf(session);
	const changed = await lookAtChanged(session, watch, known, time);
	if (changed.kind === 'failed') return changed;
	const look = await lookForMissing(session, watch, known, changed, time);
	const off = toLookAt(watch, known, look);
	const { records, untold, unread } = tells
		? await readAllDone(session, off, time.deadline)
		: noneTold(off);
	return {
		kind: 'polled',
		...changes(watch, known, { ...look, records }),
		readAt: look.readAt,
		untold,
		trouble: unread && failed('What was done to a server', unread).failure,
	};
}

/** A complete look, with those that it lacks looked at one by one; where that fails, it is not complete. */
async function lookForMissing(
	session: Session,
	watch: Watch,
	known: Known,
	look: Look,
	time: Time,
): Promise<Look> {
	const ids = look.complete && look.gone.length === 0 ? missing(watch, known, look) : [];
	if (ids.length === 0) return look;
	const all = await withMissing(session, look, ids, time);
	return all.kind === 'failed' ? { ...look, complete: false } : all;
}

function noneTold(off: Row[]): Done {
	return { records: new Map(off.map(({ server }) => [server.id, 'untold'])), untold: false };
}
