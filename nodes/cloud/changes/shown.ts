import { parseCloudTime } from '../api/cloud-time';
import { condition, type Condition } from '../api/server';
import type { Row } from '../session/reader';
import type { Kind } from './known';
import type { Records } from './records';

/** Two reads overlap by this much, in milliseconds: the clocks of a cloud's parts differ. */
export const OVERLAP_MS = 120_000;

/** What a poll has read of the cloud. */
export interface Shown {
	/** Servers that changed, deleted ones among them, or all; each once. */
	rows: Row[];
	/** All that are watched and are there are among the rows. */
	complete: boolean;
	/** Servers that are known to be gone by a 404 alone. */
	gone: readonly string[];
	/** What was done to those that `toLookAt` names, as far as there was time to read it. */
	records: ReadonlyMap<string, Records>;
	/** When the read began, in milliseconds since 1970 by the cloud's clock. */
	readAt: number;
}

/** What is remembered of a server in a condition that lasts. */
const LASTING: Partial<Record<Condition, Kind>> = { stopped: 'off', broken: 'failed' };

/** What is remembered of a server that is as this row shows it; undefined: nothing. */
export function lastingKind({ server }: Row): Kind | undefined {
	return LASTING[condition(server)];
}

/** When the cloud changed it last, in whole seconds; one that does not say so has changed just now. */
export function updatedOf({ json }: Row, now: number): number {
	const at = parseCloudTime(json.updated) ?? now;
	return Math.floor(at / 1000) * 1000;
}

export function createdOf({ json }: Row): number {
	return parseCloudTime(json.created) ?? 0;
}
