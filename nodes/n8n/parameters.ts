import type { IExecuteFunctions } from 'n8n-workflow';

import { isObject } from '../cloud/api/answer';
import { toAnyWords, toSwitch } from '../cloud/api/values';

/** What is wrong with a value that somebody gave, and what to do, in words for the user. */
export class InvalidValue extends Error {
	constructor(
		message: string,
		readonly hint = 'Correct the value; if it comes from an expression, check that the field exists in the input item',
	) {
		super(message);
	}
}

/**
 * A switch of an item; `preset` is what it is in a workflow that was saved without it.
 * @throws InvalidValue for what is neither true nor false, as when an expression gave nothing.
 */
export function readSwitch(
	context: IExecuteFunctions,
	item: number,
	name: string,
	title: string,
	preset: boolean,
): boolean {
	return asSwitch(context.getNodeParameter(name, item, preset), title);
}

/** @throws InvalidValue for what is neither true nor false. */
export function asSwitch(value: unknown, title: string): boolean {
	const on = toSwitch(value);
	if (on === undefined) throw new InvalidValue(`'${title}' must be true or false`);
	return on;
}

/**
 * The fields that were added to a collection of an item.
 * @throws InvalidValue when an expression gave something else in its place.
 */
export function readCollection(
	context: IExecuteFunctions,
	item: number,
	name: string,
	title: string,
): Record<string, unknown> {
	return asCollection(context.getNodeParameter(name, item, {}), title);
}

/** @throws InvalidValue for what holds no fields. */
export function asCollection(value: unknown, title: string): Record<string, unknown> {
	if (isObject(value)) return value;
	throw new InvalidValue(`'${title}' must be an object`);
}

/**
 * What a trigger starts the workflow for, of what it offers.
 * @throws InvalidValue for anything else, and for nothing.
 */
export function asEvents<T extends string>(value: unknown, offered: readonly T[]): T[] {
	const words = toAnyWords(value);
	const events = words?.map((word) => offered.find((one) => one === word));
	if (!events || events.includes(undefined)) {
		throw new InvalidValue(`'Events' must be some of ${offered.join(', ')}`);
	}
	if (events.length === 0) {
		throw new InvalidValue("'Events' is empty, so nothing would start the workflow", 'Choose one');
	}
	return events as T[];
}

/** What an error of whoever else's says, as the end of a sentence of ours: without a full stop. */
export function messageOf(error: unknown): string {
	return (error instanceof Error ? error.message : String(error)).replace(/\.$/, '');
}
