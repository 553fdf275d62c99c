import type { Answer } from './answer';
import type { Clock } from './clock';
import { readEvidence } from './evidence';
import type { Failure } from './failure';
import type { Gate, NotSent } from './gate';
import {
	afterAsk,
	afterEvidence,
	afterLook,
	asking,
	type Journey,
	newJourney,
	type Next,
	type Rules,
	type Step,
} from './journey';
import type { Outcome } from './power';
import type { Requests } from './requests';
import type { Server } from './server';
import { verdict } from './verdict';
import { READ_TIMEOUT_MS, type Send, type Watcher } from './watch';

/** What became of one server. */
export interface Fate {
	serverId: string;
	result: { outcome: Outcome } | { failure: Failure };
	server?: Server;
	requestId?: string;
	attempts: number;
	/** From the server's first request to its outcome. */
	seconds: number;
}

/** What the servers of one execution share. */
export interface Tools {
	clock: Clock;
	gate: Gate;
	watcher: Watcher;
	requests: Requests;
	send: Send;
	rules: Rules;
}

/** How long one action request may take, in milliseconds; a later answer counts as lost. */
const ASK_TIMEOUT_MS = 30_000;

/**
 * Brings one server into the wanted state: asks, looks, and asks again where that is right, until its
 * journey ends. Never throws; after cancellation it never settles.
 */
export async function perform(serverId: string, wait: boolean, tools: Tools): Promise<Fate> {
	let journey = newJourney(serverId, wait);
	let step: Step = { do: 'ask' };
	while (step.do !== 'end' && step.do !== 'fail') {
		[journey, step] = await take(step, journey, tools);
	}
	return toFate(journey, step, tools.clock.now());
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
			const look = await tools.watcher.look(journey.serverId, journey.deadline, step.soon);
			return afterLook(journey, look, tools.rules, tools.clock.now());
		}
		case 'findEvidence':
			return await findEvidence(journey, tools);
	}
}

async function ask(before: Journey, tools: Tools): Promise<Next> {
	const { gate, clock, rules, requests, send, watcher } = tools;
	let journey = before;
	const answer = await gate.pass(
		async () => {
			journey = asking(before, rules, clock.now());
			const timeout = Math.min(ASK_TIMEOUT_MS, journey.deadline - clock.now());
			return await send(requests.act(journey.serverId, rules.action.body), timeout);
		},
		{
			lane: before.attempts === 0 ? 'first' : 'again',
			deadline: before.attempts === 0 ? undefined : before.deadline,
		},
	);
	if (answer.kind === 'answered') watcher.noteTime(answer);
	const judged = answer.kind === 'notSent' ? answer : verdict(answer);
	return afterAsk(journey, judged, rules, clock.now());
}

async function findEvidence(journey: Journey, tools: Tools): Promise<Next> {
	const { gate, clock, rules, requests, send, watcher } = tools;
	const { serverId, deadline } = journey;
	const answer: Answer | NotSent = await gate.pass(
		async () => {
			const timeout = Math.min(READ_TIMEOUT_MS, deadline - clock.now());
			return await send(requests.actions(serverId), timeout);
		},
		{ lane: 'read', deadline },
	);
	const evidence = readEvidence(answer, {
		novaName: rules.action.novaName,
		opposites: rules.action.novaOpposites,
		requestId: journey.accepted?.requestId,
		since: watcher.since,
	});
	return afterEvidence(journey, evidence, rules, clock.now());
}

function toFate(journey: Journey, step: Extract<Step, { do: 'end' | 'fail' }>, now: number): Fate {
	const { serverId, attempts, seen, accepted, firstRequestAt = now } = journey;
	return {
		serverId,
		result: step.do === 'end' ? { outcome: step.outcome } : { failure: step.failure },
		server: seen,
		requestId: accepted?.requestId,
		attempts,
		seconds: Math.round((now - firstRequestAt) / 100) / 10,
	};
}
