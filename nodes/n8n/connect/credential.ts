import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import { markOf } from '../../cloud/access/mark';
import { isObject } from '../../cloud/api/answer';
import { type Authentication, AUTHENTICATIONS } from '../authentication';
import { InvalidValue, messageOf } from '../parameters';
import type { AnyContext, NoConnection } from './open';

/** A credential, and the way in which it proves who asks. */
export interface Read {
	kind: 'read';
	way: Authentication;
	credential: ICredentialDataDecryptedObject;
	/** Tells the credential from any other, without the session that a login left in it. */
	mark: string;
}

/**
 * Reads the credential for the way that the parameter `authentication` names; `item`: whose expressions it is
 * resolved for. Refused where n8n cannot read or decrypt it, or an expression in it fails.
 * @throws InvalidValue for what is none of the ways.
 */
export async function readCredential(
	context: AnyContext,
	authentication: unknown,
	item?: number,
): Promise<Read | NoConnection> {
	const way = wayOf(authentication);
	try {
		const credential: unknown = await context.getCredentials(way.credentialType, item);
		return isObject(credential)
			? readAs(way, credential as ICredentialDataDecryptedObject)
			: unreadable('n8n gave none');
	} catch (error) {
		return unreadable(messageOf(error));
	}
}

function wayOf(authentication: unknown): Authentication {
	const name = String(authentication);
	if (Object.hasOwn(AUTHENTICATIONS, name)) return AUTHENTICATIONS[name];
	throw new InvalidValue(`There is no authentication '${name}'`, 'Pick a credential');
}

function readAs(way: Authentication, credential: ICredentialDataDecryptedObject): Read {
	return { kind: 'read', way, credential, mark: markOf(way.credentialType, credential) };
}

function unreadable(why: string): NoConnection {
	const message = `The credential could not be read: ${why}`;
	const hint =
		"Open the credential in n8n, check its fields and expressions, and save it again; n8n's log may say more";
	return { kind: 'refused', failure: { reason: 'invalidInput', message, hint } };
}
