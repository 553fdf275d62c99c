import { type INodeType, type INodeTypeDescription, NodeConnectionTypes } from 'n8n-workflow';

import { type Clock, systemClock } from '../cloud/session/clock';
import { credentials } from '../n8n/authentication';
import { fields } from './fields';
import { poller } from './poll';
import { getServers } from './servers';

export class ElasticCloudServerTrigger implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Elastic Cloud Server Trigger',
		name: 'elasticCloudServerTrigger',
		icon: {
			light: 'file:../../icons/elasticCloudServer.svg',
			dark: 'file:../../icons/elasticCloudServer.dark.svg',
		},
		group: ['trigger'],
		version: 1,
		subtitle: '={{ $parameter["events"].join(", ") }}',
		description:
			// n8n's search shows this of both nodes.
			'Start, stop and find servers, or start the workflow when one went off, failed, runs again, appeared or was deleted',
		defaults: { name: 'Elastic Cloud Server Trigger' },
		polling: true,
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		credentials,
		properties: fields,
	};

	methods = { loadOptions: { getServers } };

	poll: INodeType['poll'];

	/** n8n hands in nothing. A test hands in a clock: who live by another one share nothing, as in another process. */
	constructor(clock: Clock = systemClock) {
		this.poll = poller(clock);
	}
}
