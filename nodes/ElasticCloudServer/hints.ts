import type { IExecuteFunctions } from 'n8n-workflow';

import { count, type ItemResult } from './items';

/** One line above the output, for what is easily overlooked among the items. */
export function hintAt(context: IExecuteFunctions, results: ItemResult[]): void {
	const servers = new Map<unknown, ItemResult>();
	for (const result of results)
		servers.set('fate' in result ? result.fate.serverId : result, result);
	const words = [...servers.values()].flatMap((result) => alreadyWords(result) ?? []);
	if (words.length === 0) return;
	const were = words.length === 1 ? 'was' : 'were';
	context.addExecutionHints?.({
		message: `${words.length} of ${count(servers.size)} ${were} already ${words[0]}`,
		location: 'outputPane',
	});
}

function alreadyWords(result: ItemResult): string | undefined {
	if (!('fate' in result)) return undefined;
	const { result: end } = result.fate;
	return 'outcome' in end ? ALREADY[end.outcome] : undefined;
}

const ALREADY: Readonly<Record<string, string>> = {
	alreadyRunning: 'running',
	alreadyStopped: 'stopped',
};
