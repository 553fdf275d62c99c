import type { Kind, Notice } from './notice';

/** What the workflow is to be started for. */
export interface Choice {
	events: readonly Kind[];
	/** Names of system events and traces; empty for all. */
	eventNames: readonly string[];
	onlyServers: boolean;
	maxAgeMinutes: number;
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
