import { parseServerId } from '../cloud/api/requests';
import type { Fate } from '../cloud/power/perform';
import type { Failure } from '../cloud/words/failure';
import type { Failed } from '../n8n/error-words';
import type { Refused } from '../n8n/server/targets';

/** What the user gets for one input item. */
export type ItemResult = { kind: 'fate'; fate: Fate } | Refused;

/** What became of the servers of all items, each server once. */
export interface Tallied {
	failed: Failed[];
	done: Fate[];
	/** How many servers it is about. */
	all: number;
}

/**
 * Counts servers, not items: the same server among several items counts once, as failed if one of them
 * failed; what is no server counts each time.
 */
export function tally(results: ItemResult[]): Tallied {
	const ordered = [...results].sort((a, b) => Number(hasFailed(a)) - Number(hasFailed(b)));
	const servers = [...new Map(ordered.map((one) => [keyOf(one), one])).values()];
	const failed = servers.flatMap((one) => {
		const failure = failureOf(one);
		return failure ? [{ failure, given: givenOf(one) }] : [];
	});
	const done = servers.flatMap((one) => (one.kind === 'fate' && !hasFailed(one) ? [one.fate] : []));
	return { failed, done, all: servers.length };
}

function failureOf(result: ItemResult): Failure | undefined {
	if (result.kind === 'refused') return result.failure;
	return result.fate.result.kind === 'failed' ? result.fate.result.failure : undefined;
}

const hasFailed = (result: ItemResult) => failureOf(result) !== undefined;

const keyOf = (result: ItemResult): unknown => parseServerId(givenOf(result)) ?? result;

const givenOf = (result: ItemResult) =>
	result.kind === 'fate' ? result.fate.serverId : result.given;
