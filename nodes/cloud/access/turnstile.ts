/** Nobody keeps others waiting for longer, in milliseconds: n8n's timeouts are on idleness only. */
export const LONGEST_TURN_MS = 60_000;

/** One at a time, for all executions of a process; those who wait get what the one before them got. */
export class Turnstile<R> {
	private turn?: { outcome: Promise<R | undefined>; since: number };

	/** `now`: milliseconds on a clock that never jumps. */
	constructor(private readonly now: () => number) {}

	/** What whoever has the turn comes to; undefined inside if that one was cancelled; undefined when it is free. */
	get underWay(): Promise<R | undefined> | undefined {
		const { turn } = this;
		return turn && this.now() - turn.since < LONGEST_TURN_MS ? turn.outcome : undefined;
	}

	/** Takes the turn, until `work` has ended or `signal` aborts. */
	async take(work: () => Promise<R>, signal: AbortSignal): Promise<R> {
		const result = work();
		const turn = { outcome: outcomeOf(result, signal), since: this.now() };
		this.turn = turn;
		void turn.outcome.then(() => {
			if (this.turn === turn) this.turn = undefined;
		});
		return await result;
	}
}

/** Undefined when it failed, or `signal` aborted before; never rejects. */
async function outcomeOf<R>(work: Promise<R>, signal: AbortSignal): Promise<R | undefined> {
	return await new Promise((resolve) => {
		const end = (outcome?: R) => {
			signal.removeEventListener('abort', cancel);
			resolve(outcome);
		};
		const cancel = () => end();
		signal.addEventListener('abort', cancel);
		work.then(end, cancel);
	});
}
