import { type Filters, matches, toQuery } from './filters';
import { inTime, readPatiently } from './patience';
import { parseServerId, PAGE_SIZE } from './requests';
import { type Page, type ReadTurn, type Row, tagsOf, type Unread } from './server-reader';
import type { Session } from './tools';

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
		const seen = new Set<string>();
		const rows: Row[] = [];
		let query = toQuery(filters, limit);
		let marker: string | undefined;
		let more = true;
		while (more && rows.length < limit) {
			const page = await readPage(session, turnOf, query, marker);
			if (page.kind === 'unread') return page;
			if (filters.tags?.length && showsNoTags(page)) return NO_TAGS;
			const added = page.rows.filter(({ server }) => !seen.has(server.id));
			if (page.more && added.length < page.rows.length) return NO_END;
			for (const { server } of added) seen.add(server.id);
			rows.push(...added.filter((row) => matches(row, filters)));
			// Where so few fit, a small page would only be the first of many.
			query = toQuery(filters, PAGE_SIZE);
			more = page.more && added.length > 0;
			marker = page.rows.at(-1)?.server.id;
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
		const rows: Row[] = [];
		let query = toQuery(filters, EDITOR_PAGE);
		let marker = after;
		do {
			const page = await readPage(session, turnOf, query, marker);
			if (page.kind === 'unread') return page;
			// A cloud that knows no markers gives the first page for ever.
			const isRepeated = page.rows.some(({ server }) => server.id === marker);
			if (isRepeated) return { kind: 'found', rows };
			rows.push(...page.rows.filter((row) => matches(row, filters)));
			query = toQuery(filters, PAGE_SIZE);
			marker = page.more ? page.rows.at(-1)?.server.id : undefined;
		} while (marker && rows.length === 0);
		return { kind: 'found', rows, marker };
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

async function readPage(
	session: Session,
	turnOf: () => ReadTurn,
	query: Record<string, string>,
	marker?: string,
): Promise<Page | Unread> {
	return await readPatiently(session, async () => session.reader.page(query, marker, turnOf()));
}

/** What a cloud does that knows no microversions, or was asked by the path of v2. */
function showsNoTags({ rows }: Page): boolean {
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
			hint: 'Filter by name or status instead. Tags show with API Version 2.1, in clouds that know microversion 2.26 of Nova',
		},
	},
};
