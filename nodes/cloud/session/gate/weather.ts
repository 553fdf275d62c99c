import { pauseMs } from './backoff';
import type { Pressure } from './pressure';

/** The cloud asks for fewer requests, or may be out. */
export type Trouble = Extract<Pressure, { word: 'slowDown' | 'trouble' }>;

/**
 * What is known of the cloud's state, whoever asks it: nothing in it belongs to a credential or to one
 * execution. All times are milliseconds on the clock.
 */
export interface Weather {
	/** How many requests may be under way at once. */
	readonly allowed: number;
	/** Since the last success: what went wrong last, since when, and how often in a row. */
	readonly trouble?: { readonly last: Trouble; readonly since: number; readonly strikes: number };
	/**
	 * Begun at `since`. Until `asked` nothing is sent, as the cloud has said so; until `own`, only what would
	 * have no other chance in its time.
	 */
	readonly pause: { readonly since: number; readonly asked: number; readonly own: number };
	/** Counts the slow-downs, so that ten refusals of one moment count as one. */
	readonly epoch: number;
	/** There was some since the weather was fair. */
	readonly hadTrouble: boolean;
}

/** Half as many again in each round trip. */
const MORE = 0.5;

/** Nothing is known yet. */
export const FAIR: Weather = {
	allowed: 1,
	pause: { since: 0, asked: 0, own: 0 },
	epoch: 0,
	hadTrouble: false,
};

/** The weather for one execution more, which may have so many requests under way while there was no trouble. */
export function withRoomFor(weather: Weather, concurrency: number): Weather {
	if (weather.hadTrouble) return weather;
	return { ...weather, allowed: Math.max(weather.allowed, concurrency) };
}

/** So long before a request is given up it may probe, whatever pause the node has chosen itself. */
const LAST_PROBE_MS = 500;

/**
 * The weather after the cloud has worked for a request that was sent in `epoch`. What was sent before the
 * last slow-down says nothing of now. With no trouble so far as many may go as one execution wants, and
 * slowly more, so that a storm shows what the cloud takes before it is there as a whole; after some trouble,
 * each success doubles what is allowed.
 */
export function afterSuccess(weather: Weather, epoch: number): Weather {
	if (epoch !== weather.epoch) return weather;
	const { pause, allowed, hadTrouble } = weather;
	return {
		epoch,
		hadTrouble,
		allowed: hadTrouble ? allowed * 2 : allowed + MORE,
		pause: { ...pause, own: pause.asked },
	};
}

/**
 * The weather after trouble with a request that was sent in `epoch`: everybody pauses, then one probes. What
 * was sent before the last slow-down can only make the pause longer. `chance` gives from 0 up to 1, and is asked
 * for each new pause alone.
 */
export function afterTrouble(
	weather: Weather,
	felt: Trouble,
	epoch: number,
	now: number,
	chance: () => number,
): Weather {
	const asked = felt.word === 'slowDown' ? felt.retryAfterMs : undefined;
	if (epoch !== weather.epoch) {
		return asked === undefined ? weather : withLongerPause(weather, asked, now, chance());
	}
	const strikes = (weather.trouble?.strikes ?? 0) + 1;
	// A single lost answer is no outage: the next request goes at once, but alone.
	const counted = felt.word === 'trouble' ? strikes - 1 : strikes;
	return {
		epoch: epoch + 1,
		hadTrouble: true,
		allowed: 1,
		trouble: { last: felt, since: weather.trouble?.since ?? now, strikes },
		pause: { since: now, asked: now + (asked ?? 0), own: now + pauseMs(counted, asked, chance()) },
	};
}

function withLongerPause(weather: Weather, askedMs: number, now: number, random: number): Weather {
	const { since, asked, own } = weather.pause;
	const later = now + pauseMs(0, askedMs, random);
	return {
		...weather,
		pause: { since, asked: Math.max(asked, now + askedMs), own: Math.max(own, later) },
	};
}

/** When a request that is given up at `limit` may go: before the pause ends, if that would be too late. */
export function opensFor({ pause }: Weather, limit: number): number {
	const { since, asked, own } = pause;
	const lastChance = limit - LAST_PROBE_MS;
	return lastChance > since ? Math.max(asked, Math.min(own, lastChance)) : own;
}

/** Whether a request that is given up at `limit` cannot go any more. */
export function isTooLate(weather: Weather, limit: number, now: number): boolean {
	return limit <= Math.max(now, opensFor(weather, limit));
}

/**
 * When those who have no deadline yet, and have been there since `since`, are given up, if the trouble lasts;
 * Infinity without trouble.
 */
export function patienceEnds({ trouble }: Weather, since: number, patienceMs: number): number {
	return trouble ? Math.max(trouble.since, since) + patienceMs : Infinity;
}
