/** Nobody keeps others waiting for longer, in milliseconds: n8n's timeouts are on idleness only. */
export const LONGEST_TURN_MS = 60_000;

/** What is known of time here. */
export interface Time {
	/** Milliseconds on a clock that never jumps. */
	now(): number;
	/** Resolves after `ms` milliseconds, or at once when `signal` aborts. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** One at a time, for all executions of a process; those who wait get what the one before them got. */
export class Turnstile<R> {
	private turn?: { outcome: Promise<R | undefined>; since: number };

	/** Nobody keeps the turn for longer than `longestMs`, milliseconds. */
	constructor(
		private readonly time: Time,
		private readonly longestMs = LONGEST_TURN_MS,
	) {}

	/**
	 * What whoever has the turn comes to; undefined inside if that one was cancelled, or took too long; undefined
	 * when it is free.
	 */
	get underWay(): Promise<R | undefined> | undefined {
		const { turn } = this;
		return turn && this.time.now() - turn.since < this.longestMs ? turn.outcome : undefined;
	}

	/** Takes the turn, until `work` has ended, `signal` aborts, or it takes too long. */
	async take(work: () => Promise<R>, signal: AbortSignal): Promise<R> {
		const result = work();
		const done = new AbortController();
		const late = this.time.sleep(this.longestMs, done.signal);
		const turn = { outcome: outcomeOf(result, signal, late), since: this.time.now() };
		this.turn = turn;
		void turn.outcome.then(() => {
			done.abort();
			if (this.turn === turn) this.turn = undefined;
		});
		return await result;
	}
}

/** Undefined when it failed, or `signal` aborted or `late` came before; never rejects. */
async function outcomeOf<R>(
	work: Promise<R>,
	signal: AbortSignal,
	late: Promise<void>,
): Promise<R | undefined> {
	return await new Promise((resolve) => {
		const end = (outcome?: R) => {
			signal.removeEventListener('abort', giveUp);
			resolve(outcome);
		};
		const giveUp = () => end();
		signal.addEventListener('abort', giveUp);
		work.then(end, giveUp);
		void late.then(giveUp);
	});
}
