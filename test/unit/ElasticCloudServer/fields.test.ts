import type { INodeProperties } from 'n8n-workflow';

import { ElasticCloudServer } from '../../../nodes/ElasticCloudServer/ElasticCloudServer.node';
import { forOperations, readSimplify } from '../../../nodes/ElasticCloudServer/fields';
import { contextWith } from '../context';

const { properties } = new ElasticCloudServer().description;

const shownFor = (operation: string) => (field: INodeProperties) =>
	(field.displayOptions?.show?.operation ?? []).includes(operation);

const isShown = (asTool: boolean) => (field: INodeProperties) =>
	asTool
		? field.displayOptions?.hide?.['@tool'] === undefined
		: field.displayOptions?.show?.['@tool'] === undefined;

/** What the editor shows for an operation, below its name. */
const titles = (operation: string, asTool = false) =>
	properties
		.filter(shownFor(operation))
		.filter(isShown(asTool))
		.map(({ displayName }) => displayName);

test.each([
	['start', ['Server', 'Wait Until Running', 'Options']],
	['stop', ['Server', 'Wait Until Stopped', 'Forceful', 'Options']],
	['restart', ['Server', 'Wait Until Running', 'Forceful', 'Options']],
	['get', ['Server', 'Simplify', 'Options']],
	['getMany', ['Return All', 'Limit', 'Filters', 'Simplify', 'Options']],
])('%s shows %j', (operation, fields) => {
	expect(titles(operation)).toEqual(fields);
});

test.each([
	['start', ['Description', 'Server Name or ID', 'Wait Until Running', 'Options']],
	['get', ['Description', 'Server Name or ID', 'Simplify', 'Options']],
	['getMany', ['Description', 'Return All', 'Limit', 'Filters', 'Simplify', 'Options']],
])('as a tool, %s shows %j', (operation, fields) => {
	expect(titles(operation, true)).toEqual(fields);
});

test('each operation has words of its own for the model', () => {
	const described = properties.filter(({ name }) => name === 'toolDescription');
	expect(described.map(({ displayOptions }) => displayOptions?.show?.operation)).toEqual(
		['start', 'stop', 'restart', 'get', 'getMany'].map((operation) => [operation]),
	);
	expect(new Set(described.map((field) => field.default)).size).toBe(5);
});

test.each([
	['start', true],
	['get', false],
])('the options of %s hold those of an action: %s', (operation, has) => {
	const options = properties.find(
		(field) => field.name === 'options' && shownFor(operation)(field),
	);
	const names = options?.options?.map(({ name }) => name);
	expect(names?.includes('sendAs')).toBe(has);
	expect(names).toContain('waitTimeout');
});

test('a field of some operations is one of servers', () => {
	expect(forOperations('get', 'stop')).toEqual({
		show: { resource: ['server'], operation: ['get', 'stop'] },
	});
});

test('Simplify is on where nothing else is said, and is that of each item', () => {
	expect(readSimplify(contextWith({}), 0)).toEqual({ simplify: true });
	const context = contextWith({ simplify: [true, false] });
	expect(readSimplify(context, 1)).toEqual({ simplify: false });
});
