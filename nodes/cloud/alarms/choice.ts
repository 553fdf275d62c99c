import type { Notice } from './notice';

/** What the workflow is to be started for. */
export interface Choice {
	events: readonly string[];
	/** Names of system events and traces; empty for all. */
	eventNames: readonly string[];
	onlyServers: boolean;
	maxAgeMinutes: number;
}

/** The names in a comma-separated text. */
export function readNames(text: string): string[] {
	return text
		.split(',')
		.map((name) => name.trim())
		.filter((name) => name !== '');
}

/** Whether the workflow is to be started for a notice of that age, in milliseconds. */
export function isChosen(notice: Notice, age: number, choice: Choice): boolean {
	if (age > choice.maxAgeMinutes * 60_000) return false;
	if (!choice.events.includes(notice.kind)) return false;
	if (choice.onlyServers && notice.serverId === null) return false;
	const hasEventName = notice.kind === 'systemEvent' || notice.kind === 'trace';
	if (!hasEventName || choice.eventNames.length === 0) return true;
	return notice.name !== null && choice.eventNames.includes(notice.name);
}
