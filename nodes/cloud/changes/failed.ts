import { explainRead } from '../servers/explain';
import type { Unread } from '../session/reader';
import type { Failure } from '../words/failure';

/** What a poll was to do could not be done, and why. */
export interface Failed {
	kind: 'failed';
	failure: Failure;
}

export function failed(what: string, unread: Unread): Failed {
	return { kind: 'failed', failure: explainRead(what, unread) };
}
