/** What the trigger is to do, read from its parameters. */
import type { IPollFunctions } from 'n8n-workflow';

import { readPlan, watchedIn } from '../../../nodes/ElasticCloudServerTrigger/plan';
import { idOf } from '../servers';

const plan = (parameters: Record<string, unknown>) =>
	readPlan(
		{
			getNodeParameter: (name: string, preset: unknown) =>
				name in parameters ? parameters[name] : preset,
		} as unknown as IPollFunctions,
		38_000,
	);

test('what was not saved is as the editor shows it', () => {
	expect(plan({})).toMatchObject({
		watch: {
			events: new Set(['failed', 'stopped']),
			stopCause: 'notRequested',
			choice: { kind: 'all' },
			maxStopsPerHour: 5,
		},
		simplify: true,
		settings: { apiVersion: 'v2.1', waitTimeoutMs: 38_000 },
	});
});

test('a list may come from an expression, as one text', () => {
	const chosen = { watch: 'chosen', serverIds: `${idOf(2)}, ${idOf(1)}`, events: 'deleted' };

	expect(plan(chosen).watch).toMatchObject({
		events: new Set(['deleted']),
		choice: { kind: 'chosen', ids: new Set([idOf(1), idOf(2)]) },
	});
});

test.each([
	[{ events: ['exploded'] }, "'Events' must be some of"],
	[{ events: undefined }, "'Events' must be some of"],
	[{ stopCause: 'mine' }, "'Stops to Report' must be"],
	[{ watch: 'some' }, "'Servers' must be"],
	[
		{ watch: 'chosen', serverIds: ['web-1'] },
		"'web-1' in 'Server Names or IDs' is not a server ID",
	],
	[{ watch: 'matching', filters: { name: '' } }, "'Filters' is empty"],
	[{ watch: 'matching', filters: 'web' }, "'Filters' must be an object"],
	[{ simplify: 'perhaps' }, "'Simplify' must be true or false"],
	[{ options: { maxStopsPerHour: 1.5 } }, "'Max Stops per Hour' must be a whole number"],
	[{ options: { maxStopsPerHour: undefined } }, "'Max Stops per Hour' must be a number"],
	[{ options: { apiVersion: 'v3' } }, "'API Version' must be"],
])('%j means nothing', (parameters, words) => {
	expect(() => plan(parameters)).toThrow(words);
});

test('the same choice is the same in any order, another is another', () => {
	const choose = (serverIds: string[]) =>
		JSON.stringify(watchedIn(plan({ watch: 'chosen', serverIds }).watch));
	const match = (filters: object) =>
		JSON.stringify(watchedIn(plan({ watch: 'matching', filters }).watch));

	expect(choose([idOf(1), idOf(2)])).toBe(choose([idOf(2), idOf(1)]));
	expect(match({ tags: 'a,b' })).toBe(match({ tags: 'b,a' }));
	expect(new Set([choose([idOf(1)]), match({ tags: 'a' }), match({ name: 'a' })]).size).toBe(3);
});
