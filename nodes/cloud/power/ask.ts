import { type AskVerdict, mayBeAtWork, type Wanted } from '../session/asks';
import type { Turn } from '../session/gate/gate';
import type { BoundedOutgoing } from '../session/outgoing';
import { isTooLate, NO_TURN } from '../session/pace';
import { notSent } from './explain/not-taken';
import { afterFirstLook, firstLookEnds } from './first-look';
import { asking, begun, type Journey, leaving, type Rules } from './journey';
import { afterAsk } from './steps/after-ask';
import { LOOK_LATER, type Next } from './steps/step';
import type { Tools } from './tools';

/** How long one action request may take, in milliseconds; a later answer counts as lost. */
const ASK_TIMEOUT_MS = 30_000;
/** With less time left, an action is not asked for again: its answer would be lost. */
const LEAST_ASK_MS = 1_000;

/**
 * Asks the cloud for the action on one server, by a request of its own or by that of another execution which wants
 * the same, and gives what the answer leads to. Never throws; after cancellation it never settles.
 */
export async function ask(before: Journey, tools: Tools): Promise<Next> {
	const { asks, asker, clock, rules } = tools;
	if (before.spentMs > rules.waitTimeoutMs - LEAST_ASK_MS) {
		return [before, { do: 'fail', failure: notSent(before, NO_TURN, rules) }];
	}
	if (mustLookMeanwhile(before, tools)) return [before, LOOK_LATER];
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

/**
 * Whether the cloud may have taken the action, and a turn to ask again comes so late that what was seen of the server
 * would be old by then.
 */
function mustLookMeanwhile({ mayBeTaken }: Journey, tools: Tools): boolean {
	const { apis, clock, pace } = tools;
	const isPaced = batchesOf(tools) !== undefined || apis.of('act').isPaced;
	return mayBeTaken && isPaced && pace.comesAt(1) > clock.now();
}

/** Undefined: servers are asked for one by one. */
function batchesOf({ batches }: Tools): Tools['batches'] {
	return batches?.areRefused ? undefined : batches;
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
	const { rules } = tools;
	const batches = batchesOf(tools);
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

async function askForOne(
	serverId: string,
	turn: Turn,
	{ isMoot, goes, leaves }: BoundedOutgoing,
	{ gate, clock, rules, apis, pace }: Tools,
): Promise<AskVerdict> {
	const api = apis.of('act');
	if (api.isPaced && isTooLate(turn, pace.comesAt(1))) return NO_TURN;
	const giveBack = api.isPaced ? await pace.take(1) : undefined;
	const send = async () =>
		await apis.act(api, () => {
			const timeoutMs = Math.min(ASK_TIMEOUT_MS, goes() - clock.now());
			return { request: api.act(serverId, rules.action), timeoutMs, onLeave: leaves };
		});
	const answer = await gate.pass(send, { ...turn, isMoot });
	const hasMoved = answer.kind !== 'notSent' && apis.hasMoved('act', api, answer);
	const judged: AskVerdict = hasMoved ? { word: 'elsewhere' } : api.judge(answer);
	if (!mayBeAtWork(judged)) giveBack?.();
	return judged;
}
