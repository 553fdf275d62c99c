import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';

import { authenticationFields } from '../n8n/authentication';
import { credentialTest } from '../n8n/credential-test/credential-test';
import {
	actionOptionsField,
	forcefulField,
	forcefulNotice,
	readOptionsField,
	serverIdField,
	simplifyField,
} from './fields';
import * as get from './operations/get';
import * as getMany from './operations/getMany';
import * as restart from './operations/restart';
import * as start from './operations/start';
import * as stop from './operations/stop';
import { serverFields, toolDescriptionFields } from './tool';
import { searchServers } from '../n8n/server/search';
import { readItem } from '../n8n/server/targets';
import { failAll, orErrorItems } from '../n8n/unexpected';

type Operation = { execute(this: IExecuteFunctions): Promise<INodeExecutionData[]> };

const OPERATIONS: Readonly<Record<string, Operation>> = { get, getMany, restart, start, stop };

export class ElasticCloudServer implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Elastic Cloud Server',
		name: 'elasticCloudServer',
		icon: {
			light: 'file:../../icons/elasticCloudServer.svg',
			dark: 'file:../../icons/elasticCloudServer.dark.svg',
		},
		group: ['transform'],
		version: [1, 1.1],
		subtitle:
			'={{ ({ get: "Get server", getMany: "Get many servers", restart: "Restart server", start: "Start server", stop: "Stop server" })[$parameter["operation"]] }}',
		description:
			'Start, stop, restart and find servers of Open Telekom Cloud, Huawei Cloud or any OpenStack, and know what became of them',
		defaults: { name: 'Elastic Cloud Server' },
		usableAsTool: true,
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		// Written out, as n8n's lint looks in this very place for what tests each credential.
		credentials: [
			{
				name: 'elasticCloudServerTokenApi',
				required: true,
				testedBy: 'testCredential',
				displayOptions: { show: { authentication: ['token'] } },
			},
			{
				name: 'elasticCloudServerLoginApi',
				required: true,
				testedBy: 'testCredential',
				displayOptions: { show: { authentication: ['login'] } },
			},
			{
				name: 'elasticCloudServerAccessKeyApi',
				required: true,
				testedBy: 'testCredential',
				displayOptions: { show: { authentication: ['accessKey'] } },
			},
		],
		properties: [
			...toolDescriptionFields,
			...authenticationFields,
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
				options: [get.option, getMany.option, restart.option, start.option, stop.option],
				default: 'start',
			},
			...serverFields(serverIdField),
			...start.fields,
			...stop.fields,
			...restart.fields,
			forcefulField,
			forcefulNotice,
			...getMany.fields,
			simplifyField,
			actionOptionsField,
			readOptionsField,
		],
	};

	methods = {
		listSearch: { searchServers },
		credentialTest: { testCredential: credentialTest() },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		const read = readItem(() => ({
			kind: 'read' as const,
			operation: String(this.getNodeParameter('operation', 0)),
		}));
		if (read.kind === 'refused') return [failAll(this, '', read.failure)];
		const { operation } = read;
		return [await orErrorItems(this, operation, async () => await execute(this, operation))];
	}
}

async function execute(
	context: IExecuteFunctions,
	operation: string,
): Promise<INodeExecutionData[]> {
	if (Object.hasOwn(OPERATIONS, operation)) {
		return await OPERATIONS[operation].execute.call(context);
	}
	const message = `There is no operation '${operation}'`;
	return failAll(context, operation, { reason: 'invalidInput', message, hint: 'Pick one' });
}
