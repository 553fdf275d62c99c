/** When the requests of the last minute began, in milliseconds on a clock that never jumps. */
export type Ration = readonly number[];

const PER_MINUTE = 10;
const MINUTE_MS = 60_000;

/** The ration after one more request, or undefined if there is none left for this minute. */
export function take(ration: Ration, now: number): Ration | undefined {
	const recent = ration.filter((at) => now - at < MINUTE_MS);
	return recent.length < PER_MINUTE ? [...recent, now] : undefined;
}
