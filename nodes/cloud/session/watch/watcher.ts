import { Alarm, type Clock } from '../clock';
import { pages, type ReadPage } from '../pages';
import type { Reason } from '../../api/reason';
import { PAGE_SIZE } from '../../api/requests';
import { READ_TIMEOUT_MS } from '../send';
import type { Page, ReadTurn, Unread } from '../reader';
import { unlessAborted } from './abort';
import { type Look, type Viewer, type Waiter, Waiters } from './waiters';

/** The ways to list: what changed since the executions began, or all there is. */
type Listing = (typeof LISTINGS)[number];

const LISTINGS = ['changed', 'all'] as const;

/** The first look at a server comes this soon, and no two polls come closer. */
const FIRST_LOOK_MS = 1_000;
/**
 * The last looks come this long before a server's time is up: two, as one that shows nothing may have the
 * cloud's records read, which say something only together with another look.
 */
const LAST_LOOKS_MS = [2_000, 500];
/** Looks that are due so close to each other are one poll. */
const TOGETHER_MS = 500;
/** However little time is left, a list is given this much of it. */
const LEAST_LIST_MS = 1_000;
/** A list may fail so while single reads work. */
const LIST_ALONE: Reason[] = ['unavailable', 'unreachable'];

/** A poll under way. */
interface Poll {
	/** It looks for this execution alone; undefined: for all. */
	only?: Viewer;
	/** Those that its requests go out through. */
	carriers: Set<Viewer>;
}

/**
 * Looks at servers for all executions of an account. Each poll takes the cheaper way: single reads, or
 * pages of a list that show many servers at once, whoever waits for them. A failed poll is repeated. A request goes
 * out through one of the executions that need it; when that one ends, through another.
 */
export class Watcher {
	private readonly waiters = new Waiters();

	private looks = 0;

	/** The one for all, if there is any under way. */
	private poll?: Poll;

	/** Executions that are looked for aside, as their time would be up before that one ends. */
	private readonly aside = new Set<Viewer>();

	private lastPollAt = -Infinity;

	/** How many calls each way to list takes, as far as known. */
	private readonly pages: Record<Listing, number> = { changed: 1, all: 1 };

	/** Ways to list that have failed when last tried. */
	private readonly failing = new Set<Listing>();

	private readonly alarm: Alarm;

	constructor(private readonly clock: Clock) {
		this.alarm = new Alarm(clock, () => this.tick());
	}

	/** An execution begins to look; its signal ends that. */
	join(viewer: Viewer): void {
		// A list that shows none of the servers of others may show those of this one.
		for (const listing of LISTINGS) if (!this.failing.has(listing)) this.pages[listing] = 1;
		const leave = () => {
			this.waiters.drop(viewer);
			this.schedule();
		};
		viewer.signal.addEventListener('abort', leave, { once: true });
	}

	/**
	 * The next look at a server, at the latest at `deadline` (milliseconds on the clock). `soon`: as
	 * soon as may be, else at the next poll. `isFirst`: before anything is asked of the server. After
	 * the signal of the viewer has aborted it never settles.
	 */
	async look(
		viewer: Viewer,
		serverId: string,
		deadline: number,
		soon: boolean,
		isFirst = false,
	): Promise<Look> {
		return await new Promise((settle) => {
			if (viewer.signal.aborted) return;
			const dueAt = this.dueAt(viewer, deadline, soon);
			this.looks += 1;
			const order = this.looks;
			const waiter = { viewer, serverId, order, deadline, isFirst, dueAt, settle };
			this.waiters.add(waiter);
			this.alarm.noLaterThan(this.wakeFor(waiter));
		});
	}

	private dueAt({ pollIntervalMs }: Viewer, deadline: number, soon: boolean): number {
		const now = this.clock.now();
		const idle = now - this.lastPollAt >= pollIntervalMs;
		const next = this.lastPollAt + (soon ? FIRST_LOOK_MS : pollIntervalMs);
		const due = idle && !soon ? now + FIRST_LOOK_MS : Math.max(now, next);
		const last = LAST_LOOKS_MS.map((ms) => deadline - ms).find((at) => at > now);
		return Math.min(due, last ?? Infinity);
	}

	/** Sets the alarm for whoever is next. */
	private schedule(): void {
		let wake = Infinity;
		for (const waiter of this.waiters) wake = Math.min(wake, this.wakeFor(waiter));
		this.alarm.set(wake === Infinity ? undefined : wake);
	}

	private wakeFor({ viewer, dueAt, deadline }: Waiter): number {
		if (!this.poll) return Math.min(dueAt, deadline);
		const lastLook = deadline - LAST_LOOKS_MS[0];
		return this.isLookingFor(viewer) || lastLook <= this.clock.now() ? deadline : lastLook;
	}

	/** A poll goes out through this execution, so that it ends in its time. */
	private isLookingFor(viewer: Viewer): boolean {
		return this.poll?.carriers.has(viewer) || this.aside.has(viewer);
	}

	private tick(): void {
		const now = this.clock.now();
		for (const waiter of [...this.waiters]) {
			if (waiter.deadline <= now) {
				this.waiters.settle(waiter, { kind: 'tooLate', fault: waiter.fault });
			}
		}
		const due = [...this.waiters].filter(({ dueAt }) => dueAt <= now + TOGETHER_MS);
		if (due.some(({ dueAt }) => dueAt <= now)) {
			if (this.poll) this.lookAside(due);
			else void this.lookFor(due);
		}
		this.schedule();
	}

	private async lookFor(due: Waiter[]): Promise<void> {
		this.poll = { carriers: new Set() };
		this.lastPollAt = this.clock.now();
		try {
			await this.lookAt(due, this.poll);
		} finally {
			this.poll = undefined;
			this.schedule();
		}
	}

	/** An execution whose time is nearly up does not wait for a poll that hangs for another. */
	private lookAside(due: Waiter[]): void {
		const lastLook = this.clock.now() + LAST_LOOKS_MS[0];
		const late = due.filter(({ deadline }) => deadline <= lastLook);
		for (const only of new Set(late.map(({ viewer }) => viewer))) {
			if (this.isLookingFor(only)) continue;
			this.aside.add(only);
			const its = late.filter(({ viewer }) => viewer === only);
			void this.lookAt(its, { only, carriers: new Set() }).then(() => {
				this.aside.delete(only);
				this.schedule();
			});
		}
	}

	private async lookAt(due: Waiter[], poll: Poll): Promise<void> {
		await this.show(new Set(due.map(({ serverId }) => serverId)), poll);
		// Whom no read could show is looked for again at the next poll.
		for (const waiter of due) {
			if (this.waiters.has(waiter)) {
				waiter.dueAt = this.dueAt(waiter.viewer, waiter.deadline, false);
			}
		}
	}

	private async show(wanted: Set<string>, poll: Poll): Promise<void> {
		let missing = wanted;
		for (const listing of LISTINGS) {
			if (missing.size <= this.pages[listing]) continue;
			const filters = this.filtersOf(listing, missing);
			if (!filters) continue;
			const listed = await this.list(listing, filters, missing, poll);
			({ missing } = listed);
			if (listed.failed) {
				if (await this.probe(missing, poll)) {
					// A list that fails again costs more than single reads; one fault is no habit.
					if (this.failing.has(listing)) this.pages[listing] *= 100;
					this.failing.add(listing);
					break;
				}
				return;
			}
		}
		await Promise.all([...missing].map(async (serverId) => await this.read(serverId, poll)));
	}

	/** Undefined where the cloud has not told its time yet, from which changes are listed. */
	private filtersOf(listing: Listing, wanted: Set<string>): Record<string, string> | undefined {
		if (listing === 'all') return {};
		let since = Infinity;
		for (const { viewer } of this.waiters.ofAny(wanted)) {
			since = Math.min(since, viewer.cloudTime.since ?? Infinity);
		}
		return since === Infinity ? undefined : { 'changes-since': toIsoSeconds(since) };
	}

	/**
	 * Whether single reads work where a list failed: one goes ahead, so that a cloud that is out is not
	 * asked for each server.
	 */
	private async probe(missing: Set<string>, poll: Poll): Promise<boolean> {
		for (const { serverId } of this.waiters) {
			if (!missing.delete(serverId)) continue;
			return await this.read(serverId, poll);
		}
		return false;
	}

	/**
	 * Pages through a list as long as that is cheaper than reading the servers still missing, and
	 * returns those. `failed`: the cloud may be out.
	 */
	private async list(
		listing: Listing,
		filters: Record<string, string>,
		wanted: Set<string>,
		poll: Poll,
	): Promise<{ missing: Set<string>; failed: boolean }> {
		const missing = new Set(wanted);
		let { looks } = this;
		const read: ReadPage = async (limit, marker) => {
			for (;;) {
				const waiter = this.lastOf(missing, poll);
				if (!waiter) return NOBODY_WAITS;
				({ looks } = this);
				poll.carriers.add(waiter.viewer);
				const { reader, signal } = waiter.viewer;
				const turn = this.listTurn(this.turnOf(waiter, this.waiters.ofAny(missing)));
				const page = await unlessAborted(signal, reader.page(filters, limit, marker, turn));
				poll.carriers.delete(waiter.viewer);
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
				for (const waiter of [...this.waiters]) this.failed(waiter, part);
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
	private async read(serverId: string, poll: Poll): Promise<boolean> {
		for (;;) {
			const waiter = this.lastOf([serverId], poll);
			if (!waiter) return true;
			const { looks } = this;
			poll.carriers.add(waiter.viewer);
			const { reader, signal } = waiter.viewer;
			const turn = this.turnOf(waiter, this.waiters.of(serverId));
			const read = await unlessAborted(signal, reader.one(serverId, turn));
			if (!read) continue;
			if (read.kind === 'row') {
				this.settle(serverId, { kind: 'seen', server: read.server }, looks);
			} else if (read.reason === 'notFound') {
				this.settle(serverId, { kind: 'gone' }, looks);
			} else {
				for (const one of this.waiters.of(serverId)) this.failed(one, read);
				if (isRefused(read)) this.refuse(waiter, read, looks);
				this.waiters.putLast(serverId);
				return false;
			}
			return true;
		}
	}

	/** Of those who wait for these servers, whoever has the most time. */
	private lastOf(serverIds: Iterable<string>, { only }: Poll): Waiter | undefined {
		let last: Waiter | undefined;
		for (const waiter of this.waiters.ofAny(serverIds)) {
			if (only && waiter.viewer !== only) continue;
			if (!last || waiter.deadline > last.deadline) last = waiter;
		}
		return last;
	}

	/** A list that hangs must leave time for single reads. */
	private listTurn(turn: Required<Pick<ReadTurn, 'deadline' | 'timeoutMs'>>): ReadTurn {
		const shareMs = Math.max(LEAST_LIST_MS, (turn.deadline - this.clock.now()) / 2);
		return { ...turn, timeoutMs: Math.min(turn.timeoutMs, shareMs) };
	}

	/** Nobody waits for a read after the latest deadline, which is that of `last`. */
	private turnOf(
		{ deadline }: Waiter,
		all: Iterable<Waiter>,
	): Required<Pick<ReadTurn, 'deadline' | 'timeoutMs'>> {
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

	/** A failed poll is no verdict on a server. */
	private failed(waiter: Waiter, { fault }: Unread): void {
		waiter.fault = fault;
	}

	/** The cloud lets this execution look at nothing; another one may have a better token. */
	private refuse(waiter: Waiter, { reason, fault }: Unread, looks: number): void {
		if (waiter.order <= looks) this.waiters.settle(waiter, { kind: 'refused', reason, fault });
	}
}

const NOBODY_WAITS: Page = { kind: 'page', rows: [], more: false };

function isRefused({ reason }: Unread): boolean {
	return reason === 'unauthorized' || reason === 'forbidden';
}

function toIsoSeconds(time: number): string {
	return new Date(time).toISOString().replace(/\.\d+/, '');
}
