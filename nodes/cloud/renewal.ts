import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Answer } from './answer';
import { currentSession } from './login';
import type { Send } from './send';

/**
 * Lets a refused token be renewed behind the back of whoever sends. However many requests meet the
 * refusal, one renews for all: handed a credential without a token, n8n logs in and stores the new one.
 * A new token that is refused too, and a refused login, are final.
 */
export function withRenewal(send: Send, credential: ICredentialDataDecryptedObject): Send {
	credential.sessionToken = currentSession(credential);
	let renewing: Promise<Answer> | undefined;
	let refused: Answer | undefined;

	async function renew(...request: Parameters<Send>): Promise<Answer> {
		credential.sessionToken = '';
		const answer = await send(...request);
		if (isRefused(answer)) refused = answer;
		return answer;
	}

	return async (...request) => {
		if (refused) return refused;
		if (renewing) await renewing;
		const { sessionToken } = credential;
		const answer = await send(...request);
		if (!isRefused(answer) || answer.kind === 'lost') return answer;
		if (refused) return refused;
		if (renewing) {
			await renewing;
			return refused ?? (await send(...request));
		}
		// Somebody else has renewed while this request was under way.
		if (credential.sessionToken !== sessionToken) return await send(...request);

		renewing = renew(...request);
		try {
			return await renewing;
		} finally {
			renewing = undefined;
		}
	};
}

function isRefused(answer: Answer): boolean {
	if (answer.kind === 'lost') return answer.refusal?.final === true;
	return answer.status === 401;
}
