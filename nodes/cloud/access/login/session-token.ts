import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { readAccount } from '../account';
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
	return createHash('sha256').update(fields.join('\n')).digest('hex');
}

/** The stored token, or an empty text where there is none that belongs to the credential as it is now. */
export function currentSession(credential: ICredentialDataDecryptedObject): string {
	const { sessionToken, sessionTokenOwner } = credential;
	if (typeof sessionToken !== 'string') return '';
	const isOther = Boolean(sessionTokenOwner) && sessionTokenOwner !== loginMark(credential);
	return isOther ? '' : sessionToken;
}
