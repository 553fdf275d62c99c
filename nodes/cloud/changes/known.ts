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

/** In the order of their letters below. */
const KINDS: Kind[] = ['off', 'failed', 'building', 'there', 'binned', 'deleted'];
const LETTERS = 'ofbtxd';

const ID_LENGTH = 22;
const TIME_LENGTH = 6;
const ENTRY_LENGTH = ID_LENGTH + 1 + TIME_LENGTH;

/** Times are packed as seconds since 2020: six digits of base 36 last until 2088. */
const EPOCH_SECONDS = Date.UTC(2020, 0) / 1000;

/** 29 characters for each server: its ID in base64, a letter for what is known, the time. */
export function packEntries(servers: ReadonlyMap<string, Entry>): string {
	return [...servers]
		.map(([id, { kind, at }]) => packId(id) + LETTERS[KINDS.indexOf(kind)] + packTime(at))
		.join('');
}

/** Undefined for a text that `packEntries` cannot have made. */
export function unpackEntries(text: string): Map<string, Entry> | undefined {
	if (!/^(?:[\w-]{22}[ofbtxd][\da-z]{6})*$/.test(text)) return undefined;
	return new Map(
		slices(text, ENTRY_LENGTH).map((one) => [
			unpackId(one.slice(0, ID_LENGTH)),
			{ kind: KINDS[LETTERS.indexOf(one[ID_LENGTH])], at: unpackTime(one.slice(ID_LENGTH + 1)) },
		]),
	);
}

/** 22 characters for each ID. */
export function packIds(ids: ReadonlySet<string>): string {
	return [...ids].map(packId).join('');
}

/** Undefined for a text that `packIds` cannot have made. */
export function unpackIds(text: string): Set<string> | undefined {
	if (!/^(?:[\w-]{22})*$/.test(text)) return undefined;
	return new Set(slices(text, ID_LENGTH).map(unpackId));
}

function slices(text: string, length: number): string[] {
	return Array.from({ length: text.length / length }, (_, index) =>
		text.slice(index * length, (index + 1) * length),
	);
}

function packId(id: string): string {
	return Buffer.from(id.replace(/-/g, ''), 'hex').toString('base64url');
}

function unpackId(text: string): string {
	const hex = Buffer.from(text, 'base64url').toString('hex');
	return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

function packTime(at: number): string {
	const seconds = Math.max(0, Math.floor(at / 1000) - EPOCH_SECONDS);
	return seconds.toString(36).padStart(TIME_LENGTH, '0').slice(-TIME_LENGTH);
}

function unpackTime(text: string): number {
	return (parseInt(text, 36) + EPOCH_SECONDS) * 1000;
}
