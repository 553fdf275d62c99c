import {
	type Answered,
	type Fault,
	header,
	isHtml,
	isObject,
	UNTRUSTED_CERTIFICATE,
} from '../../api/answer';
import { oneLine, readFault } from '../../api/fault';
import { explainProxy } from '../../api/intermediary';
import type { Reason } from '../../api/reason';
import { redirectTarget } from '../../api/redirect';
import { retryAfterMs } from '../../api/retry-after';
import { hintByCode } from '../../words/hints';
import { sentence } from '../../words/sentence';
import type { About } from '../refusals';

/** A login that gave no token. */
export class LoginFailed extends Error {
	constructor(
		readonly reason: Reason,
		/** Trying again would give the same answer, and five refused logins lock the user out. */
		readonly final: boolean,
		readonly fault: Fault,
		readonly retryAfterMs?: number,
	) {
		super(sentence(fault));
		this.name = 'LoginFailed';
	}
}

/**
 * The token in the answer to a login, by the `loginMethod` of the credential.
 * @throws LoginFailed when there is none.
 */
export function readLogin(answer: Answered, host: string, method: unknown = 'password'): string {
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
	const target = redirectTarget(answer);
	if (target) {
		const why = `the login at ${host} is redirected to ${target}`;
		throw new LoginFailed('invalidInput', true, {
			...fault,
			explanation: { why, hint: REDIRECTED_HINT },
		});
	}
	if (isNoIam(answer)) {
		const why = `there is no IAM service (Keystone v3) at ${host}`;
		const hint =
			'Check the cloud, or the Identity Endpoint of a custom one (the base URL in front of /v3), in the credential';
		throw new LoginFailed('invalidInput', true, { ...fault, explanation: { why, hint } });
	}
	if (wantsSecondFactor(answer, fault)) {
		const why = `the login at ${host} wants a second factor (MFA), which n8n cannot give`;
		throw new LoginFailed('unauthorized', true, {
			...fault,
			explanation: { why, hint: SECOND_FACTOR_HINT },
		});
	}
	const explanation = { why: `the login at ${host} was refused`, hint: refusedHint(fault, method) };
	throw new LoginFailed('unauthorized', true, { ...fault, explanation });
}

/** A page, a success without a token, or a 404 of somebody else: Keystone has an error of its own for each refusal. */
function isNoIam({ status, body }: Answered): boolean {
	if (isHtml(body) || status < 400 || status === 405) return true;
	return (status === 404 || status === 410) && !isErrorOfIam(body);
}

/** `{"error": {"code": 404, …}}`, the same without its wrapping, or the extension's `{"error_code": "IAM.…"}`. */
function isErrorOfIam(body: unknown): boolean {
	if (!isObject(body)) return false;
	if (isObject(body.error)) return !/^APIG/.test(String(body.error.code));
	return typeof body.code === 'number' || /^IAM\./.test(String(body.error_code));
}

const REDIRECTED_HINT =
	"If your cloud's IAM service (Keystone v3) is there, put that address into the credential, as the Identity Endpoint of a custom cloud. If not, a proxy or a login page of your network may have answered";

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

/** These codes are of the user or its password, whichever the project; Keystone's words may mean either. */
export function refusedWhat({ code = '' }: Fault): About {
	return Object.hasOwn(HINT_BY_CODE, code) ? 'secret' : 'either';
}

function refusedHint({ code = '' }: Fault, method: unknown): string {
	const byMethod = method === 'applicationCredential' ? APPLICATION_HINT : PASSWORD_HINT;
	return HINT_BY_CODE[code] ?? byMethod;
}

const PASSWORD_HINT =
	'Check the password, the account (domain) name and the user name, which are easily swapped, the project ID, and that the user has a role in that project. The node does not repeat the login by itself, as clouds lock a user after about five refused ones';

const APPLICATION_HINT =
	'Check the ID and the secret of the application credential, that it was not deleted and has not expired, and that its user has a role in the project yet';

/** What HTTP clients call a time that is up. */
const TIMED_OUT = /^(ECONNABORTED|ETIMEDOUT)$/;

/** Whether IAM may yet refuse a login for which n8n waits no more. */
export function isInDoubt({ fault: { code = '' } }: LoginFailed): boolean {
	return TIMED_OUT.test(code);
}

/** What keeps from a third login after two such. */
export function twiceInDoubt({ reason, fault }: LoginFailed) {
	const { why = '', hint = '' } = fault.explanation ?? {};
	const explanation = {
		why: `${why}, twice`,
		hint: `${hint}. The login is not repeated, as it may have been refused both times, and five refused logins lock a user out`,
	};
	return { reason, fault: { ...fault, explanation } };
}

const WHY_NO_ANSWER: Readonly<Record<string, string>> = {
	ECONNREFUSED: ', as nothing listens there',
	ENOTFOUND: ', as no such host is known',
	EAI_AGAIN: ', as the name of the host could not be looked up',
};

/** Why there is no token where IAM gave no answer: what n8n's helper threw, in our words. */
export function notReached(host: string, error: unknown): LoginFailed {
	const { code, cause, message } = error as {
		code?: string;
		cause?: { code?: string };
		message?: string;
	};
	const known = cause?.code ?? code ?? 'UNKNOWN';
	const explanation = {
		why: `the login at ${host} got no answer${WHY_NO_ANSWER[known] ?? ''}`,
		hint:
			hintByCode(known) ??
			"Check the cloud, or the Identity Endpoint of a custom one, in the credential, and that this machine's network and proxy let n8n reach it",
	};
	// A certificate that n8n does not trust will not be trusted at the next try.
	return new LoginFailed('unreachable', UNTRUSTED_CERTIFICATE.test(known), {
		code: known,
		message: oneLine(message),
		explanation,
	});
}
