import type { ICredentialType } from 'n8n-workflow';

import { ElasticCloudServerAccessKeyApi } from '../../../credentials/ElasticCloudServerAccessKeyApi.credentials';
import { ElasticCloudServerLoginApi } from '../../../credentials/ElasticCloudServerLoginApi.credentials';
import { ElasticCloudServerTokenApi } from '../../../credentials/ElasticCloudServerTokenApi.credentials';

const COMMON = ['ecsEndpoint', 'projectId'];

test.each<[string, ICredentialType, string[]]>([
	['a token', new ElasticCloudServerTokenApi(), [...COMMON, 'token']],
	[
		'a login',
		new ElasticCloudServerLoginApi(),
		[
			...COMMON,
			'iamEndpoint',
			'domainName',
			'userName',
			'password',
			'applicationCredentialId',
			'applicationCredentialSecret',
		],
	],
	// The security token comes only with a temporary key.
	['an access key', new ElasticCloudServerAccessKeyApi(), [...COMMON, 'accessKey', 'secretKey']],
])('the editor asks for what %s cannot do without, and for nothing else', (_, type, fields) => {
	const required = type.properties.filter((field) => field.required).map(({ name }) => name);
	expect(required.sort()).toEqual([...fields].sort());
});
