import { isObject } from '../api/answer';
import { parseCloudTime } from '../api/cloud-time';

/** A line of the cloud's list of what was done to a server (os-instance-actions). */
export interface ActionRecord {
	action: string;
	/** When it began, in milliseconds since 1970 by the cloud's clock. */
	at: number;
	requestId: string | null;
	/** Null where nobody asked: the guest shut down or died, or was found off. Tried on Nova 26. */
	userId: string | null;
}

/** What is on record, or that the cloud does not tell. */
export type Records = ActionRecord[] | 'untold';

/** The list in the body of an answer, newest first; undefined where there is none. */
export function readRecords(body: unknown): ActionRecord[] | undefined {
	if (!isObject(body) || !Array.isArray(body.instanceActions)) return undefined;
	const records = body.instanceActions.filter(isObject).map(toRecord);
	// Nova's own order decides between two of the same second.
	return records.sort((a, b) => b.at - a.at);
}

function toRecord(json: Record<string, unknown>): ActionRecord {
	return {
		action: String(json.action),
		at: parseCloudTime(json.start_time) ?? 0,
		requestId: textOf(json.request_id),
		userId: textOf(json.user_id),
	};
}

function textOf(value: unknown): string | null {
	return typeof value === 'string' && value !== '' ? value : null;
}

/** What lets a server run, so that no stop before it can be why it is off now. */
const BEGINNINGS = ['start', 'reboot', 'create'];

/** The stop that a server has come to: the newest on record, if nothing has let it run since then. */
export function lastStop(newestFirst: ActionRecord[]): ActionRecord | undefined {
	const last = newestFirst.find(({ action }) => action === 'stop' || BEGINNINGS.includes(action));
	return last?.action === 'stop' ? last : undefined;
}

const HOUR_MS = 3_600_000;

/** What Max Stops per Hour makes of a stop. */
export interface Tally {
	/** With the stop itself, whoever asked. */
	stopsInLastHour: number;
	report: boolean;
	/** Its further stops are not reported until it has run for an hour. */
	lastReport: boolean;
}

/**
 * Judges the stop at `at` by all that is on record, so that nothing need be remembered: after `most` stops
 * within an hour none is reported until the server has run for an hour. `most` of 0: no limit.
 */
export function tally(newestFirst: ActionRecord[], at: number, most: number): Tally {
	const stops = newestFirst.filter(({ action }) => action === 'stop').map((stop) => stop.at);
	const upToNow = stops.filter((time) => time < at).concat(at);
	upToNow.sort((a, b) => a - b);
	let muted = false;
	let result: Tally = { stopsInLastHour: 1, report: true, lastReport: false };
	for (const time of upToNow) {
		if (ranForAnHour(newestFirst, time)) muted = false;
		const count = upToNow.filter((other) => other <= time && other > time - HOUR_MS).length;
		const reaches = most > 0 && !muted && count >= most;
		result = { stopsInLastHour: count, report: !muted, lastReport: reaches };
		if (reaches) muted = true;
	}
	return result;
}

function ranForAnHour(newestFirst: ActionRecord[], until: number): boolean {
	const begun = newestFirst.find(
		({ action, at }) => (action === 'start' || action === 'create') && at <= until,
	);
	return begun !== undefined && until - begun.at >= HOUR_MS;
}
