import type { IHttpRequestOptions } from 'n8n-workflow';

import type { Answer, Explanation } from './answer';

/** A request on its way through n8n, which may log in first; it must not leave once it was given up. */
export interface Departure {
	readonly state: 'waiting' | 'left' | 'missed';
	/**
	 * The request goes out now; returns how long it may take, in milliseconds.
	 * @throws Error when it was given up before.
	 */
	leave(): number;
	/** The cloud refused it for its token, and took nothing: it may leave once more with another. */
	comeBack(): void;
}

/** Where a request's options carry its departure; n8n hands them to the credential as they are. */
const DEPARTURE = Symbol('departure');

type Departing = IHttpRequestOptions & { [DEPARTURE]?: Departure };

/** Options of a request that leaves by `departure`. */
export function departingBy(
	departure: Departure,
	options: IHttpRequestOptions,
): IHttpRequestOptions {
	const departing: Departing = { ...options, [DEPARTURE]: departure };
	return departing;
}

/**
 * The last word of ours before n8n sends a request: a credential says it when it has put its proof on.
 * A request of another node has no departure, and goes.
 * @throws Error when the request was given up while n8n prepared it, for example while it logged in.
 */
export function leave(options: Departing): IHttpRequestOptions {
	const { [DEPARTURE]: departure, ...others } = options;
	return departure ? { ...others, timeout: Math.max(1, Math.ceil(departure.leave())) } : options;
}

/** Whether a request is one of our nodes: those of another node have no departure. */
export function isDeparting(options: Departing): boolean {
	return options[DEPARTURE] !== undefined;
}

/** What a request that was given up before n8n sent it comes to. */
export function notSentInTime(explanation: Explanation): Answer {
	const fault = { message: '', explanation };
	const refusal = { reason: 'unreachable', final: false, fault } as const;
	return { kind: 'lost', sent: false, code: '', message: '', refusal };
}

/** The same, where n8n was logging in meanwhile. */
export const NOT_SENT_IN_TIME = notSentInTime({
	why: 'its request was not sent, as n8n could not log in to the cloud in time',
	hint: "Run this again later, raise 'Wait Timeout' in Options, or check how long a Test of the credential takes",
});
