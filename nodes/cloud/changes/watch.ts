import { type Filters, matches } from '../servers/filters';
import type { Row } from '../session/reader';

/** What a workflow can be started for. */
export const EVENTS = ['appeared', 'deleted', 'failed', 'running', 'stopped'] as const;
export type EventName = (typeof EVENTS)[number];

export const STOP_CAUSES = ['all', 'notRequested', 'requested'] as const;
export type StopCauses = (typeof STOP_CAUSES)[number];

/** Which servers of the project are watched. */
export type Choice =
	| { kind: 'all' }
	| { kind: 'matching'; filters: Filters }
	| { kind: 'chosen'; ids: ReadonlySet<string> };

/** What is watched for, as the user has set it. */
export interface Watch {
	events: ReadonlySet<EventName>;
	stopCause: StopCauses;
	choice: Choice;
	/** 0: no limit. */
	maxStopsPerHour: number;
}

/** What the cloud can be asked to leave out. */
export function filtersOf({ choice }: Watch): Filters {
	return choice.kind === 'matching' ? choice.filters : {};
}

/** Whether a server that is there is one of those that are watched. */
export function fits({ choice }: Watch, row: Row): boolean {
	if (choice.kind === 'matching') return matches(row, choice.filters);
	return choice.kind === 'all' || choice.ids.has(row.server.id);
}

/** A deleted server has lost its tags (tried on Nova 26): then all that fit must be known by their IDs. */
export function needsFitting({ choice, events }: Watch): boolean {
	return (
		choice.kind === 'matching' && events.has('deleted') && (choice.filters.tags ?? []).length > 0
	);
}

/** The one server that is watched, where it is one by its ID. */
export function onlyOne({ choice }: Watch): string | undefined {
	return choice.kind === 'chosen' && choice.ids.size === 1 ? [...choice.ids][0] : undefined;
}

/** Whether the cloud must tell who stopped a server. */
export function needsCause({ events, stopCause }: Watch): boolean {
	return events.has('stopped') && stopCause !== 'all';
}
