import {
	type ICredentialDataDecryptedObject,
	type IDataObject,
	type IExecuteFunctions,
	type ILoadOptionsFunctions,
	NodeOperationError,
} from 'n8n-workflow';

import { InvalidCredential, readAccount } from '../cloud/account';
import { createClient } from '../cloud/client';
import { type Clock, systemClock } from '../cloud/clock';
import type { Failure } from '../cloud/failure';
import { openSession, type Session } from '../cloud/tools';
import { AUTHENTICATIONS } from './credentials';
import { InvalidOption, readSettings } from './settings';
import { readItem } from './targets';

/** A session with the cloud that an execution's first item and credential name, or why there is none. */
export async function connect(
	context: IExecuteFunctions,
	clock: Clock = systemClock,
): Promise<Session | { failure: Failure }> {
	const given = readItem(() => ({
		authentication: String(context.getNodeParameter('authentication', 0, 'token')),
		options: context.getNodeParameter('options', 0, {}),
	}));
	if ('failure' in given) return given;
	const { authentication, options } = given;
	const signal = cancelSignal(context);
	return await open(context, authentication, options, clock, signal);
}

/** Somebody waits in front of a list. */
const PATIENCE = { waitTimeout: 20, maxTries: 2 };

/** The same for a list in the editor, which the other options do not concern. */
export async function connectEditor(
	context: ILoadOptionsFunctions,
): Promise<Session | { failure: Failure }> {
	const authentication = String(context.getCurrentNodeParameter('authentication') ?? 'token');
	const { apiVersion } = Object(context.getCurrentNodeParameter('options')) as IDataObject;
	const options = { ...PATIENCE, ...(apiVersion === 'v2' && { apiVersion }) };
	const { signal } = new AbortController();
	return await open(context, authentication, options, systemClock, signal);
}

async function open(
	context: IExecuteFunctions | ILoadOptionsFunctions,
	authentication: string,
	options: IDataObject,
	clock: Clock,
	signal: AbortSignal,
): Promise<Session | { failure: Failure }> {
	const way = AUTHENTICATIONS[authentication];
	if (!way) return invalid(`There is no authentication '${authentication}'`, 'Pick a credential');

	const { credentialType, check, explainRefusal, renew } = way;
	const credential = await context.getCredentials<ICredentialDataDecryptedObject>(credentialType);
	try {
		const settings = readSettings(options);
		const account = readAccount(credential);
		check(credential);
		const send = createClient({ context, credentialType, credential, account, explainRefusal });
		const client = renew ? renew(send, credential) : send;
		return openSession({ ...settings, account }, client, clock, signal);
	} catch (error) {
		if (error instanceof InvalidOption) return invalid(error.message, 'Correct the option');
		if (error instanceof InvalidCredential) return invalid(error.message, 'Correct the credential');
		throw new NodeOperationError(context.getNode(), error as Error);
	}
}

/**
 * @throws NodeOperationError as soon as the execution is cancelled; n8n knows such an error by the
 * American spelling in its message.
 */
export async function orCancelled<T>(
	context: IExecuteFunctions,
	work: Promise<T>,
	description?: string,
): Promise<T> {
	const signal = cancelSignal(context);
	return await new Promise<T>((resolve, reject) => {
		const cancel = () =>
			reject(
				new NodeOperationError(context.getNode(), 'The execution was canceled', { description }),
			);
		if (signal.aborted) cancel();
		signal.addEventListener('abort', cancel, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
	});
}

/** One that never fires where n8n gives none. */
function cancelSignal(context: IExecuteFunctions): AbortSignal {
	return context.getExecutionCancelSignal() ?? new AbortController().signal;
}

function invalid(message: string, hint: string): { failure: Failure } {
	return { failure: { reason: 'invalidInput', message, hint } };
}
