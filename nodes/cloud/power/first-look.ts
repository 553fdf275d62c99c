import type { Clock } from '../session/clock';
import { READ_TIMEOUT_MS } from '../session/send';
import type { Session } from '../session/session';
import type { Look } from '../session/watch/waiters';
import { begun, type Journey, type Rules, unbegun } from './journey';
import { afterLook } from './steps/after-look';
import type { Next } from './steps/step';

/** What a look at a server showed before anything was asked of it, and when it was begun. */
export interface FirstLook {
	look: Look;
	at: number;
}

/** Half of Wait Timeout is left for the action, however long the look takes. */
const FIRST_LOOK_SHARE = 0.5;

/**
 * Looks once at all servers, by as few calls as that takes, before anything is asked of them. After
 * cancellation it never settles.
 */
export async function lookFirst(
	{ clock, settings, look }: Session,
	serverIds: string[],
): Promise<Map<string, FirstLook>> {
	const at = clock.now();
	const deadline = firstLookEnds(at, settings.waitTimeoutMs);
	const looks = await Promise.all(
		serverIds.map(async (serverId) => await look(serverId, deadline, true, true)),
	);
	return new Map(serverIds.map((serverId, index) => [serverId, { look: looks[index], at }]));
}

/** When it is given up, in milliseconds on the clock. */
export function firstLookEnds(now: number, waitTimeoutMs: number): number {
	return now + Math.min(READ_TIMEOUT_MS, waitTimeoutMs * FIRST_LOOK_SHARE);
}

/** What it leads to. `isTimed`: it counts to the server's time, which a look alone does not. */
export function afterFirstLook(
	before: Journey,
	{ look, at }: FirstLook,
	isTimed: boolean,
	{ rules, clock }: { rules: Rules; clock: Clock },
): Next {
	const [journey, step] = afterLook(begun(before, rules, at), look, rules, clock.now());
	return [step.do === 'ask' && !isTimed ? unbegun(journey) : journey, step];
}
