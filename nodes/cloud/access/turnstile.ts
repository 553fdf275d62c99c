/** Nobody keeps others waiting for longer, in milliseconds: n8n's timeouts are on idleness only. */
export const LONGEST_TURN_MS = 60_000;

/** A request that hangs finds out nothing: after so long, in milliseconds, others need not wait for it. */
export const LONGEST_TRIAL_MS = 3_000;

/** What is known of time here. */
export interface Time {
	/** Milliseconds on a clock that never jumps. */
	now(): number;
	/** Resolves after `ms` milliseconds, or at once when `signal` aborts. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
}

interface Turn<R> {
	outcome: Promise<R | undefined>;
	/** When it is over at the latest, on the clock. */
	until: number;
	over: AbortController;
}

/**
 * One at a time, for all executions of a process; those who wait get what the one before them got. Who is
 * cancelled keeps the turn until its work has ended: what it has sent is still under way.
 */
export class Turnstile<R> {
	private turn?: Turn<R>;

	/** Nobody keeps the turn for longer than `longestMs`, milliseconds. */
	constructor(
		private readonly time: Time,
		private readonly longestMs = LONGEST_TURN_MS,
	) {}

	/** What whoever has the turn comes to; undefined inside if that failed, or took too long; undefined when it is free. */
	get underWay(): Promise<R | undefined> | undefined {
		const { turn } = this;
		return turn && this.time.now() < turn.until ? turn.outcome : undefined;
	}

	/** Takes the turn, until `work` has ended with something that `tells` others anything, or it takes too long. */
	async take(work: () => Promise<R>, tells: (result: R) => boolean = () => true): Promise<R> {
		const result = work();
		const over = new AbortController();
		const outcome = new Promise<R | undefined>((end) => {
			over.signal.addEventListener('abort', () => end(undefined), { once: true });
			const hear = (one: R) => {
				if (tells(one)) end(one);
			};
			result.then(hear, () => end(undefined));
		});
		const turn = { outcome, until: Infinity, over };
		this.turn = turn;
		this.endWithin(this.longestMs);
		void outcome.then(() => {
			over.abort();
			if (this.turn === turn) this.turn = undefined;
		});
		return await result;
	}

	/** Whoever has the turn keeps it for no more than `ms` milliseconds from now. */
	endWithin(ms: number): void {
		const { turn, time } = this;
		if (!turn) return;
		turn.until = Math.min(turn.until, time.now() + ms);
		void time.sleep(ms, turn.over.signal).then(() => turn.over.abort());
	}
}
