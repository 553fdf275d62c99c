import type {
	IAuthenticate,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';

import {
	carriedLogin,
	keepFromLock,
	login,
	refusalToStore,
} from '../nodes/cloud/access/login/login';
import { CUSTOM_CLOUD } from '../nodes/cloud/access/clouds';
import { LoginFailed } from '../nodes/cloud/access/login/login-answer';
import { mergesSession, tokenToSend } from '../nodes/cloud/access/login/stored-refusal';
import { authenticateWithToken } from '../nodes/cloud/access/token';
import { loginOf, sharedBy } from '../nodes/cloud/process/sharing';
import { carried } from './shared/carried';
import {
	cloudField,
	ecsEndpointField,
	httpRequestNode,
	iamEndpointField,
	icon,
	insecureFields,
	projectIdField,
} from './shared/cloud';

const withPassword: INodeProperties['displayOptions'] = { show: { loginMethod: ['password'] } };
const withApplicationCredential: INodeProperties['displayOptions'] = {
	show: { loginMethod: ['applicationCredential'] },
};

export class ElasticCloudServerLoginApi implements ICredentialType {
	name = 'elasticCloudServerLoginApi';

	displayName = 'Elastic Cloud Server Login (OpenStack, OTC, Huawei) API';

	icon = icon;

	documentationUrl = 'https://www.npmjs.com/package/n8n-nodes-elastic-cloud-server#credentials';

	properties: INodeProperties[] = [
		{
			displayName: 'Session Token',
			name: 'sessionToken',
			type: 'hidden',
			typeOptions: { expirable: true, password: true },
			default: '',
		},
		{
			displayName: 'Session Token Owner',
			name: 'sessionTokenOwner',
			type: 'hidden',
			typeOptions: { password: true },
			default: '',
		},
		cloudField,
		ecsEndpointField,
		iamEndpointField,
		{
			displayName: 'Login Method',
			name: 'loginMethod',
			type: 'options',
			default: 'password',
			options: [
				{
					name: 'Application Credential',
					value: 'applicationCredential',
					description: 'An ID and a secret made for one project. For OpenStack.',
				},
				{
					name: 'User and Password',
					value: 'password',
					description: 'A user of your account, best one made for n8n alone',
				},
			],
		},
		{
			displayName: 'Account Name',
			name: 'domainName',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. OTC00000000001000000447',
			hint: 'Name or ID of the account (domain) that the user belongs to, not the user name',
			displayOptions: { ...withPassword, hide: { cloud: [CUSTOM_CLOUD] } },
		},
		{
			displayName: 'Domain',
			name: 'domainName',
			type: 'string',
			default: '',
			placeholder: 'e.g. Default',
			hint: 'Name or ID of the domain that the user belongs to. Left empty: Default.',
			displayOptions: { show: { loginMethod: ['password'], cloud: [CUSTOM_CLOUD] } },
		},
		{
			displayName: 'User Name',
			name: 'userName',
			type: 'string',
			default: '',
			required: true,
			hint: 'Name of the user, not an email address',
			displayOptions: withPassword,
		},
		{
			displayName: 'Password',
			name: 'password',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: withPassword,
		},
		{
			displayName: 'Application Credential ID',
			name: 'applicationCredentialId',
			type: 'string',
			default: '',
			required: true,
			displayOptions: withApplicationCredential,
		},
		{
			displayName: 'Application Credential Secret',
			name: 'applicationCredentialSecret',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			displayOptions: withApplicationCredential,
		},
		projectIdField,
		...insecureFields,
	];

	/**
	 * n8n calls this for a credential without a session, and after a 401. A refused login of our nodes is stored in
	 * place of the session, so that other processes learn of it.
	 */
	async preAuthentication(
		this: IHttpRequestHelper,
		credential: ICredentialDataDecryptedObject,
	): Promise<IDataObject> {
		const ours = carriedLogin(credential);
		try {
			const shared = ours ?? loginOf(sharedBy(), credential);
			if (!ours) keepFromLock(shared());
			return { ...(await login(this.helpers, credential, shared())) };
		} catch (error) {
			const refusal = ours && mergesSession(this.helpers) && refusalToStore(error, ours());
			if (refusal) return { ...refusal };
			throw carried(error);
		}
	}

	authenticate: IAuthenticate = async (credential, options) => {
		try {
			const token = tokenToSend(credential);
			return authenticateWithToken(credential, token, options);
		} catch (error) {
			throw error instanceof LoginFailed ? carried(error) : error;
		}
	};

	httpRequestNode = httpRequestNode;
}
