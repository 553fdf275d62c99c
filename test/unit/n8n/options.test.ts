import { InvalidValue } from '../../../nodes/n8n/parameters';
import { readSettings as read, type Settings } from '../../../nodes/n8n/options';

test('without options, all is as documented', () => {
	const preset: Settings = {
		apiVersion: 'auto',
		concurrency: 10,
		failIfAlreadyDone: false,
		maxTries: 5,
		pollIntervalMs: 5_000,
		sendAs: 'oneRequestPerServer',
		waitTimeoutMs: 300_000,
	};
	expect(read({})).toEqual(preset);
});

test('every option is read', () => {
	expect(
		read({
			apiVersion: 'v2',
			concurrency: 50,
			failIfAlreadyDone: true,
			maxTries: 1,
			pollInterval: 60,
			sendAs: 'oneBatchRequest',
			waitTimeout: 10,
		}),
	).toEqual({
		apiVersion: 'v2',
		concurrency: 50,
		failIfAlreadyDone: true,
		maxTries: 1,
		pollIntervalMs: 60_000,
		sendAs: 'oneBatchRequest',
		waitTimeoutMs: 10_000,
	});
});

test.each([
	['concurrency', 1],
	['concurrency', 50],
	['maxTries', 10],
])('%s may be %i', (name, value) => {
	expect(read({ [name]: value })).toMatchObject({ [name]: value });
});

test('an expression may give a number as text', () => {
	expect(read({ concurrency: '20', waitTimeout: '2.5' })).toMatchObject({
		concurrency: 20,
		waitTimeoutMs: 2_500,
	});
});

test.each<[unknown, boolean]>([
	[true, true],
	['true', true],
	[' TRUE', true],
	[false, false],
	['False', false],
])('an expression may give a switch as a word: %j', (failIfAlreadyDone, on) => {
	expect(read({ failIfAlreadyDone })).toMatchObject({ failIfAlreadyDone: on });
});

test.each([undefined, null, '', 1, 0, 'yes', {}])('Fail If Already Done may not be %j', (value) => {
	expect(() => read({ failIfAlreadyDone: value })).toThrow(
		"'Fail If Already Done' must be true or false",
	);
});

test.each([
	['concurrency', 0, 'Concurrency'],
	['concurrency', 51, 'Concurrency'],
	['concurrency', 2.5, 'Concurrency'],
	['concurrency', 'many', 'Concurrency'],
	['concurrency', null, 'Concurrency'],
	// An expression that gives nothing is no option that was not added.
	['concurrency', '', 'Concurrency'],
	['concurrency', undefined, 'Concurrency'],
	['apiVersion', undefined, 'API Version'],
	['sendAs', undefined, 'How to Send'],
	['concurrency', [5], 'Concurrency'],
	['maxTries', 0, 'Max Tries'],
	['maxTries', 11, 'Max Tries'],
	['maxTries', 1.5, 'Max Tries'],
	['maxTries', NaN, 'Max Tries'],
	['pollInterval', 0, 'Check Every'],
	['pollInterval', 0.5, 'Check Every'],
	['pollInterval', 61, 'Check Every'],
	['waitTimeout', 0, 'Wait Timeout'],
	['waitTimeout', -1, 'Wait Timeout'],
	['waitTimeout', Infinity, 'Wait Timeout'],
	['waitTimeout', 'soon', 'Wait Timeout'],
	['waitTimeout', '  ', 'Wait Timeout'],
	['apiVersion', 'v3', 'API Version'],
	['apiVersion', 2.1, 'API Version'],
	['sendAs', 'oneBigRequest', 'How to Send'],
])('%s may not be %j, and the message names the option', (name, value, shown) => {
	expect(() => read({ [name]: value })).toThrow(InvalidValue);
	expect(() => read({ [name]: value })).toThrow(`'${shown}'`);
});
