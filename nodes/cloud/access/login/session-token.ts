import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { readAccount } from '../account';
import { hashOf } from '../mark';
import { readAuth, readIamEndpoint } from './login-request';

/**
 * A mark of the login that a session belongs to: with other fields, a stored token is not used.
 * n8n keeps the token when a credential is edited.
 */
export function loginMark(credential: ICredentialDataDecryptedObject): string {
	const fields = [
		readIamEndpoint(credential),
		readAccount(credential).projectId,
		JSON.stringify(readAuth(credential)),
	];
	return hashOf(fields.join('\n'));
}

/**
 * The same of who logs in alone, whichever project for: what IAM locks after five refused logins.
 * @throws InvalidCredential when a field cannot be used.
 */
export function userMark(credential: ICredentialDataDecryptedObject): string {
	return hashOf(JSON.stringify([readIamEndpoint(credential), readAuth(credential).identity]));
}

/** The stored token, or an empty text where there is none that belongs to the credential as it is now. */
export function currentSession(credential: ICredentialDataDecryptedObject): string {
	const { sessionToken, sessionTokenOwner } = credential;
	if (typeof sessionToken !== 'string') return '';
	const isOther = Boolean(sessionTokenOwner) && sessionTokenOwner !== loginMark(credential);
	return isOther ? '' : sessionToken;
}
