import type {
	IAllExecuteFunctions,
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { type Account, InvalidCredential } from './account';
import { type Answer, INVALID_CREDENTIAL, isObject, type Lost } from './answer';
import { readError } from './faults';
import type { CloudRequest } from './requests';
import type { Send } from './watch';

/** The n8n side of a client: whose helpers send, and with which credential. */
export interface ClientContext {
	context: IAllExecuteFunctions;
	credentialType: string;
	/** Decrypted once: n8n would read it from its database for each request. */
	credential: ICredentialDataDecryptedObject;
	account: Account;
}

/** Fields of the credentials whose values must never be shown. */
const SECRET_FIELDS = [
	'token',
	'sessionToken',
	'password',
	'applicationCredentialSecret',
	'secretKey',
	'securityToken',
];

/** These never reached the cloud, so that nothing can have been taken. */
const NEVER_SENT =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|ERR_TLS_.*|ERR_INVALID_.*)$/;

/**
 * Sends requests through n8n's authenticated helper and takes every answer as it is: no exception for
 * an HTTP status, no redirect (n8n would follow a POST's with a GET), no repetition on 401.
 */
export function createClient({
	context,
	credentialType,
	credential,
	account,
}: ClientContext): Send {
	const secrets = SECRET_FIELDS.map((field) => credential[field])
		.filter((value): value is string => typeof value === 'string' && value.trim().length >= 4)
		.map((value) => value.trim());

	return async (request, timeoutMs) => {
		try {
			const response: unknown = await context.helpers.httpRequestWithAuthentication.call(
				context,
				credentialType,
				toOptions(request, account, timeoutMs),
				{ credentialsDecrypted: { id: '', name: '', type: credentialType, data: credential } },
			);
			return toAnswer(response, secrets);
		} catch (error) {
			return toLost(error, secrets);
		}
	};
}

function toOptions(
	{ method, path, query, headers, body }: CloudRequest,
	{ ecsEndpoint, allowUnauthorizedCerts }: Account,
	timeoutMs: number,
): IHttpRequestOptions {
	return {
		method,
		url: ecsEndpoint + path,
		qs: query,
		headers: { Accept: 'application/json', ...headers },
		body,
		json: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		skipSslCertificateValidation: allowUnauthorizedCerts,
		timeout: Math.max(1, Math.ceil(timeoutMs)),
	};
}

function toAnswer(response: unknown, secrets: string[]): Answer {
	if (!isObject(response) || typeof response.statusCode !== 'number') {
		return { kind: 'lost', sent: true, code: 'NO_RESPONSE', message: 'n8n returned no response' };
	}
	const { statusCode: status, headers, body } = response;
	return {
		kind: 'answered',
		status,
		headers: isObject(headers) ? (withoutSecrets(headers, secrets) as Record<string, unknown>) : {},
		// A page of servers is large, and repeats nothing of the request.
		body: status === 200 && readError(body) === undefined ? body : withoutSecrets(body, secrets),
	};
}

/** Some gateways echo the request they refuse. */
function withoutSecrets(value: unknown, secrets: string[]): unknown {
	if (typeof value === 'string') return hide(value, secrets);
	if (Array.isArray(value)) return value.map((part) => withoutSecrets(part, secrets));
	if (!isObject(value)) return value;
	return Object.fromEntries(
		Object.entries(value).map(([name, part]) => [name, withoutSecrets(part, secrets)]),
	);
}

function hide(text: string, secrets: string[]): string {
	return secrets.reduce((shown, secret) => shown.split(secret).join('***'), text);
}

function toLost(error: unknown, secrets: string[]): Lost {
	const { httpCode, code, cause, message } = isObject(error) ? error : {};
	const causeCode = isObject(cause) ? cause.code : undefined;
	const causeMessage = isObject(cause) ? cause.message : undefined;
	// The credential itself refused to sign: the message says which of its fields is wrong.
	if (error instanceof InvalidCredential || cause instanceof InvalidCredential) {
		const { message: why } = (cause ?? error) as InvalidCredential;
		return { kind: 'lost', sent: false, code: INVALID_CREDENTIAL, message: why };
	}
	const known = [causeCode, httpCode, code].find((one) => typeof one === 'string' && one !== '');
	return {
		kind: 'lost',
		sent: !NEVER_SENT.test(String(known)),
		code: String(known ?? 'UNKNOWN'),
		message: hide(String(causeMessage ?? message ?? ''), secrets),
	};
}
