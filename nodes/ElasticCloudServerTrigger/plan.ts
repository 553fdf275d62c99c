import type { IPollFunctions } from 'n8n-workflow';

import { parseServerId } from '../cloud/api/requests';
import { toAnyWords } from '../cloud/api/values';
import {
	type Choice,
	EVENTS,
	STOP_CAUSES,
	type StopCauses,
	type Watch,
} from '../cloud/changes/watch';
import { readMaxStopsPerHour, readNovaVersion, readSettings, type Settings } from '../n8n/options';
import { asCollection, asEvents, asSwitch, InvalidValue } from '../n8n/parameters';
import { readFilters } from '../n8n/server/filter-fields';

/** What the trigger is to do, as it is set. */
export interface Plan {
	watch: Watch;
	simplify: boolean;
	settings: Settings;
}

/**
 * Reads the parameters; `budgetMs`: how long a poll may take, in milliseconds.
 * @throws InvalidValue for one that means nothing in its field.
 */
export function readPlan(context: IPollFunctions, budgetMs: number): Plan {
	const options = asCollection(context.getNodeParameter('options', {}), 'Options');
	const simplify = asSwitch(context.getNodeParameter('simplify', true), 'Simplify');
	const apiVersion = readNovaVersion(options);
	const settings = { ...readSettings(options), apiVersion, waitTimeoutMs: budgetMs };
	const watch: Watch = {
		events: new Set(asEvents(context.getNodeParameter('events', ['failed', 'stopped']), EVENTS)),
		stopCause: readStopCause(context.getNodeParameter('stopCause', 'notRequested')),
		choice: readChoice(context),
		maxStopsPerHour: readMaxStopsPerHour(options),
	};
	return { watch, simplify, settings };
}

/** The servers that are watched, in a form that is the same for the same choice. */
export function watchedIn({ choice }: Watch): unknown {
	if (choice.kind === 'chosen') return [choice.kind, [...choice.ids].sort()];
	if (choice.kind === 'all') return [choice.kind];
	const { name, tags } = choice.filters;
	return [choice.kind, name, tags && [...tags].sort()];
}

function readStopCause(value: unknown): StopCauses {
	const cause = STOP_CAUSES.find((one) => one === value);
	if (cause) return cause;
	throw new InvalidValue(`'Stops to Report' must be ${STOP_CAUSES.join(' or ')}`);
}

function readChoice(context: IPollFunctions): Choice {
	const kind = context.getNodeParameter('watch', 'all');
	if (kind === 'all') return { kind };
	if (kind === 'chosen') return { kind, ids: readIds(context.getNodeParameter('serverIds', [])) };
	if (kind !== 'matching') throw new InvalidValue("'Servers' must be all, chosen or matching");
	const filters = readFilters(asCollection(context.getNodeParameter('filters', {}), 'Filters'));
	if (Object.keys(filters).length > 0) return { kind, filters };
	throw new InvalidValue(
		"'Filters' is empty, so all servers would be watched",
		"Add a filter, or set 'Servers' to All",
	);
}

function readIds(value: unknown): Set<string> {
	const words = toAnyWords(value);
	const ids = words?.map((word) => parseServerId(word));
	if (!ids || ids.length === 0) {
		throw new InvalidValue(
			"'Server Names or IDs' is empty, so no server would be watched",
			'Choose a server',
		);
	}
	const wrong = ids.indexOf(undefined);
	if (wrong < 0) return new Set(ids as string[]);
	throw new InvalidValue(
		`'${words?.[wrong]}' in 'Server Names or IDs' is not a server ID`,
		'An ID looks like 616fb98f-46ca-475e-917e-2563e5a8cd19',
	);
}
