import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Answer, Answered } from '../../api/answer';
import { NOT_SENT_IN_TIME } from '../../api/departure';
import { readFault } from '../../api/fault';
import type { Client } from '../../api/requests';
import { learnAside, notSentAside } from '../aside';
import { notSentAfter, type Refusal } from '../refusals';
import { carryLogin, type Login } from './login';
import { LoginFailed, refusedWhat } from './login-answer';
import { currentSession } from './session-token';
import { storedRefusal } from './stored-refusal';

/** What the renewal of a session needs besides the credential. */
export interface Renewing {
	/** To be asked each time, as what is not asked for is forgotten. */
	login: () => Login;
	/** What the token is used for: a project at an endpoint. */
	place: string;
	/** The credential as n8n has it stored now; undefined if it is another login by now. */
	readAgain: () => Promise<ICredentialDataDecryptedObject | undefined>;
	signal: AbortSignal;
}

/** Where the cloud refuses token after token, whoever got them, it will refuse the next one. */
const MOST_TOKENS = 3;

/**
 * Lets a refused token be renewed behind the back of whoever sends. However many requests of however many
 * executions meet the refusal, one renews for all: handed a credential without a token, n8n logs in and
 * stores the new one. A new token that is refused too, and a refused login, are final for the execution;
 * after a refused login no execution logs in for 10 minutes.
 */
export function withRenewal(
	send: Client,
	credential: ICredentialDataDecryptedObject,
	{ login: find, place, readAgain, signal }: Renewing,
): Client {
	let stored = currentSession(credential);
	let refused: Answer | undefined;
	carryLogin(credential, find);
	learnFromStored(credential, find());

	/** Undefined where there is no need, or no use, to log in any more. */
	async function logIn(...request: Parameters<Client>): Promise<Answer | undefined> {
		const now = await readAgain();
		if (signal.aborted) return undefined;
		const login = find();
		if (now) {
			stored = currentSession(now) || stored;
			learnFromStored(now, login);
		}
		if (login.session.tokenOr(stored) || refusalOf(login, place)) return undefined;
		credential.sessionToken = '';
		const answer = await send(...request);
		// A login that was cut off says nothing to the others.
		if (signal.aborted && answer.kind === 'lost') return undefined;
		stored = currentSession(credential);
		const [{ aside }] = request;
		if (aside && isRefused(answer)) return learnAside(find().refusals, place, answer);
		if (answer.kind === 'answered') learn(answer, stored);
		if (isRefused(answer) || (answer.kind === 'lost' && answer.refusal?.final)) refused = answer;
		return answer;
	}

	/** From the answer to a token of a new login. */
	function learn(answer: Answered, token: string): void {
		const { session, refusals } = find();
		if (isRefused(answer)) session.spend(token);
		if (session.isInVain(isRefused(answer))) {
			// The login itself was taken.
			refusals.note(place, readFault(answer), 'place');
		}
	}

	return async (...request) => {
		const [{ aside }, , departure] = request;
		for (let tokens = 0; ; ) {
			if (departure.state === 'missed' || signal.aborted) return NOT_SENT_IN_TIME;
			if (refused) return refused;
			const login = find();
			const { session } = login;
			const apart = aside && notSentAside(login.refusals, place);
			if (apart) return apart;
			const token = session.tokenOr(stored);
			if (token) {
				// What is stored beside may be the refusal, or the mark, of a login that was corrected since.
				Object.assign(credential, { sessionToken: token, sessionTokenOwner: login.mark });
				const answer = await send(...request);
				if (!isRefused(answer)) return answer;
				// The first token may have run out.
				if (aside && tokens > 0) return learnAside(find().refusals, place, answer);
				session.spend(token);
				tokens += 1;
				if (tokens === MOST_TOKENS) return answer;
				continue;
			}
			const refusal = refusalOf(login, place);
			if (refusal) return notSentAfter(refusal);
			const { underWay } = session.renewal;
			const outcome = await (underWay ?? session.renewal.take(() => logIn(...request)));
			if (outcome && (!underWay || speaksForAll(outcome))) return outcome;
		}
	};
}

/** Another process may have been refused, or taken at some time. */
function learnFromStored(credential: ICredentialDataDecryptedObject, { mark, refusals }: Login) {
	const refusal = storedRefusal(credential);
	if (refusal) refusals.hear(mark, refusal, refusedWhat(refusal.fault));
	if (currentSession(credential)) refusals.know(mark);
}

/** Why it is of no use to log in: that was refused, or tokens of new logins were. */
function refusalOf({ mark, refusals }: Login, place: string): Refusal | undefined {
	return refusals.standing(mark) ?? refusals.at(place);
}

function isRefused(answer: Answer): answer is Answered {
	return answer.kind === 'answered' && answer.status === 401;
}

/** A login that gave no token: the gate of each decides when the next is due. */
function speaksForAll(outcome: Answer): boolean {
	return outcome.kind === 'lost' && outcome.refusal instanceof LoginFailed;
}
