import { BoundedMap } from './bounded-map';
import type { Ration } from './ration';
import type { Key } from './signature';

/** How the call of a confirmation link ended: it is not called again. */
export type Confirmed = 'confirmed' | 'refused';

/**
 * What a process remembers of the messages it got, whichever workflows they were for: what strangers may
 * make it fetch is counted over all. Keys hold addresses of certificates, and IDs of workflows, nodes and
 * messages; never a link or a signature.
 */
export interface Memory {
	/** Certificate address → its key. */
	keys: BoundedMap<Key>;
	/** Addresses of certificates that could not be fetched just now. */
	failed: BoundedMap<true>;
	/** Notifications that have started a workflow. */
	started: BoundedMap<true>;
	/** Confirmations whose link was called. */
	confirmations: BoundedMap<Confirmed>;
	/** Listeners whose subscription was ended just now. */
	ended: BoundedMap<true>;
	/** Under way, so that those who need the same share one. */
	fetching: Map<string, Promise<Key | undefined>>;
	confirming: Map<string, Promise<Confirmed | 'tryAgain'>>;
	/** Ends with the request that is under way: one at a time. */
	line: Promise<unknown>;
	ration: Ration;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** A memory of nothing. */
export function emptyMemory(): Memory {
	return {
		keys: new BoundedMap(32, 24 * HOUR),
		failed: new BoundedMap(32, 60 * SECOND),
		started: new BoundedMap(10_000, 48 * HOUR),
		confirmations: new BoundedMap(1_000, 48 * HOUR),
		ended: new BoundedMap(1_000, 10 * MINUTE),
		fetching: new Map(),
		confirming: new Map(),
		line: Promise.resolve(),
		ration: [],
	};
}
