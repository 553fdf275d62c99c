import type { ICredentialDataDecryptedObject } from 'n8n-workflow';

import type { Login } from '../access/login/login';
import { SharedSession } from '../access/login/shared-session';
import { loginMark, userMark } from '../access/login/session-token';
import { Proof } from '../access/shared-proof';
import { emptyMemory, type Memory } from '../alarms/memory';
import { TriggerMemories } from '../changes/memory';
import { Asks } from '../session/asks';
import { type Clock, systemClock } from '../session/clock';
import { Traffic } from '../session/gate/traffic';
import type { Shared } from '../session/session';
import { Watcher } from '../session/watch/watcher';
import { Commons } from './commons';

/** What the executions of a process share, by keys that tell no secret. */
export interface Sharing {
	/** Sessions of logins, by `loginMark`. */
	logins: Commons<SharedSession>;
	/** Secrets, whichever accounts they are for: by `tokenMark`, `accessKeyMark`, and `userMark` of a login. */
	proofs: Commons<Proof>;
	/** What goes to a project, by `placeOf`. */
	projects: Commons<Traffic>;
	/** What is asked of the servers of a project, and seen of them, with one credential: by `markOf` and the API version. */
	accounts: Commons<Pick<Shared, 'watcher' | 'asks'>>;
	/** What is remembered of each trigger from one poll to the next, by its workflow and node. */
	triggers: TriggerMemories;
	/** What is remembered of the messages that alarm triggers got. */
	alarms: Memory;
}

const sharings = new WeakMap<Clock, Sharing>();

/** What all share who live by this clock: the whole process, but for a test that brings its own. */
export function sharedBy(clock: Clock = systemClock): Sharing {
	const known = sharings.get(clock);
	if (known) return known;
	const now = () => clock.now();
	const sharing: Sharing = {
		logins: new Commons(now, () => new SharedSession(clock)),
		proofs: new Commons(now, () => new Proof(clock)),
		projects: new Commons(now, () => new Traffic(clock)),
		accounts: new Commons(now, () => ({ watcher: new Watcher(clock), asks: new Asks(clock) })),
		triggers: new TriggerMemories(),
		alarms: emptyMemory(),
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
