import { condition } from '../api/server';
import { readPatiently } from '../servers/patience';
import type { Row } from '../session/reader';
import type { Session } from '../session/session';
import type { Failure } from '../words/failure';
import { changes, missing, type ServerEvent, type Shown, takeStock, toLookAt } from './changes';
import { changedLast, stateOf } from './sample';
import type { Known } from './known';
import {
	failed,
	type Look,
	lookAtAll,
	lookAtChanged,
	type NoLook,
	type Time,
	withMissing,
} from './look';
import { readAllDone, readDone } from './record-reader';
import type { Records } from './records';
import { fits, needsCause, type Watch } from './watch';

/** What a poll has come to. */
export interface Polled {
	kind: 'polled';
	events: ServerEvent[];
	known: Known;
	/** The time of the poll, in milliseconds since 1970 by the cloud's clock. */
	readAt: number;
	/** The cloud does not tell who stopped a server. */
	untold: boolean;
	/** Why some servers are left to the next poll. */
	trouble?: Failure;
}

/** Takes stock, and makes sure that what is watched for can be seen. */
export async function firstPoll(session: Session, watch: Watch): Promise<Polled | NoLook> {
	const time = timeOf(session);
	const look = await lookAtAll(session, watch, time);
	if (look.kind === 'failed') return look;
	const unknown = unknownIds(watch, look);
	if (unknown.length > 0) return { kind: 'failed', failure: noSuchServers(unknown) };
	const blind = needsCause(watch) ? await whyNoCause(session, watch, look, time) : undefined;
	if (blind) return blind;
	const known = takeStock(watch, { ...look, records: new Map() });
	return { kind: 'polled', events: [], known, readAt: look.readAt, untold: false };
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
): Promise<Polled | NoLook> {
	const time = timeOf(session);
	const look = await lookAtChanged(session, watch, known, time);
	if (look.kind === 'failed') return look;
	const all =
		look.complete && look.gone.length === 0
			? await lookForMissing(session, watch, known, look, time)
			: look;
	if (all.kind === 'failed') return all;

	const shown: Shown = { ...all, records: new Map() };
	const off = toLookAt(watch, known, shown);
	if (!tells) {
		const records = new Map(off.map(({ server }) => [server.id, 'untold' as const]));
		return {
			kind: 'polled',
			...changes(watch, known, { ...shown, records }),
			readAt: all.readAt,
			untold: false,
		};
	}
	const deadline = session.clock.now() + session.settings.waitTimeoutMs - time.spentMs();
	const { records, untold, unread } = await readAllDone(session, off, deadline);
	const left = unread && failed('What was done to a server', unread);
	if (left && records.size === 0) return left;
	return {
		kind: 'polled',
		...changes(watch, known, { ...shown, records }),
		readAt: all.readAt,
		untold,
		trouble: left?.failure,
	};
}

async function lookForMissing(
	session: Session,
	watch: Watch,
	known: Known,
	look: Look,
	time: Time,
): Promise<Look | NoLook> {
	const ids = missing(watch, known, { ...look, records: new Map() });
	return ids.length > 0 ? await withMissing(session, look, ids, time) : look;
}

/** The event of the server that changed last, by its present state, to try a workflow with. */
export async function samplePoll(
	session: Session,
	watch: Watch,
): Promise<{ kind: 'sample'; event: ServerEvent; readAt: number } | NoLook> {
	const time = timeOf(session);
	const look = await lookAtAll(session, watch, time);
	if (look.kind === 'failed') return look;
	const { readAt } = look;
	const row = changedLast(watch, look.rows, readAt);
	if (!row) return { kind: 'failed', failure: NO_SERVER_FITS };
	const deadline = session.clock.now() + session.settings.waitTimeoutMs - time.spentMs();
	const isOff = condition(row.server) === 'stopped';
	const { records } = isOff
		? await readAllDone(session, [row], deadline)
		: { records: new Map<string, Records>() };
	return {
		kind: 'sample',
		event: stateOf(row, records.get(row.server.id) ?? 'untold', readAt),
		readAt,
	};
}

const NO_SERVER_FITS: Failure = {
	reason: 'notFound',
	message: 'No server fits',
	hint: 'Check which servers are watched, and the project and region of the credential',
};

function unknownIds({ choice }: Watch, { rows }: Look): string[] {
	if (choice.kind !== 'chosen') return [];
	const there = new Set(rows.map(({ server }) => server.id));
	return [...choice.ids].filter((id) => !there.has(id));
}

function noSuchServers(ids: string[]): Failure {
	return {
		reason: 'notFound',
		message: `The project has no server with the ID ${ids.join(', ')}`,
		hint: "Check 'Server Names or IDs', and the project and the region of the credential",
	};
}

/** A server may be deleted between two requests; not this many one after the other. */
const MOST_CANDIDATES = 3;

/** Why the cloud would not tell who stopped a server, tried with a server that is there. */
async function whyNoCause(
	session: Session,
	watch: Watch,
	{ rows }: Look,
	time: Time,
): Promise<NoLook | undefined> {
	const fitting = rows.filter((row) => fits(watch, row));
	const candidates = fitting.length > 0 ? fitting : await anyServer(session);
	if ('kind' in candidates) return candidates;
	for (const row of candidates.slice(0, MOST_CANDIDATES)) {
		const deadline = session.clock.now() + session.settings.waitTimeoutMs - time.spentMs();
		const told = await readPatiently(session, async () => await readDone(session, row, deadline));
		if (told.kind === 'told') return undefined;
		if (told.kind === 'untold') return { kind: 'failed', failure: NO_CAUSE };
		if (told.kind === 'unread') return failed(`What was done to server ${row.server.id}`, told);
	}
	return undefined;
}

async function anyServer(session: Session): Promise<Row[] | NoLook> {
	const page = await readPatiently(
		session,
		async () => await session.reader.page({}, 1, undefined, {}),
	);
	return page.kind === 'page' ? page.rows : failed('The list of servers', page);
}

const NO_CAUSE: Failure = {
	reason: 'forbidden',
	message: 'The cloud does not tell who stopped a server',
	hint: "Allow the user to read what was done to servers (ecs:servers:get; os_compute_api:os-instance-actions:list in OpenStack), or set 'Stops to Report' to All",
};

/** The time of a poll that begins now, by the cloud's clock, or by this machine's where the cloud tells none. */
function timeOf({ clock, cloudTime }: Session): Time {
	const began = clock.now();
	const spentMs = () => clock.now() - began;
	const beganAt = () => Math.floor((cloudTime.at(began) ?? Date.now() - spentMs()) / 1000) * 1000;
	return { spentMs, beganAt };
}
