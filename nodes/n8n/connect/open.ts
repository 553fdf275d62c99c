import type {
	ICredentialDataDecryptedObject,
	IExecuteFunctions,
	ILoadOptionsFunctions,
	IPollFunctions,
} from 'n8n-workflow';

import { InvalidCredential, readAccount } from '../../cloud/access/account';
import { createClient } from '../../cloud/access/client';
import { placeOf } from '../../cloud/access/mark';
import { sharedBy } from '../../cloud/process/sharing';
import type { Clock } from '../../cloud/session/clock';
import { openSession, type Session } from '../../cloud/session/session';
import type { Failure } from '../../cloud/words/failure';
import type { Authentication } from '../authentication';
import type { Settings } from '../options';
import { unexpected } from '../unexpected';

/** A session with the cloud, or why there is none. */
export type Connection = { kind: 'open'; session: Session } | NoConnection;

export interface NoConnection {
	kind: 'refused';
	failure: Failure;
}

/** Where a session may be needed: in an execution, in the editor, in a poll. */
export type AnyContext = IExecuteFunctions | ILoadOptionsFunctions | IPollFunctions;

/** All that a session is made of. */
interface Parts {
	context: AnyContext;
	way: Authentication;
	credential: ICredentialDataDecryptedObject;
	/** Of the credential. */
	mark: string;
	/** Whose expressions the credential was resolved for. */
	item?: number;
	settings: Settings;
	clock: Clock;
	signal: AbortSignal;
	/** Whether to try also what the cloud has refused before. */
	anew?: boolean;
}

/**
 * Opens a session with what the executions of the process share; it gives that back when it ends. Nothing is sent
 * before the session is used.
 */
export function open(parts: Parts): Connection {
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
