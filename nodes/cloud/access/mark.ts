import { createHash } from 'crypto';
import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Account } from './account';

/**
 * What two readings of a credential have in common if they lead to the same account with the same secrets,
 * none of which can be told from it. The stored session of a login is no part of it, as that changes
 * between two readings.
 */
export function markOf(credentialType: string, credential: ICredentialDataDecryptedObject): string {
	const fields = Object.entries(credential).filter(([name]) => !SESSION.includes(name));
	return hashOf(JSON.stringify([credentialType, fields.sort(([a], [b]) => (a < b ? -1 : 1))]));
}

const SESSION = ['sessionToken', 'sessionTokenOwner'];

/** What a secret is used for: the project, and where it is. */
export function placeOf({ ecsEndpoint, projectId }: Account): string {
	return `${ecsEndpoint} ${projectId}`;
}

/** What stands for a text, and does not tell it. */
export function hashOf(text: string): string {
	return createHash('sha256').update(text).digest('hex');
}
