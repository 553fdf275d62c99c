import type { ReadTurn, Unread } from '../session/reader';
import type { Session } from '../session/session';

/**
 * Reads again where the cloud is in passing trouble, Max Tries times in all. The gate waits as long as
 * the cloud asks, so that the next try comes when it has a chance.
 */
export async function readPatiently<T extends { kind: string }>(
	{ settings }: Session,
	read: () => Promise<T | Unread>,
): Promise<T | Unread> {
	let result = await read();
	for (let tries = 1; tries < settings.maxTries && mayPass(result); tries += 1) {
		result = await read();
	}
	return result;
}

function mayPass(result: { kind: string; reason?: string }): boolean {
	return result.kind === 'unread' && PASSING.includes(result.reason ?? '');
}

const PASSING = ['throttled', 'unavailable', 'unreachable'];

/**
 * Holds work to Wait Timeout, less `spentMs`, from its first request on: work gives `turnOf()` to each of
 * its reads. After cancellation it never settles.
 */
export async function inTime<T>(
	{ clock, settings, signal }: Session,
	spentMs: number,
	work: (turnOf: () => ReadTurn, tookMs: () => number) => Promise<T | Unread>,
): Promise<T | Unread> {
	const done = new AbortController();
	const end = AbortSignal.any([done.signal, signal]);
	const leftMs = settings.waitTimeoutMs - spentMs;
	let deadline: number | undefined;
	try {
		return await new Promise((settle, reject) => {
			const onSend = () => {
				if (deadline !== undefined) return;
				deadline = clock.now() + leftMs;
				void clock.sleep(leftMs, end).then(() => {
					if (!end.aborted) settle(TOO_LATE);
				});
			};
			const tookMs = () => clock.now() + leftMs - (deadline ?? Infinity);
			work(() => ({ deadline, onSend }), tookMs).then(settle, reject);
		});
	} finally {
		done.abort();
	}
}

/** Why nothing was read whose time is up. */
export const TOO_LATE: Unread = {
	kind: 'unread',
	reason: 'timedOut',
	fault: { message: '' },
	final: false,
};
