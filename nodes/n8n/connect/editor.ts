import type { ILoadOptionsFunctions } from 'n8n-workflow';

import { isObject } from '../../cloud/api/answer';
import { API_VERSIONS } from '../../cloud/api/choice';
import { systemClock } from '../../cloud/session/clock';
import { presetAuthentication } from '../authentication';
import { readSettings } from '../options';
import { failureOf } from '../server/targets';
import { readCredential } from './credential';
import { type Connection, open } from './open';

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
		const read = await readCredential(context, authentication);
		if (read.kind === 'refused') return read;
		const settings = readSettings({ ...PATIENCE, apiVersion });
		const { signal } = new AbortController();
		return open({ ...read, context, settings, clock: systemClock, signal });
	} catch (error) {
		return { kind: 'refused', failure: failureOf(error) };
	}
}
