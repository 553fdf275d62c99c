/** What came back for one request: the cloud's answer, whatever its status … */
export interface Answered {
	kind: 'answered';
	status: number;
	/** Names in lower case. */
	headers: Record<string, unknown>;
	/** Parsed JSON, or text where it was none. */
	body: unknown;
}

/** … or none. `sent` is false only where the request surely never reached the cloud. */
export interface Lost {
	kind: 'lost';
	sent: boolean;
	/** Such as ECONNRESET. */
	code: string;
	message: string;
}

export type Answer = Answered | Lost;

/** The code of a request that was not sent because a field of the credential cannot be used. */
export const INVALID_CREDENTIAL = 'INVALID_CREDENTIAL';

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
