import { parseServerId, PAGE_SIZE } from './requests';
import { type Page, type ReadTurn, type Row, tagsOf, type Unread } from './server-reader';
import type { Session } from './tools';

/** Which servers of a project to find; all that is given must hold. */
export interface Filters {
	/** A part of the name, taken literally, in any case of letters. */
	name?: string;
	status?: string;
	/** Each as `key=value` or `key`; a server must have all of them. */
	tags?: string[];
}

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

/** The gate waits as long as the cloud asks, so that the next try comes when it has a chance. */
async function readPatiently<T extends { kind: string }>(
	{ settings }: Session,
	read: () => Promise<T | Unread>,
): Promise<T | Unread> {
	let result = await read();
	for (let tries = 1; tries < settings.maxTries && mayPass(result); tries += 1) {
		result = await read();
	}
	return result;
}

function mayPass(result: { kind: string; reason?: string }): boolean {
	return result.kind === 'unread' && PASSING.includes(result.reason ?? '');
}

const PASSING = ['throttled', 'unavailable', 'unreachable'];

/** Holds work to Wait Timeout, from its first request on. After cancellation it never settles. */
async function inTime<T>(
	{ clock, settings, signal }: Session,
	spentMs: number,
	work: (turnOf: () => ReadTurn, tookMs: () => number) => Promise<T | Unread>,
): Promise<T | Unread> {
	const done = new AbortController();
	const end = AbortSignal.any([done.signal, signal]);
	const leftMs = settings.waitTimeoutMs - spentMs;
	let deadline: number | undefined;
	try {
		return await new Promise((settle, reject) => {
			const onSend = () => {
				if (deadline !== undefined) return;
				deadline = clock.now() + leftMs;
				void clock.sleep(leftMs, end).then(() => {
					if (!end.aborted) settle(TOO_LATE);
				});
			};
			const tookMs = () => clock.now() + leftMs - (deadline ?? Infinity);
			work(() => ({ deadline, onSend }), tookMs).then(settle, reject);
		});
	} finally {
		done.abort();
	}
}

const TOO_LATE: Unread = {
	kind: 'unread',
	reason: 'timedOut',
	fault: { message: '' },
	final: false,
};

function toQuery({ name = '', status, tags }: Filters, limit: number): Record<string, string> {
	const query: Record<string, string> = { limit: String(Math.min(limit, PAGE_SIZE)) };
	const [part] = plainParts(name);
	if (part) query.name = part;
	if (status) query.status = status;
	const exact = tags?.filter((tag) => PLAIN_TAG.test(tag));
	if (exact?.length) query.tags = exact.join(',');
	return query;
}

/** Nova refuses a tag that is no valid pattern, though it takes each as it stands. */
const PLAIN_TAG = /^[\w .:@-]+=[\w .:@=-]*$/;

/** Nova reads a name as a pattern: the parts of it that mean themselves there, the longest first. */
function plainParts(name: string): string[] {
	return (name.match(/[A-Za-z0-9_-]+/g) ?? []).sort((a, b) => b.length - a.length);
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

function matches({ server, json }: Row, { name, status, tags = [] }: Filters): boolean {
	const has = tagsOf(json) ?? [];
	return (
		(!name || (server.name ?? '').toLowerCase().includes(name.toLowerCase())) &&
		(!status || server.status === status) &&
		tags.every((tag) => has.some((one) => one === tag || one.startsWith(`${tag}=`)))
	);
}
