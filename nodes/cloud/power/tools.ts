import type { Session } from '../session/session';
import type { PowerAction } from './actions/action';
import type { Rules } from './journey';

/** A session, and what its servers are asked for. */
export interface Tools extends Session {
	rules: Rules;
}

/** The tools for one action on servers of a session. */
export function toolsFor(session: Session, action: PowerAction): Tools {
	const { maxTries, failIfAlreadyDone, waitTimeoutMs } = session.settings;
	return { ...session, rules: { action, maxTries, failIfAlreadyDone, waitTimeoutMs } };
}
