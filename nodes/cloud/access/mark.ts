import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

/**
 * What two readings of a credential have in common if they lead to the same account with the same secrets,
 * none of which can be told from it. The stored session of a login is no part of it, as that changes
 * between two readings.
 */
export function markOf(credentialType: string, credential: ICredentialDataDecryptedObject): string {
	return hashOf(credentialType, credential, SESSION);
}

/** The same of the secrets alone, whichever project they are used for. */
export function markOfProof(
	credentialType: string,
	credential: ICredentialDataDecryptedObject,
): string {
	return hashOf(credentialType, credential, [...SESSION, ...PLACE]);
}

const SESSION = ['sessionToken', 'sessionTokenOwner'];
const PLACE = ['ecsEndpoint', 'projectId'];

function hashOf(
	credentialType: string,
	credential: ICredentialDataDecryptedObject,
	without: string[],
): string {
	const fields = Object.entries(credential).filter(([name]) => !without.includes(name));
	const text = JSON.stringify([credentialType, fields.sort(([a], [b]) => (a < b ? -1 : 1))]);
	return createHash('sha256').update(text).digest('hex');
}
