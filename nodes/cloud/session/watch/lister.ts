import type { Reason } from '../../api/reason';
import { PAGE_SIZE } from '../../api/requests';
import type { Clock } from '../clock';
import { pages, type ReadPage } from '../pages';
import type { Page } from '../reader';
import { unlessAborted } from './abort';
import { carrierOf, isRefused, listTurnOf } from './carrier';
import type { Listing, Listings } from './listings';
import type { Viewer, Waiters } from './waiters';

/** A list may fail so while single reads work. */
const LIST_ALONE: Reason[] = ['unavailable', 'unreachable'];

/** A poll under way: lists, as far as they are cheaper than single reads. */
export interface Poll {
	/** It looks for this execution alone; undefined: for all. */
	only?: Viewer;
	/** The one that its request goes out through. */
	carrier?: Viewer;
}

/** What a list has left to single reads. */
interface Listed {
	missing: Set<string>;
	/** The cloud may be out. */
	failed: boolean;
}

/** Looks at servers by a list, and tells whoever waits for one that it shows. */
export class Lister {
	constructor(
		private readonly clock: Clock,
		private readonly waiters: Waiters,
		private readonly listings: Listings,
	) {}

	/**
	 * Pages through a list as long as that is cheaper than reading the servers still missing, and
	 * returns those.
	 */
	async list(
		listing: Listing,
		filters: Record<string, string>,
		wanted: Set<string>,
		poll: Poll,
	): Promise<Listed> {
		const missing = new Set(wanted);
		let { looks } = this.waiters;
		const read: ReadPage = async (limit, marker) => {
			for (;;) {
				const now = this.clock.now();
				const waiter = carrierOf(this.waiters.ofAny(missing), poll.only, now);
				if (!waiter) return NOBODY_WAITS;
				({ looks } = this.waiters);
				poll.carrier = waiter.viewer;
				const { reader, signal } = waiter.viewer;
				const turn = listTurnOf(waiter, this.waiters.ofAny(missing), now);
				const page = await unlessAborted(signal, reader.page(filters, limit, marker, turn));
				if (!page) continue;
				if (page.kind === 'page' || page.final || !isRefused(page)) return page;
				// What another execution may send is its own matter.
				const its = [...this.waiters].filter(({ viewer }) => viewer === waiter.viewer);
				const { reason, fault } = page;
				for (const one of its) this.waiters.answer(one, { kind: 'refused', reason, fault }, looks);
			}
		};
		let calls = 0;
		let more = false;
		for await (const part of pages(read, PAGE_SIZE)) {
			if (part.kind === 'unread') {
				if (part.final && calls === 0) this.listings.hasNone(listing);
				if (part.final) return { missing, failed: false };
				// A failed poll is no verdict on a server.
				for (const waiter of this.waiters) waiter.fault = part.fault;
				// Who asks for fewer requests, or takes none, is not asked for each server.
				return { missing: LIST_ALONE.includes(part.reason) ? missing : new Set(), failed: true };
			}
			calls += 1;
			for (const { server } of part.rows) {
				missing.delete(server.id);
				this.waiters.answerAll(server.id, { kind: 'seen', server }, looks);
			}
			more = part.marker !== undefined;
			if (missing.size <= calls) break;
		}
		const count = wanted.size - missing.size;
		this.listings.hasShown(listing, { calls, count, isCutShort: more && missing.size > 0 });
		return { missing, failed: false };
	}
}

const NOBODY_WAITS: Page = { kind: 'page', rows: [], more: false };
