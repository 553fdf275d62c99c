import { type Answer, type Fault, isObject, isTimeout, type NotSent } from '../api/answer';
import { readFault } from '../api/fault';
import type { Gate } from './gate/gate';
import {
	type CloudRequest,
	PAGE_SIZE,
	READ_MICROVERSION,
	type Requests,
	type Send,
	SHORTEST_PAGE,
} from '../api/requests';
import type { Reason } from '../api/reason';
import { READ_TIMEOUT_MS } from './send';
import { type Server, toServer } from '../api/server';
import { verdict } from '../api/verdict';

/** A server, and all that the cloud says of it. */
export interface Row {
	kind: 'row';
	server: Server;
	json: Record<string, unknown>;
}

export interface Page {
	kind: 'page';
	rows: Row[];
	/** Another page follows. */
	more: boolean;
}

/** When a read has no more use, in milliseconds on the clock, and whom to tell that it goes out. */
export interface ReadTurn {
	deadline?: number;
	onSend?: () => void;
	/** How long it may take, in milliseconds; else `READ_TIMEOUT_MS`. */
	timeoutMs?: number;
}

/** A read that gave nothing; `final` when this very read will never work. */
export interface Unread {
	kind: 'unread';
	reason: Reason;
	fault: Fault;
	final: boolean;
}

/** Reads servers, one by one or by the page, each time once: whoever needs one again asks again. */
export class ServerReader {
	private microversion: string | undefined = READ_MICROVERSION;

	private longestPage = PAGE_SIZE;

	constructor(
		private readonly gate: Gate,
		private readonly send: Send,
		private readonly requests: Requests,
	) {}

	/** A read would have to wait for another request of the execution. */
	get isBusy(): boolean {
		return this.gate.isFull;
	}

	/** One server. */
	async one(serverId: string, turn: ReadTurn): Promise<Row | Unread> {
		const answer = await this.ask(
			(microversion) => this.requests.read(serverId, microversion),
			turn,
		);
		return toRow(bodyOf(answer)?.server) ?? judgeUnread(answer);
	}

	/**
	 * A page of the list, of `limit` servers at most, after the server with the id `marker`. A page that
	 * took the cloud too long makes all later ones shorter. One that holds what is no server gives
	 * nothing: a list is complete or fails.
	 */
	async page(
		filters: Record<string, string>,
		limit: number,
		marker: string | undefined,
		turn: ReadTurn,
	): Promise<Page | Unread> {
		const length = Math.min(limit, this.longestPage);
		const answer = await this.ask(
			(microversion) => this.requests.list(filters, length, marker, microversion),
			turn,
		);
		if (tookTooLong(answer)) this.shortenPages(length);
		const body = bodyOf(answer);
		if (!Array.isArray(body?.servers)) return asList(judgeUnread(answer));
		const { servers, servers_links: links } = body;
		const rows = servers.map(toRow).filter((row) => row !== undefined);
		if (rows.length < servers.length) return judgeUnread(answer);
		return {
			kind: 'page',
			rows,
			more: Array.isArray(links) && links.some((link) => isObject(link) && link.rel === 'next'),
		};
	}

	private shortenPages(length: number): void {
		const shorter = Math.max(SHORTEST_PAGE, Math.ceil(length / 10));
		this.longestPage = Math.min(this.longestPage, shorter);
	}

	/** Sends a read; where the cloud does not know the microversion, without it from then on. */
	private async ask(
		build: (microversion?: string) => CloudRequest,
		turn: ReadTurn,
	): Promise<Answer | NotSent> {
		const { microversion } = this;
		const answer = await this.pass(build(microversion), turn);
		if (microversion && answer.kind === 'answered' && answer.status === 406) {
			this.microversion = undefined;
			return await this.pass(build(), turn);
		}
		return answer;
	}

	private async pass(
		request: CloudRequest,
		{ deadline, onSend, timeoutMs = READ_TIMEOUT_MS }: ReadTurn,
	): Promise<Answer | NotSent> {
		const send = async () => {
			onSend?.();
			return await this.send(request, timeoutMs);
		};
		return await this.gate.pass(send, { lane: 'read', deadline });
	}
}

function toRow(json: unknown): Row | undefined {
	const server = toServer(json);
	return server && { kind: 'row', server, json: json as Record<string, unknown> };
}

function bodyOf(answer: Answer | NotSent): Record<string, unknown> | undefined {
	if (answer.kind !== 'answered' || answer.status !== 200) return undefined;
	return isObject(answer.body) ? answer.body : undefined;
}

/** Given up by n8n, or by a gateway on the way. */
function tookTooLong(answer: Answer | NotSent): boolean {
	return answer.kind === 'answered' ? answer.status === 504 : isTimeout(answer);
}

/** Every project has a list: one that is not found was asked for in the wrong place. */
function asList(failed: Unread): Unread {
	return failed.reason === 'notFound' ? { ...failed, reason: 'invalidInput' } : failed;
}

/** Why a read gave nothing that could be used. */
export function judgeUnread(answer: Answer | NotSent): Unread {
	if (answer.kind === 'notSent') return { ...answer, kind: 'unread', final: false };
	const judged = verdict(answer);
	if (judged.word === 'accepted') {
		const fault = answer.kind === 'answered' ? readFault(answer) : { message: '' };
		return { kind: 'unread', reason: 'unexpectedResponse', fault, final: true };
	}
	const { reason, fault, word } = judged;
	return { kind: 'unread', reason, fault, final: word === 'fail' && reason !== 'unauthorized' };
}

/** The tags of a server, or undefined where the cloud shows none. OTC and Huawei Cloud write them `key=value`. */
export function tagsOf({ tags }: Record<string, unknown>): string[] | undefined {
	return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : undefined;
}
