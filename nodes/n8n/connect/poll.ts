import type { IPollFunctions } from 'n8n-workflow';

import { markOf } from '../../cloud/access/mark';
import type { Clock } from '../../cloud/session/clock';
import type { Settings } from '../options';
import { failureOf } from '../server/targets';
import { readCredential } from './credential';
import { type Connection, type NoConnection, open } from './open';

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
		const authentication = context.getNodeParameter('authentication', 'login');
		const read = await readCredential(context, authentication);
		if (read.kind === 'refused') return read;
		const { credential, mark } = read;
		const { cloud, ecsEndpoint, projectId } = credential;
		const { signal } = new AbortController();
		return {
			kind: 'connected',
			mark,
			scopeOf: (watched) => markOf(JSON.stringify(watched), { cloud, ecsEndpoint, projectId }),
			open: (anew) => open({ ...read, context, settings, clock, signal, anew }),
		};
	} catch (error) {
		return { kind: 'refused', failure: failureOf(error) };
	}
}
