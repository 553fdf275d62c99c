import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

import type { ApiVersion } from '../cloud/requests';
import type { SessionSettings } from '../cloud/tools';

/** The options of the node, read from the first item. */
export type Settings = Omit<SessionSettings, 'account'>;

/** What is wrong with an option, in words for the user. */
export class InvalidOption extends Error {}

/** @throws InvalidOption when an expression gave a value that an option cannot have. */
export function readSettings(options: IDataObject): Settings {
	return {
		apiVersion: readApiVersion(options.apiVersion),
		concurrency: readWhole(options.concurrency, 10, 1, 50, 'Concurrency'),
		failIfAlreadyDone: options.failIfAlreadyDone === true,
		maxTries: readWhole(options.maxTries, 5, 1, 10, 'Max Tries'),
		pollIntervalMs: 1000 * readNumber(options.pollInterval, 5, 1, 60, 'Poll Interval'),
		sendAs: readSendAs(options.sendAs),
		waitTimeoutMs: 1000 * readNumber(options.waitTimeout, 300, 1, MAX_WAIT_SECONDS, 'Wait Timeout'),
	};
}

/** Whether an item wants the fields that people work with, or all that the cloud says. */
export function readSimplify(context: IExecuteFunctions, item: number): { simplify: boolean } {
	return { simplify: context.getNodeParameter('simplify', item, true) === true };
}

const MAX_WAIT_SECONDS = 86_400;

function readApiVersion(value: unknown = 'v2.1'): ApiVersion {
	if (value === 'v2.1' || value === 'v2') return value;
	throw new InvalidOption("'API Version' must be v2.1 or v2");
}

function readSendAs(value: unknown = 'oneRequestPerServer'): Settings['sendAs'] {
	if (value === 'oneRequestPerServer' || value === 'oneBatchRequest') return value;
	throw new InvalidOption("'Send As' must be oneRequestPerServer or oneBatchRequest");
}

function readWhole(value: unknown, preset: number, min: number, max: number, name: string): number {
	const number = readNumber(value, preset, min, max, name);
	if (Number.isInteger(number)) return number;
	throw new InvalidOption(`'${name}' must be a whole number`);
}

function readNumber(
	value: unknown,
	preset: number,
	min: number,
	max: number,
	name: string,
): number {
	if (value === undefined || value === '') return preset;
	const number = typeof value === 'string' ? Number(value) : value;
	if (typeof number === 'number' && number >= min && number <= max) return number;
	throw new InvalidOption(`'${name}' must be a number from ${min} to ${max}`);
}
