import { findServers } from '../servers/inventory';
import { readPatiently } from '../servers/patience';
import type { Session } from '../session/session';
import type { Failure } from '../words/failure';
import { failed, type Failed } from './failed';
import { type Look, lookAtAll } from './look';
import type { Polled } from './next-poll';
import { readDone } from './record-reader';
import { takeStock } from './stock';
import { type Time, timeOf } from './time';
import { fits, needsCause, type Watch } from './watch';

/** Takes stock, and makes sure that what is watched for can be seen. */
export async function firstPoll(session: Session, watch: Watch): Promise<Polled | Failed> {
	const time = timeOf(session);
	const look = await lookAtAll(session, watch, time);
	if (look.kind === 'failed') return look;
	const unknown = unknownIds(watch, look);
	if (unknown.length > 0) return { kind: 'failed', failure: noSuchServers(unknown) };
	const blind = needsCause(watch) ? await whyNoCause(session, watch, look, time) : undefined;
	if (blind) return blind;
	return {
		kind: 'polled',
		events: [],
		known: takeStock(watch, look),
		readAt: look.readAt,
		untold: false,
	};
}

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
): Promise<Failed | undefined> {
	const fitting = rows.filter((row) => fits(watch, row));
	const any = fitting.length === 0;
	const found = any && (await findServers(session, {}, MOST_CANDIDATES, time.spentMs()));
	if (found && found.kind === 'unread') return failed('The list of servers', found);
	const candidates = found ? found.rows : fitting;
	for (const row of candidates.slice(0, MOST_CANDIDATES)) {
		const told = await readPatiently(session, async () => readDone(session, row, time.deadline));
		if (told.kind === 'told') return undefined;
		if (told.kind === 'untold') return { kind: 'failed', failure: NO_CAUSE };
		if (told.kind === 'unread') return failed(`What was done to server ${row.server.id}`, told);
	}
	return undefined;
}

const NO_CAUSE: Failure = {
	reason: 'forbidden',
	message: 'The cloud does not tell who stopped a server',
	hint: "Allow the user to read what was done to servers (ecs:servers:get; os_compute_api:os-instance-actions:list in OpenStack), or set 'Stops to Report' to All",
};
