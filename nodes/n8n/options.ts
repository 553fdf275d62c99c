import type { IExecuteFunctions } from 'n8n-workflow';

import type { ApiVersion } from '../cloud/api/requests';
import type { SessionSettings } from '../cloud/session/session';
import { toNumber } from '../cloud/api/values';
import { asSwitch, InvalidValue, readSwitch } from './parameters';

/** The options of the node, read from the first item. */
export type Settings = Omit<SessionSettings, 'account'>;

/** @throws InvalidValue when an expression gave a value that an option cannot have. */
export function readSettings(options: Record<string, unknown>): Settings {
	const given = { ...PRESETS, ...options };
	return {
		apiVersion: readApiVersion(given.apiVersion),
		concurrency: readWhole(given.concurrency, 1, 50, 'Concurrency'),
		failIfAlreadyDone: asSwitch(given.failIfAlreadyDone, 'Fail If Already Done'),
		maxTries: readWhole(given.maxTries, 1, 10, 'Max Tries'),
		pollIntervalMs: 1000 * readNumber(given.pollInterval, 1, 60, 'Poll Interval'),
		sendAs: readSendAs(given.sendAs),
		waitTimeoutMs: 1000 * readNumber(given.waitTimeout, 1, MAX_WAIT_SECONDS, 'Wait Timeout'),
	};
}

/** What an option is that was not added. */
const PRESETS: Record<string, unknown> = {
	apiVersion: 'v2.1',
	concurrency: 10,
	failIfAlreadyDone: false,
	maxTries: 5,
	pollInterval: 5,
	sendAs: 'oneRequestPerServer',
	waitTimeout: 300,
};

/** Whether an item wants the fields that people work with, or all that the cloud says. */
export function readSimplify(context: IExecuteFunctions, item: number): { simplify: boolean } {
	return { simplify: readSwitch(context, item, 'simplify', 'Simplify', true) };
}

const MAX_WAIT_SECONDS = 86_400;

function readApiVersion(value: unknown): ApiVersion {
	if (value === 'v2.1' || value === 'v2') return value;
	throw new InvalidValue("'API Version' must be v2.1 or v2");
}

function readSendAs(value: unknown): Settings['sendAs'] {
	if (value === 'oneRequestPerServer' || value === 'oneBatchRequest') return value;
	throw new InvalidValue("'Send As' must be oneRequestPerServer or oneBatchRequest");
}

function readWhole(value: unknown, min: number, max: number, title: string): number {
	const number = readNumber(value, min, max, title);
	if (Number.isInteger(number)) return number;
	throw new InvalidValue(`'${title}' must be a whole number`);
}

function readNumber(value: unknown, min: number, max: number, title: string): number {
	const number = toNumber(value);
	if (number !== undefined && number >= min && number <= max) return number;
	throw new InvalidValue(`'${title}' must be a number from ${min} to ${max}`);
}
