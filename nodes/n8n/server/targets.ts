import type { IExecuteFunctions, INodeParameterResourceLocator } from 'n8n-workflow';

import type { Failure } from '../../cloud/words/failure';
import { parseServerId } from '../../cloud/api/requests';
import { toText } from '../../cloud/api/values';
import { InvalidValue, messageOf } from '../parameters';

/** Which server an item means, or why it means none. */
export type Target = Known | Named | Refused;

/** A server by its ID. */
export interface Known {
	kind: 'known';
	serverId: string;
	/** The name by which it was found. */
	name?: string;
	/** How long it took to find out, in milliseconds. */
	spentMs?: number;
}

/** A server that has yet to be looked up by its name. */
export interface Named {
	kind: 'named';
	name: string;
}

/** Nothing is sent for such an item. */
export interface Refused {
	kind: 'refused';
	/** What stood in place of a server. */
	given: string;
	failure: Failure;
}

/** What an item asks for, read from its parameters. */
export interface Wanted<P> {
	kind: 'wanted';
	/** What stands for its server, where it is about one. */
	given: string;
	plan: P;
}

/** A server that can be asked for, and what is wished of it. */
export interface Plan<W> {
	target: Known | Named;
	wish: W;
}

/** What an item asks for that means `target`. */
export function wantedOf<W>(target: Target, wish: W): Wanted<Plan<W>> | Refused {
	if (target.kind === 'refused') return target;
	return { kind: 'wanted', given: givenOf(target), plan: { target, wish } };
}

/**
 * What was read of an item; one item's broken expression must not keep the others from being asked for.
 * `given`: what is known already to stand in place of a server.
 */
export function readItem<T extends { kind: string }>(read: () => T, given = ''): T | Refused {
	try {
		return read();
	} catch (error) {
		return { kind: 'refused', given, failure: failureOf(error) };
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

/** An item fails with a reason of its own, if it has one, else with this one. */
export function refuse(one: Wanted<unknown> | Refused, failure: Failure): Refused {
	return one.kind === 'refused' ? one : { kind: 'refused', given: one.given, failure };
}

/** What stands in place of a server. */
export function givenOf(target: Target): string {
	switch (target.kind) {
		case 'known':
			return target.serverId;
		case 'named':
			return target.name;
		case 'refused':
			return target.given;
	}
}

/** Which server an item means, in whichever of the three modes. An ID is one in each, as a model may know that alone. */
export function readTarget(context: IExecuteFunctions, itemIndex: number): Target {
	const { mode, value } = readLocator(context, itemIndex);
	const given = shown(value);
	const serverId = parseServerId(value);
	if (serverId) return { kind: 'known', serverId };
	const name = mode === 'name' ? toText(value)?.trim() : undefined;
	if (name) return { kind: 'named', name };
	return { kind: 'refused', given, failure: given ? notAnId(given) : empty() };
}

function notAnId(given: string): Failure {
	const message = `'${given}' is not a server ID`;
	const hint =
		"Fill in the ID of the server, which looks like 616fb98f-46ca-475e-917e-2563e5a8cd19, or use the mode 'By Name'";
	return { reason: 'invalidInput', message, why: 'what was given is not a server ID', hint };
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
