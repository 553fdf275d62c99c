import type { IExecuteFunctions, INodeParameterResourceLocator } from 'n8n-workflow';

import type { Failure } from '../cloud/words/failure';
import { parseServerId } from '../cloud/api/requests';
import { toText } from '../cloud/api/values';
import { InvalidValue, messageOf } from './parameters';

/** Which server an item means, or why it means none; nothing is sent for such an item. */
export type Target = Known | Refused;

export interface Known {
	serverId: string;
	/** How long it took to find out, in milliseconds. */
	spentMs?: number;
}

/** A server that has yet to be looked up by its name. */
export interface Named {
	name: string;
}

export interface Refused {
	/** What stood in place of a server. */
	given: string;
	failure: Failure;
}

/** What an item asks for; one item's broken expression must not keep the others from being asked for. */
export function readItem<T>(read: () => T): T | Refused {
	try {
		return read();
	} catch (error) {
		return { given: '', failure: failureOf(error) };
	}
}

/** Why something that the user gave could not be read. */
export function failureOf(error: unknown): Failure {
	if (error instanceof InvalidValue) {
		return { reason: 'invalidInput', message: error.message, hint: error.hint };
	}
	const message = `The expression for this item failed: ${messageOf(error)}`;
	const hint = 'Correct the expression in the parameters of this node';
	return { reason: 'invalidInput', message, hint };
}

/** Whether it is known already that nothing comes of an item. */
export function hasFailed<T extends object>(one: T): one is T & { failure: Failure } {
	return 'failure' in one;
}

/** What an item asks for fails with a reason of its own, if it has one, else with this one. */
export function refuse(wanted: object | Target | Named, failure: Failure): Refused {
	if ('failure' in wanted) return wanted;
	if ('serverId' in wanted) return { given: wanted.serverId, failure };
	return { given: 'name' in wanted ? wanted.name : '', failure };
}

/** Which server an item means, in whichever of the three modes. */
export function readTarget(context: IExecuteFunctions, itemIndex: number): Target | Named {
	const { mode, value } = readLocator(context, itemIndex);
	const given = shown(value);
	const name = mode === 'name' ? toText(value)?.trim() : undefined;
	if (name) return { name };
	const serverId = parseServerId(value);
	if (serverId) return { serverId };
	return { given, failure: given ? notAnId(given) : empty() };
}

function notAnId(given: string): Failure {
	const message = `'${given}' is not a server ID`;
	const hint =
		"Fill in the ID of the server, which looks like 616fb98f-46ca-475e-917e-2563e5a8cd19, or use the mode 'By Name'";
	return { reason: 'invalidInput', message, hint };
}

function empty(): Failure {
	const message = "'Server' is empty for this item, so no server was asked";
	const hint =
		'Pick a server from the list, or give its ID or its name; if that comes from an expression, check that the field exists in the input item';
	return { reason: 'invalidInput', message, hint };
}

/** A locator, or what an expression gave in its place. */
function readLocator(
	context: IExecuteFunctions,
	itemIndex: number,
): { mode?: string; value: unknown } {
	const locator: unknown = context.getNodeParameter('serverId', itemIndex, '');
	if (typeof locator !== 'object' || locator === null || !('value' in locator)) {
		return { value: locator };
	}
	const { mode, value } = locator as INodeParameterResourceLocator;
	return { mode, value };
}

const MAX_SHOWN_LENGTH = 80;

function shown(value: unknown): string {
	if (value === undefined || value === null) return '';
	const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).trim();
	return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}
