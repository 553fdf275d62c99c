import { type Fault, UNTRUSTED_CERTIFICATE } from '../api/answer';
import type { Rules } from '../power/journey';
import { needsProof } from '../power/actions/action';
import type { Reason } from '../api/reason';
import { meansCredential } from './quote';

/** Where a server may still get there by itself. */
export function tooLateHint({ action }: Rules): string {
	const { tooLateHint: own } = action.words;
	const again = needsProof(action) ? '' : '. Running this again does no harm';
	return `The server may still get there: look at it in the cloud console, or raise 'Wait Timeout' in Options${again}${own ? `. ${own}` : ''}`;
}

/** For a server that the cloud calls ACTIVE while its guest is off. */
export const GUEST_OFF_HINT =
	"A restart with 'Forceful' turned on starts the guest of such a server; a start cannot, as the cloud takes the server for running";

/** What the user can do next, by reason. */
export const HINTS: Partial<Record<Reason, string>> = {
	notFound:
		'Check the server ID, and that the project and the region of the credential are the ones that the server is in',
	unauthorized:
		'Get a new token (it lives 24 hours) and put it into the credential, and check that it belongs to this cloud and region',
	quotaExceeded: 'Free quota, choose another flavor, or try again later',
	locked: 'Unlock the server in the cloud console, then run this again',
	throttled:
		"Run this again later, or raise 'Wait Timeout' in Options, and 'Max Tries' where the cloud does not say when to come back",
	unavailable: "Run this again later; the cloud's status page may say more",
	unreachable:
		"Check the endpoint in the credential, and that this machine's network and proxy let n8n reach it",
	timedOut: "Try again later, or raise 'Wait Timeout' in Options",
	invalidInput:
		'Check the project ID and the endpoint in the credential: both must belong to the region of the token',
	wrongState: 'Look at the server in the cloud console, then run this again',
	unexpectedResponse:
		'Check the endpoint in the credential: something other than an ECS or Nova API may have answered',
};

const WAY_OUT: Readonly<Record<string, string>> = {
	ERROR:
		'Look at the fault of the server in the cloud console; it may need a hard reboot or a rebuild',
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

/** Hints for codes that say more than their reason. OTC ECS API reference, "Error Codes"; IAM FAQ. */
const HINT_BY_CODE: ReadonlyArray<readonly [pattern: RegExp, hint: string]> = [
	[
		/^Ecs\.00(6[6-9]|7[01])$/,
		'The cloud blocks the account because of its payment or budget: settle that in the cloud console',
	],
	[
		/^APIG(W)?\.0602$/,
		'The security token of the temporary access key has expired: get a new key with its token, and put all three parts into the credential',
	],
	[
		/^CERT_HAS_EXPIRED$/,
		'The certificate of the endpoint has expired: have its operator renew it, and check the clock of the machine that n8n runs on',
	],
	[
		/^ERR_TLS_CERT_ALTNAME_INVALID$/,
		'The certificate of the endpoint was made for another host name: put the endpoint into the credential by the name that the certificate bears, not by its IP address or another name',
	],
	[
		/^EPROTO$/,
		'What answers there speaks no TLS that n8n understands: check that the port in the endpoint is the one for https. A plain http endpoint begins with http://, and a proxy may stand in between',
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

/** What to do next about a fault whose code says more than its reason. */
export function hintByCode(code = ''): string | undefined {
	return HINT_BY_CODE.find(([pattern]) => pattern.test(code))?.[1];
}

/** What to do next about a fault whose code says no more than its reason. */
export function hintByReason(reason: Reason, fault: Fault): string | undefined {
	const isAboutRequest = reason === 'invalidInput' && !meansCredential(fault);
	return isAboutRequest ? REQUEST_HINT : HINTS[reason];
}

const REQUEST_HINT =
	'The words of the cloud say what it does not accept: look at the server in the cloud console, then run this again';

/** What to do next about a fault: what its code says, else what its reason says. */
export function hintFor(
	reason: Reason,
	{ code, httpStatus, message, explanation }: Fault,
	{ action }: Rules,
): string | undefined {
	if (explanation) return explanation.hint;
	const byCode = hintByCode(code);
	if (byCode) return byCode;
	if (reason === action.failed) return action.words.failedHint;
	if (reason !== 'forbidden') return hintByReason(reason, { code, httpStatus, message });
	const { verb, permissions } = action.words;
	return `Give the user the permission to ${verb} servers in this project (${permissions}), and check the account's balance`;
}
