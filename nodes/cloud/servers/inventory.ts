import { type Filters, matches, toQuery } from './filters';
import { inTime, readPatiently } from './patience';
import { type ListPart, pages, type ReadPage } from '../session/pages';
import { formatCloudTime } from '../api/cloud-time';
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
	spentMs = 0,
): Promise<Found | Unread> {
	return await find(session, {
		query: toQuery(filters),
		limit,
		spentMs,
		fits: (row) => matches(row, filters),
		needsTags: Boolean(filters.tags?.length),
	});
}

/**
 * All servers that changed since `since` (milliseconds since 1970, whole seconds), deleted ones among them, as
 * far as the cloud tells. The filters are left to the cloud alone; `tags` are those that must show.
 */
export async function findChanged(
	session: Session,
	filters: Filters,
	since: number,
	tags: string[] | undefined,
	spentMs: number,
): Promise<Found | Unread> {
	return await find(session, {
		query: { 'changes-since': formatCloudTime(since), ...toQuery(filters) },
		limit: Infinity,
		spentMs,
		fits: () => true,
		needsTags: Boolean(tags?.length),
	});
}

interface Search {
	query: Record<string, string>;
	limit: number;
	/** What has gone by of Wait Timeout already, in milliseconds. */
	spentMs: number;
	fits: (row: Row) => boolean;
	needsTags: boolean;
}

async function find(
	session: Session,
	{ query, limit, spentMs, fits, needsTags }: Search,
): Promise<Found | Unread> {
	return await inTime(session, spentMs, async (turnOf, tookMs) => {
		let rows: Row[] = [];
		for await (const part of pages(pageReader(session, query, turnOf), limit)) {
			if (part.kind === 'unread') return part;
			if (part.repeats) return NO_END;
			if (needsTags && showsNoTags(part)) return NO_TAGS;
			const fitting = part.rows.filter(fits);
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

/** The order in which a person finds a server, over all pages. Nova has it (tried on Nova 26), ECS v1 does not. */
const BY_NAME = { sort_key: 'display_name', sort_dir: 'asc' };

/** Hex digits with a number among them: what people copy of an ID, and hardly ever a word. */
const PART_OF_ID = /^(?=.*\d)[0-9a-f-]{4,36}$/i;

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
	// No cloud searches names and IDs at once: what may be a part of an ID is looked for here.
	const partOfId = PART_OF_ID.test(wanted) ? wanted.toLowerCase() : undefined;
	const query = { ...BY_NAME, ...(partOfId ? {} : toQuery(filters)) };
	const fits = (row: Row) =>
		matches(row, filters) || Boolean(partOfId && row.server.id.includes(partOfId));
	return await inTime(session, 0, async (turnOf) => {
		for await (const part of pages(pageReader(session, query, turnOf), EDITOR_PAGE, after)) {
			if (part.kind === 'unread') return part;
			// A cloud that knows no markers gives the first page for ever.
			if (part.repeats) break;
			const rows = part.rows.filter(fits);
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

function pageReader(
	session: Session,
	query: Record<string, string>,
	turnOf: () => ReadTurn,
): ReadPage {
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
