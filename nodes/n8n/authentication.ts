import type {
	ICredentialDataDecryptedObject,
	INodeCredentialDescription,
	INodeProperties,
} from 'n8n-workflow';

import type { Client } from '../cloud/api/requests';
import { explainRefusedKey, readAccessKey } from '../cloud/access/access-key';
import type { Answered, Explanation } from '../cloud/api/answer';
import { loginRequest } from '../cloud/access/login/login-request';
import { withRenewal } from '../cloud/access/login/renewal';
import { readToken } from '../cloud/access/token';

/** One way to prove to the cloud who asks. */
export interface Authentication {
	credentialType: string;
	/** @throws InvalidCredential when the credential cannot prove anything. */
	check: (credential: ICredentialDataDecryptedObject) => void;
	explainRefusal: (answer: Answered, credential: ICredentialDataDecryptedObject) => Explanation;
	/** Adds what the way does by itself when the cloud refuses it. */
	renew?: (send: Client, credential: ICredentialDataDecryptedObject) => Client;
}

/** What each value of the parameter `authentication` stands for. */
export const AUTHENTICATIONS: Readonly<Record<string, Authentication>> = {
	token: {
		credentialType: 'elasticCloudServerTokenApi',
		check: ({ token }) => readToken(token),
		explainRefusal: () => ({
			why: 'the cloud refused the token',
			hint: 'Get a new token (it lives 24 hours) and put it into the credential, and check that it belongs to this cloud and region. A schedule needs a credential that logs in by itself, or an access key',
		}),
	},
	login: {
		credentialType: 'elasticCloudServerLoginApi',
		check: loginRequest,
		explainRefusal: () => ({
			why: 'the cloud refused the token that the login had just given',
			hint: 'Check that the ECS endpoint, the IAM endpoint and the project ID in the credential belong to the same cloud and region',
		}),
		renew: withRenewal,
	},
	accessKey: {
		credentialType: 'elasticCloudServerAccessKeyApi',
		check: readAccessKey,
		explainRefusal: (answer, credential) => explainRefusedKey(answer, credential, new Date()),
	},
};

/** The credentials of a node, each shown with its own value of `authentication`. */
export const credentials: INodeCredentialDescription[] = Object.entries(AUTHENTICATIONS).map(
	([authentication, { credentialType }]) => ({
		name: credentialType,
		required: true,
		displayOptions: { show: { authentication: [authentication] } },
	}),
);

export const authenticationField: INodeProperties = {
	displayName: 'Authentication',
	name: 'authentication',
	type: 'options',
	options: [
		{ name: 'Access Key (AK/SK)', value: 'accessKey' },
		{ name: 'Login', value: 'login' },
		{ name: 'Token', value: 'token' },
	],
	default: 'token',
	description: 'How to prove to the cloud who asks',
};
