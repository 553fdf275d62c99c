import { type Failure, withoutId } from '../cloud/words/failure';

/** Something that failed, and what stood in place of its server. */
export interface Failed {
	failure: Failure;
	given: string;
}

/** What failed and what did not, in words. */
export interface Tally {
	/** As in `2 servers`. */
	count: (failed: number) => string;
	/** As in `2 servers did not start, 1 did`. */
	summary: string;
	/** As in `1 other server did start`, where there are others. */
	others?: string;
}

/** An error in words: what happened; and how to mend it, in paragraphs of lines. */
export interface ErrorWords {
	title: string;
	paragraphs: string[][];
}

const MAX_LISTED = 20;

/** The words for a single failure. */
export function wordsOf(failure: Failure): ErrorWords {
	const { hint, server } = failure;
	const lines = [sentences(hint), ...(server?.name ? [`ID: ${server.id}`] : [])];
	return { title: withoutId(failure), paragraphs: [lines] };
}

/**
 * The words for all that failed. What has one cause is told once: of a single one as above, of several with
 * their count. Several causes each get a paragraph. Twenty servers are listed in all, then counted.
 */
export function wordsOfAll(failed: Failed[], { count, summary, others }: Tally): ErrorWords {
	if (failed.length === 1) {
		const { title, paragraphs } = wordsOf(failed[0].failure);
		return { title, paragraphs: others ? [...paragraphs, [`${others}.`]] : paragraphs };
	}
	const causes = listServers(groupByCause(failed));
	if (causes.length === 1) {
		const [{ failure, listed, more }] = causes;
		// What concerns no server, and left none out, needs no list of them.
		const concernsAll = failure.why === undefined && !others;
		const servers = concernsAll ? [] : [listed, moreWords(more)];
		const paragraphs = [[sentences(failure.hint)], ...servers];
		return { title: `${summary}: ${causeOf(failure)}`, paragraphs: filled(paragraphs) };
	}
	const told = causes.slice(0, MAX_LISTED).map(({ failure, size, listed }) => {
		if (size === 1) return [sentences(failure.message, failure.hint)];
		return [sentences(`${count(size)}: ${causeOf(failure)}`, failure.hint), ...listed];
	});
	const untold = causes.slice(MAX_LISTED).reduce((sum, { size }) => sum + size, 0);
	const more = causes.slice(0, MAX_LISTED).reduce((sum, cause) => sum + cause.more, untold);
	return { title: summary, paragraphs: filled([...told, moreWords(more)]) };
}

/** What several servers failed for: one failure for all, which of them are listed, and how many more there are. */
interface Cause {
	failure: Failure;
	size: number;
	listed: string[];
	more: number;
}

/** Lists the servers of each group, as long as there is room; that of a single one stands in its message. */
function listServers(groups: Failed[][]): Cause[] {
	let room = MAX_LISTED;
	return groups.map((group) => {
		const size = group.length;
		const names = size === 1 ? [] : [...new Set(group.map(nameOf).filter(Boolean))];
		const listed = names.slice(0, room);
		room -= size === 1 ? Math.min(room, 1) : listed.length;
		return { failure: group[0].failure, size, listed, more: names.length - listed.length };
	});
}

/** Failures that have the same cause and the same way out, each group where its first one stands. */
function groupByCause(failed: Failed[]): Failed[][] {
	const groups = new Map<string, Failed[]>();
	for (const one of failed) {
		const { reason, hint } = one.failure;
		const key = JSON.stringify([reason, causeOf(one.failure), hint]);
		const group = groups.get(key);
		if (group) group.push(one);
		else groups.set(key, [one]);
	}
	return [...groups.values()];
}

/** The cloud may repeat the server's ID, and gives each request one of its own. */
const IDS = /\b(req-)?[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;

/** Why, as it holds for all of a group, as in `each is locked`. */
function causeOf({ why, message }: Failure): string {
	return why === undefined ? message : why.replace(IDS, '…').replace(/^it\b/, 'each');
}

function nameOf({ failure: { server }, given }: Failed): string {
	if (!server) return given;
	return server.name ? `${server.name} (${server.id})` : server.id;
}

function sentences(...all: string[]): string {
	return all
		.filter(Boolean)
		.map((one) => `${one}.`)
		.join(' ');
}

function moreWords(more: number): string[] {
	return more > 0 ? [`… and ${more} more.`] : [];
}

/** The paragraphs in which something stands. */
function filled(paragraphs: string[][]): string[][] {
	return paragraphs.filter((lines) => lines.some(Boolean));
}
