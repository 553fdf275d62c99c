import { Alarm, type Clock } from '../clock';
import { Looker, type Poll } from './looker';
import { type Look, type Viewer, type Waiter, Waiters } from './waiters';

/** The first look at a server comes this soon, and no two polls come closer. */
const FIRST_LOOK_MS = 1_000;
/**
 * The last looks come this long before a server's time is up: two, as one that shows nothing may have the
 * cloud's records read, which say something only together with another look.
 */
const LAST_LOOKS_MS = [2_000, 500];
/** Looks that are due so close to each other are one poll. */
const TOGETHER_MS = 500;

/**
 * When servers are looked at, for all executions of an account: one poll serves everybody who waits. How it looks
 * is the matter of the `Looker`; a poll that shows nothing is repeated.
 */
export class Watcher {
	private readonly waiters = new Waiters();

	private readonly looker: Looker;

	/** The one for all, if there is any under way. */
	private poll?: Poll;

	/** Executions that are looked for aside, as their time would be up before that one ends. */
	private readonly aside = new Set<Viewer>();

	private lastPollAt = -Infinity;

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
			const dueAt = this.dueAt(viewer, deadline, soon);
			const order = this.waiters.nextLook();
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
			void this.lookAt(its, { only, carriers: new Set() }).finally(() => {
				this.aside.delete(only);
				this.schedule();
			});
		}
	}

	private async lookAt(due: Waiter[], poll: Poll): Promise<void> {
		await this.looker.show(new Set(due.map(({ serverId }) => serverId)), poll);
		// Whom no read could show is looked for again at the next poll.
		for (const waiter of due) {
			if (this.waiters.has(waiter)) {
				waiter.dueAt = this.dueAt(waiter.viewer, waiter.deadline, false);
			}
		}
	}
}
