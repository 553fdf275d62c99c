import type { IExecuteFunctions, INodeExecutionData, INodeProperties } from 'n8n-workflow';

import { START } from '../../cloud/power/actions/start';
import { act } from '../act';
import { forOperations } from '../fields';

export const option = {
	name: 'Start',
	value: 'start',
	action: 'Start server',
	description: 'Power on a stopped server and wait until it runs',
};

export const fields: INodeProperties[] = [
	{
		displayName: 'Wait Until Running',
		name: 'waitUntilDone',
		type: 'boolean',
		default: true,
		description:
			'Whether to wait until the server runs. If off, the node returns as soon as the cloud has accepted the request, and does not know whether the server comes up.',
		displayOptions: forOperations('start'),
	},
];

export async function execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> {
	return await act(this, () => START);
}
