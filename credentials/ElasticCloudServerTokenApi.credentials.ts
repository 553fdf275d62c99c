import type { IAuthenticate, ICredentialType, INodeProperties } from 'n8n-workflow';

import { admitted } from '../nodes/cloud/access/shared-proof';
import { authenticateWithToken, readToken, tokenMark } from '../nodes/cloud/access/token';
import { sharedBy } from '../nodes/cloud/process/sharing';
import {
	cloudField,
	ecsEndpointField,
	httpRequestNode,
	icon,
	insecureFields,
	projectIdField,
} from './shared/cloud';

export class ElasticCloudServerTokenApi implements ICredentialType {
	name = 'elasticCloudServerTokenApi';

	displayName = 'Elastic Cloud Server Token (OpenStack, OTC, Huawei) API';

	icon = icon;

	documentationUrl = 'https://www.npmjs.com/package/n8n-nodes-elastic-cloud-server#credentials';

	properties: INodeProperties[] = [
		{
			displayName:
				'A token ends after 24 hours. For schedules and triggers, create a Login or an Access Key credential instead.',
			name: 'lifetimeNotice',
			type: 'notice',
			default: '',
		},
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
			hint: 'A token that IAM (Keystone) has issued for that project. A header name before it does no harm.',
		},
		...insecureFields,
	];

	authenticate: IAuthenticate = async (credential, options) => {
		const token = readToken(credential.token);
		const proof = () => sharedBy().proofs.at(tokenMark(credential));
		return authenticateWithToken(credential, token, admitted(options, proof, credential));
	};

	httpRequestNode = httpRequestNode;
}
