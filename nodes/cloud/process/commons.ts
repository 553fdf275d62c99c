/** How long what nobody holds is kept, in milliseconds: as long as a refused login counts. */
const KEPT_MS = 10 * 60_000;
/** However many accounts pass by in that time, no more is kept than this. */
const MOST_KEPT = 1_000;

/** Something shared, until it is released. */
export interface Held<T> {
	shared: T;
	release: () => void;
}

interface Kept<T> {
	shared: T;
	holders: number;
	idleSince: number;
}

/**
 * Things that several executions share, each by its key. What nobody holds is forgotten after 10 minutes, the
 * next time that anything is held, so that no timer stays behind.
 */
export class Commons<T> {
	private readonly kept = new Map<string, Kept<T>>();

	/** `now`: milliseconds on a clock that never jumps. `make` makes what is not there yet. */
	constructor(
		private readonly now: () => number,
		private readonly make: () => T,
	) {}

	/** Whoever holds what stands at `key` shares it; each releases it once. */
	hold(key: string): Held<T> {
		this.forgetFor(key);
		const one = this.kept.get(key) ?? { shared: this.make(), holders: 0, idleSince: 0 };
		// Who was held last is the last to go.
		this.kept.delete(key);
		this.kept.set(key, one);
		one.holders += 1;
		const release = () => {
			one.holders -= 1;
			one.idleSince = this.now();
		};
		return { shared: one.shared, release };
	}

	/** What stands at `key`, for a moment: it is kept for 10 minutes from now. */
	at(key: string): T {
		const { shared, release } = this.hold(key);
		release();
		return shared;
	}

	/** How many are kept. */
	get size(): number {
		return this.kept.size;
	}

	/** Makes room for what stands at `wanted`. */
	private forgetFor(wanted: string): void {
		const longAgo = this.now() - KEPT_MS;
		for (const [key, { holders, idleSince }] of this.kept) {
			const isTooMany = this.kept.size >= MOST_KEPT && key !== wanted;
			if (holders === 0 && (idleSince <= longAgo || isTooMany)) this.kept.delete(key);
		}
	}
}
