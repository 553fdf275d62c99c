import type { Clock } from '../../nodes/cloud/session/clock';

interface Sleeper {
	at: number;
	wake: () => void;
}

/** More wake-ups than any honest test needs: whoever gets here is going round in circles. */
const MAX_WAKES = 100_000;

/** A clock that stands still until the test moves it, and knows who sleeps. */
export class VirtualClock implements Clock {
	private time = 0;

	private sleepers: Sleeper[] = [];

	/** `chance` is what `random` gives, time after time. */
	constructor(public chance = 0.5) {}

	now(): number {
		return this.time;
	}

	random(): number {
		return this.chance;
	}

	async sleep(ms: number, signal: AbortSignal): Promise<void> {
		if (signal.aborted) return;
		await new Promise<void>((resolve) => {
			const wake = () => {
				signal.removeEventListener('abort', wake);
				this.sleepers = this.sleepers.filter((one) => one !== sleeper);
				resolve();
			};
			const sleeper = { at: this.time + Math.max(0, ms), wake };
			this.sleepers.push(sleeper);
			signal.addEventListener('abort', wake);
		});
	}

	/** How many timers are set. */
	get timers(): number {
		return this.sleepers.length;
	}

	/** Moves the time on by `ms`, and wakes each sleeper at its own moment. */
	async run(ms: number): Promise<void> {
		const end = this.time + ms;
		await settle();
		for (let wakes = 0; ; wakes += 1) {
			if (wakes > MAX_WAKES) throw new Error('The clock wakes somebody again and again');
			const next = this.sleepers.reduce<Sleeper | undefined>(
				(first, one) => (first && first.at <= one.at ? first : one),
				undefined,
			);
			if (!next || next.at > end) break;
			this.time = Math.max(this.time, next.at);
			next.wake();
			await settle();
		}
		this.time = end;
	}

	/** Moves the time on until `work` is done. */
	async until<T>(work: Promise<T>, atMostMs = 86_400_000): Promise<T> {
		const end = this.time + atMostMs;
		let done = false;
		const mark = () => {
			done = true;
		};
		work.then(mark, mark);
		await settle();
		while (!done) {
			const next = Math.min(...this.sleepers.map(({ at }) => at));
			if (next > end) throw new Error('Still not done when the time was up');
			await this.run(Math.max(0, next - this.time));
		}
		return await work;
	}
}

/** A time that the test sets, and in which nobody who sleeps wakes up. */
export const timeAt = (now: () => number) => ({
	now,
	sleep: async () => await new Promise<void>(() => undefined),
});

/** Lets everybody run who waits for nothing but a promise. */
export async function settle(): Promise<void> {
	for (let turn = 0; turn < 400; turn += 1) await Promise.resolve();
}
