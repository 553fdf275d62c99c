import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';

import { statusTitle } from '../n8n/server/server-field';
import { toolsFor } from '../cloud/power/tools';
import { type Clock, systemClock } from '../cloud/session/clock';
import { lookFirst } from '../cloud/power/first-look';
import { perform } from '../cloud/power/perform';
import type { PowerAction } from '../cloud/power/actions/action';
import type { Session } from '../cloud/session/session';
import { beginInBreaths, mapInBreaths } from '../n8n/breath';
import { orCancelled } from '../n8n/cancel';
import { actionHints, hintAt } from './execution-hint';
import { stopOnFailure, toItems } from './items';
import { type ItemResult, tally } from './results';
import { resolveNames } from '../n8n/server/names';
import { readSwitch } from '../n8n/parameters';
import { inSessions } from '../n8n/connect/execution';
import {
	givenOf,
	type Known,
	type Plan,
	readItem,
	readTarget,
	type Refused,
	type Wanted,
	wantedOf,
} from '../n8n/server/targets';
import { orRefused } from '../n8n/unexpected';

/** How an item's server is to be asked. */
interface Wish {
	wait: boolean;
	forceful: boolean;
}

/**
 * Brings the servers of all input items into the state that an action stands for.
 * @throws NodeOperationError that lists every failed server, unless the node is set to continue.
 */
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
	const tallied = tally(results);
	stopOnFailure(context, action, tallied);
	hintAt(context, actionHints(action, tallied));
	return toItems(action, results);
}

function readWanted(
	context: IExecuteFunctions,
	action: PowerAction,
	item: number,
): Wanted<Plan<Wish>> | Refused {
	const target = readItem(() => readTarget(context, item));
	if (target.kind === 'refused') return target;
	return readItem(() => wantedOf(target, readWish(context, action, item)), givenOf(target));
}

function readWish(context: IExecuteFunctions, { wanted }: PowerAction, item: number): Wish {
	const title = `Wait Until ${statusTitle(wanted.toUpperCase())}`;
	return {
		wait: readSwitch(context, item, 'waitUntilDone', title, true),
		forceful: readSwitch(context, item, 'forceful', 'Forceful', false),
	};
}

/** What becomes of the server of each plan. */
async function performAll(
	session: Session,
	plans: Array<Plan<Wish>>,
	actionOf: (forceful: boolean) => PowerAction,
): Promise<ItemResult[]> {
	const given = plans.map(({ target }) => target);
	const targets = await resolveNames(session, given);
	const wishes = wishesByServer(
		targets,
		plans.map(({ wish }) => wish),
	);
	const results = await performEach(session, wishes, actionOf);
	return targets.map((target) => (target.kind === 'known' ? results[target.serverId] : target));
}

/** How a server is to be asked, and what came of the search for it. */
type ServerWish = Wish & Pick<Known, 'name' | 'spentMs'>;

/** How each server is to be asked: as the most demanding of the items that mean it wishes. */
function wishesByServer(targets: Array<Known | Refused>, wanted: Wish[]): Map<string, ServerWish> {
	const wishes = new Map<string, ServerWish>();
	targets.forEach((target, item) => {
		if (target.kind === 'refused') return;
		const { serverId, name, spentMs } = target;
		const { wait, forceful } = wanted[item];
		const other = wishes.get(serverId);
		wishes.set(serverId, {
			wait: wait || other?.wait === true,
			forceful: forceful || other?.forceful === true,
			name: name ?? other?.name,
			spentMs: spentMs ?? other?.spentMs,
		});
	});
	return wishes;
}

/** One journey for each server, by its ID, however many items mean it. */
async function performEach(
	session: Session,
	wishes: Map<string, ServerWish>,
	actionOf: (forceful: boolean) => PowerAction,
): Promise<Record<string, ItemResult>> {
	const gentle = toolsFor(session, actionOf(false));
	const forced = toolsFor(session, actionOf(true));
	// Where the answer tells little of a server, as that to a batch of many does.
	const looksFirst = session.batches !== undefined || session.apis.of('act').looksFirst;
	const first = looksFirst ? await lookFirst(session, [...wishes.keys()]) : undefined;
	const results = await beginInBreaths(session.clock, [...wishes], async ([serverId, wish]) => {
		const { wait, forceful, ...found } = wish;
		const tools = forceful ? forced : gentle;
		const result = await orRefused<ItemResult>(serverId, async () => ({
			kind: 'fate',
			fate: await perform(serverId, wait, tools, { ...found, first: first?.get(serverId) }),
		}));
		return [serverId, result] as const;
	});
	return Object.fromEntries(results);
}

function cancelledWords({ words }: PowerAction): string {
	return `Servers that had been asked before may still ${words.verb}. ${words.cancelledHint}.`;
}
