import type { Reason } from './reason';

/** What came back for one request: the cloud's answer, whatever its status … */
export interface Answered {
	kind: 'answered';
	status: number;
	/** Names in lower case. */
	headers: Record<string, unknown>;
	/** Parsed JSON, or text where it was none. */
	body: unknown;
	/** What a refusal of the credential means, by who knows how it proves itself. */
	explanation?: Explanation;
	/** It refuses who asks at this call alone: nothing is said of others. */
	ofCall?: true;
}

/** … or none. `sent` is false only where the request surely never reached the cloud. */
export interface Lost {
	kind: 'lost';
	sent: boolean;
	/** Such as ECONNRESET. */
	code: string;
	message: string;
	/** We had less patience than usual, as the time of a server was up: it tells nothing of the cloud. */
	cutShort?: true;
	/** Why, where it is known better than by the code; then nothing was sent. */
	refusal?: { reason: Reason; final: boolean; fault: Fault; retryAfterMs?: number };
	/** The same as of an answer. */
	ofCall?: true;
}

export type Answer = Answered | Lost;

const TIMED_OUT = /^(ECONNABORTED|ESOCKETTIMEDOUT|ETIMEDOUT)$/;

/** Whether a request was sent and then given up, as no answer came in time. */
export function isTimeout(answer: Answer | NotSent): answer is Lost {
	return answer.kind === 'lost' && answer.sent && TIMED_OUT.test(answer.code);
}

/** A request that was given up before it was sent, and why. */
export interface NotSent {
	kind: 'notSent';
	reason: Reason;
	fault: Fault;
	/** No later one would be sent either: the cloud takes nothing from this credential, or cannot be trusted. */
	final?: true;
}

/** What a cloud said went wrong, whichever of its parts said it. */
export interface Fault {
	httpStatus?: number;
	/** The cloud's own code, such as `Ecs.0114` or `APIGW.0308`; Nova has only names, such as `itemNotFound`. */
	code?: string;
	/** One line, without markup; empty when the cloud gave no reason. */
	message: string;
	requestId?: string;
	/** Words for the user where the reason alone would say too little, or the wrong thing. */
	explanation?: Explanation;
	/** Which permissions of OTC and Huawei Cloud rule what was asked; undefined: those of Nova. */
	permissions?: 'ecs:cloudServers';
}

export interface Explanation {
	/** As in "the server did not start: …". */
	why: string;
	hint: string;
}

/** The codes with which Node.js refuses the certificate of an endpoint. */
export const UNTRUSTED_CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|^ERR_TLS/;

export function header(answer: Answered, name: string): string | undefined {
	const value = answer.headers[name];
	const first = Array.isArray(value) ? (value[0] as unknown) : value;
	return typeof first === 'string' && first !== '' ? first : undefined;
}

/** True for a body that says nothing: Nova's 202 has none, yet calls itself JSON. */
export function isBlank(body: unknown): boolean {
	return body === undefined || body === null || (typeof body === 'string' && body.trim() === '');
}

/** True for any page, also one that begins with a comment or a script: no API of a cloud sends such. */
export function isHtml(body: unknown): boolean {
	return typeof body === 'string' && body.trimStart().startsWith('<');
}

export function isObject(value: unknown): value is Record<string, unknown> {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}
