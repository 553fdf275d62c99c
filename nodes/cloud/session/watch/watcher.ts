import { Alarm, type Clock } from '../clock';
import { Gathering } from './gathering';
import type { Poll } from './lister';
import { Looker } from './looker';
import { type Due, type Look, type Viewer, type Waiter, Waiters } from './waiters';

/** No two polls come closer. */
const LEAST_APART_MS = 1_000;
/**
 * The last looks come this long before a server's time is up: two, as one that shows nothing may have the
 * cloud's records read, which say something only together with another look.
 */
const LAST_LOOKS_MS = [2_000, 500];
/** Looks that are due so close to each other are one poll. */
const TOGETHER_MS = 500;

/**
 * When servers are looked at, for all executions of an account: one poll serves everybody who waits. It ends with
 * its lists; what is read singly after that holds up nobody who waits for another server. How it looks is the matter of
 * the `Looker`; a poll that shows nothing is repeated.
 */
export class Watcher {
	private readonly waiters = new Waiters();

	private readonly looker: Looker;

	/** The one for all, if there is any under way. */
	private poll?: Poll;

	/** Executions that are looked for aside, as their time would be up before what holds them up ends. */
	private readonly aside = new Set<Viewer>();

	/** The last of each execution. */
	private readonly gatherings = new WeakMap<Viewer, Gathering>();

	private lastPollAt = -Infinity;

	/** The same, with the looks before anything is asked, after which polls begin anew. */
	private lastLookAt = -Infinity;

	private readonly alarm: Alarm;

	constructor(private readonly clock: Clock) {
		this.alarm = new Alarm(clock, () => this.tick());
		this.looker = new Looker(clock, this.waiters);
	}

	/** An execution begins to look; its signal ends that. */
	join(viewer: Viewer): void {
		this.looker.expectMore();
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
			const due = this.dueFor(viewer, deadline, soon);
			const order = this.waiters.nextLook();
			const waiter = { viewer, serverId, order, deadline, isFirst, ...due, settle };
			this.waiters.add(waiter);
			this.alarm.noLaterThan(this.wakeFor(waiter));
		});
	}

	private dueFor(viewer: Viewer, deadline: number, soon: boolean): Due {
		const now = this.clock.now();
		if (soon) return this.dueBy(Math.max(now, this.lastLookAt + LEAST_APART_MS), deadline);
		const next = this.lastPollAt + viewer.pollIntervalMs;
		if (next > now) return this.dueBy(next, deadline);
		return { ...this.dueBy(Infinity, deadline), gathering: this.gatheringOf(viewer) };
	}

	/** After a look that showed nothing. */
	private dueAgain({ pollIntervalMs }: Viewer, deadline: number): Due {
		const now = this.clock.now();
		const next = this.lastLookAt + pollIntervalMs;
		return this.dueBy(next > now ? next : now + LEAST_APART_MS, deadline);
	}

	private dueBy(at: number, deadline: number): Due {
		const now = this.clock.now();
		const last = LAST_LOOKS_MS.map((ms) => deadline - ms).find((one) => one > now);
		return { latest: Math.min(at, last ?? Infinity), gathering: undefined };
	}

	/** What another server of an execution joins. */
	private gatheringOf(viewer: Viewer): Gathering {
		const now = this.clock.now();
		const open = this.gatherings.get(viewer);
		if (open && open.dueAt > now) {
			open.join(now);
			return open;
		}
		const gathering = new Gathering(now, viewer.pollIntervalMs);
		this.gatherings.set(viewer, gathering);
		return gathering;
	}

	/** Sets the alarm for whoever is next. */
	private schedule(): void {
		let wake = Infinity;
		for (const waiter of this.waiters) wake = Math.min(wake, this.wakeFor(waiter));
		this.alarm.set(wake === Infinity ? undefined : wake);
	}

	private wakeFor(waiter: Waiter): number {
		const { deadline } = waiter;
		if (!this.isHeldUp(waiter)) return Math.min(dueAt(waiter), deadline);
		const lastLook = deadline - LAST_LOOKS_MS[0];
		return this.isLookingFor(waiter) || lastLook <= this.clock.now() ? deadline : lastLook;
	}

	/** A list is under way, or a read of its server: its turn comes after that. */
	private isHeldUp({ serverId }: Waiter): boolean {
		return this.poll !== undefined || this.looker.isReading(serverId);
	}

	/** That goes out through its own execution, so that it ends in its time. */
	private isLookingFor({ viewer, serverId }: Waiter): boolean {
		return (
			this.poll?.carrier === viewer ||
			this.looker.isReadingBy(viewer, serverId) ||
			this.aside.has(viewer)
		);
	}

	private tick(): void {
		const now = this.clock.now();
		for (const waiter of [...this.waiters]) {
			if (waiter.deadline <= now) {
				this.waiters.settle(waiter, { kind: 'tooLate', fault: waiter.fault });
			}
		}
		const due = [...this.waiters].filter((waiter) => dueAt(waiter) <= now + TOGETHER_MS);
		const free = due.filter((waiter) => !this.isHeldUp(waiter));
		this.lookAside(due.filter((waiter) => this.isHeldUp(waiter)));
		if (free.some((waiter) => dueAt(waiter) <= now)) void this.lookFor(free);
		this.schedule();
	}

	private async lookFor(due: Waiter[]): Promise<void> {
		this.poll = {};
		this.lastLookAt = this.clock.now();
		if (!due.every(({ isFirst }) => isFirst)) this.lastPollAt = this.lastLookAt;
		await this.lookAt(due, this.poll);
	}

	/** An execution whose time is nearly up does not wait for what hangs for another. */
	private lookAside(heldUp: Waiter[]): void {
		const lastLook = this.clock.now() + LAST_LOOKS_MS[0];
		const late = heldUp.filter(
			(waiter) => waiter.deadline <= lastLook && !this.isLookingFor(waiter),
		);
		for (const only of new Set(late.map(({ viewer }) => viewer))) {
			this.aside.add(only);
			const its = late.filter(({ viewer }) => viewer === only);
			void this.lookAt(its, { only }).finally(() => {
				this.aside.delete(only);
				this.schedule();
			});
		}
	}

	private async lookAt(due: Waiter[], poll: Poll): Promise<void> {
		const { looks } = this.waiters;
		const wanted = new Set(due.map(({ serverId }) => serverId));
		const unseen = await this.looker.list(wanted, poll);
		if (this.poll === poll) this.poll = undefined;
		const reads = this.looker.read(unseen, poll, (serverId) => {
			this.lookAgain(serverId, looks);
			this.schedule();
		});
		for (const serverId of wanted) {
			if (!unseen.serverIds.has(serverId)) this.lookAgain(serverId, looks);
		}
		this.schedule();
		await reads;
	}

	/** Whom a look has not shown, of those who were due for it, is looked for again at the next poll. */
	private lookAgain(serverId: string, looks: number): void {
		for (const waiter of this.waiters.of(serverId)) {
			const { viewer, order, deadline } = waiter;
			if (order > looks || dueAt(waiter) > this.clock.now() + TOGETHER_MS) continue;
			Object.assign(waiter, this.dueAgain(viewer, deadline));
		}
	}
}

/** When a look is due. */
function dueAt({ latest, gathering }: Due): number {
	return gathering ? Math.min(gathering.dueAt, latest) : latest;
}
