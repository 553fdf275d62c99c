import { hintByCode, hintByReason, inConsole } from '../../words/hints';
import { hintByPolicy, permissionTo } from '../../words/permissions';
import type { Refusal, Rules } from '../journey';

/** Where a server may still get there by itself. */
export function tooLateHint({ action }: Rules): string {
	return [MAY_STILL_GET_THERE, ...action.words.tooLateHints].join('. ');
}

const MAY_STILL_GET_THERE = `The server may still get there: look at it ${inConsole('server show')}, or raise 'Wait Timeout' in Options`;

/** Where what the cloud refused the server for has ended. */
export const RUN_AGAIN = "Run this again, or raise 'Max Tries' in Options";

/** For a server that the cloud calls ACTIVE while its guest is off. */
export const GUEST_OFF_HINT =
	"A restart with 'Forceful' turned on starts the guest of such a server; a start cannot, as the cloud takes the server for running";

const WAY_OUT: Readonly<Record<string, string>> = {
	ERROR: `Look at the fault of the server ${inConsole('server show')}; it may need a hard reboot or a rebuild`,
	PAUSED: 'Unpause the server first',
	SUSPENDED: 'Resume the server first',
	SHELVED: 'Unshelve the server first',
	SHELVED_OFFLOADED: 'Unshelve the server first',
	RESCUE: 'End the rescue mode of the server first',
	RESCUED: 'End the rescue mode of the server first',
	VERIFY_RESIZE: 'Confirm or revert the resize of the server first',
};

/** What brings a server out of a status in which the cloud does not take the action. */
export function wayOut(status: string, { action }: Rules): string | undefined {
	return action.words.waysOut?.[status] ?? WAY_OUT[status];
}

/** What to do next about a refusal: what its code says, else what its reason says. */
export function hintFor({ reason, fault, byJob }: Refusal, { action }: Rules): string | undefined {
	const { verb, failedHint } = action.words;
	if (fault.explanation) return fault.explanation.hint;
	const byCode = hintByCode(fault.code);
	if (byCode) return byCode;
	if (byJob === 'failed') return failedHint;
	if (reason !== 'forbidden') return hintByReason(reason, fault);
	const permission = permissionTo(action.novaName, fault);
	return (
		hintByPolicy(fault, permission) ??
		`Give the user the permission to ${verb} servers in this project (${permission}), and check the account's balance`
	);
}
