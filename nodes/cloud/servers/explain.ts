import type { Failure } from '../words/failure';
import { hintByCode, hintByReason } from '../words/hints';
import type { Unread } from '../session/reader';
import { hintByPolicy, permissionsToRead } from '../words/permissions';
import { meansCredential, quote, TROUBLE_WORDS } from '../words/quote';

/** Why `what` (as in "Server 616f…" or "The list of servers") could not be read, and what to do. */
export function explainRead(what: string, { reason, fault }: Unread): Failure {
	const words =
		reason === 'notFound'
			? `${what} was not found`
			: `${what} could not be read: ${fault.explanation?.why ?? whyOf(reason, fault)}`;
	const byReason = reason === 'forbidden' ? mayNotRead(fault) : hintByReason(reason, fault);
	const hint = fault.explanation?.hint ?? hintByCode(fault.code) ?? byReason;
	return {
		reason,
		message: words + quote(fault),
		hint: hint ?? '',
		httpStatus: fault.httpStatus,
		code: fault.code,
		requestId: fault.requestId,
	};
}

function mayNotRead(fault: Unread['fault']): string {
	const permissions = permissionsToRead(fault);
	return (
		hintByPolicy(fault, permissions) ??
		`Allow the user to read servers in this project (${permissions}; the reader role in OpenStack)`
	);
}

function whyOf(reason: Unread['reason'], fault: Unread['fault']): string {
	if (reason === 'forbidden') return 'the user of the credential is not allowed to do that';
	if (reason === 'invalidInput') {
		return `the cloud does not accept ${meansCredential(fault) ? 'the project or the endpoint of the credential' : 'the request'}`;
	}
	return `the cloud ${TROUBLE_WORDS[reason] ?? 'gave an answer that does not fit'}`;
}
