import type { IPollFunctions, INodeExecutionData, NodeOperationError } from 'n8n-workflow';

import type { TriggerMemory } from '../cloud/changes/memory';
import { sharedBy } from '../cloud/process/sharing';
import type { Clock } from '../cloud/session/clock';
import { firstPoll, nextPoll, type Polled, samplePoll } from '../cloud/changes/poll';
import { isStillRefused, NO_TROUBLES, ration } from '../cloud/changes/ration';
import { fromState, toState } from '../cloud/changes/state';
import { needsFitting } from '../cloud/changes/watch';
import type { Failure } from '../cloud/words/failure';
import { connectPoll, type PollConnection } from '../n8n/connect';
import { errorOf } from '../n8n/errors';
import { readItem } from '../n8n/server/targets';
import { unexpected } from '../n8n/unexpected';
import { toItems } from './items';
import { type Plan, readPlan, watchedIn } from './plan';

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

interface NotReady {
	kind: 'refused';
	failure: Failure;
}

async function prepare(context: IPollFunctions, clock: Clock): Promise<Ready | NotReady> {
	const budgetMs = Math.min(BUDGET_MS, budgetOf(context)) - WRAP_UP_MS;
	const read = readItem(() => ({ kind: 'plan' as const, plan: readPlan(context, budgetMs) }));
	if (read.kind === 'refused') return read;
	const connection = await connectPoll(context, clock, read.plan.settings);
	if (connection.kind === 'refused') return connection;
	return { kind: 'ready', plan: read.plan, connection };
}

/** n8n before 2.41 does not tell. */
function budgetOf(context: Partial<Pick<IPollFunctions, 'getPollBudgetMs'>>): number {
	return context.getPollBudgetMs?.() ?? BUDGET_MS;
}

async function pollOnce(
	context: IPollFunctions,
	clock: Clock,
	memory: TriggerMemory,
	isFirst: boolean,
): Promise<Items | null> {
	const byHand = isFirst && ['activate', 'create'].includes(context.getActivationMode());
	const ready = await prepare(context, clock).catch(unforeseen);
	if (ready.kind === 'refused') {
		return fail(context, clock, memory, ready.failure, isFirst && (byHand || !hasState(context)));
	}
	const { plan, connection } = ready;
	const { watch } = plan;
	const data = context.getWorkflowStaticData('node');
	const scope = connection.scopeOf(watchedIn(watch));
	const known = byHand ? undefined : fromState(data, scope, needsFitting(watch));
	const isActivation = isFirst && !known;

	const { refused } = memory;
	if (!byHand && refused && isStillRefused(refused, connection.mark, clock.now())) {
		return fail(context, clock, memory, refused.failure, isActivation);
	}
	const work = async (): Promise<Polled | NotReady> => {
		const opened = connection.open(byHand);
		if (opened.kind === 'refused') return opened;
		const { session } = opened;
		const tells = clock.now() >= memory.askAgainAt;
		const polled = await (
			known ? nextPoll(session, watch, known, tells) : firstPoll(session, watch)
		).finally(session.close);
		return polled.kind === 'polled' ? polled : { kind: 'refused', failure: polled.failure };
	};
	const polled = await work().catch(unforeseen);
	if (polled.kind === 'refused') {
		const { failure } = polled;
		const isRefusal = failure.reason === 'unauthorized';
		memory.refused = isRefusal ? { mark: connection.mark, at: clock.now(), failure } : undefined;
		return fail(context, clock, memory, failure, isActivation);
	}
	memory.refused = undefined;
	if (polled.untold) memory.askAgainAt = clock.now() + HOUR_MS;
	Object.assign(data, toState(scope, polled.known));
	if (polled.events.length === 0 && polled.trouble) {
		return fail(context, clock, memory, polled.trouble, false);
	}
	memory.troubles = NO_TROUBLES;
	return polled.events.length > 0 ? [toItems(polled.events, polled.readAt, plan.simplify)] : null;
}

/** Whether something is stored of an earlier poll, whatever it is worth. */
function hasState(context: IPollFunctions): boolean {
	return Object.keys(context.getWorkflowStaticData('node')).length > 0;
}

function unforeseen(error: unknown): NotReady {
	return { kind: 'refused', failure: unexpected(error) };
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
	if (tell) throw toError(context, failure);
	return null;
}

/** Fetch Test Event: one item, made from the present state of a server. Changes nothing that is stored. */
async function sample(context: IPollFunctions, clock: Clock): Promise<Items> {
	const ready = await prepare(context, clock).catch(unforeseen);
	if (ready.kind === 'refused') throw toError(context, ready.failure);
	const opened = ready.connection.open(true);
	if (opened.kind === 'refused') throw toError(context, opened.failure);
	const { session } = opened;
	const { watch, simplify } = ready.plan;
	const found = await samplePoll(session, watch).catch(unforeseen).finally(session.close);
	if (found.kind !== 'sample') throw toError(context, found.failure);
	const [item] = toItems([found.event], found.readAt, simplify);
	return [[{ json: { ...item.json, test: true } }]];
}

/** Nothing that n8n must not try again: it never does after a message that holds this word. */
const FATAL_WORD = /authorization/gi;
/** Of options that this node does not have. */
const OTHER_OPTIONS = /in Options/;
const POLLS_AGAIN =
	'n8n polls again by itself; if it stays so, look at the cloud, or poll less often';

function toError(context: IPollFunctions, failure: Failure): NodeOperationError {
	const hint = OTHER_OPTIONS.test(failure.hint) ? POLLS_AGAIN : failure.hint;
	const spoken = (text: string) => text.replace(FATAL_WORD, 'authorisation');
	const told = { ...failure, message: spoken(failure.message), hint: spoken(hint) };
	return errorOf(context, undefined, [told]);
}
