import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import type { Answered } from '../../api/answer';
import { notReached, readLogin } from './login-answer';
import { loginRequest } from './login-request';
import { secretsOf, withoutSecrets } from '../secrets';
import { loginMark } from './session-token';

/**
 * Logs in at IAM (Keystone v3), once, and gives the fields of the credential that hold the session.
 * @throws LoginFailed when there is no token, InvalidCredential when a field cannot be used.
 */
export async function login(
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
