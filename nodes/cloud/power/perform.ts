import type { Tools } from './tools';
import type { Answer, NotSent } from '../api/answer';
import { readEvidence, type Wanted as WantedRecord } from '../api/evidence';
import type { Wanted } from '../session/asks';
import { notSent } from './explain/not-taken';
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
import { READ_TIMEOUT_MS } from '../session/send';
import type { Server } from '../api/server';
import type { BatchVerdict } from '../session/batches';
import type { BoundedOutgoing } from '../session/outgoing';
import type { Session } from '../session/session';
import { type Verdict, verdict } from '../api/verdict';
import type { Look } from '../session/watch/waiters';

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

/** What a look at a server showed before anything was asked of it, and when it was begun. */
export interface FirstLook {
	look: Look;
	at: number;
}

/** What came before the work on a server. */
export interface Before {
	/** The name by which it was looked up. */
	name?: string;
	/** What has gone by of Wait Timeout already, in milliseconds. */
	spentMs?: number;
	/** What was seen of it. */
	first?: FirstLook;
}

/** Half of Wait Timeout is left for the action, however long the look takes. */
const FIRST_LOOK_SHARE = 0.5;

/**
 * Looks once at all servers, by as few calls as that takes, before anything is asked of them. After
 * cancellation it never settles.
 */
export async function lookFirst(
	{ clock, settings, look }: Session,
	serverIds: string[],
): Promise<Map<string, FirstLook>> {
	const at = clock.now();
	const deadline = at + Math.min(READ_TIMEOUT_MS, settings.waitTimeoutMs * FIRST_LOOK_SHARE);
	const looks = await Promise.all(
		serverIds.map(async (serverId) => await look(serverId, deadline, true, true)),
	);
	return new Map(serverIds.map((serverId, index) => [serverId, { look: looks[index], at }]));
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
	const { clock, rules } = tools;
	let journey = newJourney(serverId, wait, spentMs, name);
	let step: Step = { do: 'ask' };
	if (first) {
		const looked = begun(journey, rules, first.at);
		[journey, step] = afterLook(looked, first.look, rules, clock.now());
	}
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
	if (sharedFrom !== undefined) journey = asking(journey, rules, clock.now(), sharedFrom);
	return afterAsk(journey, judged, rules, clock.now());
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
): Promise<BatchVerdict> {
	const { batches, rules } = tools;
	const turn = turnOf(journey);
	return batches
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
	{ gate, clock, rules, requests, send }: Tools,
): Promise<Verdict> {
	const answer = await gate.pass(
		async () => {
			const timeout = Math.min(ASK_TIMEOUT_MS, goes() - clock.now());
			return await send(requests.act(serverId, rules.action.body), timeout, leaves);
		},
		{ ...turn, isMoot },
	);
	return verdict(answer);
}

async function findEvidence(journey: Journey, tools: Tools): Promise<Next> {
	const { gate, clock, rules, requests, send } = tools;
	const { serverId, deadline } = journey;
	const answer: Answer | NotSent = await gate.pass(
		async () => {
			const timeout = Math.min(READ_TIMEOUT_MS, deadline - clock.now());
			return await send(requests.actions(serverId), timeout);
		},
		{ lane: 'read', deadline },
	);
	const { novaName, novaOpposites: opposites } = rules.action;
	// The answer of a batch carries the id of the batch, which Nova does not know.
	const requestId = journey.accepted?.jobId ? undefined : journey.accepted?.requestId;
	const window = windowOf(journey, tools);
	const evidence = readEvidence(answer, { novaName, opposites, requestId, ...window });
	return afterEvidence(journey, evidence, rules, clock.now());
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
