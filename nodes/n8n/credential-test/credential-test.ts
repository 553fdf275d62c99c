import type {
	ICredentialDataDecryptedObject,
	ICredentialsDecrypted,
	ICredentialTestFunction,
	ICredentialTestFunctions,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INodeCredentialTestResult,
} from 'n8n-workflow';

import { InvalidCredential, readAccount } from '../../cloud/access/account';
import { clientOver } from '../../cloud/access/client';
import { keepFromLock, login } from '../../cloud/access/login/login';
import { LoginFailed, notReached } from '../../cloud/access/login/login-answer';
import { LOGIN_TIMEOUT_MS, loginRequest } from '../../cloud/access/login/login-request';
import { SharedSession } from '../../cloud/access/login/shared-session';
import { hide, secretsOf } from '../../cloud/access/secrets';
import type { Reason } from '../../cloud/api/reason';
import { loginOf, sharedBy } from '../../cloud/process/sharing';
import { explainRead } from '../../cloud/servers/explain';
import { openApis } from '../../cloud/session/apis';
import { type Clock, systemClock } from '../../cloud/session/clock';
import { toPage } from '../../cloud/session/reader';
import { READ_TIMEOUT_MS, withinTime } from '../../cloud/session/send';
import { within } from '../../cloud/session/within';
import { type Authentication, AUTHENTICATIONS } from '../authentication';
import { messageOf } from '../parameters';
import { httpRequestOver } from './http-request';

/**
 * The Test of each type of our credentials: logs in where it is a login, always anew, and asks for one server of the
 * project's list. What it says is what the node would say. A Test that succeeds ends what was refused before.
 */
export function credentialTest(clock: Clock = systemClock): ICredentialTestFunction {
	return async function (
		this: ICredentialTestFunctions,
		{ type, data: credential = {} }: ICredentialsDecrypted,
	): Promise<INodeCredentialTestResult> {
		const helpers = httpRequestOver(this.helpers);
		const failure = await whyNot({ helpers, type, credential, clock });
		return failure === undefined
			? { status: 'OK', message: 'Connection successful!' }
			: { status: 'Error', message: hide(failure, secretsOf(credential)) };
	};
}

interface Trial {
	helpers: IHttpRequestHelper['helpers'];
	type: string;
	credential: ICredentialDataDecryptedObject;
	clock: Clock;
}

/** Why the node could not use a credential; undefined where it could. Never rejects. */
async function whyNot(trial: Trial): Promise<string | undefined> {
	try {
		return await askForServer(trial);
	} catch (error) {
		const isExplained = error instanceof LoginFailed || error instanceof InvalidCredential;
		return isExplained ? error.message : `The Test itself failed: ${messageOf(error)}`;
	}
}

/** @throws InvalidCredential when a field cannot be used, LoginFailed when there is no token. */
async function askForServer(trial: Trial): Promise<string | undefined> {
	const { helpers, type, clock } = trial;
	const way = wayOf(type);
	const account = readAccount(trial.credential);
	way.check(trial.credential);
	const credential = await loggedIn(way, trial);
	const request = async (options: IHttpRequestOptions): Promise<unknown> =>
		await helpers.httpRequest(way.prove(credential, options));
	const client = clientOver(request, { credential, account, explainRefusal: way.explainRefusal });
	const send = withinTime(client, clock, new AbortController().signal);
	const { apis } = openApis({ ...account, apiVersion: 'auto' }, send);
	const { answer, api } = await apis.read('list', (asked) => asked.list({}, 1), READ_TIMEOUT_MS);
	const page = toPage(answer, api, 1);
	if (page.kind === 'page') {
		way.forgetRefusal(credential, sharedBy(clock));
		return undefined;
	}
	const { host } = new URL(account.ecsEndpoint);
	const { reason, message, hint } = explainRead(`The list of servers at ${host}`, page);
	return `${message}. ${WILL_PASS.includes(reason) ? 'Test again in a few minutes' : hint}`;
}

const WILL_PASS: Reason[] = ['throttled', 'unavailable'];

function wayOf(type: string): Authentication {
	const way = Object.values(AUTHENTICATIONS).find(({ credentialType }) => credentialType === type);
	if (!way) throw new Error(`there is no credential type '${type}'`);
	return way;
}

/**
 * The credential with a session of its own, where it is a login: one that lives on would say nothing of the password.
 * @throws LoginFailed when there is none.
 */
async function loggedIn(
	way: Authentication,
	{ helpers, credential, clock }: Trial,
): Promise<ICredentialDataDecryptedObject> {
	if (way !== AUTHENTICATIONS.login) return credential;
	const shared = loginOf(sharedBy(clock), credential)();
	keepFromLock(shared);
	const own = { ...shared, session: new SharedSession(clock) };
	// n8n's own limit is on idleness: an answer that drips on may take for ever.
	const session = await within(clock, LOGIN_TIMEOUT_MS, login(helpers, credential, own));
	if (session) return { ...credential, ...session };
	throw notReached(new URL(loginRequest(credential).url).host, { code: 'ETIMEDOUT' });
}
