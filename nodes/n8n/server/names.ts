import { explainRead } from '../../cloud/servers/explain';
import type { Filters } from '../../cloud/servers/filters';
import { type Found, findServers } from '../../cloud/servers/inventory';
import type { Unread } from '../../cloud/session/reader';
import type { Session } from '../../cloud/session/session';
import { nearNamesAmong } from './near-names';
import type { Known, Refused, Target } from './targets';

/** For more names than this, one look at the whole project costs less than a look for each. */
const FEW_NAMES = 10;

/** Looks up the servers that items name, each name once. */
export async function resolveNames(
	session: Session,
	targets: Target[],
): Promise<Array<Known | Refused>> {
	const names = new Set(targets.flatMap((one) => (one.kind === 'named' ? [one.name] : [])));
	const find = async (filters: Filters, spentMs = 0) =>
		byName(await findServers(session, filters, Infinity, spentMs));
	let everything: Promise<Index | Unread> | undefined;
	const findAll = async (spentMs?: number) => await (everything ??= find({}, spentMs));
	const lookUp = async (name: string) => {
		const found = await (names.size > FEW_NAMES ? findAll() : find({ name }));
		const isUnknown = found.kind === 'index' && !found.ids.has(name);
		return isUnknown ? unknown(name, await near(name, found, findAll)) : toTarget(name, found);
	};
	const found = Object.fromEntries(
		await Promise.all([...names].map(async (name) => [name, await lookUp(name)] as const)),
	);
	return targets.map((one) => (one.kind === 'named' ? found[one.name] : one));
}

/** The IDs of the servers of each name, and how long it took to find out, in milliseconds. */
interface Index {
	kind: 'index';
	ids: Map<string, string[]>;
	near: (name: string) => string[];
	tookMs: number;
}

function byName(found: Found | Unread): Index | Unread {
	if (found.kind === 'unread') return found;
	const ids = new Map<string, string[]>();
	for (const { server } of found.rows) {
		if (server.name === undefined) continue;
		const same = ids.get(server.name);
		if (same) same.push(server.id);
		else ids.set(server.name, [server.id]);
	}
	return { kind: 'index', ids, near: nearNamesAmong([...ids.keys()]), tookMs: found.tookMs };
}

function toTarget(name: string, found: Index | Unread): Known | Refused {
	if (found.kind === 'unread') {
		return {
			kind: 'refused',
			given: name,
			failure: explainRead(`The server named '${name}'`, found),
		};
	}
	const ids = found.ids.get(name) ?? [];
	return ids.length === 1
		? { kind: 'known', serverId: ids[0], name, spentMs: found.tookMs }
		: ambiguous(name, ids);
}

/** The names near one that no server has: of those that the cloud found for it, else of all. */
async function near(
	name: string,
	found: Index,
	findAll: (spentMs: number) => Promise<Index | Unread>,
): Promise<string[]> {
	const some = found.near(name);
	if (some.length > 0) return some;
	const all = await findAll(found.tookMs);
	return all.kind === 'index' && all !== found ? all.near(name) : [];
}

const MAX_NEAR = 5;

function unknown(name: string, near: string[]): Refused {
	const shown = near.slice(0, MAX_NEAR).map((one) => `'${one}'`);
	const rest = near.length > MAX_NEAR ? `, and ${near.length - MAX_NEAR} more` : '';
	const similar = near.length > 0 ? `. Similar names: ${shown.join(', ')}${rest}` : '';
	return {
		kind: 'refused',
		given: name,
		failure: {
			reason: 'notFound',
			message: `No server of the project is named '${name}'${similar}`,
			why: near.length > 0 ? undefined : 'no server of the project has this name',
			hint: 'Check the name, which must be complete and in the same letters, and the project and region of the credential',
		},
	};
}

const MAX_LISTED = 10;

function ambiguous(name: string, ids: string[]): Refused {
	const listed = ids.slice(0, MAX_LISTED).join(', ');
	const rest = ids.length > MAX_LISTED ? ', …' : '';
	return {
		kind: 'refused',
		given: name,
		failure: {
			reason: 'ambiguousName',
			message: `${ids.length} servers are named '${name}': ${listed}${rest}`,
			hint: "Use the mode 'By ID' with the ID of the one you mean",
		},
	};
}
