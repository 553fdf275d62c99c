import {
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	type IWebhookFunctions,
	type IWebhookResponseData,
	NodeConnectionTypes,
	NodeOperationError,
} from 'n8n-workflow';

import { fetchOver } from '../cloud/alarms/fetch';
import { processMemory } from '../cloud/alarms/memory';
import { receive } from '../cloud/alarms/receive';
import { systemClock } from '../cloud/clock';
import { properties } from './fields';
import { listener, whatIsWrong } from './listener';

export class ElasticCloudServerAlarmTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Elastic Cloud Server Alarm Trigger',
		name: 'elasticCloudServerAlarmTrigger',
		icon: {
			light: 'file:../../icons/elasticCloudServer.svg',
			dark: 'file:../../icons/elasticCloudServer.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description:
			'Starts the workflow on alarms and events that your cloud sends through an SMN topic',
		defaults: { name: 'Elastic Cloud Server Alarm Trigger' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		webhooks: [
			{ name: 'default', httpMethod: 'POST', responseMode: 'onReceived', path: 'webhook' },
		],
		properties,
	};

	webhookMethods = {
		default: {
			/** The topic's subscription is made by hand: all there is to do is to refuse what can never work. */
			async checkExists(this: IHookFunctions): Promise<boolean> {
				const wrong = whatIsWrong(this);
				if (wrong === undefined) return true;
				throw new NodeOperationError(this.getNode(), wrong.message, {
					description: wrong.description,
				});
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	async webhook(this: IWebhookFunctions): Promise<IWebhookResponseData> {
		const request = this.getRequestObject();
		const verdict = await receive(
			{ body: request.rawBody, headers: request.headers },
			listener(this),
			{
				clock: { ...systemClock, date: () => Date.now() },
				fetch: fetchOver(async (options) => await this.helpers.httpRequest(options)),
				memory: processMemory,
			},
		);
		if ('notice' in verdict)
			return { workflowData: [this.helpers.returnJsonArray({ ...verdict.notice })] };
		if (verdict.log !== undefined) this.logger.info(`${this.getNode().name}: ${verdict.log}`);
		this.getResponseObject().status(verdict.status).json({ message: verdict.message });
		return { noWebhookResponse: true };
	}
}
