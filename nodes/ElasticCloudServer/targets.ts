import type { IExecuteFunctions } from 'n8n-workflow';

import type { Failure } from '../cloud/failure';
import { parseServerId } from '../cloud/requests';

/** Which server an item means, or why it means none; nothing is sent for such an item. */
export type Target = { serverId: string; wait: boolean } | { given: string; failure: Failure };

export function readTarget(context: IExecuteFunctions, itemIndex: number): Target {
	try {
		return toTarget(context, itemIndex);
	} catch (error) {
		// One item's expression must not keep the others from being asked for.
		const message = `The expression for this item failed: ${(error as Error).message}`;
		const hint = "Correct the expression in 'Server' or in the fields below it";
		return { given: '', failure: { reason: 'invalidInput', message, hint } };
	}
}

function toTarget(context: IExecuteFunctions, itemIndex: number): Target {
	const value = readLocator(context, itemIndex);
	const serverId = parseServerId(value);
	if (serverId) {
		return { serverId, wait: context.getNodeParameter('waitUntilDone', itemIndex, true) === true };
	}
	const given = shown(value);
	return {
		given,
		failure: {
			reason: 'invalidInput',
			message: given
				? `'${given}' is not a server ID`
				: "'Server' is empty for this item, so no server was asked",
			hint: 'Fill in the ID of the server, which looks like 616fb98f-46ca-475e-917e-2563e5a8cd19; if it comes from an expression, check that the field exists in the input item',
		},
	};
}

function readLocator(context: IExecuteFunctions, itemIndex: number): unknown {
	try {
		return context.getNodeParameter('serverId', itemIndex, '', { extractValue: true });
	} catch {
		// n8n refuses a locator whose expression gave something other than text.
		return (context.getNodeParameter('serverId', itemIndex, '') as { value?: unknown }).value;
	}
}

const MAX_SHOWN_LENGTH = 80;

function shown(value: unknown): string {
	if (value === undefined || value === null) return '';
	const text = (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).trim();
	return text.length > MAX_SHOWN_LENGTH ? `${text.slice(0, MAX_SHOWN_LENGTH)}…` : text;
}
