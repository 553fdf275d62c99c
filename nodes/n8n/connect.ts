import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
} from 'n8n-workflow';

import { InvalidCredential, readAccount } from '../cloud/access/account';
import { isObject } from '../cloud/api/answer';
import { API_VERSIONS } from '../cloud/api/choice';
import { createClient } from '../cloud/access/client';
import { markOf, placeOf } from '../cloud/access/mark';
import { sharedBy } from '../cloud/process/sharing';
import { type Clock, systemClock } from '../cloud/session/clock';
import type { Failure } from '../cloud/words/failure';
import { openSession, type Session } from '../cloud/session/session';
import { mapInBreaths } from './breath';
import { cancelSignal } from './cancel';
import { type Authentication, AUTHENTICATIONS, presetAuthentication } from './authentication';
import { InvalidValue, messageOf, readCollection } from './parameters';
import { readSettings, type Settings } from './options';
import { failureOf, readItem, refuse, type Refused, type Wanted } from './server/targets';
import { unexpected } from './unexpected';

/** A session with the cloud, or why there is none. */
export type Connection = { kind: 'open'; session: Session } | NoConnection;

interface NoConnection {
	kind: 'refused';
	failure: Failure;
}

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
			const way = wayOf(context.getNodeParameter('authentication', item, preset));
			const read = await readCredential(context, way, item);
			if (read.kind === 'refused') return read;
			// Nobody would close a session that is opened from now on.
			signal.throwIfAborted();
			const { credential } = read;
			const mark = markOf(way.credentialType, credential);
			const known = connections.get(mark);
			if (known) return known;
			const connection = open({ context, way, credential, mark, item, settings, clock, signal });
			connections.set(mark, connection);
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

/** Somebody waits in front of a list. */
const PATIENCE = { waitTimeout: 20, maxTries: 2 };

/** A session for a list in the editor, which the other options do not concern. */
export async function connectEditor(
	context: ILoadOptionsFunctions,
	preset = presetAuthentication(context.getNode()),
): Promise<Connection> {
	const authentication = context.getCurrentNodeParameter('authentication') ?? preset;
	const options: unknown = context.getCurrentNodeParameter('options');
	const chosen = isObject(options) ? options.apiVersion : undefined;
	const apiVersion = API_VERSIONS.find((version) => version === chosen) ?? 'auto';
	try {
		const way = wayOf(authentication);
		const settings = readSettings({ ...PATIENCE, apiVersion });
		const read = await readCredential(context, way);
		if (read.kind === 'refused') return read;
		const { signal } = new AbortController();
		const { credential } = read;
		const mark = markOf(way.credentialType, credential);
		return open({ context, way, credential, mark, settings, clock: systemClock, signal });
	} catch (error) {
		return { kind: 'refused', failure: failureOf(error) };
	}
}

/** A session of one poll, not begun yet, and what tells its credential and its account from any other. */
export interface PollConnection {
	kind: 'connected';
	/** A mark of the credential as it is now, without the session that a login left in it. */
	mark: string;
	/** A mark of the account and of what is watched in it. */
	scopeOf: (watched: unknown) => string;
	/** `anew`: tries also a credential that the cloud has refused before. */
	open: (anew: boolean) => Connection;
}

/** Reads the credential of a poll; nothing is sent before the session is opened and used. */
export async function connectPoll(
	context: IPollFunctions,
	clock: Clock,
	settings: Settings,
): Promise<PollConnection | NoConnection> {
	try {
		const way = wayOf(context.getNodeParameter('authentication', 'login'));
		const read = await readCredential(context, way);
		if (read.kind === 'refused') return read;
		const { credential } = read;
		const { signal } = new AbortController();
		const { cloud, ecsEndpoint, projectId } = credential;
		const mark = markOf(way.credentialType, credential);
		return {
			kind: 'connected',
			mark,
			scopeOf: (watched) => markOf(JSON.stringify(watched), { cloud, ecsEndpoint, projectId }),
			open: (anew) => open({ context, way, credential, mark, settings, clock, signal, anew }),
		};
	} catch (error) {
		return { kind: 'refused', failure: failureOf(error) };
	}
}

/** @throws InvalidValue for what is none of the ways. */
function wayOf(authentication: unknown): Authentication {
	const name = String(authentication);
	if (Object.hasOwn(AUTHENTICATIONS, name)) return AUTHENTICATIONS[name];
	throw new InvalidValue(`There is no authentication '${name}'`, 'Pick a credential');
}

/** Fails where n8n cannot read or decrypt a credential, or an expression in it fails. */
async function readCredential(
	context: AnyContext,
	{ credentialType }: Authentication,
	item?: number,
): Promise<{ kind: 'read'; credential: ICredentialDataDecryptedObject } | NoConnection> {
	try {
		const credential: unknown = await context.getCredentials(credentialType, item);
		if (!isObject(credential)) return unreadable('n8n gave none');
		return { kind: 'read', credential: credential as ICredentialDataDecryptedObject };
	} catch (error) {
		return unreadable(messageOf(error));
	}
}

function unreadable(why: string): NoConnection {
	const message = `The credential could not be read: ${why}`;
	const hint =
		"Open the credential in n8n, check its fields and expressions, and save it again; n8n's log may say more";
	return { kind: 'refused', failure: { reason: 'invalidInput', message, hint } };
}

type AnyContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

/** All that a session is made of. */
interface Parts {
	context: AnyContext;
	way: Authentication;
	credential: ICredentialDataDecryptedObject;
	/** Of the account. */
	mark: string;
	/** Whose expressions the credential was resolved for. */
	item?: number;
	settings: Settings;
	clock: Clock;
	signal: AbortSignal;
	/** Whether to try also what the cloud has refused before. */
	anew?: boolean;
}

function open(parts: Parts): Connection {
	const { context, way, credential, item, settings, clock, signal } = parts;
	const { credentialType, check, explainRefusal, forgetRefusal, share } = way;
	try {
		const account = readAccount(credential);
		check(credential);
		const send = createClient({ context, credentialType, credential, account, explainRefusal });
		const readAgain = async () =>
			await context.getCredentials<ICredentialDataDecryptedObject>(credentialType, item);
		const sharing = sharedBy(clock);
		if (parts.anew) forgetRefusal(credential, sharing);
		const client = share(send, { credential, readAgain, sharing, signal });
		const project = sharing.projects.hold(placeOf(account));
		// Servers look different in another version.
		const others = sharing.accounts.hold(`${parts.mark} ${settings.apiVersion}`);
		const shared = { traffic: project.shared, ...others.shared };
		const { projectId, ecsEndpoint } = account;
		const all = { ...settings, projectId, ecsEndpoint };
		const session = openSession(all, client, clock, signal, shared);
		const release = () => [project, others].forEach((held) => held.release());
		session.signal.addEventListener('abort', release, { once: true });
		return { kind: 'open', session };
	} catch (error) {
		if (!(error instanceof InvalidCredential)) {
			return { kind: 'refused', failure: unexpected(error) };
		}
		const hint = 'Correct the credential';
		return { kind: 'refused', failure: { reason: 'invalidInput', message: error.message, hint } };
	}
}
