import { type Answer, isObject } from './answer';
import type { Fault } from './fault';
import { readFault } from './faults';
import type { Gate, NotSent } from './gate';
import { type CloudRequest, READ_MICROVERSION, type Requests } from './requests';
import type { Reason } from './reason';
import { type Server, toServer } from './server';
import { verdict } from './verdict';
import { READ_TIMEOUT_MS, type Send } from './send';

export interface Page {
	kind: 'page';
	servers: Server[];
	/** Another page follows. */
	more: boolean;
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

	constructor(
		private readonly gate: Gate,
		private readonly send: Send,
		private readonly requests: Requests,
	) {}

	/** One server. `deadline`: when it has no more use, in milliseconds on the clock. */
	async one(serverId: string, deadline: number): Promise<Server | Unread> {
		const answer = await this.ask(
			(microversion) => this.requests.read(serverId, microversion),
			deadline,
		);
		const body = bodyOf(answer);
		return toServer(body?.server) ?? unread(answer);
	}

	/** A page of the list, after the server with the id `marker`. */
	async page(
		filters: Record<string, string>,
		marker: string | undefined,
		deadline: number,
	): Promise<Page | Unread> {
		const answer = await this.ask(
			(microversion) => this.requests.list(filters, marker, microversion),
			deadline,
		);
		const body = bodyOf(answer);
		if (!Array.isArray(body?.servers)) return unread(answer);
		const { servers, servers_links: links } = body;
		return {
			kind: 'page',
			servers: servers.map(toServer).filter((server) => server !== undefined),
			more: Array.isArray(links) && links.some((link) => isObject(link) && link.rel === 'next'),
		};
	}

	/** Sends a read; where the cloud does not know the microversion, without it from then on. */
	private async ask(
		build: (microversion?: string) => CloudRequest,
		deadline: number,
	): Promise<Answer | NotSent> {
		const { microversion } = this;
		const answer = await this.pass(build(microversion), deadline);
		if (microversion && answer.kind === 'answered' && answer.status === 406) {
			this.microversion = undefined;
			return await this.pass(build(), deadline);
		}
		return answer;
	}

	private async pass(request: CloudRequest, deadline: number): Promise<Answer | NotSent> {
		const send = async () => await this.send(request, READ_TIMEOUT_MS);
		return await this.gate.pass(send, { lane: 'read', deadline });
	}
}

function bodyOf(answer: Answer | NotSent): Record<string, unknown> | undefined {
	if (answer.kind !== 'answered' || answer.status !== 200) return undefined;
	return isObject(answer.body) ? answer.body : undefined;
}

function unread(answer: Answer | NotSent): Unread {
	if (answer.kind === 'notSent') return { ...answer, kind: 'unread', final: false };
	const judged = verdict(answer);
	if (judged.word === 'accepted') {
		const fault = answer.kind === 'answered' ? readFault(answer) : { message: '' };
		return { kind: 'unread', reason: 'unexpectedResponse', fault, final: true };
	}
	const { reason, fault, word } = judged;
	return { kind: 'unread', reason, fault, final: word === 'fail' && reason !== 'unauthorized' };
}
