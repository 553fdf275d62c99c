import type { INodeProperties } from 'n8n-workflow';

import { CUSTOM_CLOUD, KNOWN_CLOUDS } from '../../nodes/cloud/access/clouds';

const withCustom: INodeProperties['displayOptions'] = { show: { cloud: [CUSTOM_CLOUD] } };

/** Which cloud a credential is for: the first field of each type. */
export const cloudField: INodeProperties = {
	displayName: 'Cloud',
	name: 'cloud',
	type: 'options',
	default: 'otc-eu-de',
	description: 'The region that your servers are in',
	hint: 'For OpenStack or a private cloud take Custom, the first of the list',
	options: [
		{
			name: 'Custom (Any OpenStack or Private Cloud)',
			value: CUSTOM_CLOUD,
			description: 'You give the endpoint yourself',
		},
		...KNOWN_CLOUDS.map(({ title, value }) => ({ name: title, value })),
	],
};

export const ecsEndpointField: INodeProperties = {
	displayName: 'Compute Endpoint',
	name: 'ecsEndpoint',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. https://nova.example.com:8774',
	hint: 'Base URL of the compute API (Nova), in front of /v2.1',
	displayOptions: withCustom,
};

export const iamEndpointField: INodeProperties = {
	displayName: 'Identity Endpoint',
	name: 'iamEndpoint',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. https://keystone.example.com:5000',
	hint: 'Base URL of the identity API (Keystone), in front of /v3',
	displayOptions: withCustom,
};

export const projectIdField: INodeProperties = {
	displayName: 'Project ID',
	name: 'projectId',
	type: 'string',
	default: '',
	required: true,
	placeholder: 'e.g. 77b6a44cba5143ab91d13ab9a8ff44fd',
	hint: 'The ID of the project in that region, not its name. Consoles show it under My Credentials, OpenStack under Identity > Projects.',
};

export const insecureFields: INodeProperties[] = [
	{
		displayName: 'Allow Plain HTTP (Insecure)',
		name: 'allowHttp',
		type: 'boolean',
		default: false,
		description:
			'Whether the credential may be sent unencrypted to an endpoint that starts with http://. Addresses of this machine itself need no permission.',
		displayOptions: withCustom,
	},
	{
		displayName: 'Ignore SSL Issues (Insecure)',
		name: 'allowUnauthorizedCerts',
		type: 'boolean',
		default: false,
		description: 'Whether to connect even if SSL certificate validation is not possible',
		displayOptions: withCustom,
	},
];

export const icon = {
	light: 'file:../icons/elasticCloudServer.svg',
	dark: 'file:../icons/elasticCloudServer.dark.svg',
} as const;

/** How n8n's HTTP Request node offers the credential. */
export const httpRequestNode = {
	name: 'Elastic Cloud Server',
	docsUrl: 'https://docs.otc.t-systems.com/elastic-cloud-server/api-ref/',
	apiBaseUrlPlaceholder: 'https://ecs.eu-de.otc.t-systems.com/v2.1/',
};
