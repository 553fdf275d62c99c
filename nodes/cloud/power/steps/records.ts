import type { Journey } from '../journey';
import { LOOK_LATER, type Next } from './step';

/** When the cloud's list of what was done to a server is worth a look, and what its silence means. */

/** An accepted action that a gateway still queues shows no task at first, and is not on record. */
export const QUEUE_GRACE_MS = 10_000;
/** A look this long before the time is up may be the last that leaves time to read the record. */
const LAST_CALL_MS = 2_000;
/** Where the cloud keeps no list of actions: unchanged and without a task for so long is a failure. */
const SILENCE_MS = 30_000;

/** From then on a look that shows nothing has the record read, or there is no time for it. */
export function lastCall({ deadline }: Journey): number {
	return deadline - LAST_CALL_MS;
}

/** How long ago the cloud took the action, or else was asked for it, in milliseconds. */
export function elapsed({ accepted, lastRequestAt }: Journey, now: number): number {
	return now - (accepted?.at ?? lastRequestAt ?? now);
}

/** The longer nothing has happened, the rarer the records are worth a look. */
export function readLater(journey: Journey, now: number): Next {
	const last = lastCall(journey);
	const due = now + elapsed(journey, now);
	const rarer = now < last ? Math.min(due, last) : due;
	return [{ ...journey, evidenceAt: journey.seenOnTheWay ? now : rarer }, LOOK_LATER];
}

/** Whether an accepted action that shows no sign may still begin, where the cloud keeps no records. */
export function mayStillBegin({ accepted, seenAt, seenOnTheWay }: Journey): boolean {
	if (seenOnTheWay) return false;
	return !accepted || seenAt === undefined || seenAt - accepted.at < SILENCE_MS;
}
