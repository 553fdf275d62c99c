import { unlessAborted } from '../../../../../nodes/cloud/session/watch/abort';

const NEVER = new Promise<string>(() => undefined);

test('gives what the work gives', async () => {
	const { signal } = new AbortController();
	expect(await unlessAborted(signal, Promise.resolve('seen'))).toBe('seen');
});

test('fails as the work fails', async () => {
	const { signal } = new AbortController();
	await expect(unlessAborted(signal, Promise.reject(new Error('broken')))).rejects.toThrow(
		'broken',
	);
});

test('gives nothing as soon as the signal aborts, while the work goes on', async () => {
	const cancel = new AbortController();
	const result = unlessAborted(cancel.signal, NEVER);
	cancel.abort();
	expect(await result).toBeUndefined();
});

test('gives nothing where the signal had aborted before, though the work is done', async () => {
	expect(await unlessAborted(AbortSignal.abort(), Promise.resolve('seen'))).toBeUndefined();
});

test('what the work comes to after that is of no matter, not even that it fails', async () => {
	const cancel = new AbortController();
	let fail: (error: Error) => void = () => undefined;
	const work = new Promise<string>((_, reject) => (fail = reject));
	const result = unlessAborted(cancel.signal, work);
	cancel.abort();
	fail(new Error('too late'));
	expect(await result).toBeUndefined();
});

test('puts no listener on the signal itself, of which Node.js takes more than ten for a leak', async () => {
	const cancel = new AbortController();
	const listen = jest.spyOn(cancel.signal, 'addEventListener');
	const result = unlessAborted(cancel.signal, NEVER);
	cancel.abort();
	expect(await result).toBeUndefined();
	expect(listen).not.toHaveBeenCalled();
});
