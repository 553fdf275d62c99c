import type { Server } from '../api/server';
import type { Failure } from '../words/failure';
import type { Outcome } from './actions/action';
import { ask } from './ask';
import { findEvidence } from './find-evidence';
import { afterFirstLook, type FirstLook } from './first-look';
import { type Journey, newJourney } from './journey';
import { afterJob } from './steps/after-job';
import { afterLook } from './steps/after-look';
import type { Next, Step } from './steps/step';
import type { Tools } from './tools';

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
