import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { stop } from '../../cloud/power/actions/stop';
import { act } from '../act';
import { forOperations } from '../fields';

export const option = {
	name: 'Stop',
	value: 'stop',
	action: 'Stop server',
	description: 'Shut down a running server and wait until it is off',
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Wait Until Stopped',
		name: 'waitUntilDone',
		type: 'boolean',
		default: true,
		description:
			'Whether to wait until the server is off. If off, the node returns as soon as the cloud has accepted the request, and does not know whether the server stops.',
		displayOptions: forOperations('stop'),
	},
];

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await act(this, stop);
}
