'use strict';

// A credential of each kind for a simulated cloud, as the editor would save it.

/**
 * The value of the node's Authentication that goes with each type.
 * @type {Record<string, string>}
 */
const AUTHENTICATION = {
	elasticCloudServerTokenApi: 'token',
	elasticCloudServerLoginApi: 'login',
	elasticCloudServerAccessKeyApi: 'accessKey',
};

/**
 * Named as n8n names the first credential of its kind: the examples find theirs by that name.
 * @param {import('../../simulator/cloud').Cloud} cloud
 * @param {string} endpoint of Nova, ECS and IAM alike
 * @param {{ id: string }} token
 */
function credentialsFor(cloud, endpoint, token) {
	const { domain, user, project, applicationCredential, accessKey } = cloud;
	const place = {
		cloud: 'custom',
		ecsEndpoint: endpoint,
		projectId: project.id,
		allowHttp: false,
		allowUnauthorizedCerts: false,
	};
	const type = 'elasticCloudServerLoginApi';
	return {
		token: {
			id: 'simulated-cloud',
			name: 'Elastic Cloud Server Token (OpenStack, OTC, Huawei) account',
			type: 'elasticCloudServerTokenApi',
			data: { ...place, token: token.id },
		},
		password: {
			id: 'simulated-cloud-password',
			name: 'Elastic Cloud Server Login (OpenStack, OTC, Huawei) account',
			type,
			data: {
				...place,
				iamEndpoint: endpoint,
				loginMethod: 'password',
				domainName: domain.name,
				userName: user.name,
				password: user.password,
			},
		},
		applicationCredential: {
			id: 'simulated-cloud-application',
			name: 'Elastic Cloud Server Login (OpenStack, OTC, Huawei) account 2',
			type,
			data: {
				...place,
				iamEndpoint: endpoint,
				loginMethod: 'applicationCredential',
				applicationCredentialId: applicationCredential.id,
				applicationCredentialSecret: applicationCredential.secret,
			},
		},
		accessKey: {
			id: 'simulated-cloud-key',
			name: 'Elastic Cloud Server Access Key (OpenStack, OTC, Huawei) account',
			type: 'elasticCloudServerAccessKeyApi',
			data: {
				...place,
				accessKey: accessKey.accessKey,
				secretKey: accessKey.secretKey,
				securityToken: accessKey.securityToken ?? '',
			},
		},
	};
}

module.exports = { AUTHENTICATION, credentialsFor };
