import type { ReadTurn, Unread } from '../reader';
import { READ_TIMEOUT_MS } from '../send';
import type { Viewer, Waiter } from './waiters';

/** However little time is left, a list is given this much of it. */
const LEAST_LIST_MS = 1_000;

/** A read that is bounded in both ways. */
type BoundedTurn = Required<Pick<ReadTurn, 'deadline' | 'timeoutMs'>>;

/**
 * Whose execution a read goes out through: of those who wait for it, whoever has the most time; an execution that has
 * no room for a request of others carries none, as long as another has the time for it. `only`: through this execution
 * or none. `now`: milliseconds on the clock. Undefined where nobody waits.
 */
export function carrierOf(
	waiting: Iterable<Waiter>,
	only: Viewer | undefined,
	now: number,
): Waiter | undefined {
	const enough = now + READ_TIMEOUT_MS;
	let last: Waiter | undefined;
	let free: Waiter | undefined;
	for (const waiter of waiting) {
		const { viewer, deadline } = waiter;
		if (only && viewer !== only) continue;
		if (!last || deadline > last.deadline) last = waiter;
		if (viewer.reader.isBusy || deadline < enough) continue;
		if (!free || deadline > free.deadline) free = waiter;
	}
	return free ?? last;
}

/** How long a read may take, in milliseconds, and when it has no more use: at the deadline of who carries it. */
export function turnOf({ deadline }: Waiter, waiting: Iterable<Waiter>, now: number): BoundedTurn {
	const areAllFirst = [...waiting].every(({ isFirst }) => isFirst);
	// What is asked after the first looks must not wait for a read that nobody waits for.
	const leftMs = areAllFirst ? Math.max(0, deadline - now) : READ_TIMEOUT_MS;
	return { deadline, timeoutMs: Math.min(READ_TIMEOUT_MS, leftMs) };
}

/** The same for a list: one that hangs must leave time for single reads. */
export function listTurnOf(carrier: Waiter, waiting: Iterable<Waiter>, now: number): BoundedTurn {
	const turn = turnOf(carrier, waiting, now);
	const shareMs = Math.max(LEAST_LIST_MS, (turn.deadline - now) / 2);
	return { ...turn, timeoutMs: Math.min(turn.timeoutMs, shareMs) };
}

/** The cloud lets the carrier look at nothing; another execution may have a better token. */
export function isRefused({ reason }: Unread): boolean {
	return reason === 'unauthorized' || reason === 'forbidden';
}
