import type { IExecuteFunctions, NodeExecutionHint } from 'n8n-workflow';

import type { PowerAction } from '../cloud/power/actions/action';
import { count } from '../n8n/errors';
import type { Tallied } from './results';

type Hint = Pick<NodeExecutionHint, 'message' | 'type'>;

/**
 * Lines above the output, for what is easily overlooked among the items. They are no more than that, so
 * that the outcomes come out also where n8n does not take them.
 */
export function hintAt(context: IExecuteFunctions, hints: Hint[]): void {
	try {
		const placed = hints.map((hint) => ({ ...hint, location: 'outputPane' as const }));
		if (placed.length > 0) context.addExecutionHints?.(...placed);
	} catch {
		return;
	}
}

/** How many servers did not get there, and for how many there was nothing to do. */
export function actionHints({ words }: PowerAction, { failed, done, all }: Tallied): Hint[] {
	const already = done.flatMap(({ result }) =>
		result.kind === 'done' ? (ALREADY[result.outcome] ?? []) : [],
	);
	const hints: Hint[] = [];
	if (failed.length > 0) {
		const message = `${some(failed.length, all)} did not ${words.verb}`;
		hints.push({ message, type: 'warning' });
	}
	if (already.length > 0) {
		const were = already.length === 1 ? 'was' : 'were';
		hints.push({ message: `${some(already.length, all)} ${were} already ${already[0]}` });
	}
	return hints;
}

/** How many items could not be read. */
export function readHints(failed: number, all: number): Hint[] {
	if (failed === 0) return [];
	const message = all === 1 ? 'Nothing could be read' : nothingRead(failed, all);
	return [{ message, type: 'warning' }];
}

/** As in `Nothing could be read for 1 of 2 items`. */
export function nothingRead(failed: number, all: number): string {
	return `Nothing could be read for ${failed} of ${all} items`;
}

function some(servers: number, all: number): string {
	return all === 1 ? 'The server' : `${servers} of ${count(all)}`;
}

const ALREADY: Readonly<Record<string, string>> = {
	alreadyRunning: 'running',
	alreadyStopped: 'stopped',
};
