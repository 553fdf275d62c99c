import { NodeOperationError } from 'n8n-workflow';

import type { Failure } from '../../../nodes/cloud/words/failure';
import { failAll, orErrorItems, orRefused, unexpected } from '../../../nodes/n8n/unexpected';
import { contextWith } from '../context';

const boom = async () => await Promise.reject<never>(new Error('boom'));
const FAILURE: Failure = { reason: 'invalidInput', message: 'No such thing', hint: 'Pick one' };
const ITSELF = 'The node itself failed: boom';

const goingOn = (signal?: AbortSignal) =>
	contextWith({}, { continueOnFail: true, items: 2, signal });

const errorItems = (error: unknown) =>
	[0, 1].map((item) => ({ json: { error }, pairedItem: { item } }));

test('what nobody foresaw is told as a fault of the node, with what to do', () => {
	expect(unexpected(new Error('boom'))).toEqual({
		reason: 'unexpectedResponse',
		message: ITSELF,
		hint: expect.stringContaining('before you run this again') as string,
	});
});

describe('the work of one item', () => {
	test('gives what it gives', async () => {
		expect(await orRefused('web', async () => await Promise.resolve('done'))).toBe('done');
	});

	test('that fails fails this item, by what it had named', async () => {
		const refused = await orRefused('web', boom);
		expect(refused).toMatchObject({ kind: 'refused', given: 'web', failure: { message: ITSELF } });
	});
});

describe('the work of all items', () => {
	const run = orErrorItems;

	test('gives its items', async () => {
		const items = [{ json: {} }];
		expect(await run(goingOn(), 'start', async () => await Promise.resolve(items))).toBe(items);
	});

	test('that fails, Continue: each item says so', async () => {
		const items = await run(goingOn(), 'start', boom);
		const error = expect.objectContaining({ message: ITSELF, operation: 'start' }) as unknown;
		expect(items).toEqual(errorItems(error));
	});

	test('that fails, Stop Workflow: one error says so', async () => {
		const error: unknown = await run(contextWith({}), 'start', boom).catch((thrown) => thrown);
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error).toMatchObject({ message: ITSELF });
	});

	test('that stops the workflow with an error of ours: that error', async () => {
		const context = contextWith({});
		const ours = new NodeOperationError(context.getNode(), '1 server did not start');
		const work = async () => await Promise.reject<never>(ours);
		await expect(run(context, 'start', work)).rejects.toThrow('1 server did not start');
	});

	test('that was cancelled is no failure of its items', async () => {
		const cancelled = run(goingOn(AbortSignal.abort()), 'start', boom);
		await expect(cancelled).rejects.toThrow(NodeOperationError);
	});
});

describe('what fails for all items', () => {
	test('Continue: is told by each', () => {
		expect(failAll(goingOn(), 'get', FAILURE)).toEqual(
			errorItems({ ...FAILURE, serverId: '', operation: 'get', attempts: 0 }),
		);
	});

	test('Stop Workflow: is one error, with what to do', () => {
		const stop = () => failAll(contextWith({}), 'get', FAILURE);
		expect(stop).toThrow(NodeOperationError);
		expect(stop).toThrow('No such thing');
	});
});
