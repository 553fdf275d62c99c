import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { readToken } from '../cloud/token';

interface Authentication {
	credentialType: string;
	/** @throws InvalidCredential when the credential cannot prove anything. */
	check: (credential: ICredentialDataDecryptedObject) => void;
}

/** What each value of the parameter `authentication` stands for. */
export const AUTHENTICATIONS: Readonly<Record<string, Authentication>> = {
	token: {
		credentialType: 'elasticCloudServerTokenApi',
		check: ({ token }) => readToken(token),
	},
};
