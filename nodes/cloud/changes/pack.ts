import type { Entry, Kind } from './known';

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
