import type { Reason } from '../api/reason';

/** Why a server is not in the state that was asked for, in words for the user. */
export interface Failure {
	reason: Reason;
	/** What happened, to which server, why. */
	message: string;
	/** Why, as it holds for each server that failed so: `it is locked`. Else the message alone says it. */
	why?: string;
	/** What to do next. */
	hint: string;
	/** The server that the message is about. */
	server?: NamedServer;
	httpStatus?: number;
	code?: string;
	requestId?: string;
	/** The server's status, where it was learnt. */
	status?: string;
}

/** A server by its ID, and by its name, where that is known. */
export interface NamedServer {
	id: string;
	name?: string;
}

/** How a message names a server. */
export function labelOf({ id, name }: NamedServer): string {
	return name ? `Server '${name}' (${id})` : `Server ${id}`;
}

/** The message with no more of its server than its name, where that is known. */
export function withoutId({ message, server }: Failure): string {
	// Handed in as text, a name with a dollar sign would be read as a pattern.
	return server?.name ? message.replace(labelOf(server), () => `Server '${server.name}'`) : message;
}
