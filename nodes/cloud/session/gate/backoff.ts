const FIRST_BACKOFF_MS = 2_000;
const MAX_BACKOFF_MS = 60_000;

/**
 * How long to wait, in milliseconds, after `strikes` troubles in a row: up to 2 s, doubled each time,
 * at most 60 s, with full jitter. `random` is from 0 up to 1.
 */
export function backoffMs(strikes: number, random: number): number {
	return random * Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (strikes - 1));
}

/** Those who were told the same time do not all come back in the same moment. */
const JITTER_MS = 1_000;

/**
 * How long to pause, in milliseconds, after `strikes` troubles in a row: at least `askedMs`, where the
 * cloud has named a time, and never less than without it.
 */
export function pauseMs(strikes: number, askedMs: number | undefined, random: number): number {
	const own = strikes === 0 ? 0 : backoffMs(strikes, random);
	return askedMs === undefined ? own : Math.max(own, askedMs + random * JITTER_MS);
}
