import type { Tools } from './tools';
import type { Evidence, Wanted as WantedRecord } from '../api/evidence';
import type { AskVerdict, Wanted } from '../session/asks';
import { notSent } from './explain/not-taken';
import { afterFirstLook, type FirstLook, firstLookEnds } from './first-look';
import type { Failure } from '../words/failure';
import type { Turn } from '../session/gate/gate';
import { afterAsk } from './steps/after-ask';
import { afterEvidence } from './steps/after-evidence';
import { afterJob } from './steps/after-job';
import { afterLook } from './steps/after-look';
import type { Next, Step } from './steps/step';
import {
	asking,
	begun,
	type Journey,
	leaving,
	newJourney,
	type Refusal,
	type Rules,
} from './journey';
import type { Outcome } from './actions/action';
import type { Server } from '../api/server';
import type { BoundedOutgoing } from '../session/outgoing';
import { readUntil } from '../session/read-until';

/** What became of one server. */
export interface Fate {
	serverId: string;
	serverName?: string;
	result: { kind: 'done'; outcome: Outcome } | { kind: 'failed'; failure: Failure };
	server?: Server;
	requestId?: string;
	attempts: number;
	/** From the first request for the server to its outcome. */
	seconds: number;
}

/** How long one action request may take, in milliseconds; a later answer counts as lost. */
const ASK_TIMEOUT_MS = 30_000;
/** With less time left, an action is not asked for again: its answer would be lost. */
const LEAST_ASK_MS = 1_000;

/** What came before the work on a server. */
export interface Before {
	/** The name by which it was looked up. */
	name?: string;
	/** What has gone by of Wait Timeout already, in milliseconds. */
	spentMs?: number;
	/** What was seen of it. */
	first?: FirstLook;
}

/**
 * Brings one server into the wanted state: asks, looks, and asks again where that is right, until its
 * journey ends. Never throws; after cancellation it never settles.
 */
export async function perform(
	serverId: string,
	wait: boolean,
	tools: Tools,
	{ name, spentMs, first }: Before = {},
): Promise<Fate> {
	const { clock } = tools;
	let journey = newJourney(serverId, wait, spentMs, name);
	let step: Step = { do: 'ask' };
	const isBatched = tools.batches !== undefined;
	if (first) [journey, step] = afterFirstLook(journey, first, isBatched, tools);
	while (step.do !== 'end' && step.do !== 'fail') {
		[journey, step] = await take(step, journey, tools);
	}
	tools.asks.end(serverId, tools.asker);
	return toFate(journey, step, clock.now());
}

async function take(
	step: Exclude<Step, { do: 'end' | 'fail' }>,
	journey: Journey,
	tools: Tools,
): Promise<Next> {
	switch (step.do) {
		case 'ask':
			return await ask(journey, tools);
		case 'look': {
			const look = await tools.look(journey.serverId, journey.deadline, step.soon);
			return afterLook(journey, look, tools.rules, tools.clock.now());
		}
		case 'followJob': {
			const result = await tools.jobs.result(step.jobId, journey.serverId, journey.deadline);
			return afterJob(journey, result, tools.rules);
		}
		case 'findEvidence':
			return await findEvidence(journey, tools);
	}
}

async function ask(before: Journey, tools: Tools): Promise<Next> {
	const { asks, asker, clock, rules } = tools;
	if (before.spentMs > rules.waitTimeoutMs - LEAST_ASK_MS) {
		return [before, { do: 'fail', failure: notSent(before, NO_TIME_LEFT, rules) }];
	}
	let journey = before;
	const onShare = () => {
		// To wait for the request of another execution is part of the server's time.
		journey = begun(journey, rules, clock.now());
		return journey.deadline;
	};
	const { judged, sharedFrom } = await asks.ask(
		{ ...wantedOf(before, rules), asker, onShare },
		async (outgoing) =>
			await askItself(journey, tools, {
				isMoot: outgoing.isMoot,
				goes: () => {
					outgoing.goes();
					journey = asking(journey, rules, clock.now());
					return journey.deadline;
				},
				leaves: () => {
					outgoing.leaves();
					journey = leaving(journey, clock.now());
				},
			}),
	);
	if (judged.word === 'elsewhere') {
		const { firstRequestAt, deadline } = journey;
		return await askElsewhere({ ...before, firstRequestAt, deadline }, tools);
	}
	if (sharedFrom !== undefined) journey = asking(journey, rules, clock.now(), sharedFrom);
	return afterAsk(journey, judged, rules, clock.now());
}

/** Nothing was taken, and only time has gone by: another call is asked, after a look where its API wants one. */
async function askElsewhere(journey: Journey, tools: Tools): Promise<Next> {
	const { serverId, lastRequestAt, seenAt } = journey;
	const { apis, clock, look, rules } = tools;
	const isUnseen = lastRequestAt === undefined && seenAt === undefined;
	if (!apis.of('act').looksFirst || !isUnseen) return [journey, { do: 'ask' }];
	const at = clock.now();
	const { deadline } = begun(journey, rules, at);
	const end = Math.min(deadline, firstLookEnds(at, rules.waitTimeoutMs));
	const seen = await look(serverId, end, true, true);
	const hasBegun = journey.firstRequestAt !== undefined;
	return afterFirstLook(journey, { look: seen, at }, hasBegun, tools);
}

/** What another execution may have asked for already, so that this one need not. */
function wantedOf(
	{ serverId, wait, lastRequestAt, joined, seenAt }: Journey,
	{ action, failIfAlreadyDone }: Rules,
): Omit<Wanted, 'asker' | 'onShare'> {
	return {
		serverId,
		action: JSON.stringify(action.body),
		waits: wait && !failIfAlreadyDone,
		// A look before anything was asked shows what was there before anybody else's request has begun to work.
		seenAt: lastRequestAt === undefined && !joined ? undefined : seenAt,
	};
}

/** Sends a request of its own, alone or in a batch. */
async function askItself(
	journey: Journey,
	tools: Tools,
	outgoing: BoundedOutgoing,
): Promise<AskVerdict> {
	const { batches, rules } = tools;
	const turn = turnOf(journey);
	return batches && !batches.areRefused
		? await batches.ask(journey.serverId, rules.action.batchBody, turn, outgoing)
		: await askForOne(journey.serverId, turn, outgoing, tools);
}

function turnOf({ firstRequestAt, lastRequestAt, deadline }: Journey): Turn {
	if (firstRequestAt === undefined) return { lane: 'first' };
	if (lastRequestAt === undefined) return { lane: 'first', deadline };
	return { lane: 'again', deadline: deadline - LEAST_ASK_MS };
}

const NO_TIME_LEFT: Refusal = { reason: 'timedOut', fault: { message: '' } };

async function askForOne(
	serverId: string,
	turn: Turn,
	{ isMoot, goes, leaves }: BoundedOutgoing,
	{ gate, clock, rules, apis, pace }: Tools,
): Promise<AskVerdict> {
	const api = apis.of('act');
	if (api.isPaced) await pace.take(1);
	const send = async () =>
		await apis.act(api, () => {
			const timeoutMs = Math.min(ASK_TIMEOUT_MS, goes() - clock.now());
			return { request: api.act(serverId, rules.action), timeoutMs, onLeave: leaves };
		});
	const answer = await gate.pass(send, { ...turn, isMoot });
	const hasMoved = answer.kind !== 'notSent' && apis.hasMoved('act', api, answer);
	return hasMoved ? { word: 'elsewhere' } : api.judge(answer);
}

async function findEvidence(journey: Journey, tools: Tools): Promise<Next> {
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
): Pick<WantedRecord, 'since' | 'until'> {
	if (rules.action.toldBy === 'state') return { since: cloudTime.since };
	const at = lastRequestAt === undefined ? undefined : cloudTime.at(lastRequestAt);
	if (at === undefined) return {};
	const since = Math.floor(at / 1000) * 1000;
	return accepted ? { since } : { since, until: since + ARRIVAL_MS };
}

function toFate(journey: Journey, step: Extract<Step, { do: 'end' | 'fail' }>, now: number): Fate {
	const { serverId, name, attempts, seen, accepted, refusal, firstRequestAt = now } = journey;
	return {
		serverId,
		serverName: seen?.name ?? name,
		result:
			step.do === 'end'
				? { kind: 'done', outcome: step.outcome }
				: { kind: 'failed', failure: step.failure },
		server: seen,
		requestId: accepted?.requestId ?? refusal?.fault.requestId,
		attempts,
		seconds: Math.round((now - firstRequestAt + journey.spentMs) / 100) / 10,
	};
}
