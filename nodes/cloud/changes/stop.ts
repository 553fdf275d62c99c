import type { Entry } from './known';
import { type ActionRecord, lastStop, type Records, tally } from './records';
import type { Watch } from './watch';

/** How a server came to be off. */
export interface Stop {
	cause: 'notRequested' | 'requested' | 'unknown';
	requestedBy: string | null;
	requestId: string | null;
	stopsInLastHour: number | null;
	lastReport: boolean;
}

/** Of a stop of which the cloud does not tell. */
export const UNTOLD: Stop = {
	cause: 'unknown',
	requestedBy: null,
	requestId: null,
	stopsInLastHour: null,
	lastReport: false,
};

/** Whoever asked the cloud for a stop is on record with it; no record is no proof that somebody asked. */
export function causeOf(
	stop: ActionRecord | undefined,
): Omit<Stop, 'stopsInLastHour' | 'lastReport'> {
	const { userId: requestedBy = null, requestId = null } = stop ?? {};
	return { cause: requestedBy ? 'requested' : 'notRequested', requestedBy, requestId };
}

/**
 * The stop of a server that is off, and when it was, where that is to be reported. `entry`: what is known of the
 * server; `changedAt`: when it changed last, which is when it stopped if no stop is on record.
 */
export function stopToReport(
	watch: Watch,
	entry: Entry | undefined,
	records: Records,
	changedAt: number,
): { at: number; stop: Stop } | undefined {
	const { stopCause, maxStopsPerHour } = watch;
	const wasOff = entry?.kind === 'off';
	if (records === 'untold') {
		return wasOff || stopCause === 'requested' ? undefined : { at: changedAt, stop: UNTOLD };
	}
	const last = lastStop(records);
	// What stopped it before it was seen off, or failed, is known, or is not why it is off now.
	const wasDown = wasOff || entry?.kind === 'failed';
	const counted = last && wasDown && last.at <= entry.at ? undefined : last;
	if (wasOff && !counted) return undefined;
	const at = counted?.at ?? changedAt;
	const { report, ...tallied } = tally(records, at, maxStopsPerHour);
	const stop = { ...causeOf(counted), ...tallied };
	const isWanted = stopCause === 'all' || stopCause === stop.cause;
	return report && isWanted ? { at, stop } : undefined;
}
