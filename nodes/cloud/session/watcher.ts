import type { Fault } from '../api/answer';
import { Alarm, type Clock } from './clock';
import type { CloudTime } from './cloud-time';
import { pages, type ReadPage } from './pages';
import type { Reason } from '../api/reason';
import { PAGE_SIZE } from '../api/requests';
import type { Server } from '../api/server';
import { READ_TIMEOUT_MS } from './send';
import type { ReadTurn, ServerReader, Unread } from './reader';

/** What a look at a server gave. */
export type Look =
	| { kind: 'seen'; server: Server }
	| { kind: 'gone' }
	/** The cloud lets this credential read no servers. */
	| { kind: 'refused'; reason: Reason; fault: Fault }
	/** Time was up before the cloud showed the server; `fault` is what the last look met. */
	| { kind: 'tooLate'; fault?: Fault };

interface Waiter {
	serverId: string;
	/** Counts up with each look that is asked for. */
	order: number;
	deadline: number;
	/** Nothing was asked of the server yet. */
	isFirst: boolean;
	dueAt: number;
	fault?: Fault;
	settle: (look: Look) => void;
}

/** The ways to list: what changed since the execution began, or all there is. */
type Listing = 'changed' | 'all';

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

/**
 * Looks at servers for everybody in an execution who waits for one. Each poll takes the cheaper way:
 * single reads, or pages of a list that show many servers at once. A failed poll is repeated.
 */
export class Watcher {
	private readonly waiters = new Map<string, Waiter>();

	private looks = 0;

	private polling = false;

	private lastPollAt = -Infinity;

	/** How many calls each way to list takes, as far as known. */
	private readonly pages: Record<Listing, number> = { changed: 1, all: 1 };

	private readonly alarm: Alarm;

	constructor(
		private readonly clock: Clock,
		private readonly reader: ServerReader,
		private readonly cloudTime: CloudTime,
		private readonly pollIntervalMs: number,
		private readonly signal: AbortSignal,
	) {
		this.alarm = new Alarm(clock, () => this.tick());
		signal.addEventListener('abort', () => this.alarm.set(undefined), { once: true });
	}

	/**
	 * The next look at a server, at the latest at `deadline` (milliseconds on the clock). `soon`: as
	 * soon as may be, else at the next poll. `isFirst`: before anything is asked of the server. After
	 * cancellation it never settles.
	 */
	async look(serverId: string, deadline: number, soon: boolean, isFirst = false): Promise<Look> {
		return await new Promise((settle) => {
			const dueAt = this.dueAt(deadline, soon);
			this.looks += 1;
			const waiter = { serverId, order: this.looks, deadline, isFirst, dueAt, settle };
			this.waiters.set(serverId, waiter);
			if (!this.signal.aborted) this.alarm.noLaterThan(this.wakeFor(waiter));
		});
	}

	private dueAt(deadline: number, soon: boolean): number {
		const now = this.clock.now();
		const idle = now - this.lastPollAt >= this.pollIntervalMs;
		const next = this.lastPollAt + (soon ? FIRST_LOOK_MS : this.pollIntervalMs);
		const due = idle && !soon ? now + FIRST_LOOK_MS : Math.max(now, next);
		const last = LAST_LOOKS_MS.map((ms) => deadline - ms).find((at) => at > now);
		return Math.min(due, last ?? Infinity);
	}

	/** Sets the alarm for whoever is next. */
	private schedule(): void {
		if (this.signal.aborted) return;
		let wake = Infinity;
		for (const waiter of this.waiters.values()) wake = Math.min(wake, this.wakeFor(waiter));
		this.alarm.set(wake === Infinity ? undefined : wake);
	}

	private wakeFor({ dueAt, deadline }: Waiter): number {
		return this.polling ? deadline : Math.min(dueAt, deadline);
	}

	private tick(): void {
		const now = this.clock.now();
		for (const { serverId, deadline, fault } of [...this.waiters.values()]) {
			if (deadline <= now) this.settle(serverId, { kind: 'tooLate', fault }, this.looks);
		}
		const due = [...this.waiters.values()].filter(({ dueAt }) => dueAt <= now + TOGETHER_MS);
		if (due.some(({ dueAt }) => dueAt <= now) && !this.polling) void this.poll(due);
		this.schedule();
	}

	private async poll(due: Waiter[]): Promise<void> {
		this.polling = true;
		this.lastPollAt = this.clock.now();
		await this.lookAt(new Set(due.map(({ serverId }) => serverId)));
		this.polling = false;
		// Whom no read could show is looked for again at the next poll.
		for (const waiter of due) {
			if (this.waiters.get(waiter.serverId) === waiter) {
				waiter.dueAt = this.dueAt(waiter.deadline, false);
			}
		}
		this.schedule();
	}

	private async lookAt(wanted: Set<string>): Promise<void> {
		let missing = wanted;
		for (const listing of this.listings()) {
			if (missing.size <= this.pages[listing]) continue;
			const listed = await this.list(listing, missing);
			({ missing } = listed);
			if (listed.failed) {
				if (await this.probe(missing)) {
					// Such a list costs more than was thought; soon single reads are cheaper.
					this.pages[listing] *= 10;
					break;
				}
				return;
			}
		}
		await Promise.all([...missing].map(async (serverId) => await this.read(serverId)));
	}

	/**
	 * Whether single reads work where a list failed: one goes ahead, so that a cloud that is out is not
	 * asked for each server.
	 */
	private async probe(missing: Set<string>): Promise<boolean> {
		const first = [...this.waiters.keys()].find((serverId) => missing.has(serverId));
		if (first === undefined) return false;
		missing.delete(first);
		return await this.read(first);
	}

	private listings(): Listing[] {
		return this.cloudTime.since === undefined ? ['all'] : ['changed', 'all'];
	}

	/**
	 * Pages through a list as long as that is cheaper than reading the servers still missing, and
	 * returns those. `failed`: the cloud may be out.
	 */
	private async list(
		listing: Listing,
		wanted: Set<string>,
	): Promise<{ missing: Set<string>; failed: boolean }> {
		const missing = new Set(wanted);
		const filters: Record<string, string> = {};
		if (listing === 'changed') filters['changes-since'] = toIsoSeconds(this.cloudTime.since ?? 0);
		let { looks } = this;
		const read: ReadPage = async (limit, marker) => {
			({ looks } = this);
			return await this.reader.page(filters, limit, marker, this.listTurn());
		};
		let count = 0;
		let more = false;
		for await (const part of pages(read, PAGE_SIZE)) {
			if (part.kind === 'unread') {
				// This cloud, or this credential, has no such list.
				if (part.final && count === 0) this.pages[listing] = Infinity;
				if (part.final) return { missing, failed: false };
				for (const serverId of [...this.waiters.keys()]) this.failed(serverId, part, looks);
				// Who asks for fewer requests, or takes none, is not asked for each server.
				return { missing: LIST_ALONE.includes(part.reason) ? missing : new Set(), failed: true };
			}
			count += 1;
			for (const { server } of part.rows) {
				missing.delete(server.id);
				this.show(server, looks);
			}
			more = part.marker !== undefined;
			if (missing.size <= count) break;
		}
		const foundNone = missing.size === wanted.size;
		this.pages[listing] = foundNone ? Infinity : count + (more && missing.size > 0 ? 1 : 0);
		return { missing, failed: false };
	}

	/** Reads one server that is still waited for; false when the cloud gave nothing. */
	private async read(serverId: string): Promise<boolean> {
		const waiter = this.waiters.get(serverId);
		if (!waiter) return true;
		const { looks } = this;
		const read = await this.reader.one(serverId, this.turn());
		if (read.kind === 'row') this.show(read.server, looks);
		else if (read.reason === 'notFound') this.settle(serverId, { kind: 'gone' }, looks);
		else {
			this.failed(serverId, read, looks);
			return false;
		}
		return true;
	}

	/** A list that hangs must leave time for single reads. */
	private listTurn(): ReadTurn {
		const turn = this.turn();
		const shareMs = Math.max(LEAST_LIST_MS, (turn.deadline - this.clock.now()) / 2);
		return { ...turn, timeoutMs: Math.min(turn.timeoutMs, shareMs) };
	}

	/** Nobody waits for a read after the latest deadline. */
	private turn(): { deadline: number; timeoutMs: number } {
		let deadline = -Infinity;
		let isFirst = true;
		for (const waiter of this.waiters.values()) {
			deadline = Math.max(deadline, waiter.deadline);
			isFirst &&= waiter.isFirst;
		}
		// What is asked after the first looks must not wait for a read that nobody waits for.
		const leftMs = isFirst ? Math.max(0, deadline - this.clock.now()) : READ_TIMEOUT_MS;
		return { deadline, timeoutMs: Math.min(READ_TIMEOUT_MS, leftMs) };
	}

	private show(server: Server, looks: number): void {
		this.settle(server.id, { kind: 'seen', server }, looks);
	}

	/**
	 * Answers a look. `looks`: how many had been asked for when the read was sent; what was sent before
	 * a start tells nothing of that start.
	 */
	private settle(serverId: string, look: Look, looks: number): void {
		const waiter = this.waiters.get(serverId);
		if (!waiter || waiter.order > looks) return;
		this.waiters.delete(serverId);
		waiter.settle(look);
	}

	/** A failed poll is no verdict on a server, unless the cloud lets nobody look. */
	private failed(serverId: string, { reason, fault }: Unread, looks: number): void {
		const waiter = this.waiters.get(serverId);
		if (!waiter) return;
		waiter.fault = fault;
		// Another one probes for all the next time.
		this.waiters.delete(serverId);
		this.waiters.set(serverId, waiter);
		if (reason === 'unauthorized' || reason === 'forbidden') {
			this.settle(serverId, { kind: 'refused', reason, fault }, looks);
		}
	}
}

function toIsoSeconds(time: number): string {
	return new Date(time).toISOString().replace(/\.\d+/, '');
}
