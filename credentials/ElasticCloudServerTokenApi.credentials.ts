import type { IAuthenticate, ICredentialType, INodeProperties } from 'n8n-workflow';

import { authenticateWithToken } from '../nodes/cloud/token';
import {
	cloudField,
	ecsEndpointField,
	insecureFields,
	projectIdField,
	serverListTest,
} from './shared/cloud';

export class ElasticCloudServerTokenApi implements ICredentialType {
	name = 'elasticCloudServerTokenApi';

	displayName = 'Elastic Cloud Server Token API';

	icon = {
		light: 'file:../icons/elasticCloudServer.svg',
		dark: 'file:../icons/elasticCloudServer.dark.svg',
	} as const;

	documentationUrl = 'https://www.npmjs.com/package/n8n-nodes-elastic-cloud-server#credentials';

	properties: INodeProperties[] = [
		cloudField,
		ecsEndpointField,
		projectIdField,
		{
			displayName: 'Token',
			name: 'token',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description:
				'A token of the IAM (Keystone) service, scoped to the project. It lives 24 hours, so it is for trying things out.',
		},
		...insecureFields,
	];

	authenticate: IAuthenticate = async (credential, options) =>
		authenticateWithToken(credential, 'token', options);

	test = serverListTest;

	httpRequestNode = {
		name: 'Elastic Cloud Server',
		docsUrl: 'https://docs.otc.t-systems.com/elastic-cloud-server/api-ref/',
		apiBaseUrlPlaceholder: 'https://ecs.eu-de.otc.t-systems.com/v2.1/',
	};
}
