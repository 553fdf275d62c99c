import type { INodeProperties } from 'n8n-workflow';

import { authenticationField } from '../n8n/authentication';
import { triggerOptions } from '../n8n/options';
import { nameFilterField, tagsFilterField } from '../n8n/server/filter-fields';

export const fields: INodeProperties[] = [
	{
		...authenticationField,
		description:
			'How to prove to the cloud who asks. A pasted token ends after 24 hours, and the trigger with it.',
	},
	{
		displayName: 'Events',
		name: 'events',
		type: 'multiOptions',
		required: true,
		default: ['failed', 'stopped'],
		description: 'What to start the workflow for',
		options: [
			{ name: 'Appeared', value: 'appeared', description: 'A new server is there' },
			{ name: 'Deleted', value: 'deleted', description: 'A server is gone' },
			{ name: 'Failed', value: 'failed', description: 'A server came into the status ERROR' },
			{
				name: 'Running',
				value: 'running',
				description: 'A server that was off or had failed runs again',
			},
			{ name: 'Stopped', value: 'stopped', description: 'A server went off' },
		],
	},
	{
		displayName: 'Stops to Report',
		name: 'stopCause',
		type: 'options',
		default: 'notRequested',
		description: 'A stop is requested if somebody asked the cloud for it, such as in its console',
		displayOptions: { show: { events: ['stopped'] } },
		options: [
			{ name: 'All', value: 'all', description: 'Planned stops and others' },
			{
				name: 'Not Requested',
				value: 'notRequested',
				description: 'The guest shut down or died, or the host failed',
			},
			{ name: 'Requested', value: 'requested', description: 'Planned stops only' },
		],
	},
	{
		displayName: 'Servers',
		name: 'watch',
		type: 'options',
		default: 'all',
		description: 'Which servers of the project to watch',
		options: [
			{ name: 'All', value: 'all', description: 'Also those that are created later' },
			{ name: 'Chosen', value: 'chosen', description: 'Single ones, picked from a list' },
			{ name: 'Matching', value: 'matching', description: 'Those that fit filters, now or later' },
		],
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add filter',
		default: {},
		description: 'A server must fit all of them',
		displayOptions: { show: { watch: ['matching'] } },
		options: [nameFilterField, tagsFilterField],
	},
	{
		displayName: 'Server Names or IDs',
		name: 'serverIds',
		type: 'multiOptions',
		default: [],
		description:
			'Choose from the list, or specify IDs using an <a href="https://docs.n8n.io/code/expressions/">expression</a>',
		typeOptions: {
			loadOptionsMethod: 'getServers',
			loadOptionsDependsOn: ['authentication', 'options.apiVersion'],
		},
		displayOptions: { show: { watch: ['chosen'] } },
	},
	{
		displayName: 'Simplify',
		name: 'simplify',
		type: 'boolean',
		default: true,
		description: 'Whether to return a simplified version of the response instead of the raw data',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: triggerOptions,
	},
];
