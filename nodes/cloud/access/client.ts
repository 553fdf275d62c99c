import type {
	IAllExecuteFunctions,
	ICredentialDataDecryptedObject,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { type Account, InvalidCredential } from './account';
import { type Answer, type Answered, type Explanation, isObject, type Lost } from '../api/answer';
import { departingBy, type Departure, NOT_SENT_IN_TIME } from '../api/departure';
import { explainProject, oneLine, readError } from '../api/fault';
import { LoginFailed } from './login/login-answer';
import type { Client, CloudRequest } from '../api/requests';
import { hide, secretsOf, withoutSecrets } from './secrets';
import { refusesCredential } from '../api/verdict';

/** Whose secrets a client sends, and where. */
export interface ClientParts {
	/** Decrypted once: n8n would read it from its database for each request. */
	credential: ICredentialDataDecryptedObject;
	account: Account;
	/** Says what to check when the cloud has refused the credential. */
	explainRefusal: (answer: Answered, credential: ICredentialDataDecryptedObject) => Explanation;
}

/** The n8n side of a client: whose helpers send, and with which credential. */
export interface ClientContext extends ClientParts {
	context: IAllExecuteFunctions;
	credentialType: string;
}

/** These never reached the cloud, so that nothing can have been taken. */
const NEVER_SENT =
	/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|ERR_TLS_.*|ERR_INVALID_.*)$/;

/** Sends requests through n8n's authenticated helper. */
export function createClient({ context, credentialType, ...parts }: ClientContext): Client {
	return clientOver(
		async (options): Promise<unknown> =>
			await context.helpers.httpRequestWithAuthentication.call(context, credentialType, options, {
				credentialsDecrypted: { id: '', name: '', type: credentialType, data: parts.credential },
			}),
		parts,
	);
}

/**
 * Sends requests by `request`, which proves who asks, and takes every answer as it is: no exception for
 * an HTTP status, no redirect (n8n would follow a POST's with a GET), no repetition on 401.
 */
export function clientOver(
	request: (options: IHttpRequestOptions) => Promise<unknown>,
	{ credential, account, explainRefusal }: ClientParts,
): Client {
	return async (asked, timeoutMs, departure) => {
		try {
			const options = departingBy(departure, toOptions(asked, account, timeoutMs));
			const answer = toAnswer(await request(options), secretsOf(credential));
			if (answer.kind !== 'answered') return answer;
			const isRefused = refusesCredential(answer);
			if (isRefused) departure.comeBack();
			// Nova refuses another project with a 400.
			const mayBeProject = isRefused || answer.status === 400;
			const byProject = mayBeProject && explainProject(answer, credential.loginMethod);
			const explanation = byProject || (isRefused && explainRefusal(answer, credential));
			return explanation ? { ...answer, explanation } : answer;
		} catch (error) {
			return toLost(error, departure, secretsOf(credential));
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

/** Why a credential sent nothing: a field cannot be used, or its login gave no token. */
function refusalOf(error: unknown): Lost['refusal'] {
	if (error instanceof LoginFailed) return error;
	if (!(error instanceof InvalidCredential)) return undefined;
	const explanation = { why: error.message, hint: 'Correct the credential' };
	return { reason: 'invalidInput', final: true, fault: { message: '', explanation } };
}

function toLost(error: unknown, { state }: Departure, secrets: string[]): Answer {
	const { httpCode, code, cause, message } = isObject(error) ? error : {};
	const causeCode = isObject(cause) ? cause.code : undefined;
	const causeMessage = isObject(cause) ? cause.message : undefined;
	const refusal = refusalOf(error) ?? refusalOf(cause);
	if (refusal) return { kind: 'lost', sent: false, code: '', message: '', refusal };
	const known = [causeCode, httpCode, code].find((one) => typeof one === 'string' && one !== '');
	if (state === 'missed') return NOT_SENT_IN_TIME;
	const said = hide(String(causeMessage ?? message ?? ''), secrets);
	if (state === 'waiting') return neverLeft(said);
	return {
		kind: 'lost',
		sent: !NEVER_SENT.test(String(known)),
		code: String(known ?? 'UNKNOWN'),
		message: said,
	};
}

/** n8n failed before it sent anything, for example as it could not store a new token. */
function neverLeft(message: string): Lost {
	const explanation = {
		why: 'n8n failed before it sent the request',
		hint: "Run this again; if it stays so, look at n8n's own log, as n8n may not be able to read or store the credential",
	};
	const refusal = {
		reason: 'unreachable',
		final: false,
		fault: { message: oneLine(message), explanation },
	} as const;
	return { kind: 'lost', sent: false, code: '', message: '', refusal };
}
