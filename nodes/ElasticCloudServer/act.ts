import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { type Clock, systemClock } from '../cloud/clock';
import { type Fate, lookFirst, perform } from '../cloud/perform';
import { needsProof, type PowerAction } from '../cloud/power';
import { type Session, toolsFor } from '../cloud/tools';
import { hintAt } from './hints';
import { type ItemResult, toItems } from './items';
import { resolveNames } from './names';
import { connect, orCancelled } from './session';
import { type Named, readItem, readTarget, refuse, type Target } from './targets';

/** How an item's server is to be asked. */
interface Wish {
	wait: boolean;
	forceful: boolean;
}

type Wanted = Partial<Wish> & (Target | Named);

/** Brings the servers of all input items into the state that an action stands for. */
export async function act(
	context: IExecuteFunctions,
	actionOf: (forceful: boolean) => PowerAction,
	clock: Clock = systemClock,
): Promise<INodeExecutionData[]> {
	const action = actionOf(false);
	const wanted = context.getInputData().map((_, item) => readWanted(context, item));
	const session = await connect(context, clock);
	const results =
		'failure' in session
			? wanted.map((one) => refuse(one, session.failure))
			: await orCancelled(context, performAll(session, wanted, actionOf), cancelledWords(action));
	hintAt(context, results);
	return toItems(context, action, results);
}

function readWanted(context: IExecuteFunctions, item: number): Wanted {
	const target = readItem(() => readTarget(context, item));
	const wish = readItem(() => readWish(context, item));
	return 'failure' in wish ? refuse(target, wish.failure) : { ...target, ...wish };
}

function readWish(context: IExecuteFunctions, item: number): Wish {
	return {
		wait: context.getNodeParameter('waitUntilDone', item, true) === true,
		forceful: context.getNodeParameter('forceful', item, false) === true,
	};
}

/** One journey for each server, however many items mean it. */
async function performAll(
	session: Session,
	wanted: Wanted[],
	actionOf: (forceful: boolean) => PowerAction,
): Promise<ItemResult[]> {
	const targets = await resolveNames(session, wanted);
	const wishes = new Map<string, Wish & { spentMs?: number }>();
	targets.forEach((target, item) => {
		if (!('serverId' in target)) return;
		const { wait = false, forceful = false } = wanted[item];
		const other = wishes.get(target.serverId);
		wishes.set(target.serverId, {
			wait: wait || other?.wait === true,
			forceful: forceful || other?.forceful === true,
			spentMs: target.spentMs ?? other?.spentMs,
		});
	});
	const gentle = toolsFor(session, actionOf(false));
	const forced = toolsFor(session, actionOf(true));
	// Many share a batch, and its answer tells little of each.
	const first = session.batches && (await lookFirst(session, [...wishes.keys()]));
	const fates = new Map<string, Fate>();
	await Promise.all(
		[...wishes].map(async ([serverId, { wait, forceful, spentMs }]) => {
			const tools = forceful ? forced : gentle;
			fates.set(serverId, await perform(serverId, wait, tools, spentMs, first?.get(serverId)));
		}),
	);
	return targets.map((target) =>
		'serverId' in target ? { fate: fates.get(target.serverId) as Fate } : target,
	);
}

function cancelledWords(action: PowerAction): string {
	const again = needsProof(action)
		? 'Check that before you run this again'
		: 'Running this again does no harm';
	return `Servers that had been asked before may still ${action.words.verb}. ${again}.`;
}
