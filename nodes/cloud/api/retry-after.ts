import { type Answered, header } from './answer';

/**
 * The wait that `Retry-After` asks for, in milliseconds, given in seconds or as an HTTP date; a date
 * is read against the answer's own `Date`, so that this machine's clock does not matter.
 */
export function retryAfterMs(answer: Answered): number | undefined {
	const value = header(answer, 'retry-after')?.trim();
	if (!value) return undefined;
	if (/^\d+$/.test(value)) return Number(value) * 1000;

	const at = /^[a-z]{3}/i.test(value) ? Date.parse(value) : NaN;
	if (Number.isNaN(at)) return undefined;
	const sent = Date.parse(header(answer, 'date') ?? '');
	return Math.max(0, at - (Number.isNaN(sent) ? Date.now() : sent));
}
