import { NodeOperationError } from 'n8n-workflow';

import { cancelSignal, orCancelled } from '../../../nodes/n8n/cancel';
import { contextWith } from '../context';

const forEver = async () => await new Promise<never>(() => {});

async function errorOf(work: Promise<unknown>): Promise<NodeOperationError> {
	const error: unknown = await work.catch((thrown: unknown) => thrown);
	if (error instanceof NodeOperationError) return error;
	throw new Error('No error');
}

test('work that ends gives what it gives', async () => {
	expect(await orCancelled(contextWith({}), Promise.resolve('done'))).toBe('done');
});

test('work that fails fails', async () => {
	const work = Promise.reject(new Error('boom'));
	await expect(orCancelled(contextWith({}), work)).rejects.toThrow('boom');
});

test('a cancelled execution ends at once, in the word by which n8n knows it', async () => {
	const cancel = new AbortController();
	const context = contextWith({}, { signal: cancel.signal });
	const ended = errorOf(orCancelled(context, forEver(), 'Servers may still start.'));
	cancel.abort();
	expect(await ended).toMatchObject({
		message: 'The execution was canceled',
		description: 'Servers may still start.',
	});
});

test('one that was cancelled before does not wait either', async () => {
	const context = contextWith({}, { signal: AbortSignal.abort() });
	expect((await errorOf(orCancelled(context, forEver()))).message).toContain('canceled');
});

test('work that has ended listens no more', async () => {
	const { signal } = new AbortController();
	const remove = jest.spyOn(signal, 'removeEventListener');
	await orCancelled(contextWith({}, { signal }), Promise.resolve('done'));
	await Promise.resolve();
	expect(remove).toHaveBeenCalledWith('abort', expect.any(Function));
});

test('an n8n without a signal never cancels', () => {
	expect(cancelSignal(contextWith({})).aborted).toBe(false);
});
