import { fetchOver } from '../../../../nodes/cloud/alarms/fetch';

const { signal } = new AbortController();

/** A helper of n8n's that answers with a stream; `read` counts the chunks of 1 kB that were taken. */
function answering(chunks: number, answer: object = { statusCode: 200, headers: {} }) {
	const seen = { read: 0, options: {} };
	async function* body() {
		for (; seen.read < chunks; seen.read++) yield Buffer.alloc(1024, 'a');
	}
	const fetch = fetchOver(async (options) => {
		seen.options = options;
		return { ...answer, body: body() };
	});
	return { seen, fetch };
}

it('asks without following redirects, credentials or a bound of time of its own', async () => {
	const { fetch, seen } = answering(1, { statusCode: 302, headers: { location: '/x' } });
	expect(await fetch('https://x', signal)).toMatchObject({ status: 302, location: '/x' });
	expect(seen.options).toEqual({
		url: 'https://x',
		method: 'GET',
		encoding: 'stream',
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		abortSignal: signal,
	});
});

it('reads 64 kB', async () => {
	expect((await answering(64).fetch('https://x', signal))?.body).toHaveLength(65_536);
});

it('reads no more of an endless answer', async () => {
	const { fetch, seen } = answering(Infinity);
	expect(await fetch('https://x', signal)).toBeUndefined();
	expect(seen.read).toBe(64);
});

it('says nothing of an error, which may hold the address', async () => {
	const fetch = fetchOver(async () => await Promise.reject(new Error('https://x?token=secret')));
	expect(await fetch('https://x', signal)).toBeUndefined();
});
