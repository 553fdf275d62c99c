import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { statusTitle } from '../n8n/server-field';
import { toolsFor } from '../cloud/power/tools';
import { type Clock, systemClock } from '../cloud/session/clock';
import { lookFirst, perform } from '../cloud/power/perform';
import type { PowerAction } from '../cloud/power/actions/action';
import type { Session } from '../cloud/session/session';
import { beginInBreaths, mapInBreaths } from '../n8n/breath';
import { orCancelled } from '../n8n/cancel';
import { hintAt } from './execution-hint';
import { type ItemResult, toItems } from './items';
import { resolveNames } from '../n8n/names';
import { readSwitch } from '../n8n/parameters';
import { inSessions } from '../n8n/connect';
import { hasFailed, type Named, readItem, readTarget, refuse, type Target } from '../n8n/targets';
import { orRefused } from '../n8n/unexpected';

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
	const work = async () => {
		const items = context.getInputData();
		const wanted = await mapInBreaths(clock, items, (_, item) => readWanted(context, action, item));
		return await inSessions(context, clock, wanted, async (session, some) =>
			performAll(session, some, actionOf),
		);
	};
	const results = await orCancelled(context, work(), cancelledWords(action));
	hintAt(context, results);
	return toItems(context, action, results);
}

function readWanted(context: IExecuteFunctions, action: PowerAction, item: number): Wanted {
	const target = readItem(() => readTarget(context, item));
	const wish = readItem(() => readWish(context, action, item));
	return hasFailed(wish) ? refuse(target, wish.failure) : { ...target, ...wish };
}

function readWish(context: IExecuteFunctions, { wanted }: PowerAction, item: number): Wish {
	const title = `Wait Until ${statusTitle(wanted.toUpperCase())}`;
	return {
		wait: readSwitch(context, item, 'waitUntilDone', title, true),
		forceful: readSwitch(context, item, 'forceful', 'Forceful', false),
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
	const results = new Map<string, ItemResult>();
	await beginInBreaths(session.clock, [...wishes], async ([serverId, wish]) => {
		const { wait, forceful, spentMs } = wish;
		const tools = forceful ? forced : gentle;
		const result = await orRefused(serverId, async () => ({
			fate: await perform(serverId, wait, tools, spentMs, first?.get(serverId)),
		}));
		results.set(serverId, result);
	});
	return targets.map((target) =>
		'serverId' in target ? (results.get(target.serverId) as ItemResult) : target,
	);
}

function cancelledWords({ words }: PowerAction): string {
	return `Servers that had been asked before may still ${words.verb}. ${words.cancelledHint}.`;
}
