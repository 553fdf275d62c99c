import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Login } from '../access/login/login';
import { SharedSession } from '../access/login/shared-session';
import { loginMark, userMark } from '../access/login/session-token';
import { Proof } from '../access/shared-proof';
import { type Clock, systemClock } from '../session/clock';
import { Commons } from './commons';

/** What the executions of a process share, by keys that tell no secret. */
export interface Sharing {
	/** Sessions of logins, by `loginMark`. */
	logins: Commons<SharedSession>;
	/** Secrets, whichever accounts they are for: by `tokenMark`, `accessKeyMark`, and `userMark` of a login. */
	proofs: Commons<Proof>;
}

const sharings = new WeakMap<Clock, Sharing>();

/** What all share who live by this clock: the whole process, but for a test that brings its own. */
export function sharedBy(clock: Clock = systemClock): Sharing {
	const known = sharings.get(clock);
	if (known) return known;
	const now = () => clock.now();
	const sharing: Sharing = {
		logins: new Commons(now, () => new SharedSession(now)),
		proofs: new Commons(now, () => new Proof(now)),
	};
	sharings.set(clock, sharing);
	return sharing;
}

/**
 * Finds what is shared of the login of a credential; to be asked each time, as what is not asked for is
 * forgotten.
 * @throws InvalidCredential when a field cannot be used.
 */
export function loginOf(
	{ logins, proofs }: Sharing,
	credential: ICredentialDataDecryptedObject,
): () => Login {
	const mark = loginMark(credential);
	const user = userMark(credential);
	return () => ({ mark, session: logins.at(mark), refusals: proofs.at(user).refusals });
}
