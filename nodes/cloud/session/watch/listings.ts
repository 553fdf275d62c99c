import { formatCloudTime } from '../../api/cloud-time';
import { MOST_CHOSEN } from '../../api/requests';
import type { Waiter } from './waiters';

/** The ways to list: what changed since the executions began, those that are looked for, or all there is. */
export type Listing = (typeof LISTINGS)[number];

/** In the order in which they are tried. */
export const LISTINGS = ['changed', 'chosen', 'all'] as const;

/** What a list that was read has shown. */
interface Shown {
	/** How many calls it has taken. */
	calls: number;
	/** How many of the servers that were looked for. */
	count: number;
	/** It was left before its end, though it had not shown all of them. */
	isCutShort: boolean;
}

/** What is known of each way to list, and so whether it is cheaper than to read each server. */
export class Listings {
	/** How many calls each takes, as far as known; of those that are looked for, each part of them. */
	private readonly calls: Record<Listing, number> = { changed: 1, chosen: 1, all: 1 };

	/** Those that have failed when last tried. */
	private readonly failing = new Set<Listing>();

	/** Another execution has joined: a list that shows none of the servers of others may show those of this one. */
	expectMore(): void {
		for (const listing of LISTINGS) if (!this.failing.has(listing)) this.calls[listing] = 1;
	}

	/**
	 * Whether to list takes fewer calls than so many single reads, and to list those that are looked for fewer than
	 * all.
	 */
	isWorth(listing: Listing, servers: number): boolean {
		if (listing !== 'chosen') return servers > this.calls[listing];
		const calls = Math.ceil(servers / MOST_CHOSEN) * this.calls.chosen;
		return servers > calls && calls <= this.calls.all;
	}

	/** A list was read, as far as it was worth it. */
	hasShown(listing: Listing, { calls, count, isCutShort }: Shown): void {
		this.failing.delete(listing);
		this.calls[listing] = count === 0 ? Infinity : calls + (isCutShort ? 1 : 0);
	}

	/** This cloud, or this credential, has no such list. */
	hasNone(listing: Listing): void {
		this.calls[listing] = Infinity;
	}

	/** A list has failed, and a single read has worked right after it. */
	hasFailedAlone(listing: Listing): void {
		// A list that fails again costs more than single reads; one fault is no habit.
		if (this.failing.has(listing)) this.calls[listing] *= 100;
		this.failing.add(listing);
	}
}

/** The servers that are looked for, as many at a time as one list of this kind can be asked for. */
export function partsOf(listing: Listing, wanted: Set<string>): Array<Set<string>> {
	if (listing !== 'chosen') return [wanted];
	const all = [...wanted];
	const count = Math.ceil(all.length / MOST_CHOSEN);
	return Array.from({ length: count }, (_, index) => {
		return new Set(all.slice(index * MOST_CHOSEN, (index + 1) * MOST_CHOSEN));
	});
}

/**
 * What to ask a list for, so that it shows the servers that these wait for. Undefined where there is no such list, or
 * the cloud has not told its time yet, from which changes are listed.
 */
export function filtersOf(
	listing: Listing,
	wanted: Set<string>,
	waiting: Iterable<Waiter>,
): Record<string, string> | undefined {
	if (listing === 'all') return {};
	if (listing === 'chosen') {
		const areListed = [...waiting].every(({ viewer }) => viewer.reader.listsChosen);
		return areListed ? { server_id: [...wanted].join(',') } : undefined;
	}
	let since = Infinity;
	for (const { viewer } of waiting) {
		if (!viewer.reader.listsChanges) return undefined;
		since = Math.min(since, viewer.cloudTime.since ?? Infinity);
	}
	return since === Infinity ? undefined : { 'changes-since': formatCloudTime(since) };
}
