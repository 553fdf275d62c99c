import {
	type ICredentialDataDecryptedObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	NodeOperationError,
} from 'n8n-workflow';

import { type Account, InvalidCredential, readAccount } from '../cloud/account';
import { createClient } from '../cloud/client';
import { type Clock, systemClock } from '../cloud/clock';
import type { Failure } from '../cloud/failure';
import { type Fate, perform } from '../cloud/perform';
import type { PowerAction } from '../cloud/power';
import { assemble, type Tools } from '../cloud/tools';
import { AUTHENTICATIONS } from './credentials';
import { type ItemResult, toItems } from './items';
import { InvalidOption, readSettings, type Settings } from './settings';
import { readTarget, type Target } from './targets';

/** Brings the servers of all input items into the state that `action` stands for. */
export async function act(
	context: IExecuteFunctions,
	action: PowerAction,
	clock: Clock = systemClock,
): Promise<INodeExecutionData[]> {
	const targets = context.getInputData().map((_, item) => readTarget(context, item));
	const tools = await prepare(context, action, clock);
	const results =
		'failure' in tools
			? targets.map((target) => refuse(target, tools.failure))
			: await orCancelled(context, performAll(targets, tools));
	return toItems(context, action, results);
}

/** One journey for each server, however many items name it. */
async function performAll(targets: Target[], tools: Tools): Promise<ItemResult[]> {
	const waits = new Map<string, boolean>();
	for (const target of targets) {
		if ('serverId' in target) {
			waits.set(target.serverId, target.wait || waits.get(target.serverId) === true);
		}
	}
	const fates = new Map<string, Fate>();
	await Promise.all(
		[...waits].map(async ([serverId, wait]) => {
			fates.set(serverId, await perform(serverId, wait, tools));
		}),
	);
	return targets.map((target) =>
		'serverId' in target ? { fate: fates.get(target.serverId) as Fate } : target,
	);
}

/** What the servers share, or why none of them can be asked. */
async function prepare(
	context: IExecuteFunctions,
	action: PowerAction,
	clock: Clock,
): Promise<Tools | { failure: Failure }> {
	const authentication = context.getNodeParameter('authentication', 0, 'token') as string;
	const way = AUTHENTICATIONS[authentication];
	if (!way) return invalid(`There is no authentication '${authentication}'`, 'Pick a credential');
	const { credentialType, check, explainRefusal, renew } = way;
	const credential = await context.getCredentials<ICredentialDataDecryptedObject>(
		credentialType,
		0,
	);
	let settings: Settings;
	let account: Account;
	try {
		settings = readSettings(context);
		account = readAccount(credential);
		check(credential);
	} catch (error) {
		if (error instanceof InvalidOption) return invalid(error.message, 'Correct the option');
		if (error instanceof InvalidCredential) return invalid(error.message, 'Correct the credential');
		throw new NodeOperationError(context.getNode(), error as Error);
	}
	const send = createClient({ context, credentialType, credential, account, explainRefusal });
	const client = renew ? renew(send, credential) : send;
	return assemble({ ...settings, account, action }, client, clock, cancelSignal(context));
}

/** One that never fires where n8n gives none. */
function cancelSignal(context: IExecuteFunctions): AbortSignal {
	return context.getExecutionCancelSignal() ?? new AbortController().signal;
}

function invalid(message: string, hint: string): { failure: Failure } {
	return { failure: { reason: 'invalidInput', message, hint } };
}

function refuse(target: Target, failure: Failure): ItemResult {
	return 'serverId' in target ? { given: target.serverId, failure } : target;
}

/**
 * @throws NodeOperationError as soon as the execution is cancelled; n8n knows such an error by the
 * American spelling in its message.
 */
async function orCancelled<T>(context: IExecuteFunctions, work: Promise<T>): Promise<T> {
	const signal = cancelSignal(context);
	return await new Promise<T>((resolve, reject) => {
		const cancel = () =>
			reject(
				new NodeOperationError(context.getNode(), 'The execution was canceled', {
					description:
						'Servers that had been asked before may still start. Running this again does no harm.',
				}),
			);
		if (signal.aborted) cancel();
		signal.addEventListener('abort', cancel, { once: true });
		work.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
	});
}
