import { explainRead } from '../../cloud/servers/explain';
import type { Filters } from '../../cloud/servers/filters';
import { type Found, findServers } from '../../cloud/servers/inventory';
import type { Unread } from '../../cloud/session/reader';
import type { Session } from '../../cloud/session/session';
import type { Known, Refused, Target } from './targets';

/** For more names than this, one look at the whole project costs less than a look for each. */
const FEW_NAMES = 10;

/** Looks up the servers that items name, each name once. */
export async function resolveNames(
	session: Session,
	targets: Target[],
): Promise<Array<Known | Refused>> {
	const names = new Set(targets.flatMap((one) => (one.kind === 'named' ? [one.name] : [])));
	const find = async (filters: Filters) => byName(await findServers(session, filters, Infinity));
	const everything = names.size > FEW_NAMES ? find({}) : undefined;
	const lookUp = async (name: string) => toTarget(name, await (everything ?? find({ name })));
	const found = Object.fromEntries(
		await Promise.all([...names].map(async (name) => [name, await lookUp(name)] as const)),
	);
	return targets.map((one) => (one.kind === 'named' ? found[one.name] : one));
}

/** The IDs of the servers of each name, and how long it took to find out, in milliseconds. */
interface Index {
	kind: 'index';
	ids: Map<string, string[]>;
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
	return { kind: 'index', ids, tookMs: found.tookMs };
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
	if (ids.length === 1) {
		return { kind: 'known', serverId: ids[0], name, spentMs: found.tookMs };
	}
	return ids.length === 0 ? unknown(name) : ambiguous(name, ids);
}

function unknown(name: string): Refused {
	return {
		kind: 'refused',
		given: name,
		failure: {
			reason: 'notFound',
			message: `No server of the project is named '${name}'`,
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
