import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { explainRefusedKey, readAccessKey } from '../cloud/access/access-key';
import type { Answered, Explanation } from '../cloud/api/answer';
import { loginRequest } from '../cloud/access/login';
import { withRenewal } from '../cloud/access/renewal';
import { readToken } from '../cloud/access/token';
import type { Client } from '../cloud/session/send';

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

/**
 * What two readings of a credential have in common if they lead to the same account with the same secrets.
 * The stored session of a login is no part of it, as that changes between two readings.
 */
export function markOf(
	{ credentialType }: Authentication,
	credential: ICredentialDataDecryptedObject,
): string {
	const fields = Object.entries(credential).filter(([name]) => !SESSION_FIELDS.includes(name));
	const text = JSON.stringify([credentialType, fields.sort(([a], [b]) => (a < b ? -1 : 1))]);
	return createHash('sha256').update(text).digest('hex');
}

const SESSION_FIELDS = ['sessionToken', 'sessionTokenOwner'];
