import type { IExecuteFunctions } from 'n8n-workflow';

import { count } from '../n8n/errors';
import type { Fate } from '../cloud/power/perform';
import type { ItemResult } from './items';

/**
 * One line above the output, for what is easily overlooked among the items. It is no more than that, so
 * that the outcomes come out also where n8n does not take it.
 */
export function hintAt(context: IExecuteFunctions, results: ItemResult[]): void {
	const message = hintOf(results);
	try {
		if (message) context.addExecutionHints?.({ message, location: 'outputPane' });
	} catch {
		return;
	}
}

function hintOf(results: ItemResult[]): string | undefined {
	const fates = results.flatMap((result) => (result.kind === 'fate' ? [result.fate] : []));
	const servers = [...new Map(fates.map((fate) => [fate.serverId, fate])).values()];
	const words = servers.flatMap((fate) => alreadyWords(fate) ?? []);
	if (words.length === 0) return undefined;
	const were = words.length === 1 ? 'was' : 'were';
	return `${words.length} of ${count(servers.length)} ${were} already ${words[0]}`;
}

function alreadyWords({ result }: Fate): string | undefined {
	return result.kind === 'done' ? ALREADY[result.outcome] : undefined;
}

const ALREADY: Readonly<Record<string, string>> = {
	alreadyRunning: 'running',
	alreadyStopped: 'stopped',
};
