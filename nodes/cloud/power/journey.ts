import type { Fault } from '../api/answer';
import type { PowerAction } from './actions/action';
import type { Reason } from '../api/reason';
import type { Server } from '../api/server';

/** What the node knows of one server on its way to the state that was asked for. Times are the clock's milliseconds. */
export interface Journey {
	readonly serverId: string;
	/** The name by which it was looked up. */
	readonly name?: string;
	/** False: acceptance is enough. */
	readonly wait: boolean;
	/** What had gone by of Wait Timeout before the first request. */
	readonly spentMs: number;
	/** Action requests sent that named this server, less those refused for their token. */
	readonly attempts: number;
	/**
	 * What Max Tries bounds: the same, with the logins that failed before a request could be sent, and
	 * without those for which the cloud named the time to come back.
	 */
	readonly tries: number;
	readonly firstRequestAt?: number;
	/** Undefined: the action was not asked for yet. */
	readonly lastRequestAt?: number;
	readonly deadline: number;
	/** The cloud took the action, by its own word or by what the server showed. */
	readonly accepted?: { at: number; requestId?: string; jobId?: string };
	/** The last answer that was no acceptance. */
	readonly refusal?: Refusal;
	/** An answer was lost: the cloud may have taken the action. */
	readonly mayBeTaken: boolean;
	/** Somebody else's action of the same kind is under way. */
	readonly joined: boolean;
	/** The action was asked for again after a conflict; once is enough. */
	readonly askedAgain: boolean;
	/** The server was seen on its way since the action was taken. */
	readonly seenOnTheWay: boolean;
	/** Its record has been read since it was seen on its way; once is enough. */
	readonly checked: boolean;
	/** Its action is on record without an error, and the server showed no task when that was read. */
	readonly recorded: boolean;
	/** A job says that the server got where it was asked to go. */
	readonly jobDone: boolean;
	/** When the list of what was done to the server is worth another look. */
	readonly evidenceAt: number;
	readonly seen?: Server;
	readonly seenAt?: number;
}

export interface Refusal {
	reason: Reason;
	fault: Fault;
	/**
	 * A job's word on the server, which settles what became of requests that were lost before it: the
	 * cloud took the action there and it failed, or it was refused for `reason` after all.
	 */
	byJob?: 'failed' | 'refused';
}

export interface Rules {
	action: PowerAction;
	/** Action requests for one server, at most. */
	maxTries: number;
	/** A server already in the wanted state is a failure. */
	failIfAlreadyDone: boolean;
	waitTimeoutMs: number;
}

/** `spentMs`: how long it took to find out which server it is, out of Wait Timeout. */
export function newJourney(serverId: string, wait: boolean, spentMs = 0, name?: string): Journey {
	return {
		serverId,
		name,
		wait,
		spentMs,
		attempts: 0,
		tries: 0,
		deadline: Infinity,
		mayBeTaken: false,
		joined: false,
		askedAgain: false,
		seenOnTheWay: false,
		checked: false,
		recorded: false,
		jobDone: false,
		evidenceAt: 0,
	};
}

/** The first request for a server starts its time. */
export function begun(journey: Journey, { waitTimeoutMs }: Rules, now: number): Journey {
	const firstRequestAt = journey.firstRequestAt ?? now;
	const deadline = firstRequestAt + waitTimeoutMs - journey.spentMs;
	return { ...journey, firstRequestAt, deadline };
}

/** A look alone takes nothing of a server's time: its request may have to wait for its turn. */
export function unbegun(journey: Journey): Journey {
	return { ...journey, firstRequestAt: undefined, deadline: Infinity };
}

/** Counts an action request as it goes out; `sentAt`: before now, where another execution has sent it. */
export function asking(journey: Journey, rules: Rules, now: number, sentAt = now): Journey {
	const counted = { attempts: journey.attempts + 1, tries: journey.tries + 1 };
	return leaving({ ...begun(journey, rules, now), ...counted }, sentAt);
}

/** An action request leaves n8n, after a login perhaps, for which it had gone out long before. */
export function leaving(journey: Journey, now: number): Journey {
	return { ...journey, lastRequestAt: now };
}
