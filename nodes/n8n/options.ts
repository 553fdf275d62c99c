import type { INodeProperties } from 'n8n-workflow';

import {
	API_VERSIONS,
	type ApiVersion,
	NOVA_VERSIONS,
	type NovaVersion,
} from '../cloud/api/choice';
import type { SessionSettings } from '../cloud/session/session';
import { toNumber } from '../cloud/api/values';
import { asSwitch, InvalidValue } from './parameters';

/** The options of a node, read from the first item. */
export type Settings = Omit<SessionSettings, 'projectId' | 'ecsEndpoint'>;

/** An option: the field that the editor shows, whose default counts where it was not added, and its reader. */
interface Option<T> {
	field: INodeProperties;
	/** @throws InvalidValue when an expression gave a value that the option cannot have. */
	read: (value: unknown) => T;
}

const NOVA_CHOICES = [
	{ name: 'Nova 2', value: 'v2', description: 'The older path of OpenStack, without tags' },
	{
		name: 'Nova 2.1',
		value: 'v2.1',
		description: 'What every OpenStack offers, and Open Telekom Cloud too',
	},
];

const apiVersion = choiceOf<ApiVersion>(API_VERSIONS, {
	displayName: 'API Version',
	name: 'apiVersion',
	type: 'options',
	default: 'auto',
	description: 'Fix one only if your cloud or the permissions of your user need it',
	options: [
		{
			name: 'Automatic',
			value: 'auto',
			description:
				'ECS v1 on Huawei Cloud, Nova 2.1 elsewhere, and the other one where that is missing',
		},
		{
			name: 'ECS V1',
			value: 'v1',
			description: 'The own API of Open Telekom Cloud, Huawei Cloud and their siblings',
		},
		...NOVA_CHOICES,
	],
});

/** Only Nova's lists show what has changed, and who asked for it. */
const novaVersion = choiceOf<NovaVersion>(NOVA_VERSIONS, {
	...apiVersion.field,
	default: 'v2.1',
	description: 'The older one is for an OpenStack that has no other',
	options: NOVA_CHOICES,
});

const concurrency = wholeFrom(1, 50, {
	displayName: 'Concurrency',
	name: 'concurrency',
	type: 'number',
	default: 10,
	description: 'How many requests may be under way at the same time',
});

const failIfAlreadyDone: Option<boolean> = {
	field: {
		displayName: 'Fail If Already Done',
		name: 'failIfAlreadyDone',
		type: 'boolean',
		default: false,
		description: 'Whether a server that is already in the wanted state counts as failed',
		displayOptions: { show: { '/operation': ['start', 'stop'] } },
	},
	read: (value) => asSwitch(value, 'Fail If Already Done'),
};

const maxTries = wholeFrom(1, 10, {
	displayName: 'Max Tries',
	name: 'maxTries',
	type: 'number',
	default: 5,
	description:
		'How often to ask for the same server at most, when the cloud is busy or does not answer',
});

const maxStopsPerHour = wholeFrom(0, 1_000, {
	displayName: 'Max Stops per Hour',
	name: 'maxStopsPerHour',
	type: 'number',
	default: 5,
	description:
		'After so many stops of one server within an hour, its further stops are not reported until it has run for an hour. 0 means no limit.',
});

const pollInterval = numberFrom(1, 60, {
	displayName: 'Check Every (Seconds)',
	name: 'pollInterval',
	type: 'number',
	default: 5,
	description: 'How often to look whether the servers have got there',
});

const sendAs = choiceOf<Settings['sendAs']>(['oneRequestPerServer', 'oneBatchRequest'], {
	displayName: 'How to Send',
	name: 'sendAs',
	type: 'options',
	default: 'oneRequestPerServer',
	description: 'The cloud gets a request for each server, or one for many of them',
	options: [
		{
			name: 'One Batch Request',
			value: 'oneBatchRequest',
			description:
				'Up to 1,000 servers in one request. For Open Telekom Cloud, Huawei Cloud and their siblings.',
		},
		{
			name: 'One Request per Server',
			value: 'oneRequestPerServer',
			description: 'Works with every cloud',
		},
	],
});

/** Nobody waits for longer than a day. */
const waitTimeout = numberFrom(1, 86_400, {
	displayName: 'Wait Timeout (Seconds)',
	name: 'waitTimeout',
	type: 'number',
	default: 300,
	description:
		'How long one server may take in all, from its first request to its outcome, retries included',
});

/** @throws InvalidValue when an expression gave a value that an option cannot have. */
export function readSettings(options: Record<string, unknown>): Settings {
	const read = <T>(option: Option<T>) => readOption(options, option);
	return {
		apiVersion: read(apiVersion),
		concurrency: read(concurrency),
		failIfAlreadyDone: read(failIfAlreadyDone),
		maxTries: read(maxTries),
		pollIntervalMs: 1000 * read(pollInterval),
		sendAs: read(sendAs),
		waitTimeoutMs: 1000 * read(waitTimeout),
	};
}

/** What actions can be told. */
export const actionOptions: INodeProperties[] = [
	apiVersion.field,
	concurrency.field,
	failIfAlreadyDone.field,
	maxTries.field,
	pollInterval.field,
	sendAs.field,
	waitTimeout.field,
];

/** Reading takes no more than these. */
export const readOptions: INodeProperties[] = [
	apiVersion.field,
	concurrency.field,
	{
		...maxTries.field,
		description: 'How often to read at most, when the cloud is busy or does not answer',
	},
	{
		...waitTimeout.field,
		description: 'How long reading may take for one item in all, retries included',
	},
];

/** What the trigger for changed servers can be told. */
export const triggerOptions: INodeProperties[] = [novaVersion.field, maxStopsPerHour.field];

/** @throws InvalidValue when an expression gave a value that the option cannot have. */
export function readMaxStopsPerHour(options: Record<string, unknown>): number {
	return readOption(options, maxStopsPerHour);
}

/** @throws InvalidValue when an expression gave a value that the option cannot have. */
export function readNovaVersion(options: Record<string, unknown>): NovaVersion {
	return readOption(options, novaVersion);
}

function readOption<T>(options: Record<string, unknown>, { field, read }: Option<T>): T {
	return read(Object.hasOwn(options, field.name) ? options[field.name] : field.default);
}

function choiceOf<T extends string>(values: readonly T[], field: INodeProperties): Option<T> {
	const read = (given: unknown): T => {
		const found = values.find((value) => value === given);
		if (found !== undefined) return found;
		throw new InvalidValue(`'${field.displayName}' must be ${values.join(' or ')}`);
	};
	return { field, read };
}

function numberFrom(min: number, max: number, field: INodeProperties): Option<number> {
	const title = field.displayName.replace(/ \(.*\)$/, '');
	const read = (given: unknown): number => {
		const number = toNumber(given);
		if (number !== undefined && number >= min && number <= max) return number;
		throw new InvalidValue(`'${title}' must be a number from ${min} to ${max}`);
	};
	return { field: { ...field, typeOptions: { minValue: min, maxValue: max } }, read };
}

function wholeFrom(min: number, max: number, field: INodeProperties): Option<number> {
	const option = numberFrom(min, max, field);
	const read = (given: unknown): number => {
		const number = option.read(given);
		if (Number.isInteger(number)) return number;
		throw new InvalidValue(`'${field.displayName}' must be a whole number`);
	};
	return { ...option, read };
}
