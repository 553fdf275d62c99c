import type { CredentialInformation, ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Client } from '../../api/requests';
import type { Answer } from '../../api/answer';
import { currentSession } from './session-token';

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
		let spent: CredentialInformation | undefined;
		for (;;) {
			while (loggingIn) {
				const outcome = await loggingIn;
				// A login that gave no token speaks for all who waited: the gate decides when the next is due.
				if (credential.sessionToken === '') return outcome;
			}
			if (refused) return refused;
			const { sessionToken } = credential;
			if (sessionToken === '' || sessionToken === spent) return await logIn(...request);
			const answer = await send(...request);
			if (!isRefused(answer) || spent !== undefined) return answer;
			spent = sessionToken;
		}
	};
}

function isRefused(answer: Answer): boolean {
	if (answer.kind === 'lost') return answer.refusal?.final === true;
	return answer.status === 401;
}
