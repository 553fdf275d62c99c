import type { Row } from '../session/reader';
import type { Entry, Known } from './known';
import { createdOf, OVERLAP_MS, updatedOf } from './shown';
import { fits, type Watch } from './watch';

/** Made since, and not seen at its destination yet; `entry`: what is known of it. */
export function isNew(known: Known, row: Row, entry: Entry | undefined): boolean {
	return entry ? entry.kind === 'building' : createdOf(row) >= known.since - OVERLAP_MS;
}

/**
 * It was as it is now when all servers were read last, and was none of those watched then: a tag that is put
 * on a server leaves no trace in when it changed. Of any other choice, what is not known has not been so.
 */
export function isUnchanged({ choice }: Watch, known: Known, row: Row, readAt: number): boolean {
	return choice.kind === 'matching' && updatedOf(row, readAt) < known.fullAt - OVERLAP_MS;
}

/** Whether a server that is gone was one of those that are watched. */
export function wasWatched(watch: Watch, { fitting }: Known, row: Row): boolean {
	return fitting ? fitting.has(row.server.id) : fits(watch, row);
}
