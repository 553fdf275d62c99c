import type { Answer } from './answer';
import type { Clock } from './clock';
import type { CloudRequest } from './requests';

/** Sends one request and takes whatever comes, within `timeoutMs` milliseconds. Never rejects. */
export type Send = (request: CloudRequest, timeoutMs: number) => Promise<Answer>;

/** How long one read may take, in milliseconds; a later answer counts as lost. */
export const READ_TIMEOUT_MS = 30_000;

/**
 * Holds a send to its time. n8n's own limit is on idleness, so that an answer that drips on may take
 * for ever, and a login on the way is not in it.
 */
export function withinTime(send: Send, clock: Clock): Send {
	return async (request, timeoutMs) => {
		const answered = new AbortController();
		const late = clock.sleep(timeoutMs, answered.signal).then((): Answer => TOO_LATE);
		try {
			return await Promise.race([send(request, timeoutMs), late]);
		} finally {
			answered.abort();
		}
	};
}

const TOO_LATE: Answer = {
	kind: 'lost',
	sent: true,
	code: 'ETIMEDOUT',
	message: 'no answer in time',
};
