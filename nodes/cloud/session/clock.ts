import { sleep } from 'n8n-workflow';

/** What the road knows of time and chance; a test hands in its own. */
export interface Clock {
	/** Milliseconds on a clock that never jumps (not the time of day). */
	now(): number;
	/** Resolves after `ms` milliseconds, or at once when `signal` aborts. Never rejects. */
	sleep(ms: number, signal: AbortSignal): Promise<void>;
	/** A number from 0 up to, not including, 1. */
	random(): number;
}

/**
 * n8n before 2.35 ignores the signal of its `sleep`: short slices, raced against the signal, bound
 * the timer that may stay behind there.
 */
const SLICE_MS = 500;

export const systemClock: Clock = {
	now: () => performance.now(),
	random: () => Math.random(),
	async sleep(ms, signal) {
		// Node.js takes more than ten listeners on one signal for a leak.
		const own = AbortSignal.any([signal]);
		const end = performance.now() + ms;
		let left = ms;
		while (left > 0 && !own.aborted) {
			await sliceOrAbort(Math.min(left, SLICE_MS), own);
			left = end - performance.now();
		}
	},
};

async function sliceOrAbort(ms: number, signal: AbortSignal): Promise<void> {
	await new Promise<void>((resolve) => {
		const done = () => {
			signal.removeEventListener('abort', done);
			resolve();
		};
		signal.addEventListener('abort', done);
		sleep(ms, signal).then(done, done);
	});
}

/** One timer that can be moved: rings once, at the time it was set to last. */
export class Alarm {
	private at?: number;

	private cancel = new AbortController();

	constructor(
		private readonly clock: Clock,
		private readonly ring: () => void,
	) {}

	/** Rings at `at` (milliseconds on the clock), unless it was to ring before that anyway. */
	noLaterThan(at: number): void {
		if (at < (this.at ?? Infinity)) this.set(at);
	}

	/** Sets the time (milliseconds on the clock) at which to ring; undefined turns the alarm off. */
	set(at: number | undefined): void {
		if (at === this.at) return;
		this.cancel.abort();
		this.at = at;
		if (at === undefined) return;

		const cancel = new AbortController();
		this.cancel = cancel;
		void this.clock.sleep(Math.max(0, at - this.clock.now()), cancel.signal).then(() => {
			if (cancel.signal.aborted) return;
			this.at = undefined;
			this.ring();
		});
	}
}
