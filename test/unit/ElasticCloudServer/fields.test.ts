import type { INodeProperties } from 'n8n-workflow';

import { ElasticCloudServer } from '../../../nodes/ElasticCloudServer/ElasticCloudServer.node';
import { forOperations, readSimplify } from '../../../nodes/ElasticCloudServer/fields';
import { option as get } from '../../../nodes/ElasticCloudServer/operations/get';
import { option as getMany } from '../../../nodes/ElasticCloudServer/operations/getMany';
import { option as restart } from '../../../nodes/ElasticCloudServer/operations/restart';
import { option as start } from '../../../nodes/ElasticCloudServer/operations/start';
import { option as stop } from '../../../nodes/ElasticCloudServer/operations/stop';
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
		.filter(({ type }) => type !== 'notice')
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

test.each(['stop', 'restart'])('%s warns, visibly, once Forceful is on', (operation) => {
	const notices = properties.filter(
		(field) => field.type === 'notice' && shownFor(operation)(field),
	);
	expect(notices.map(({ displayOptions }) => displayOptions?.show?.forceful)).toEqual([[true]]);
	expect(notices[0].displayName).toMatch(/lost/);
});

test.each([get, getMany, restart, start, stop])(
	'the line below the node on the canvas says what it does, as the nodes panel does: $action',
	({ value, action }) => {
		expect(new ElasticCloudServer().description.subtitle).toContain(`${value}: "${action}"`);
	},
);

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
