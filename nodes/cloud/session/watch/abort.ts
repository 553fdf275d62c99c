/** What `work` gives, or undefined if `signal` aborts before that. */
export async function unlessAborted<T>(
	signal: AbortSignal,
	work: Promise<T>,
): Promise<T | undefined> {
	// Node.js takes more than ten listeners on one signal for a leak.
	const own = AbortSignal.any([signal]);
	if (own.aborted) return undefined;
	return await new Promise<T | undefined>((resolve, reject) => {
		const stop = () => resolve(undefined);
		own.addEventListener('abort', stop, { once: true });
		work.then(resolve, reject).finally(() => own.removeEventListener('abort', stop));
	});
}
