/**
 * What a trigger remembers of a server. Of one that runs it remembers nothing, but for these:
 * - `off`, `failed`: it was so when it was looked at last
 * - `building`: it is new, and has not arrived yet
 * - `there`: it is new, and has arrived
 * - `binned`: it can still be restored; its deletion has been told
 * - `deleted`: it is gone, which has been told
 */
export type Kind = 'off' | 'failed' | 'building' | 'there' | 'binned' | 'deleted';

export interface Entry {
	kind: Kind;
	/** When the cloud had changed it last, in milliseconds since 1970 by its own clock, whole seconds. */
	at: number;
}

/** What a trigger knows of the servers it watches. All times are of the cloud's clock, in milliseconds since 1970. */
export interface Known {
	/** By their IDs. */
	servers: ReadonlyMap<string, Entry>;
	/** The IDs of all that fit, where a deleted server no longer shows whether it did. */
	fitting?: ReadonlySet<string>;
	/** When stock was taken: what was deleted before is not news. */
	stockAt: number;
	/** When the last complete read began. */
	since: number;
	/** The same of the last read of all servers. */
	fullAt: number;
}

/** Its deletion has been told, for good or restorable. */
export function isKnownGone({ servers }: Pick<Known, 'servers'>, id: string): boolean {
	const kind = servers.get(id)?.kind;
	return kind === 'deleted' || kind === 'binned';
}
