import type { IDataObject } from 'n8n-workflow';

import type { Answer, Fault, NotSent } from './answer';
import type { Evidence, Wanted } from './evidence';
import type { CloudRequest } from './requests';
import type { Verdict } from './verdict';

/** An action, as each API wants it told. */
export interface Command {
	body: IDataObject;
	/** The same for many servers at once. */
	batchBody: (serverIds: string[]) => IDataObject;
}

/** What the answer to an action means for a server, and the job that the cloud does it in. */
export type ActVerdict = Verdict & {
	jobId?: string;
	/** The job is of this server alone, which itself tells as much as it does, and sooner, if it was seen before. */
	isAlone?: boolean;
};

/** A part of a list, as the cloud gave it. */
export interface RawPage {
	servers: unknown[];
	/** Another part follows … */
	more: boolean;
	/** … from here on; undefined: after the last of these servers. */
	next?: string;
	/** How many there are in all, where parts go by number, so that a smaller one tells that others have moved up. */
	total?: number;
}

/** What was asked for whose record is looked for. */
export interface Asked extends Wanted {
	serverId: string;
	jobId?: string;
}

/**
 * All that tells one of the cloud's APIs from another, for one project: what to send, and what comes back. Pure.
 * IDs must have passed `parseServerId`.
 */
export interface Api {
	/** Asks for an action on one server. */
	act(serverId: string, command: Command): CloudRequest;
	judge(answer: Answer | NotSent): ActVerdict;
	/** It takes `BATCH_SIZE` servers in a minute at most. */
	isPaced: boolean;
	/** How a server fares is not told by the answer to an action: it is looked at before. */
	looksFirst: boolean;
	/** Reads one server; the answer holds it as `server`. */
	read(serverId: string): CloudRequest;
	/** Reads a part of the list of at most `limit` servers, from `after` on. */
	list(filters: Record<string, string>, limit: number, after?: string): CloudRequest;
	/** What such a list holds; undefined when it is none. */
	page(body: Record<string, unknown>, limit: number, after?: string): RawPage | undefined;
	/** The list can show what has changed since a time alone. */
	listsChanges: boolean;
	/** The list can show up to `MOST_CHOSEN` servers alone whose IDs stand in the filter `server_id`. */
	listsChosen: boolean;
	/** Asks what became of an action, or of all that were asked of a server; undefined: nothing here would tell. */
	evidence(asked: Pick<Asked, 'serverId' | 'jobId'>): CloudRequest | undefined;
	readEvidence(answer: Answer | NotSent, asked: Asked): Evidence;
	/** The family of permissions that rule its calls, where it is not Nova's. */
	permissions?: Fault['permissions'];
	/** The answer of a gateway that does not have the call: the cloud behind it was not asked. */
	isMissing(answer: Answer | NotSent): boolean;
	/** The same without what the cloud may not know (HTTP 406). */
	plainer?: Api;
}
