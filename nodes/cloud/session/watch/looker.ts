import type { Clock } from '../clock';
import { unlessAborted } from './abort';
import { carrierOf, isRefused, turnOf } from './carrier';
import { Lister, type Poll } from './lister';
import { filtersOf, type Listing, LISTINGS, Listings, partsOf } from './listings';
import type { Viewer, Waiters } from './waiters';

/** What lists have not shown, and single reads may. */
interface Unseen {
	serverIds: Set<string>;
	/** The list that has failed: single reads may fail as well. */
	failed?: Listing;
}

/**
 * How servers are looked at: the cheaper way, single reads, or pages of a list that show many servers at once, whoever
 * waits for them. A request goes out through one of the executions that need it; when that one ends, through another.
 */
export class Looker {
	private readonly listings = new Listings();

	private readonly lister: Lister;

	/** The servers that are read singly for all, each once at a time, and through which execution. */
	private readonly reading = new Map<string, Viewer | undefined>();

	constructor(
		private readonly clock: Clock,
		private readonly waiters: Waiters,
	) {
		this.lister = new Lister(clock, waiters, this.listings);
	}

	/** Another execution has joined, with servers of its own. */
	expectMore(): void {
		this.listings.expectMore();
	}

	/** Whether a server is read for all, or soon will be. */
	isReading(serverId: string): boolean {
		return this.reading.has(serverId);
	}

	/** Whether it is read for all through this execution. */
	isReadingBy(viewer: Viewer, serverId: string): boolean {
		return this.reading.get(serverId) === viewer;
	}

	/** Looks by lists for those who wait for these servers, and at whatever else a list shows on the way. */
	async list(wanted: Set<string>, poll: Poll): Promise<Unseen> {
		let missing = wanted;
		for (const listing of LISTINGS) {
			if (!this.listings.isWorth(listing, missing.size)) continue;
			for (const part of partsOf(listing, missing)) {
				const filters = filtersOf(listing, part, this.waiters.ofAny(part));
				if (!filters) continue;
				const listed = await this.lister.list(listing, filters, part, poll);
				missing = new Set([...missing].filter((id) => !part.has(id) || listed.missing.has(id)));
				if (listed.failed) return { serverIds: missing, failed: listing };
			}
		}
		return { serverIds: missing };
	}

	/**
	 * Reads singly what lists have not shown, for all or for one execution alone, and tells of each server when it
	 * is done with it.
	 */
	async read(
		{ serverIds, failed }: Unseen,
		{ only }: Poll,
		done: (serverId: string) => void,
	): Promise<void> {
		const finish = (serverId: string) => {
			if (!only) this.reading.delete(serverId);
			done(serverId);
		};
		const left = new Set(serverIds);
		if (!only) for (const serverId of left) this.reading.set(serverId, undefined);
		if (failed && !(await this.probe(left, failed, only, finish))) {
			left.forEach(finish);
			return;
		}
		await Promise.all(
			[...left].map(async (serverId) => {
				await this.readOne(serverId, only);
				finish(serverId);
			}),
		);
	}

	/**
	 * Whether single reads work where a list failed: one goes ahead, so that a cloud that is out is not
	 * asked for each server.
	 */
	private async probe(
		left: Set<string>,
		failed: Listing,
		only: Viewer | undefined,
		finish: (serverId: string) => void,
	): Promise<boolean> {
		for (const { serverId } of this.waiters) {
			if (!left.delete(serverId)) continue;
			const works = await this.readOne(serverId, only);
			finish(serverId);
			if (works) this.listings.hasFailedAlone(failed);
			return works;
		}
		return false;
	}

	/** Reads one server that is still waited for; false when the cloud gave nothing. */
	private async readOne(serverId: string, only: Viewer | undefined): Promise<boolean> {
		for (;;) {
			const now = this.clock.now();
			const waiter = carrierOf(this.waiters.of(serverId), only, now);
			if (!waiter) return true;
			const { looks } = this.waiters;
			if (!only) this.reading.set(serverId, waiter.viewer);
			const { reader, signal } = waiter.viewer;
			const turn = turnOf(waiter, this.waiters.of(serverId), now);
			const read = await unlessAborted(signal, reader.one(serverId, turn));
			if (!read) continue;
			if (read.kind === 'row') {
				this.waiters.answerAll(serverId, { kind: 'seen', server: read.server }, looks);
			} else if (read.reason === 'notFound') {
				this.waiters.answerAll(serverId, { kind: 'gone' }, looks);
			} else {
				const { reason, fault } = read;
				for (const one of this.waiters.of(serverId)) one.fault = fault;
				if (isRefused(read)) {
					this.waiters.answer(waiter, { kind: 'refused', reason, fault }, looks);
				} else if (read.final && waiter.isFirst) {
					// What is to be asked of the server does not wait for a look that will never work.
					this.waiters.answer(waiter, { kind: 'tooLate', fault }, looks);
				}
				this.waiters.putLast(serverId);
				return false;
			}
			return true;
		}
	}
}
