import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import type { Answered } from '../api/answer';
import { notReached, readLogin } from './login-answer';
import { loginRequest } from './login-request';
import { secretsOf, withoutSecrets } from './secrets';
import { loginMark } from './session-token';

/** Where a credential keeps why its last login gave no token; n8n neither stores nor copies it. */
const FAILURE = Symbol('login failure');

type Remembering = ICredentialDataDecryptedObject & { [FAILURE]?: unknown };

/**
 * Takes why the last login of a credential gave no token, if it did not. n8n before 2.41 drops the
 * cause of the error that it makes of ours, but hands over the very same credential.
 */
export function takeFailure(credential: Remembering): unknown {
	const failure = credential[FAILURE];
	delete credential[FAILURE];
	return failure;
}

function remembered(credential: Remembering, failure: unknown): unknown {
	const property = { value: failure, enumerable: false, configurable: true };
	Object.defineProperty(credential, FAILURE, property);
	return failure;
}

/**
 * Logs in at IAM (Keystone v3), once, and gives the fields of the credential that hold the session.
 * @throws LoginFailed when there is no token, InvalidCredential when a field cannot be used.
 */
export async function login(
	helpers: IHttpRequestHelper['helpers'],
	credential: ICredentialDataDecryptedObject,
): Promise<{ sessionToken: string; sessionTokenOwner: string }> {
	try {
		return await logIn(helpers, credential);
	} catch (error) {
		throw remembered(credential, error);
	}
}

async function logIn(
	helpers: IHttpRequestHelper['helpers'],
	credential: ICredentialDataDecryptedObject,
): Promise<{ sessionToken: string; sessionTokenOwner: string }> {
	const request = loginRequest(credential);
	const host = new URL(request.url).host;
	let response: unknown;
	try {
		response = await helpers.httpRequest(request);
	} catch (error) {
		throw notReached(host, error);
	}
	const { statusCode: status, headers, body } = response as Record<string, never>;
	const shown = withoutSecrets(body, secretsOf(credential));
	const answer: Answered = { kind: 'answered', status, headers, body: shown };
	return { sessionToken: readLogin(answer, host), sessionTokenOwner: loginMark(credential) };
}
