import type { Reason } from '../api/reason';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** What passes by itself most of the time: nobody need know of a cloud that is out for some minutes. */
const PASSING: Reason[] = ['unavailable', 'unreachable', 'throttled', 'timedOut'];
const PASSING_AFTER_MS = 15 * MINUTE_MS;
const PASSING_EVERY_MS = 6 * HOUR_MS;
const LASTING_EVERY_MS = HOUR_MS;

/** What has gone wrong since the last poll that worked; times are milliseconds on the clock. */
export interface Troubles {
	/** Since when the cloud has been out. */
	outSince?: number;
	/** When each kind of trouble was told last. */
	toldAt: ReadonlyMap<Reason | 'out', number>;
}

export const NO_TROUBLES: Troubles = { toldAt: new Map() };

/**
 * Whether a poll that failed at `now` is told of. n8n makes a failed execution of each error, and calls the
 * Error Workflow: once an hour for what somebody must mend; after 15 minutes, then every 6 hours, for what passes.
 */
export function ration(
	{ outSince, toldAt }: Troubles,
	reason: Reason,
	now: number,
): { tell: boolean; troubles: Troubles } {
	const passes = PASSING.includes(reason);
	const key = passes ? 'out' : reason;
	const since = passes ? (outSince ?? now) : outSince;
	const told = toldAt.get(key);
	const every = passes ? PASSING_EVERY_MS : LASTING_EVERY_MS;
	const isDue = told === undefined || now - told >= every;
	const tell = isDue && (!passes || now - (since ?? now) >= PASSING_AFTER_MS);
	return {
		tell,
		troubles: { outSince: since, toldAt: tell ? new Map([...toldAt, [key, now]]) : toldAt },
	};
}

/** So long nothing is sent with a credential that the cloud has refused: five refusals lock a user out. */
const REFUSED_FOR_MS = 30 * MINUTE_MS;

/** A refusal of a credential; `mark` tells it from any other. */
export interface Refusal {
	mark: string;
	at: number;
}

export function isStillRefused(refusal: Refusal | undefined, mark: string, now: number): boolean {
	return refusal !== undefined && refusal.mark === mark && now - refusal.at < REFUSED_FOR_MS;
}
