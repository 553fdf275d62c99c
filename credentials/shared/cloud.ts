import type { ICredentialTestRequest, INodeProperties } from 'n8n-workflow';

import { ENDPOINT_TAIL } from '../../nodes/cloud/access/account';
import { CUSTOM_CLOUD, KNOWN_CLOUDS } from '../../nodes/cloud/access/clouds';
import { TEST_MARK } from '../../nodes/cloud/access/test-mark';

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
	hint: 'The ID of the project, not its name. It belongs to one region.',
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

const KNOWN_ENDPOINTS = JSON.stringify(
	Object.fromEntries(KNOWN_CLOUDS.map(({ value, ecsEndpoint }) => [value, ecsEndpoint])),
);

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

const ENDPOINT = `(${KNOWN_ENDPOINTS})[$credentials.cloud] || String($credentials.ecsEndpoint).trim().replace(${String(ENDPOINT_TAIL)}, "")`;

/** Where Huawei Cloud is, its own API is asked, as the node does (`isHuaweiCloud`). */
const IS_HUAWEI = `/^https:\\/\\/[^\\/]*\\.myhuaweicloud\\.(com|eu)(:\\d+)?(\\/|$)/i.test(${ENDPOINT})`;

/** One cheap authenticated read. n8n tells the user no more than a status code lets it. */
export const serverListTest: ICredentialTestRequest = {
	request: {
		baseURL: `={{ ${ENDPOINT} }}`,
		url: `=/{{ ${IS_HUAWEI} ? "v1" : "v2.1" }}/{{ String($credentials.projectId).trim() }}{{ ${IS_HUAWEI} ? "/cloudservers/detail" : "/servers" }}`,
		qs: { limit: 1 },
		headers: TEST_MARK,
		disableFollowRedirect: true,
		skipSslCertificateValidation:
			'={{ $credentials.cloud === "custom" && String($credentials.allowUnauthorizedCerts).trim().toLowerCase() === "true" }}',
	},
	rules: [
		rule(300, 'No compute API at this endpoint: it must be the base URL in front of /v2.1'),
		rule(
			301,
			'The endpoint redirects to another address: use that address as the Compute Endpoint',
		),
		rule(
			302,
			'The endpoint redirects to another address: use that address as the Compute Endpoint',
		),
		rule(
			400,
			'The project ID does not belong to this credential: check that project and region are those of the credential',
		),
		rule(
			401,
			'The cloud does not accept the credential: it may have expired (a token lives 24 hours), or belong to another cloud or region',
		),
		rule(403, 'The credential is valid, but its user may not list servers in this project'),
		rule(
			404,
			'No such project at this endpoint: check the project ID (not its name) and the endpoint',
		),
		rule(
			407,
			'The proxy between n8n and the cloud wants a login of its own: check the proxy settings of n8n',
		),
		rule(429, 'The cloud asks to slow down: test again in a minute'),
		rule(502, 'The cloud is not available at the moment: test again later'),
		rule(503, 'The cloud is not available at the moment: test again later'),
		rule(504, 'The cloud is not available at the moment: test again later'),
	],
};

/** The same for a signature, which cannot expire as a token does, and depends on the clock. */
export const signedServerListTest: ICredentialTestRequest = {
	...serverListTest,
	rules: [
		rule(
			401,
			'The cloud refused the signature: check the access key and the secret key, the project ID, the security token of a temporary key, and that the clock of the machine that n8n runs on is right to 15 minutes',
		),
		...(serverListTest.rules ?? []).filter(
			(one) => one.type === 'responseCode' && one.properties.value !== 401,
		),
	] as ICredentialTestRequest['rules'],
};

function rule(value: number, message: string) {
	return { type: 'responseCode' as const, properties: { value, message } };
}
