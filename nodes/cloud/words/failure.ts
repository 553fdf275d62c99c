import type { Reason } from '../api/reason';

/** Why a server is not in the state that was asked for, in words for the user. */
export interface Failure {
	reason: Reason;
	/** What happened, to which server, why. */
	message: string;
	/** What to do next. */
	hint: string;
	httpStatus?: number;
	code?: string;
	requestId?: string;
	/** The server's status, where it was learnt. */
	status?: string;
}
