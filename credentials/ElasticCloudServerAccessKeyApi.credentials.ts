import type { IAuthenticate, ICredentialType, INodeProperties } from 'n8n-workflow';

import { accessKeyMark, authenticateWithAccessKey } from '../nodes/cloud/access/access-key';
import { admitted } from '../nodes/cloud/access/shared-proof';
import { sharedBy } from '../nodes/cloud/process/sharing';
import {
	cloudField,
	ecsEndpointField,
	httpRequestNode,
	icon,
	insecureFields,
	projectIdField,
} from './shared/cloud';

export class ElasticCloudServerAccessKeyApi implements ICredentialType {
	name = 'elasticCloudServerAccessKeyApi';

	displayName = 'Elastic Cloud Server Access Key (OpenStack, OTC, Huawei) API';

	icon = icon;

	documentationUrl = 'https://www.npmjs.com/package/n8n-nodes-elastic-cloud-server#credentials';

	properties: INodeProperties[] = [
		cloudField,
		ecsEndpointField,
		projectIdField,
		{
			displayName: 'Access Key',
			name: 'accessKey',
			type: 'string',
			default: '',
			required: true,
			hint: 'The access key ID (AK), not the name of the key',
		},
		{
			displayName: 'Secret Key',
			name: 'secretKey',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: 'The secret access key (SK)',
		},
		{
			displayName: 'Security Token',
			name: 'securityToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			hint: 'Only for a temporary key, which comes with one and expires',
		},
		...insecureFields,
	];

	authenticate: IAuthenticate = async (credential, options) => {
		const proof = () => sharedBy().proofs.at(accessKeyMark(credential));
		return authenticateWithAccessKey(credential, admitted(options, proof, credential));
	};

	httpRequestNode = httpRequestNode;
}
