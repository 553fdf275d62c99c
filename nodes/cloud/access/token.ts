import type { ICredentialDataDecryptedObject, IHttpRequestOptions } from 'n8n-workflow';

import { allowsHttp, InvalidCredential, readAccount, refusePlainHttp } from './account';
import { leave } from '../api/departure';
import { hashOf } from './mark';
import { toText } from '../api/values';

/** A request as a credential gets it: n8n's HTTP Request node says `uri`, everybody else `url`. */
export type TargetOptions = Omit<IHttpRequestOptions, 'url'> & { url?: string; uri?: string };

/**
 * Puts a token on a request, replacing one that is there.
 * @throws InvalidCredential when the credential cannot be used, or the token would travel in clear;
 * Error when the request was given up by now.
 */
export function authenticateWithToken(
	credential: ICredentialDataDecryptedObject,
	token: string,
	options: IHttpRequestOptions,
): IHttpRequestOptions {
	readAccount(credential);
	refusePlainHttp(targetOf(options), allowsHttp(credential));
	const headers = { ...options.headers, 'X-Auth-Token': token };
	return leave({ ...options, ...NO_REDIRECTS, headers });
}

/**
 * n8n takes the headers along to wherever a redirect leads, also to another host. The first is the
 * word of n8n's helper, the others those of its HTTP Request node.
 */
export const NO_REDIRECTS = {
	disableFollowRedirect: true,
	followRedirect: false,
	followAllRedirects: false,
};

/** Where a request goes. */
export function targetOf({ baseURL, url, uri }: TargetOptions): URL {
	const address = url ?? uri ?? '';
	if (!baseURL || URL.canParse(address)) return new URL(address);
	return new URL(`${baseURL.replace(/\/+$/, '')}/${address.replace(/^\/+/, '')}`);
}

/**
 * What stands for the token of a credential at its cloud, and does not tell it.
 * @throws InvalidCredential when a field cannot be used.
 */
export function tokenMark(credential: ICredentialDataDecryptedObject): string {
	const { ecsEndpoint } = readAccount(credential);
	return hashOf(JSON.stringify(['token', ecsEndpoint, readToken(credential.token)]));
}

/** What is copied along with a token from a header. */
const BEFORE_A_TOKEN = /^\s*((X-Subject-Token|X-Auth-Token|Authorization):\s*)?(Bearer\s+)?/i;

/** A token as it is sent, of one that was copied with the header that it came in. */
export function withoutHeaderName(text: string): string {
	return text.replace(BEFORE_A_TOKEN, '').trim();
}

/**
 * The token in a field; one copied from a terminal often brings a line break along.
 * @throws InvalidCredential when there is none, or one that no request can carry.
 */
export function readToken(value: unknown): string {
	const token = withoutHeaderName(toText(value) ?? '');
	if (!token) throw new InvalidCredential("'Token' in the credential is empty");
	if (!/^[\x21-\x7e]+$/.test(token)) {
		throw new InvalidCredential(
			"'Token' in the credential has characters that no token has, such as a line break in its middle: copy it again",
		);
	}
	return token;
}
