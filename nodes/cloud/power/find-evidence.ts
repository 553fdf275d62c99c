import type { Evidence, Wanted } from '../api/evidence';
import { readUntil } from '../session/read-until';
import type { Journey } from './journey';
import { afterEvidence } from './steps/after-evidence';
import type { Next } from './steps/step';
import type { Tools } from './tools';

/**
 * Reads what the cloud has recorded of the action on one server, and gives what that leads to. Never throws; after
 * cancellation it never settles.
 */
export async function findEvidence(journey: Journey, tools: Tools): Promise<Next> {
	const { clock, rules } = tools;
	return afterEvidence(journey, await evidenceOf(journey, tools), rules, clock.now());
}

async function evidenceOf(journey: Journey, tools: Tools): Promise<Evidence> {
	const { rules, apis } = tools;
	const { serverId, deadline, accepted } = journey;
	const { novaName, novaOpposites: opposites } = rules.action;
	const { jobId, requestId } = accepted ?? {};
	const asked = { serverId, jobId, novaName, opposites, requestId, ...windowOf(journey, tools) };
	const api = apis.of('act');
	const request = api.evidence(asked);
	if (!request) return { word: 'noRecords' };
	return api.readEvidence(await readUntil(tools, request, deadline), asked);
}

/** A request whose answer was lost has reached the cloud within this time, or never will. */
const ARRIVAL_MS = 60_000;

/**
 * When a record of ours can have been made, in milliseconds since 1970 by the cloud's clock. An older
 * restart of somebody else must not pass for ours; but the cloud writes its times in whole seconds, so
 * that one of up to two seconds before cannot be told from it.
 */
function windowOf(
	{ lastRequestAt, accepted }: Journey,
	{ rules, cloudTime }: Tools,
): Pick<Wanted, 'since' | 'until'> {
	if (rules.action.toldBy === 'state') return { since: cloudTime.since };
	const at = lastRequestAt === undefined ? undefined : cloudTime.at(lastRequestAt);
	if (at === undefined) return {};
	const since = Math.floor(at / 1000) * 1000;
	return accepted ? { since } : { since, until: since + ARRIVAL_MS };
}
