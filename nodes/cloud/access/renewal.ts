import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Client } from '../api/requests';
import type { Answer } from '../api/answer';
import { currentSession } from './login';

/**
 * Lets a refused token be renewed behind the back of whoever sends. However many requests meet the
 * refusal, one renews for all: handed a credential without a token, n8n logs in and stores the new one.
 * A new token that is refused too, and a refused login, are final.
 */
export function withRenewal(send: Client, credential: ICredentialDataDecryptedObject): Client {
	credential.sessionToken = currentSession(credential);
	let loggingIn: Promise<Answer> | undefined;
	let refused: Answer | undefined;

	/** Handed a credential without a token, n8n logs in; one at a time, and never after a refusal. */
	async function logIn(...request: Parameters<Client>): Promise<Answer> {
		credential.sessionToken = '';
		loggingIn = send(...request).then((answer) => {
			if (isRefused(answer)) refused = answer;
			loggingIn = undefined;
			return answer;
		});
		return await loggingIn;
	}

	return async (...request) => {
		while (loggingIn) {
			const outcome = await loggingIn;
			// A login that gave no token speaks for all who waited: the gate decides when the next is due.
			if (credential.sessionToken === '') return outcome;
		}
		if (refused) return refused;
		const { sessionToken } = credential;
		if (sessionToken === '') return await logIn(...request);
		const answer = await send(...request);
		if (!isRefused(answer)) return answer;
		// As above, and in place: a function to wait in would give way for a turn, and let a herd log in.
		while (loggingIn) {
			const outcome = await loggingIn;
			if (credential.sessionToken === '') return outcome;
		}
		if (refused) return refused;
		const renewed = credential.sessionToken !== '' && credential.sessionToken !== sessionToken;
		return renewed ? await send(...request) : await logIn(...request);
	};
}

function isRefused(answer: Answer): boolean {
	if (answer.kind === 'lost') return answer.refusal?.final === true;
	return answer.status === 401;
}
