import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { restart } from '../../cloud/power/actions/restart';
import { act } from '../act';
import { forOperations } from '../fields';

export const option = {
	name: 'Restart',
	value: 'restart',
	action: 'Restart server',
	description: 'Reboot a running server and wait until it runs again',
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Wait Until Running',
		name: 'waitUntilDone',
		type: 'boolean',
		default: true,
		description:
			'Whether to wait until the server runs again. If off, the node returns as soon as the cloud has accepted the request, and does not know whether the server comes back.',
		displayOptions: forOperations('restart'),
	},
];

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await act(this, restart);
}
