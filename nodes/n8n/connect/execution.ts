import type { IExecuteFunctions } from 'n8n-workflow';

import type { Clock } from '../../cloud/session/clock';
import type { Session } from '../../cloud/session/session';
import { presetAuthentication } from '../authentication';
import { mapInBreaths } from '../breath';
import { cancelSignal } from '../cancel';
import { readSettings, type Settings } from '../options';
import { readCollection } from '../parameters';
import { failureOf, readItem, refuse, type Refused, type Wanted } from '../server/targets';
import { readCredential } from './credential';
import { type Connection, open } from './open';

/**
 * Does the work of each item in the session of the account that the item's credential leads to. Items of
 * one account share a session; the options are those of the first item, and hold for all sessions. An
 * item that has failed already, or whose credential cannot be used, fails alone.
 */
export async function inSessions<P, R>(
	context: IExecuteFunctions,
	clock: Clock,
	wanted: Array<Wanted<P> | Refused>,
	work: (session: Session, plans: P[]) => Promise<R[]>,
): Promise<Array<R | Refused>> {
	const results: Array<R | Refused> = [];
	const sharing = new Map<Session, Array<{ item: number; plan: P }>>();
	const connected = await connect(context, clock, wanted);
	connected.forEach((one, item) => {
		if (one.kind === 'refused') {
			results[item] = one;
			return;
		}
		const { session, plan } = one;
		const others = sharing.get(session);
		if (others) {
			others.push({ item, plan });
		} else {
			sharing.set(session, [{ item, plan }]);
		}
	});
	await Promise.all(
		[...sharing].map(async ([session, some]) => {
			const plans = some.map(({ plan }) => plan);
			try {
				const its = await work(session, plans);
				its.forEach((result, index) => (results[some[index].item] = result));
			} finally {
				session.close();
			}
		}),
	);
	return results;
}

/** An item whose session is open. */
interface Connected<P> {
	kind: 'connected';
	session: Session;
	plan: P;
}

/**
 * The session of each item. n8n does not tell whether a credential holds expressions, so that it is
 * resolved for each item that needs it.
 */
async function connect<P>(
	context: IExecuteFunctions,
	clock: Clock,
	wanted: Array<Wanted<P> | Refused>,
): Promise<Array<Connected<P> | Refused>> {
	const options = readItem(() => ({
		kind: 'options' as const,
		settings: readSettings(readCollection(context, 0, 'options', 'Options')),
	}));
	const signal = cancelSignal(context);
	const preset = presetAuthentication(context.getNode());
	const connections = new Map<string, Connection>();
	const connectionOf = async (settings: Settings, item: number): Promise<Connection> => {
		try {
			const authentication = context.getNodeParameter('authentication', item, preset);
			const read = await readCredential(context, authentication, item);
			if (read.kind === 'refused') return read;
			// Nobody would close a session that is opened from now on.
			signal.throwIfAborted();
			const known = connections.get(read.mark);
			if (known) return known;
			const connection = open({ ...read, context, item, settings, clock, signal });
			connections.set(read.mark, connection);
			return connection;
		} catch (error) {
			return { kind: 'refused', failure: failureOf(error) };
		}
	};
	return await mapInBreaths(clock, wanted, async (one, item) => {
		if (one.kind === 'refused') return one;
		if (options.kind === 'refused') return refuse(one, options.failure);
		const connection = await connectionOf(options.settings, item);
		if (connection.kind === 'refused') return refuse(one, connection.failure);
		return { kind: 'connected' as const, session: connection.session, plan: one.plan };
	});
}
