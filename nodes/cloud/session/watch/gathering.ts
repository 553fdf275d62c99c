/** The first look at a server comes this soon, in milliseconds. */
const FIRST_LOOK_MS = 1_000;
/** Nobody waits longer than this, about as long as servers take to start, or than so many poll intervals. */
const LONGEST_MS = 20_000;
const LONGEST_POLLS = 4;

/**
 * Servers of an execution that wait for their first poll together. While the execution goes on asking, a poll would show
 * little: to ask for 1,000 servers takes longer than a poll interval. Times are milliseconds on the clock.
 */
export class Gathering {
	private readonly latest: number;

	private last: number;

	constructor(now: number, pollIntervalMs: number) {
		this.last = now;
		this.latest = now + Math.min(LONGEST_MS, LONGEST_POLLS * pollIntervalMs);
	}

	/** Another server is to be looked at. */
	join(now: number): void {
		this.last = now;
	}

	/** When they are looked at. */
	get dueAt(): number {
		return Math.min(this.last + FIRST_LOOK_MS, this.latest);
	}
}
