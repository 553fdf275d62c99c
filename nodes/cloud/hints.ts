import { UNTRUSTED_CERTIFICATE } from './answer';
import type { Fault } from './fault';
import type { Reason } from './reason';

/** What the user can do next. */

export const TOO_LATE_HINT =
	"The server may still get there: look at it in the cloud console, or raise 'Wait Timeout' in Options. Running this again does no harm";

export const FAILED_HINT =
	'Start it in the cloud console to see the reason. Stopped servers of GPU and similar flavors give their hardware back, so that the cloud may have no capacity for them now';

export const HINTS: Partial<Record<Reason, string>> = {
	notFound:
		'Check the server ID, and that the project and the region of the credential are the ones that the server is in',
	unauthorized:
		'Get a new token (it lives 24 hours) and put it into the credential, and check that it belongs to this cloud and region',
	forbidden:
		"Give the user the permission to start servers in this project (ecs:servers:start; ecs:cloudServers:start for one batch request), and check the account's balance",
	quotaExceeded: 'Free quota, choose another flavor, or try again later',
	locked: 'Unlock the server in the cloud console, then run this again',
	throttled: "Run this again later, or raise 'Max Tries' and 'Wait Timeout' in Options",
	unavailable: "Run this again later; the cloud's status page may say more",
	unreachable:
		"Check the endpoint in the credential, and that this machine's network and proxy let n8n reach it",
	invalidInput:
		'Check the project ID and the endpoint in the credential: both must belong to the region of the token',
	wrongState: 'Look at the server in the cloud console, then run this again',
	startFailed: FAILED_HINT,
	unexpectedResponse:
		'Check the endpoint in the credential: something other than an ECS or Nova API may have answered',
};

export const WAY_OUT: Readonly<Record<string, string>> = {
	ERROR:
		'Look at the fault of the server in the cloud console; it may need a hard reboot or a rebuild',
	PAUSED: 'Unpause the server first',
	SUSPENDED: 'Resume the server first',
	SHELVED: 'Unshelve the server instead: that starts it',
	SHELVED_OFFLOADED: 'Unshelve the server instead: that starts it',
	RESCUE: 'End the rescue mode of the server first',
	RESCUED: 'End the rescue mode of the server first',
	VERIFY_RESIZE: 'Confirm or revert the resize of the server first',
};

/** Hints for codes that say more than their reason. OTC ECS API reference, "Error Codes"; IAM FAQ. */
const HINT_BY_CODE: ReadonlyArray<readonly [pattern: RegExp, hint: string]> = [
	[
		/^Ecs\.00(6[6-9]|7[01])$/,
		'The cloud blocks the account because of its payment or budget: settle that in the cloud console',
	],
	[
		UNTRUSTED_CERTIFICATE,
		"n8n does not trust the certificate of the endpoint: add its authority to n8n (NODE_EXTRA_CA_CERTS), or, for a private cloud, turn on 'Ignore SSL Issues' in the credential",
	],
	[/^Pdp\.0001$/, 'A policy of the account forbids this: ask its administrator'],
	[
		/^Ecs\.0319$/,
		'The cloud has no capacity for this flavor now: try again later or resize the server',
	],
];

/** What to do next about a fault: what its code says, else what its reason says. */
export function hintFor(reason: Reason, { code = '', explanation }: Fault): string | undefined {
	if (explanation) return explanation.hint;
	return HINT_BY_CODE.find(([pattern]) => pattern.test(code))?.[1] ?? HINTS[reason];
}
