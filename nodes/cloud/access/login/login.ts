import type { ICredentialDataDecryptedObject, IHttpRequestHelper } from 'n8n-workflow';

import type { Answered } from '../../api/answer';
import { faultAfter, type Refusals } from '../refusals';
import {
	isInDoubt,
	LoginFailed,
	notReached,
	readLogin,
	refusedWhat,
	twiceInDoubt,
} from './login-answer';
import { loginRequest } from './login-request';
import { secretsOf, withoutSecrets } from '../secrets';
import type { SharedSession } from './shared-session';
import { type SessionFields, storeRefusal } from './stored-refusal';

/** What the executions of a process share of a login. */
export interface Login {
	/** Stands for the login, and tells none of its secrets. */
	mark: string;
	session: SharedSession;
	/** Those of its user, or of its application credential, whatever the project. */
	refusals: Refusals;
}

/**
 * Logs in at IAM (Keystone v3), once for all who want to at the same time, and gives the fields of the
 * credential that hold the session. All who share the login learn what came of it.
 * @throws LoginFailed when there is no token, InvalidCredential when a field cannot be used.
 */
export async function login(
	helpers: IHttpRequestHelper['helpers'],
	credential: ICredentialDataDecryptedObject,
	{ mark, session, refusals }: Login,
): Promise<SessionFields> {
	const sessionToken = await session.logIn(async () => {
		const asked = askForToken(helpers, credential);
		const learn = (error: unknown) => {
			if (!(error instanceof LoginFailed)) return;
			if (isRefusal(error)) refusals.note(mark, error.fault, refusedWhat(error.fault));
			else if (isInDoubt(error)) refusals.doubt(mark, twiceInDoubt(error));
		};
		asked.then(() => refusals.took(mark), learn);
		return await asked;
	});
	return { sessionToken, sessionTokenOwner: mark };
}

/**
 * Keeps a login that no execution of ours asked for, of a Test or of another node, from being the one that locks the user.
 * @throws LoginFailed when IAM has refused too many in the last 10 minutes.
 */
export function keepFromLock({ mark, refusals }: Login): void {
	const refusal = refusals.isNearLock ? refusals.standing(mark) : undefined;
	if (refusal) throw new LoginFailed(refusal.reason, true, faultAfter(refusal, NEAR_LOCK));
}

const NEAR_LOCK =
	'It was refused three times in 10 minutes, and five refused logins lock a user out: correct the credential, or try again in 10 minutes';

/** The fields that hold a refusal in place of a session; undefined where a login failed in another way. */
export function refusalToStore(
	error: unknown,
	{ mark, refusals }: Login,
): SessionFields | undefined {
	const refusal = isRefusal(error) ? refusals.standing(mark) : undefined;
	return refusal && storeRefusal({ mark, fault: refusal.fault, date: refusal.date });
}

/** Whether IAM has refused who asked: five of those lock a user out. */
function isRefusal(error: unknown): error is LoginFailed {
	return error instanceof LoginFailed && error.final && error.reason === 'unauthorized';
}

async function askForToken(
	helpers: IHttpRequestHelper['helpers'],
	credential: ICredentialDataDecryptedObject,
): Promise<string> {
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
	return readLogin(answer, host, credential.loginMethod);
}

/** Where a credential carries what is shared of its login; n8n hands it to `preAuthentication` as it is. */
const LOGIN = Symbol('login');

type Carrying = ICredentialDataDecryptedObject & { [LOGIN]?: () => Login };

/** Lets a login with this credential, which n8n does for us, count for all who share it. */
export function carryLogin(credential: Carrying, login: () => Login): void {
	credential[LOGIN] = login;
}

/** What a credential that a node of ours has handed to n8n carries; no other does. */
export function carriedLogin(credential: Carrying): (() => Login) | undefined {
	return credential[LOGIN];
}
