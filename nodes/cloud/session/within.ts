import type { Clock } from './clock';

/**
 * What `work` gives, or undefined if `ms` milliseconds go by, or `signal` aborts, before that.
 * @throws what `work` throws in that time.
 */
export async function within<T>(
	clock: Clock,
	ms: number,
	work: Promise<T>,
	signal?: AbortSignal,
): Promise<T | undefined> {
	const done = new AbortController();
	const end = signal ? AbortSignal.any([done.signal, signal]) : done.signal;
	const late = clock.sleep(Math.max(0, ms), end).then(() => undefined);
	return await Promise.race([work, late]).finally(() => done.abort());
}
