import { type Filters, matches, toQuery } from './filters';
import { inTime, readPatiently } from './patience';
import { type ListPart, pages, type ReadPage } from '../session/pages';
import { parseServerId } from '../api/requests';
import { type ReadTurn, type Row, tagsOf, type Unread } from '../session/reader';
import type { Session } from '../session/session';

export interface Found {
	kind: 'found';
	rows: Row[];
	/** How much of Wait Timeout it took, in milliseconds. */
	tookMs: number;
}

/**
 * Finds servers, newest first, `limit` at most, within Wait Timeout. Filters go to the cloud where it
 * has them, and are checked again here: clouds ignore what they do not know.
 */
export async function findServers(
	session: Session,
	filters: Filters,
	limit: number,
): Promise<Found | Unread> {
	return await inTime(session, 0, async (turnOf, tookMs) => {
		let rows: Row[] = [];
		for await (const part of pages(pageReader(session, filters, turnOf), limit)) {
			if (part.kind === 'unread') return part;
			if (part.repeats) return NO_END;
			if (filters.tags?.length && showsNoTags(part)) return NO_TAGS;
			const fitting = part.rows.filter((row) => matches(row, filters));
			rows = part.first ? fitting : rows.concat(fitting);
			if (rows.length >= limit) break;
		}
		return { kind: 'found', rows: rows.slice(0, limit), tookMs: tookMs() };
	});
}

const NO_END: Unread = {
	kind: 'unread',
	reason: 'unexpectedResponse',
	final: true,
	fault: {
		message: '',
		explanation: {
			why: 'the cloud gives the same page of the list again and again',
			hint: 'Set filters by which the servers fit into one page; the cloud cannot give the next one',
		},
	},
};

/** As many as people read in a list before they search. */
const EDITOR_PAGE = 100;

/** Some of what was found, and the marker to go on from, if there is more. */
export interface FoundPage {
	rows: Row[];
	marker?: string;
	kind: 'found';
}

/** What a person looks for in a list: the next servers that fit, and the marker to go on from. */
export async function findPage(
	session: Session,
	wanted: string,
	after?: string,
): Promise<FoundPage | Unread> {
	const serverId = parseServerId(wanted);
	if (serverId) return await findById(session, serverId);
	const filters: Filters = { name: wanted };
	return await inTime(session, 0, async (turnOf) => {
		for await (const part of pages(pageReader(session, filters, turnOf), EDITOR_PAGE, after)) {
			if (part.kind === 'unread') return part;
			// A cloud that knows no markers gives the first page for ever.
			if (part.repeats) break;
			const rows = part.rows.filter((row) => matches(row, filters));
			if (rows.length > 0) return { kind: 'found', rows, marker: part.marker };
		}
		return { kind: 'found', rows: [] };
	});
}

async function findById(session: Session, serverId: string): Promise<FoundPage | Unread> {
	const row = await readServer(session, serverId);
	if (row.kind === 'row') return { kind: 'found', rows: [row] };
	return row.reason === 'notFound' ? { kind: 'found', rows: [] } : row;
}

/**
 * Reads one server, again where the cloud is in passing trouble, within Wait Timeout. `spentMs`: what
 * has gone by of that already, in milliseconds.
 */
export async function readServer(
	session: Session,
	serverId: string,
	spentMs = 0,
): Promise<Row | Unread> {
	return await inTime(session, spentMs, async (turnOf) =>
		readPatiently(session, async () => session.reader.one(serverId, turnOf())),
	);
}

function pageReader(session: Session, filters: Filters, turnOf: () => ReadTurn): ReadPage {
	const query = toQuery(filters);
	return async (limit, marker) =>
		await readPatiently(session, async () => session.reader.page(query, limit, marker, turnOf()));
}

/** What a cloud does that knows no microversions, or was asked by the path of v2. */
function showsNoTags({ rows }: ListPart): boolean {
	return rows.length > 0 && rows.every(({ json }) => !tagsOf(json));
}

const NO_TAGS: Unread = {
	kind: 'unread',
	reason: 'invalidInput',
	final: true,
	fault: {
		message: '',
		explanation: {
			why: 'the cloud does not show tags here, so that they cannot be a filter',
			hint: 'Filter by name or status instead. Tags show with API Version Automatic, or Nova 2.1 in clouds that know microversion 2.26',
		},
	},
};
