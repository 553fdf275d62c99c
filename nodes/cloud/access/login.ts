import { createHash } from 'crypto';
import type {
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { retryAfterMs } from '../api/retry-after';
import { InvalidCredential, readAccount, readEndpoint } from './account';
import {
	type Answered,
	type Fault,
	header,
	isHtml,
	isObject,
	UNTRUSTED_CERTIFICATE,
} from '../api/answer';
import { oneLine, readFault } from '../api/fault';
import { hintByCode } from '../words/hints';
import { explainProxy } from '../api/intermediary';
import type { Reason } from '../api/reason';
import { secretsOf, withoutSecrets } from './secrets';
import { toText } from '../api/values';

/** A login that gave no token. */
export class LoginFailed extends Error {
	constructor(
		readonly reason: Reason,
		/** Trying again would give the same answer, and five refused logins lock the user out. */
		readonly final: boolean,
		readonly fault: Fault,
		readonly retryAfterMs?: number,
	) {
		super(toMessage(fault));
		this.name = 'LoginFailed';
	}
}

/**
 * What n8n shows where it shows no more than a message, as in a credential's Test. n8n takes a message
 * with a network's code for its own to reword, so that none is in it.
 */
function toMessage({ explanation, message, code }: Fault): string {
	const why = explanation ? explanation.why.charAt(0).toUpperCase() + explanation.why.slice(1) : '';
	const said = code && /^E[A-Z_]+$/.test(code) ? '' : message.replace(/\.$/, '');
	return [[why, said].filter(Boolean).join(': '), explanation?.hint].filter(Boolean).join('. ');
}

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

const LOGIN_TIMEOUT_MS = 30_000;

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

/** @throws InvalidCredential when a field cannot be used. */
export function loginRequest(credential: ICredentialDataDecryptedObject): IHttpRequestOptions {
	const { allowUnauthorizedCerts } = readAccount(credential);
	return {
		method: 'POST',
		url: `${readIamEndpoint(credential)}/v3/auth/tokens`,
		// The catalog would be by far the largest part of the answer.
		qs: { nocatalog: 'true' },
		headers: { Accept: 'application/json' },
		body: { auth: readAuth(credential) },
		json: true,
		returnFullResponse: true,
		ignoreHttpStatusErrors: true,
		disableFollowRedirect: true,
		skipSslCertificateValidation: allowUnauthorizedCerts,
		timeout: LOGIN_TIMEOUT_MS,
	};
}

function readIamEndpoint(credential: ICredentialDataDecryptedObject): string {
	const endpoint = readEndpoint(credential, 'iamEndpoint', 'IAM Endpoint');
	return endpoint.replace(/\/v3(\/auth\/tokens)?$/, '');
}

/** An application credential is bound to its project, and Keystone refuses one with a scope. */
function readAuth(credential: ICredentialDataDecryptedObject): IDataObject {
	const { loginMethod = 'password' } = credential;
	if (loginMethod === 'applicationCredential') {
		const id = readField(credential, 'applicationCredentialId', 'Application Credential ID');
		const secret = readField(
			credential,
			'applicationCredentialSecret',
			'Application Credential Secret',
		);
		return {
			identity: { methods: ['application_credential'], application_credential: { id, secret } },
		};
	}
	if (loginMethod !== 'password') {
		throw new InvalidCredential(
			"'Login Method' in the credential must be password or applicationCredential",
		);
	}
	const domain = readDomain(readField(credential, 'domainName', 'Account Name'));
	const name = readField(credential, 'userName', 'User Name');
	const password = readField(credential, 'password', 'Password');
	return {
		identity: { methods: ['password'], password: { user: { domain, name, password } } },
		scope: { project: { id: readAccount(credential).projectId } },
	};
}

/**
 * A domain by its ID where the text looks like one, else by its name: to try both would double the refused
 * logins, and five of those lock a user out. Keystone makes IDs of 32 hexadecimal digits, and calls the
 * domain that it begins with `default` (openstack/keystone, `common/utils.py`, `[identity] default_domain_id`).
 */
function readDomain(text: string): IDataObject {
	return /^([0-9a-f]{32}|default)$/.test(text) ? { id: text } : { name: text };
}

function readField(
	credential: ICredentialDataDecryptedObject,
	field: string,
	title: string,
): string {
	const value = toText(credential[field]) ?? '';
	if (value.trim() === '') throw new InvalidCredential(`'${title}' in the credential is empty`);
	// A secret may begin or end with a blank.
	return /password|secret/i.test(field) ? value : value.trim();
}

/**
 * A mark of the login that a session belongs to: with other fields, a stored token is not used.
 * n8n keeps the token when a credential is edited.
 */
export function loginMark(credential: ICredentialDataDecryptedObject): string {
	const fields = [
		readIamEndpoint(credential),
		readAccount(credential).projectId,
		JSON.stringify(readAuth(credential)),
	];
	return createHash('sha256').update(fields.join('\n')).digest('hex');
}

/** The stored token, or an empty text where there is none that belongs to the credential as it is now. */
export function currentSession(credential: ICredentialDataDecryptedObject): string {
	const { sessionToken, sessionTokenOwner } = credential;
	if (typeof sessionToken !== 'string') return '';
	const isOther = Boolean(sessionTokenOwner) && sessionTokenOwner !== loginMark(credential);
	return isOther ? '' : sessionToken;
}

/**
 * The token in the answer to a login.
 * @throws LoginFailed when there is none.
 */
export function readLogin(answer: Answered, host: string): string {
	const token = header(answer, 'x-subject-token');
	if (answer.status === 201 && token) return token;

	const fault = readFault(answer);
	const { status } = answer;
	if (status === 429) {
		const why = `the login at ${host} was asked to slow down`;
		const explanation = { why, hint: 'Run this again in a few minutes' };
		throw new LoginFailed('throttled', false, { ...fault, explanation }, retryAfterMs(answer));
	}
	const proxy = explainProxy(answer);
	if (proxy) {
		const explanation = { ...proxy, why: `the login at ${host} did not get there: ${proxy.why}` };
		throw new LoginFailed('unreachable', status !== 503, { ...fault, explanation });
	}
	if (status >= 500 || status === 408) {
		const why = `the login at ${host} is not available`;
		const explanation = { why, hint: "Run this again later; the cloud's status page may say more" };
		throw new LoginFailed('unavailable', false, { ...fault, explanation });
	}
	if (isNoIam(answer)) {
		const why = `there is no IAM service (Keystone v3) at ${host}`;
		const hint = "Check 'IAM Endpoint' in the credential: the base URL in front of /v3";
		throw new LoginFailed('invalidInput', true, { ...fault, explanation: { why, hint } });
	}
	if (wantsSecondFactor(answer, fault)) {
		const why = `the login at ${host} wants a second factor (MFA), which n8n cannot give`;
		throw new LoginFailed('unauthorized', true, {
			...fault,
			explanation: { why, hint: SECOND_FACTOR_HINT },
		});
	}
	const explanation = { why: `the login at ${host} was refused`, hint: refusedHint(fault) };
	throw new LoginFailed('unauthorized', true, { ...fault, explanation });
}

/** A page, a redirect, or a 404 of somebody else: Keystone has an error of its own for each refusal. */
function isNoIam({ status, body }: Answered): boolean {
	if (isHtml(body) || status < 400 || status === 405) return true;
	return (status === 404 || status === 410) && !isErrorOfIam(body);
}

/** `{"error": {"code": 404, …}}`, the same without its wrapping, or the extension's `{"error_code": "IAM.…"}`. */
function isErrorOfIam(body: unknown): boolean {
	if (!isObject(body)) return false;
	return (
		isObject(body.error) || typeof body.code === 'number' || /^IAM\./.test(String(body.error_code))
	);
}

/** Keystone hands out a receipt for the first factor (API v3, "Multi-Factor Authentication"); OTC says it in words. */
function wantsSecondFactor(answer: Answered, { message }: Fault): boolean {
	if (header(answer, 'openstack-auth-receipt')) return true;
	if (isObject(answer.body) && 'required_auth_methods' in answer.body) return true;
	return /\b(mfa|totp|multi-factor|second factor)\b/i.test(message);
}

const SECOND_FACTOR_HINT =
	"Use a user made for n8n that logs in without one, or an application credential ('Login Method' in the credential), or an access key";

/** OTC IAM API reference, "Error Codes"; security settings, "Login Authentication Policy". */
const HINT_BY_CODE: Readonly<Record<string, string>> = {
	'IAM.0061':
		'Too many refused logins have locked the user: wait 15 minutes, then test the credential',
	'IAM.0062': 'The password is wrong: correct it in the credential before the user gets locked',
	'IAM.0066': 'The password has expired: set a new one in the cloud console',
	'IAM.0080': 'The user of this login is disabled: enable it in the cloud console',
	'IAM.0081': 'The user may use the console only: allow it programmatic access',
	'IAM.0082': 'The user of this login is disabled: enable it in the cloud console',
};

function refusedHint({ code = '' }: Fault): string {
	return (
		HINT_BY_CODE[code] ??
		'Check the account (domain) name, which is not the user name, the user name, the password or secret, the project ID, and that the user has a role in that project. The login is not repeated, as five refused logins lock a user out for 15 minutes'
	);
}

/** IAM gave no answer. */
function notReached(host: string, error: unknown): LoginFailed {
	const { code, cause, message } = error as {
		code?: string;
		cause?: { code?: string };
		message?: string;
	};
	const known = cause?.code ?? code ?? 'UNKNOWN';
	const explanation = {
		why: `the login at ${host} got no answer`,
		hint:
			hintByCode(known) ??
			"Check the IAM endpoint in the credential, and that this machine's network and proxy let n8n reach it",
	};
	// A certificate that n8n does not trust will not be trusted at the next try.
	return new LoginFailed('unreachable', UNTRUSTED_CERTIFICATE.test(known), {
		code: known,
		message: oneLine(message),
		explanation,
	});
}
