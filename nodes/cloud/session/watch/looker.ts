import { formatCloudTime } from '../../api/cloud-time';
import type { Reason } from '../../api/reason';
import { MOST_CHOSEN, PAGE_SIZE } from '../../api/requests';
import type { Clock } from '../clock';
import { pages, type ReadPage } from '../pages';
import type { Page, ReadTurn, Unread } from '../reader';
import { READ_TIMEOUT_MS } from '../send';
import { unlessAborted } from './abort';
import type { Look, Viewer, Waiter, Waiters } from './waiters';

/** The ways to list: what changed since the executions began, those that are looked for, or all there is. */
type Listing = (typeof LISTINGS)[number];

const LISTINGS = ['changed', 'chosen', 'all'] as const;

/** However little time is left, a list is given this much of it. */
const LEAST_LIST_MS = 1_000;
/** A list may fail so while single reads work. */
const LIST_ALONE: Reason[] = ['unavailable', 'unreachable'];

/** A read that is bounded in both ways. */
type BoundedTurn = Required<Pick<ReadTurn, 'deadline' | 'timeoutMs'>>;

/** A poll under way: lists, as far as they are cheaper than single reads. */
export interface Poll {
	/** It looks for this execution alone; undefined: for all. */
	only?: Viewer;
	/** The one that its request goes out through. */
	carrier?: Viewer;
}

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
	/** How many calls each way to list takes, as far as known; of those that are looked for, each part of them. */
	private readonly pages: Record<Listing, number> = { changed: 1, chosen: 1, all: 1 };

	/** Ways to list that have failed when last tried. */
	private readonly failing = new Set<Listing>();

	/** The servers that are read singly for all, each once at a time, and through which execution. */
	private readonly reading = new Map<string, Viewer | undefined>();

	constructor(
		private readonly clock: Clock,
		private readonly waiters: Waiters,
	) {}

	/** Another execution has joined: a list that shows none of the servers of others may show those of this one. */
	expectMore(): void {
		for (const listing of LISTINGS) if (!this.failing.has(listing)) this.pages[listing] = 1;
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
			if (!this.isWorth(listing, missing)) continue;
			for (const part of listing === 'chosen' ? parts(missing) : [missing]) {
				const filters = this.filtersOf(listing, part);
				if (!filters) continue;
				const listed = await this.listBy(listing, filters, part, poll);
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

	/** Whether to list takes fewer calls than single reads, and to list those that are looked for fewer than all. */
	private isWorth(listing: Listing, wanted: Set<string>): boolean {
		if (listing !== 'chosen') return wanted.size > this.pages[listing];
		const calls = Math.ceil(wanted.size / MOST_CHOSEN) * this.pages.chosen;
		return wanted.size > calls && calls <= this.pages.all;
	}

	/** Undefined where no changes are listed, or the cloud has not told its time yet, from which they are. */
	private filtersOf(listing: Listing, wanted: Set<string>): Record<string, string> | undefined {
		if (listing === 'all') return {};
		if (listing === 'chosen') {
			const waiters = [...this.waiters.ofAny(wanted)];
			const areListed = waiters.every(({ viewer }) => viewer.reader.listsChosen);
			return areListed ? { server_id: [...wanted].join(',') } : undefined;
		}
		let since = Infinity;
		for (const { viewer } of this.waiters.ofAny(wanted)) {
			if (!viewer.reader.listsChanges) return undefined;
			since = Math.min(since, viewer.cloudTime.since ?? Infinity);
		}
		return since === Infinity ? undefined : { 'changes-since': formatCloudTime(since) };
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
			// A list that fails again costs more than single reads; one fault is no habit.
			if (works && this.failing.has(failed)) this.pages[failed] *= 100;
			if (works) this.failing.add(failed);
			return works;
		}
		return false;
	}

	/**
	 * Pages through a list as long as that is cheaper than reading the servers still missing, and
	 * returns those. `failed`: the cloud may be out.
	 */
	private async listBy(
		listing: Listing,
		filters: Record<string, string>,
		wanted: Set<string>,
		poll: Poll,
	): Promise<{ missing: Set<string>; failed: boolean }> {
		const missing = new Set(wanted);
		let { looks } = this.waiters;
		const read: ReadPage = async (limit, marker) => {
			for (;;) {
				const waiter = this.carrierOf(missing, poll.only);
				if (!waiter) return NOBODY_WAITS;
				({ looks } = this.waiters);
				poll.carrier = waiter.viewer;
				const { reader, signal } = waiter.viewer;
				const turn = this.listTurn(this.turnOf(waiter, this.waiters.ofAny(missing)));
				const page = await unlessAborted(signal, reader.page(filters, limit, marker, turn));
				if (!page) continue;
				if (page.kind === 'page' || page.final || !isRefused(page)) return page;
				// What another execution may send is its own matter.
				const its = [...this.waiters].filter(({ viewer }) => viewer === waiter.viewer);
				for (const one of its) this.refuse(one, page, looks);
			}
		};
		let count = 0;
		let more = false;
		for await (const part of pages(read, PAGE_SIZE)) {
			if (part.kind === 'unread') {
				// This cloud, or this credential, has no such list.
				if (part.final && count === 0) this.pages[listing] = Infinity;
				if (part.final) return { missing, failed: false };
				// A failed poll is no verdict on a server.
				for (const waiter of this.waiters) waiter.fault = part.fault;
				// Who asks for fewer requests, or takes none, is not asked for each server.
				return { missing: LIST_ALONE.includes(part.reason) ? missing : new Set(), failed: true };
			}
			count += 1;
			for (const { server } of part.rows) {
				missing.delete(server.id);
				this.settle(server.id, { kind: 'seen', server }, looks);
			}
			more = part.marker !== undefined;
			if (missing.size <= count) break;
		}
		this.failing.delete(listing);
		const foundNone = missing.size === wanted.size;
		this.pages[listing] = foundNone ? Infinity : count + (more && missing.size > 0 ? 1 : 0);
		return { missing, failed: false };
	}

	/** Reads one server that is still waited for; false when the cloud gave nothing. */
	private async readOne(serverId: string, only: Viewer | undefined): Promise<boolean> {
		for (;;) {
			const waiter = this.carrierOf([serverId], only);
			if (!waiter) return true;
			const { looks } = this.waiters;
			if (!only) this.reading.set(serverId, waiter.viewer);
			const { reader, signal } = waiter.viewer;
			const turn = this.turnOf(waiter, this.waiters.of(serverId));
			const read = await unlessAborted(signal, reader.one(serverId, turn));
			if (!read) continue;
			if (read.kind === 'row') {
				this.settle(serverId, { kind: 'seen', server: read.server }, looks);
			} else if (read.reason === 'notFound') {
				this.settle(serverId, { kind: 'gone' }, looks);
			} else {
				for (const one of this.waiters.of(serverId)) one.fault = read.fault;
				if (isRefused(read)) this.refuse(waiter, read, looks);
				else if (read.final && waiter.isFirst) this.giveUp(waiter, read, looks);
				this.waiters.putLast(serverId);
				return false;
			}
			return true;
		}
	}

	/**
	 * Of those who wait for these servers, whoever has the most time; an execution that has no room for a request
	 * of others carries none, as long as another has the time for it.
	 */
	private carrierOf(serverIds: Iterable<string>, only: Viewer | undefined): Waiter | undefined {
		const enough = this.clock.now() + READ_TIMEOUT_MS;
		let last: Waiter | undefined;
		let free: Waiter | undefined;
		for (const waiter of this.waiters.ofAny(serverIds)) {
			const { viewer, deadline } = waiter;
			if (only && viewer !== only) continue;
			if (!last || deadline > last.deadline) last = waiter;
			if (viewer.reader.isBusy || deadline < enough) continue;
			if (!free || deadline > free.deadline) free = waiter;
		}
		return free ?? last;
	}

	/** A list that hangs must leave time for single reads. */
	private listTurn(turn: BoundedTurn): BoundedTurn {
		const shareMs = Math.max(LEAST_LIST_MS, (turn.deadline - this.clock.now()) / 2);
		return { ...turn, timeoutMs: Math.min(turn.timeoutMs, shareMs) };
	}

	/** Nobody of `all` waits for a read after the latest deadline, which is that of the first argument. */
	private turnOf({ deadline }: Waiter, all: Iterable<Waiter>): BoundedTurn {
		let isFirst = true;
		for (const waiter of all) isFirst &&= waiter.isFirst;
		// What is asked after the first looks must not wait for a read that nobody waits for.
		const leftMs = isFirst ? Math.max(0, deadline - this.clock.now()) : READ_TIMEOUT_MS;
		return { deadline, timeoutMs: Math.min(READ_TIMEOUT_MS, leftMs) };
	}

	/**
	 * Answers all who wait for a server. `looks`: how many had been asked for when the read was sent; what was
	 * sent before a start tells nothing of that start.
	 */
	private settle(serverId: string, look: Look, looks: number): void {
		for (const waiter of this.waiters.of(serverId)) {
			if (waiter.order <= looks) this.waiters.settle(waiter, look);
		}
	}

	/** The cloud lets this execution look at nothing; another one may have a better token. */
	private refuse(waiter: Waiter, { reason, fault }: Unread, looks: number): void {
		if (waiter.order <= looks) this.waiters.settle(waiter, { kind: 'refused', reason, fault });
	}

	/** What is to be asked of the server does not wait for a look that will never work. */
	private giveUp(waiter: Waiter, { fault }: Unread, looks: number): void {
		if (waiter.order <= looks) this.waiters.settle(waiter, { kind: 'tooLate', fault });
	}
}

/** As many as one list shows of those that are looked for. */
function parts(serverIds: Set<string>): Array<Set<string>> {
	const all = [...serverIds];
	const count = Math.ceil(all.length / MOST_CHOSEN);
	return Array.from({ length: count }, (_, index) => {
		return new Set(all.slice(index * MOST_CHOSEN, (index + 1) * MOST_CHOSEN));
	});
}

const NOBODY_WAITS: Page = { kind: 'page', rows: [], more: false };

function isRefused({ reason }: Unread): boolean {
	return reason === 'unauthorized' || reason === 'forbidden';
}
