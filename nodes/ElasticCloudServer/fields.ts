import type { INodeProperties } from 'n8n-workflow';

const UUID_REGEX =
	'^\\s*[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\\s*$';

/** Shows a field with these operations only. */
export const forOperations = (...operation: string[]): INodeProperties['displayOptions'] => ({
	show: { resource: ['server'], operation },
});

export const serverIdField: INodeProperties = {
	displayName: 'Server',
	name: 'serverId',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description:
		'The server to work with: pick it from the list, or give its ID or its complete name, each also by an expression',
	displayOptions: forOperations('start', 'stop', 'restart', 'get'),
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			placeholder: 'Select a server…',
			typeOptions: { searchListMethod: 'searchServers', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: 'e.g. 616fb98f-46ca-475e-917e-2563e5a8cd19',
			hint: 'The ID is on the page of the server in the cloud console',
			validation: [
				{
					type: 'regex',
					properties: {
						regex: UUID_REGEX,
						errorMessage: 'Not a server ID. It looks like 616fb98f-46ca-475e-917e-2563e5a8cd19',
					},
				},
			],
		},
		{
			displayName: 'By Name',
			name: 'name',
			type: 'string',
			placeholder: 'e.g. web-1',
			hint: 'The complete name; only one server of the project may have it',
		},
	],
};

const apiVersionOption: INodeProperties = {
	displayName: 'API Version',
	name: 'apiVersion',
	type: 'options',
	default: 'v2.1',
	description: 'Which of the two paths of the compute API to use',
	options: [
		{ name: 'Version 2', value: 'v2' },
		{ name: 'Version 2.1', value: 'v2.1' },
	],
};

const concurrencyOption: INodeProperties = {
	displayName: 'Concurrency',
	name: 'concurrency',
	type: 'number',
	default: 10,
	typeOptions: { minValue: 1, maxValue: 50 },
	description: 'How many requests may be under way at the same time',
};

const maxTriesOption: INodeProperties = {
	displayName: 'Max Tries',
	name: 'maxTries',
	type: 'number',
	default: 5,
	typeOptions: { minValue: 1, maxValue: 10 },
	description:
		'How often to ask for the same server at most, when the cloud is busy or does not answer',
};

const waitTimeoutOption: INodeProperties = {
	displayName: 'Wait Timeout (Seconds)',
	name: 'waitTimeout',
	type: 'number',
	default: 300,
	typeOptions: { minValue: 1 },
	description:
		'How long one server may take in all, from its first request to its outcome, retries included',
};

/** Reading takes no more than these. */
export const readOptionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	description: 'These are read from the first item and hold for all',
	displayOptions: forOperations('get', 'getMany'),
	options: [
		apiVersionOption,
		concurrencyOption,
		{
			...maxTriesOption,
			description: 'How often to read at most, when the cloud is busy or does not answer',
		},
		{
			...waitTimeoutOption,
			description: 'How long reading may take for one item in all, retries included',
		},
	],
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

export const simplifyField: INodeProperties = {
	displayName: 'Simplify',
	name: 'simplify',
	type: 'boolean',
	default: true,
	description: 'Whether to return a simplified version of the response instead of the raw data',
	displayOptions: forOperations('get', 'getMany'),
};

export const actionOptionsField: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	description: 'These are read from the first item and hold for all',
	displayOptions: forOperations('start', 'stop', 'restart'),
	options: [
		apiVersionOption,
		concurrencyOption,
		{
			displayName: 'Fail If Already Done',
			name: 'failIfAlreadyDone',
			type: 'boolean',
			default: false,
			description: 'Whether a server that is already in the wanted state counts as failed',
			displayOptions: { show: { '/operation': ['start', 'stop'] } },
		},
		maxTriesOption,
		{
			displayName: 'Poll Interval (Seconds)',
			name: 'pollInterval',
			type: 'number',
			default: 5,
			typeOptions: { minValue: 1, maxValue: 60 },
			description: 'How long to wait between two looks at the servers',
		},
		{
			displayName: 'Send As',
			name: 'sendAs',
			type: 'options',
			default: 'oneRequestPerServer',
			description: 'How to ask for the servers of all items',
			options: [
				{
					name: 'One Batch Request',
					value: 'oneBatchRequest',
					description:
						'Up to 1,000 servers in one request. For Open Telekom Cloud, Huawei Cloud and their siblings.',
				},
				{
					name: 'One Request per Server',
					value: 'oneRequestPerServer',
					description: 'Works with every cloud',
				},
			],
		},
		waitTimeoutOption,
	],
};

/** A status as people read it, such as `Shelved Offloaded`. */
export function statusTitle(status: string): string {
	return status
		.split('_')
		.map((word) => word.charAt(0) + word.slice(1).toLowerCase())
		.join(' ');
}
