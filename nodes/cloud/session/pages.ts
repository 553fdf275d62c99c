import { PAGE_SIZE } from '../api/requests';
import type { Page, Row, Unread } from './reader';

/** Reads a page of at most `limit` servers, from `marker` on: the id of a server, or what a page gave as `next`. */
export type ReadPage = (limit: number, marker?: string) => Promise<Page | Unread>;

/** The next part of a list. */
export interface ListPart {
	kind: 'part';
	/** Those that no part before it had. */
	rows: Row[];
	/** The list begins here; when it begins again, what came before counts no more. */
	first: boolean;
	/** Where to go on from, if more follows. */
	marker?: string;
	/** The cloud gives again what it gave before, and calls it more: the list has no end. */
	repeats: boolean;
}

/**
 * Part after part of a list, from the server `after` on; the first has at most `limit` servers, the
 * others are as long as may be, as a list that goes on would else have many. Ends after the last
 * part, or after what could not be read. Where the server that a page begins after has been deleted
 * (Nova: 400, "marker not found"), or another one from a list that goes by number, the list begins again, once.
 */
export async function* pages(
	read: ReadPage,
	limit: number,
	after?: string,
): AsyncGenerator<ListPart | Unread, void> {
	const seen = new Set(after === undefined ? [] : [after]);
	let marker = after;
	let first = true;
	let mayBeginAgain = true;
	let total = 0;
	do {
		const page = await read(first ? limit : PAGE_SIZE, marker);
		if (mayBeginAgain && marker !== undefined && isOutOfStep(page, total)) {
			seen.clear();
			marker = undefined;
			first = true;
			mayBeginAgain = false;
		} else if (page.kind === 'page') {
			({ total = 0 } = page);
			const part = toPart(page, seen, first);
			for (const { server } of part.rows) seen.add(server.id);
			({ marker } = part);
			first = false;
			yield part;
		} else {
			yield page;
			return;
		}
	} while (first || marker !== undefined);
}

/** What the page goes on from is not there any more, or no longer where it was. */
function isOutOfStep(page: Page | Unread, total: number): boolean {
	if (page.kind === 'unread') return page.reason === 'invalidInput';
	return page.total !== undefined && page.total < total;
}

function toPart({ rows, more, next }: Page, seen: Set<string>, first: boolean): ListPart {
	const added = rows.filter(({ server }) => !seen.has(server.id));
	// Where pages go by number, one may begin before the end of the last.
	const repeats = more && (next === undefined ? added.length < rows.length : added.length === 0);
	const marker = more && !repeats ? (next ?? added.at(-1)?.server.id) : undefined;
	return { kind: 'part', rows: added, first, marker, repeats };
}
