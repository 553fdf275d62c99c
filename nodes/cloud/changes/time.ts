import { TOO_LATE } from '../servers/patience';
import type { Session } from '../session/session';
import { within } from '../session/within';
import { failed, type Failed } from './failed';

/** The time of a poll, which may take as long as the session's Wait Timeout. */
export interface Time {
	/** Milliseconds that have gone by of it. */
	spentMs: () => number;
	/** When it is over, in milliseconds on the clock. */
	deadline: number;
	/** When the poll began, in milliseconds since 1970 by the cloud's clock; to be asked after the first answer. */
	beganAt: () => number;
}

/** The time of a poll that begins now, by the cloud's clock, or by this machine's where the cloud tells none. */
export function timeOf({ clock, cloudTime, settings }: Session): Time {
	const began = clock.now();
	const spentMs = () => clock.now() - began;
	const beganAt = () => Math.floor((cloudTime.at(began) ?? Date.now() - spentMs()) / 1000) * 1000;
	return { spentMs, deadline: began + settings.waitTimeoutMs, beganAt };
}

/** A poll has this long to finish what it was at when its time was over, in milliseconds. */
export const FINISH_MS = 1_000;

/** Ends a poll, whatever it waits for: Wait Timeout alone begins when its first request is sent. */
export async function inTimeOfPoll<T>(
	{ clock, settings, signal }: Session,
	work: Promise<T>,
): Promise<T | Failed> {
	const done = await within(clock, settings.waitTimeoutMs + FINISH_MS, work, signal);
	return done ?? failed('The list of servers', TOO_LATE);
}
