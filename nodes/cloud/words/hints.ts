import { type Fault, UNTRUSTED_CERTIFICATE } from '../api/answer';
import type { Reason } from '../api/reason';
import { meansCredential } from './quote';

/**
 * Where a person looks at a server or does something about it. Not everybody has a console in the browser, but
 * whoever runs an OpenStack has its client (python-openstackclient, `server`), by whose command the same is done.
 */
export function inConsole(command: string): string {
	return `in the cloud console (or: openstack ${command})`;
}

/** What the user can do next, by reason. */
export const HINTS: Partial<Record<Reason, string>> = {
	notFound:
		'Check the server ID, and that the project and the region of the credential are the ones that the server is in',
	unauthorized:
		'Get a new token (it lives 24 hours) and put it into the credential, and check that it belongs to this cloud and region',
	quotaExceeded: 'Free quota, choose another flavor, or try again later',
	locked: `Unlock the server ${inConsole('server unlock')}, then run this again`,
	busy: "Run this again in a minute, or raise 'Max Tries' in Options",
	throttled:
		"Run this again later, or raise 'Wait Timeout' in Options, and 'Max Tries' where the cloud does not say when to come back",
	unavailable: "Run this again later; the cloud's status page may say more",
	unreachable:
		"Check the endpoint in the credential, and that this machine's network and proxy let n8n reach it",
	timedOut: "Try again later, or raise 'Wait Timeout' in Options",
	invalidInput:
		'Check the project ID and the endpoint in the credential: both must belong to the same cloud and region',
	wrongState: `Look at the server ${inConsole('server show')}, then run this again`,
	unexpectedResponse:
		'Check the endpoint in the credential: something other than an ECS or Nova API may have answered',
};

/** When a credential that the cloud refused before, so that nothing was sent now, is tried again. */
export const TRIED_AGAIN =
	'The credential is tried again 10 minutes after that, or at once when it is corrected or a Test of it succeeds';

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

const REQUEST_HINT = `The words of the cloud say what it does not accept: look at the server ${inConsole('server show')}, then run this again`;
