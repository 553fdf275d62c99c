import type { IDataObject } from 'n8n-workflow';

import { isObject } from '../api/answer';
import { type Row, tagsOf } from '../session/reader';

/** The fields of a server that people work with, the most useful first; null is what the cloud does not say. */
export function simplify({ server, json }: Row): IDataObject {
	return {
		id: server.id,
		name: server.name ?? null,
		status: server.status,
		addresses: addressesOf(json.addresses),
		flavor: flavorOf(json.flavor),
		zone: textOf(json['OS-EXT-AZ:availability_zone']),
		created: textOf(json.created),
		tags: tagsOf(json) ?? null,
		locked: server.locked ?? null,
	};
}

/** The same as an item of its own, with its ID also by the name that it has behind an action or a trigger. */
export function simplifiedItem(row: Row): IDataObject {
	return { ...simplify(row), serverId: row.server.id };
}

/** All that the cloud says, but for a field that may hold secrets of the server. */
export function raw({ json }: Row): IDataObject {
	const shown = { ...json };
	delete shown['OS-EXT-SRV-ATTR:user_data'];
	return shown as IDataObject;
}

function addressesOf(value: unknown): string[] {
	if (!isObject(value)) return [];
	return Object.values(value)
		.flatMap((addresses): unknown[] => (Array.isArray(addresses) ? addresses : []))
		.map((address) => (isObject(address) ? textOf(address.addr) : null))
		.filter((address) => address !== null);
}

function flavorOf(flavor: unknown): string | null {
	return isObject(flavor) ? (textOf(flavor.id) ?? textOf(flavor.original_name)) : null;
}

function textOf(value: unknown): string | null {
	return typeof value === 'string' && value !== '' ? value : null;
}
