import { condition } from '../api/server';
import type { Session } from '../session/session';
import type { Failure } from '../words/failure';
import type { ServerEvent } from './event';
import type { Failed } from './failed';
import { lookAtAll } from './look';
import { readAllDone } from './record-reader';
import { changedLast, stateOf } from './sample';
import { timeOf } from './time';
import type { Watch } from './watch';

/** An event to try a workflow with. */
export interface Sample {
	kind: 'sample';
	event: ServerEvent;
	/** As of a poll. */
	readAt: number;
}

/** The event of the server that changed last, by its present state. */
export async function samplePoll(session: Session, watch: Watch): Promise<Sample | Failed> {
	const time = timeOf(session);
	const look = await lookAtAll(session, watch, time);
	if (look.kind === 'failed') return look;
	const { readAt } = look;
	const row = changedLast(watch, look.rows, readAt);
	if (!row) return { kind: 'failed', failure: NO_SERVER_FITS };
	const off = condition(row.server) === 'stopped' ? [row] : [];
	const { records } = await readAllDone(session, off, time.deadline);
	const event = stateOf(row, records.get(row.server.id) ?? 'untold', readAt);
	return { kind: 'sample', event, readAt };
}

const NO_SERVER_FITS: Failure = {
	reason: 'notFound',
	message: 'No server fits',
	hint: 'Check which servers are watched, and the project and region of the credential',
};
