import type { IPollFunctions, INodeExecutionData, NodeOperationError } from 'n8n-workflow';

import type { TriggerMemory } from '../cloud/changes/memory';
import { sharedBy } from '../cloud/process/sharing';
import type { Failed } from '../cloud/changes/failed';
import { firstPoll } from '../cloud/changes/first-poll';
import { nextPoll } from '../cloud/changes/next-poll';
import { isStillRefused, NO_TROUBLES, ration } from '../cloud/changes/ration';
import { samplePoll } from '../cloud/changes/sample-poll';
import { fromState, toState } from '../cloud/changes/state';
import { FINISH_MS, inTimeOfPoll } from '../cloud/changes/time';
import { needsFitting } from '../cloud/changes/watch';
import type { Clock } from '../cloud/session/clock';
import type { Session } from '../cloud/session/session';
import type { Failure } from '../cloud/words/failure';
import { connectPoll, type PollConnection } from '../n8n/connect/poll';
import { errorOf } from '../n8n/errors';
import { readItem } from '../n8n/server/targets';
import { unexpected } from '../n8n/unexpected';
import { toItems } from './items';
import { type Plan, readPlan, watchedIn } from './plan';
import { told } from './told';

type Items = INodeExecutionData[][];

/** How long a poll takes at most, in milliseconds; n8n gives up on some of 45 seconds. */
const BUDGET_MS = 40_000;
/** What of it is left for n8n. */
const WRAP_UP_MS = 1_000;
const HOUR_MS = 3_600_000;

/** The `poll` of the trigger, for n8n to call in a context of its own. */
export function poller(clock: Clock): (this: IPollFunctions) => Promise<Items | null> {
	return async function (this: IPollFunctions) {
		if (this.getMode() === 'manual') return await sample(this, clock);
		const key = `${this.getWorkflow().id} ${this.getNode().id}`;
		const { triggers } = sharedBy(clock);
		return await triggers.alone(key, async () => {
			const isFirst = triggers.isFirst(this);
			return await pollOnce(this, clock, triggers.of(key), isFirst);
		});
	};
}

/** A trigger that is ready to ask its cloud. */
interface Ready {
	kind: 'ready';
	plan: Plan;
	connection: PollConnection;
}

async function prepare(context: IPollFunctions, clock: Clock): Promise<Ready | Failed> {
	const budgetMs = Math.min(BUDGET_MS, budgetOf(context)) - FINISH_MS - WRAP_UP_MS;
	const read = readItem(() => ({ kind: 'plan' as const, plan: readPlan(context, budgetMs) }));
	if (read.kind === 'refused') return { kind: 'failed', failure: read.failure };
	const connection = await connectPoll(context, clock, read.plan.settings);
	if (connection.kind === 'refused') return { kind: 'failed', failure: connection.failure };
	return { kind: 'ready', plan: read.plan, connection };
}

/** n8n before 2.41 does not tell. */
function budgetOf(context: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	return context.getPollBudgetMs?.() ?? BUDGET_MS;
}

/** Does the work in a session of its own; `anew`: also with a credential that was refused before. */
async function inSession<T>(
	{ open }: PollConnection,
	anew: boolean,
	work: (session: Session) => Promise<T | Failed>,
): Promise<T | Failed> {
	const opened = open(anew);
	if (opened.kind === 'refused') return { kind: 'failed', failure: opened.failure };
	const { session } = opened;
	return await inTimeOfPoll(session, work(session)).catch(unforeseen).finally(session.close);
}

async function pollOnce(
	context: IPollFunctions,
	clock: Clock,
	memory: TriggerMemory,
	isFirst: boolean,
): Promise<Items | null> {
	const byHand = isFirst && ['activate', 'create'].includes(context.getActivationMode());
	const ready = await prepare(context, clock).catch(unforeseen);
	if (ready.kind === 'failed') {
		return fail(context, clock, memory, ready.failure, isFirst && (byHand || !hasState(context)));
	}
	const { plan, connection } = ready;
	const { mark } = connection;
	const { watch } = plan;
	const data = context.getWorkflowStaticData('node');
	const scope = connection.scopeOf(watchedIn(watch));
	const known = byHand ? undefined : fromState(data, scope, needsFitting(watch));
	const isActivation = isFirst && !known;

	const { refused } = memory;
	if (!byHand && refused && isStillRefused(refused, mark, clock.now())) {
		return fail(context, clock, memory, refused.failure, isActivation);
	}
	const tells = clock.now() >= memory.askAgainAt;
	const polled = await inSession(connection, byHand, async (session) =>
		known ? await nextPoll(session, watch, known, tells) : await firstPoll(session, watch),
	);
	const failure = polled.kind === 'failed' ? polled.failure : polled.trouble;
	const isRefusal = failure?.reason === 'unauthorized';
	memory.refused = isRefusal ? { mark, at: clock.now(), failure } : undefined;
	if (!failure) memory.troubles = NO_TROUBLES;
	if (polled.kind === 'polled') {
		Object.assign(data, toState(scope, polled.known));
		if (polled.untold) memory.askAgainAt = clock.now() + HOUR_MS;
		const { events, readAt } = polled;
		if (events.length > 0) return [toItems(events, readAt, plan.simplify)];
	}
	return failure ? fail(context, clock, memory, failure, isActivation) : null;
}

/** Whether something is stored of an earlier poll, whatever it is worth. */
function hasState(context: IPollFunctions): boolean {
	return Object.keys(context.getWorkflowStaticData('node')).length > 0;
}

function unforeseen(error: unknown): Failed {
	return { kind: 'failed', failure: unexpected(error) };
}

/** @throws NodeOperationError where this failure is to be told now. */
function fail(
	context: IPollFunctions,
	clock: Clock,
	memory: TriggerMemory,
	failure: Failure,
	isActivation: boolean,
): null {
	if (isActivation) throw toError(context, failure);
	const { tell, troubles } = ration(memory.troubles, failure.reason, clock.now());
	memory.troubles = troubles;
	if (tell) throw toError(context, failure, true);
	return null;
}

/** Fetch Test Event: one item, made from the present state of a server. Changes nothing that is stored. */
async function sample(context: IPollFunctions, clock: Clock): Promise<Items> {
	const ready = await prepare(context, clock).catch(unforeseen);
	if (ready.kind === 'failed') throw toError(context, ready.failure);
	const { connection, plan } = ready;
	const found = await inSession(connection, true, async (session) =>
		samplePoll(session, plan.watch),
	);
	if (found.kind === 'failed') throw toError(context, found.failure);
	const [item] = toItems([found.event], found.readAt, plan.simplify);
	return [[{ json: { ...item.json, test: true } }]];
}

function toError(context: IPollFunctions, failure: Failure, isActive = false): NodeOperationError {
	return errorOf(context, told(failure, isActive));
}
