import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { allowsHttp, InvalidCredential, readAccount, refusePlainHttp } from './account';

/**
 * Puts the token in the credential's field `field` on a request, replacing one that is there.
 * @throws InvalidCredential when the credential cannot be used, or the token would travel in clear.
 */
export function authenticateWithToken(
	credential: ICredentialDataDecryptedObject,
	field: 'token' | 'sessionToken',
	options: IHttpRequestOptions,
): IHttpRequestOptions {
	readAccount(credential);
	refusePlainHttp(targetOf(options), allowsHttp(credential));
	return {
		...options,
		headers: { ...options.headers, 'X-Auth-Token': readToken(credential[field]) },
	};
}

/** Where a request goes; n8n's HTTP Request node calls it `uri`, everybody else `url`. */
function targetOf(options: IHttpRequestOptions & { uri?: string }): URL {
	const { baseURL, url, uri } = options;
	return new URL(url ?? uri ?? '', baseURL || undefined);
}

/**
 * The token in a field; one copied from a terminal often brings a line break along.
 * @throws InvalidCredential when there is none, or one that no request can carry.
 */
export function readToken(value: unknown): string {
	const token = typeof value === 'string' ? value.trim() : '';
	if (!token) throw new InvalidCredential("'Token' in the credential is empty");
	if (!/^[\x21-\x7e]+$/.test(token)) {
		throw new InvalidCredential(
			"'Token' in the credential has characters that no token has, such as a line break in its middle: copy it again",
		);
	}
	return token;
}
