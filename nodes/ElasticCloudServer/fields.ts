import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';

import { actionOptions, readOptions } from '../n8n/options';
import { readSwitch } from '../n8n/parameters';
import { serverIdField as anyServerIdField } from '../n8n/server/server-field';

/** Shows a field with these operations only. */
export const forOperations = (...operation: string[]): INodeProperties['displayOptions'] => ({
	show: { resource: ['server'], operation },
});

export const serverIdField: INodeProperties = {
	...anyServerIdField,
	displayOptions: forOperations('start', 'stop', 'restart', 'get'),
};

const optionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	description: 'These are read from the first item and hold for all',
};

export const readOptionsField: INodeProperties = {
	...optionsField,
	displayOptions: forOperations('get', 'getMany'),
	options: readOptions,
};

export const actionOptionsField: INodeProperties = {
	...optionsField,
	displayOptions: forOperations('start', 'stop', 'restart'),
	options: actionOptions,
};

export const forcefulField: INodeProperties = {
	displayName: 'Forceful',
	name: 'forceful',
	type: 'boolean',
	default: false,
	description:
		'Whether to cut the power instead of asking the operating system to shut down. Data that it has not written to disk yet is lost.',
	displayOptions: forOperations('stop', 'restart'),
};

/** What a person must see before the power is cut, not on hover alone. */
export const forcefulNotice: INodeProperties = {
	displayName:
		'Forceful cuts the power: what the server has not written to disk yet is lost, and file systems may be damaged. (Plain OpenStack does so for a restart only, and stops a server as usual.)',
	name: 'forcefulNotice',
	type: 'notice',
	default: '',
	displayOptions: {
		show: { ...forOperations('stop', 'restart')?.show, forceful: [true] },
	},
};

export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	displayOptions: forOperations('get', 'getMany'),
};

/** Whether an item wants the fields that people work with, or all that the cloud says. */
export function readSimplify(context: IExecuteFunctions, item: number): { simplify: boolean } {
	return { simplify: readSwitch(context, item, 'simplify', 'Simplify', true) };
}
