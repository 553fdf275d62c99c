import { verdict } from '../api/verdict';
import type { ActVerdict } from '../api/api';
import type { Clock } from './clock';
import type { CloudTime } from './cloud-time';
import type { Outgoing } from './outgoing';
import { unlessAborted } from './watch/abort';

/** An execution that asks for actions, together with others of its account. */
export interface Asker {
	cloudTime: CloudTime;
	/** Aborted when the execution has ended or was cancelled. */
	signal: AbortSignal;
}

/** An action that is asked for, for as long as an execution wants it, or is at work on it. */
class Ask {
	/** Whose request has gone out: of all who want the same, the one whose turn came first. */
	sender?: Asker;

	/** When it left n8n, on the clock. */
	sentAt = 0;

	/** What came of it, once that is known. */
	known?: AskVerdict;

	/** Those who want it, or whose server is on its way by it. */
	readonly askers = new Set<Asker>();

	/** Follows the request, once it has gone out. */
	readonly judged: Promise<AskVerdict>;

	/** It goes out. */
	readonly sent: Promise<void>;

	private go: (request: Promise<AskVerdict>) => void = () => undefined;

	private tell: () => void = () => undefined;

	constructor(readonly action: string) {
		this.judged = new Promise((go) => (this.go = go));
		this.sent = new Promise((tell) => (this.tell = tell));
	}

	goesBy(sender: Asker, request: Promise<AskVerdict>, now: number): void {
		this.sender = sender;
		this.sentAt = now;
		this.go(request);
		this.tell();
	}
}

/** What an execution asks for. */
export interface Wanted {
	serverId: string;
	action: string;
	asker: Asker;
	/** When it last saw the server, on the clock: what the cloud took before that has not helped. */
	seenAt?: number;
	/** It waits for the end, so that it would notice if what the cloud has taken already did not help. */
	waits: boolean;
	/** It waits for the request of another from now on; gives how long, on the clock. */
	onShare: () => number;
}

/** Sends a request of an execution's own when its turn comes, unless it is moot by then. */
export type Sending = (outgoing: Outgoing) => Promise<AskVerdict>;

/** What came of a request: a verdict, or `elsewhere`: another call of the cloud has to be asked, and nothing was taken. */
export type AskVerdict = ActVerdict | { word: 'elsewhere' };

/** What an execution gets for its ask. */
export interface Asked {
	judged: AskVerdict;
	/** When the request of another execution went out, on the clock, where this is what came of it. */
	sharedFrom?: number;
}

/** What the cloud took longer ago than this may be over: the server may be off again for another reason. */
const AT_ONCE_MS = 5_000;

/** After a request whose answer is missed, as after any that was lost, only the server itself can tell. */
const MISSED = verdict({
	kind: 'lost',
	sent: true,
	code: 'ETIMEDOUT',
	message: 'no answer in time',
});

/**
 * What the executions of an account ask of servers. Those that want the same at once each wait for their turn, and the
 * first whose turn comes asks for all. While one is still at work on it, another does not ask for the same again, but
 * shares what comes of it.
 */
export class Asks {
	private readonly byServer = new Map<string, Ask>();

	constructor(private readonly clock: Clock) {}

	/** An execution begins to ask; its signal ends that. */
	join(asker: Asker): void {
		const leave = () => {
			for (const serverId of [...this.byServer.keys()]) this.end(serverId, asker);
		};
		asker.signal.addEventListener('abort', leave, { once: true });
	}

	/**
	 * Asks for an action on a server by `send`, or shares what another execution has asked. An execution that
	 * asks again never shares its own request. After the signal of the asker has aborted it never settles.
	 */
	async ask(wanted: Wanted, send: Sending): Promise<Asked> {
		const { serverId, asker, onShare } = wanted;
		for (;;) {
			// Nobody would end what it begins, or shares, from now on.
			if (asker.signal.aborted) return await new Promise(() => undefined);
			const ask = this.askFor(wanted);
			if (!ask.sender) {
				const judged = await this.queue(serverId, ask, asker, send);
				if (judged) return { judged };
			}
			const { sender } = ask;
			const judged = sender && (await this.share(ask, sender, onShare()));
			if (!judged || asker.signal.aborted) continue;
			ask.askers.add(asker);
			// Whose request it is may have gone, and with it what those who come later can share.
			if (mayBeAtWork(judged) && !this.byServer.has(serverId)) {
				ask.known ??= judged;
				this.byServer.set(serverId, ask);
			}
			asker.cloudTime.take(sender.cloudTime);
			return { judged, sharedFrom: ask.sentAt };
		}
	}

	/** An execution does not want it any more, or is not at work on it. */
	end(serverId: string, asker: Asker): void {
		const ask = this.byServer.get(serverId);
		if (ask?.askers.delete(asker) && ask.askers.size === 0) this.byServer.delete(serverId);
	}

	/** What others have asked, or are to ask, if it is what is wanted; else a new one. */
	private askFor({ serverId, action, asker, seenAt = -Infinity, waits }: Wanted): Ask {
		const other = this.byServer.get(serverId);
		if (other && other.action === action && !other.askers.has(asker)) {
			const helps = Math.max(seenAt, this.clock.now() - AT_ONCE_MS);
			if (!other.known || (waits && other.sentAt > helps)) return other;
		}
		const mine = new Ask(action);
		this.byServer.set(serverId, mine);
		return mine;
	}

	/** What comes of a request of its own; undefined when another execution has sent one meanwhile. */
	private async queue(
		serverId: string,
		ask: Ask,
		asker: Asker,
		send: Sending,
	): Promise<AskVerdict | undefined> {
		ask.askers.add(asker);
		// `own` is there by the time that the request goes out.
		const own: Promise<AskVerdict> = Promise.resolve().then(
			async () =>
				await send({
					isMoot: () => ask.sender !== undefined,
					goes: () => ask.goesBy(asker, own, this.clock.now()),
					leaves: () => (ask.sentAt = this.clock.now()),
				}),
		);
		await Promise.race([own, ask.sent]);
		if (ask.sender && ask.sender !== asker) {
			ask.askers.delete(asker);
			return undefined;
		}
		const judged = await own;
		if (ask.sender === asker) {
			ask.known = judged;
			// Who comes after a refusal finds another server than the one that was refused.
			if (!mayBeAtWork(judged) && this.byServer.get(serverId) === ask) {
				this.byServer.delete(serverId);
			}
		} else if (this.byServer.get(serverId) === ask) {
			this.end(serverId, asker);
		}
		return judged;
	}

	/** What comes of the request of another; undefined if that is nothing to share. */
	private async share(ask: Ask, sender: Asker, deadline: number): Promise<AskVerdict | undefined> {
		if (ask.known) return toShare(ask.known);
		const done = new AbortController();
		const late = AbortSignal.any([done.signal, sender.signal]);
		void this.clock.sleep(deadline - this.clock.now(), late).then(() => done.abort());
		const judged = await unlessAborted(late, ask.judged);
		done.abort();
		return judged ? toShare(judged) : MISSED;
	}
}

/** What was not sent has no answer; and what is wrong with a request, such as a batch, need not be with another. */
function toShare(judged: AskVerdict): AskVerdict | undefined {
	if (judged.word === 'notSent' || judged.word === 'elsewhere') return undefined;
	return judged.word === 'fail' && judged.reason === 'invalidInput' ? undefined : judged;
}

/** The cloud took the action, or may have. */
export function mayBeAtWork(judged: AskVerdict): boolean {
	return judged.word === 'accepted' || (judged.word === 'recheck' && judged.taken === 'maybe');
}
