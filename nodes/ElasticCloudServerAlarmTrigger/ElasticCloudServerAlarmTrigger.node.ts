import {
	type IHookFunctions,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';

import { type Clock, systemClock } from '../cloud/session/clock';
import { errorOf } from '../n8n/errors';
import { failureOf } from '../n8n/server/targets';
import { properties } from './fields';
import { readListener } from './listener';
import { receiver } from './webhook';

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
				try {
					readListener(this);
				} catch (error) {
					throw errorOf(this, failureOf(error));
				}
				return true;
			},
			async create(this: IHookFunctions): Promise<boolean> {
				return true;
			},
			async delete(this: IHookFunctions): Promise<boolean> {
				return true;
			},
		},
	};

	webhook: INodeType['webhook'];

	/** n8n hands in nothing. A test hands in a clock: who live by another one share nothing, as in another process. */
	constructor(clock: Clock = systemClock) {
		this.webhook = receiver(clock);
	}
}
