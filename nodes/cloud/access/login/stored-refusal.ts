import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import { type Fault, isObject } from '../../api/answer';
import { LoginFailed } from './login-answer';
import { currentSession, loginMark } from './session-token';

/** A refused login as other processes find it in the credential that n8n has stored. */
export interface StoredRefusal {
	/** Of the login that was refused. */
	mark: string;
	/** What IAM said, without secrets. */
	fault: Fault;
	/** When, in milliseconds since 1970. */
	date: number;
}

/**
 * Whether n8n merges a session into what is stored. Before 2.41 it writes back the whole credential as the
 * execution has it, which would put a refused password in place of the expression that gave it, or of the
 * one that the user corrects meanwhile. Those versions hand all helpers to a login, later ones this alone.
 */
export function mergesSession(helpers: IHttpRequestHelper['helpers']): boolean {
	return Object.keys(helpers).join() === 'httpRequest';
}

/** The fields of the credential that hold a session. */
export interface SessionFields {
	sessionToken: string;
	sessionTokenOwner: string;
}

/** A refusal in place of a session: no token, and why. */
export function storeRefusal(refusal: StoredRefusal): SessionFields {
	return { sessionToken: '', sessionTokenOwner: JSON.stringify(refusal) };
}

/** The refused login that a credential holds; undefined where there is none of the login as it is now. */
export function storedRefusal(
	credential: ICredentialDataDecryptedObject,
): StoredRefusal | undefined {
	const { sessionTokenOwner: text } = credential;
	if (typeof text !== 'string' || !text.startsWith('{')) return undefined;
	try {
		const stored: unknown = JSON.parse(text);
		if (!isStoredRefusal(stored)) return undefined;
		return stored.mark === loginMark(credential) ? stored : undefined;
	} catch {
		return undefined;
	}
}

function isStoredRefusal(value: unknown): value is StoredRefusal {
	if (!isObject(value) || !isObject(value.fault)) return false;
	return typeof value.date === 'number' && typeof value.fault.message === 'string';
}

/**
 * The token to put on a request.
 * @throws LoginFailed where there is none, as the login was refused.
 */
export function tokenToSend(credential: ICredentialDataDecryptedObject): string {
	const token = currentSession(credential);
	const refusal = token === '' ? storedRefusal(credential) : undefined;
	if (refusal) throw new LoginFailed('unauthorized', true, refusal.fault);
	return token;
}
