import { type Answer, type Fault, isObject, isTimeout, type NotSent } from '../api/answer';
import { readFault } from '../api/fault';
import type { Gate } from './gate/gate';
import type { Api } from '../api/api';
import type { Apis } from './apis';
import { type CloudRequest, PAGE_SIZE, SHORTEST_PAGE } from '../api/requests';
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
	/** Another page follows … */
	more: boolean;
	/** … from here on; undefined: after the last of these servers. */
	next?: string;
	/** As in `RawPage`. */
	total?: number;
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
	private longestPage = PAGE_SIZE;

	constructor(
		private readonly gate: Gate,
		private readonly apis: Apis,
	) {}

	/** Whether a list can show what has changed alone. */
	get listsChanges(): boolean {
		return this.apis.of('list').listsChanges;
	}

	/** Whether a list can show some servers alone, by their IDs. */
	get listsChosen(): boolean {
		return this.apis.of('list').listsChosen;
	}

	/** A read would have to wait for another request of the execution. */
	get isBusy(): boolean {
		return this.gate.isFull;
	}

	/** One server. */
	async one(serverId: string, turn: ReadTurn): Promise<Row | Unread> {
		const { answer, api } = await this.ask('read', (asked) => asked.read(serverId), turn);
		return toRow(bodyOf(answer)?.server) ?? judgeUnread(answer, api);
	}

	/**
	 * A page of the list, of `limit` servers at most, from `after` on, which a page before has given. A page that
	 * took the cloud too long makes all later ones shorter.
	 */
	async page(
		filters: Record<string, string>,
		limit: number,
		after: string | undefined,
		turn: ReadTurn,
	): Promise<Page | Unread> {
		const length = Math.min(limit, this.longestPage);
		const build = (asked: Api) => asked.list(filters, length, after);
		const { answer, api } = await this.ask('list', build, turn);
		if (tookTooLong(answer)) this.shortenPages(length);
		return toPage(answer, api, length, after);
	}

	private shortenPages(length: number): void {
		const shorter = Math.max(SHORTEST_PAGE, Math.ceil(length / 10));
		this.longestPage = Math.min(this.longestPage, shorter);
	}

	/** Sends a read when its turn comes; what came, and from which API. */
	private async ask(
		call: 'read' | 'list',
		build: (api: Api) => CloudRequest,
		{ deadline, onSend, timeoutMs = READ_TIMEOUT_MS }: ReadTurn,
	): Promise<{ answer: Answer | NotSent; api: Api }> {
		let api = this.apis.of(call);
		const send = async () => {
			onSend?.();
			const told = await this.apis.read(call, build, timeoutMs);
			({ api } = told);
			return told.answer;
		};
		const answer = await this.gate.pass(send, { lane: 'read', deadline });
		return { answer, api };
	}
}

/**
 * What came of asking `api` for `limit` servers from `after` on. What holds anything that is no server gives nothing:
 * a list is complete or fails.
 */
export function toPage(
	answer: Answer | NotSent,
	api: Api,
	limit: number,
	after?: string,
): Page | Unread {
	const body = bodyOf(answer);
	const page = body && api.page(body, limit, after);
	if (!page) return asList(judgeUnread(answer, api));
	const { servers, ...follows } = page;
	const rows = servers.map(toRow).filter((row) => row !== undefined);
	if (rows.length < servers.length) return judgeUnread(answer, api);
	return { kind: 'page', rows, ...follows };
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
export function judgeUnread(
	answer: Answer | NotSent,
	{ isMissing, permissions }: Pick<Api, 'isMissing' | 'permissions'>,
): Unread {
	if (answer.kind === 'notSent') return { ...answer, kind: 'unread', final: false };
	const judged = verdict(answer);
	if (judged.word === 'accepted') {
		const fault = answer.kind === 'answered' ? readFault(answer) : { message: '' };
		return { kind: 'unread', reason: 'unexpectedResponse', fault, final: true };
	}
	const { word } = judged;
	const reason = isMissing(answer) ? 'invalidInput' : judged.reason;
	const fault = reason === 'forbidden' ? { ...judged.fault, permissions } : judged.fault;
	return { kind: 'unread', reason, fault, final: word === 'fail' && reason !== 'unauthorized' };
}

/** The tags of a server, or undefined where the cloud shows none. OTC and Huawei Cloud write them `key=value`. */
export function tagsOf({ tags }: Record<string, unknown>): string[] | undefined {
	return Array.isArray(tags) ? tags.filter((tag) => typeof tag === 'string') : undefined;
}
