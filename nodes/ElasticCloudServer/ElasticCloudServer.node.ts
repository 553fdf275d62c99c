import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';

import { AUTHENTICATIONS } from './credentials';
import { actionOptionsField, serverIdField } from './fields';
import * as start from './operations/start';

export class ElasticCloudServer implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Elastic Cloud Server',
		name: 'elasticCloudServer',
		icon: {
			light: 'file:../../icons/elasticCloudServer.svg',
			dark: 'file:../../icons/elasticCloudServer.dark.svg',
		},
		group: ['transform'],
		version: 1,
		subtitle: '={{ $parameter["operation"] + ": " + $parameter["resource"] }}',
		description:
			'Start servers of Open Telekom Cloud, Huawei Cloud or any OpenStack, and know that they run',
		defaults: { name: 'Elastic Cloud Server' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		credentials: Object.entries(AUTHENTICATIONS).map(([authentication, { credentialType }]) => ({
			name: credentialType,
			required: true,
			displayOptions: { show: { authentication: [authentication] } },
		})),
		properties: [
			{
				displayName: 'Authentication',
				name: 'authentication',
				type: 'options',
				options: [
					{ name: 'Access Key (AK/SK)', value: 'accessKey' },
					{ name: 'Login', value: 'login' },
					{ name: 'Token', value: 'token' },
				],
				default: 'token',
				description: 'How to prove to the cloud who asks',
			},
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [{ name: 'Server', value: 'server' }],
				default: 'server',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				displayOptions: { show: { resource: ['server'] } },
				options: [start.option],
				default: 'start',
			},
			serverIdField,
			...start.fields,
			actionOptionsField,
		],
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await start.execute.call(this)];
	}
}
