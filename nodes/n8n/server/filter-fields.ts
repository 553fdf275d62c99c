import type { INodeProperties } from 'n8n-workflow';

import { STATUSES } from '../../cloud/api/server';
import { toText, toWords } from '../../cloud/api/values';
import type { Filters } from '../../cloud/servers/filters';
import { InvalidValue } from '../parameters';

export const nameFilterField: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	placeholder: 'e.g. web-',
	description: 'A part of the name; characters such as * have no special meaning',
};

export const tagsFilterField: INodeProperties = {
	displayName: 'Tags',
	name: 'tags',
	type: 'string',
	default: '',
	placeholder: 'e.g. env=test,nightly',
	description:
		'Tags that the servers have, all of them: separated by commas, each as key=value or only the key',
};

/**
 * A filter that means nothing must not let all servers through: what comes next may stop them. Only a
 * text that is empty as it stands is no filter.
 * @throws InvalidValue for every other value that selects nothing, and for a filter that there is not.
 */
export function readFilters(given: Record<string, unknown>): Filters {
	const filters: Filters = {};
	for (const [name, value] of Object.entries(given)) {
		const read = Object.hasOwn(FILTERS, name) ? FILTERS[name] : undefined;
		if (!read) throw unusable(name);
		if (value !== '') Object.assign(filters, read(value));
	}
	return filters;
}

const FILTERS: Readonly<Record<string, (value: unknown) => Filters>> = {
	name(value) {
		const name = toText(value)?.trim();
		if (!name) throw unusable('Name');
		return { name };
	},
	status(value) {
		const wanted = toText(value)?.trim().toUpperCase();
		const status = STATUSES.find((one) => one === wanted);
		if (!status) throw unusable('Status');
		return { status };
	},
	tags(value) {
		const tags = toWords(value);
		if (!tags) throw unusable('Tags');
		return { tags };
	},
};

function unusable(filter: string): InvalidValue {
	return new InvalidValue(
		`The filter '${filter}' has no usable value for this item, so that no list was asked for`,
		filter === 'Status'
			? 'Use one of the statuses that the node offers, such as ACTIVE or SHUTOFF'
			: 'Give a text without empty parts, or remove the filter; if it comes from an expression, check that the field exists in the input item',
	);
}
