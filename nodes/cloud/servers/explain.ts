import { type Failure, labelOf, type NamedServer } from '../words/failure';
import { hintByCode, hintByReason } from '../words/hints';
import type { Unread } from '../session/reader';
import { hintByPolicy, permissionsToRead } from '../words/permissions';
import { meansCredential, quote, TROUBLE_WORDS, unrepeated } from '../words/quote';

/** Why a server could not be read, and what to do. */
export function explainServer(server: NamedServer, unread: Unread): Failure {
	const fault = unrepeated(unread.fault, server.id);
	const told = unread.reason === 'notFound' ? { ...unread, fault } : unread;
	return { ...explainRead(labelOf(server), told), server };
}

/** Why `what` (as in "The list of servers") could not be read, and what to do. */
export function explainRead(what: string, { reason, fault }: Unread): Failure {
	const why = fault.explanation?.why ?? whyOf(reason, fault);
	const said = quote(fault);
	const byReason = reason === 'forbidden' ? mayNotRead(fault) : hintByReason(reason, fault);
	const hint = fault.explanation?.hint ?? hintByCode(fault.code) ?? byReason;
	return {
		reason,
		...(reason === 'notFound'
			? { message: `${what} was not found${said}`, why: `it was not found${said}` }
			: { message: `${what} could not be read: ${why}${said}`, why: `${why}${said}` }),
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
