import { verdict } from '../api/verdict';
import type { ActVerdict } from '../api/api';
import type { Clock } from './clock';
import type { CloudTime } from './cloud-time';
import { unlessAborted } from './watch/abort';

/** An execution that asks for actions, together with others of its account. */
export interface Asker {
	cloudTime: CloudTime;
	/** Aborted when the execution has ended or was cancelled. */
	signal: AbortSignal;
}

/** An action that was asked for, for as long as an execution is at work on it. */
interface Ask {
	action: string;
	/** Whose request it is. */
	asker: Asker;
	/** When it went out, on the clock. */
	sentAt?: number;
	judged: Promise<AskVerdict>;
	/** The same, once it is there. */
	known?: AskVerdict;
	/** The executions whose server is on its way by it. */
	atWork: Set<Asker>;
}

/** What an execution asks for. Times are the clock's milliseconds. */
export interface Wanted {
	serverId: string;
	action: string;
	asker: Asker;
	/** When it last saw the server: what the cloud took before that has not helped. */
	seenAt?: number;
	/** It waits for the end, so that it would notice if what the cloud has taken already did not help. */
	waits: boolean;
	/** How long it waits for the request of another. */
	deadline: number;
}

/**
 * Sends a request of an execution's own, and calls `onSend` when it goes out. `hasWaited`: it has waited for that
 * of another before, which was of no use to it.
 */
export type Sending = (onSend: () => void, hasWaited: boolean) => Promise<AskVerdict>;

/** What came of a request: a verdict, or `elsewhere`: another API of the cloud has to be asked, and nothing was taken. */
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
 * What the executions of an account ask of servers: where one has asked for an action, and is still at work
 * on it, another does not ask for the same again, but shares what comes of it.
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
	 * Asks for an action on a server by `ask`, or shares what another execution has asked. An execution that
	 * asks again never shares its own request. After the signal of the asker has aborted it never settles.
	 */
	async ask(
		{ serverId, action, asker, seenAt = -Infinity, waits, deadline }: Wanted,
		ask: Sending,
	): Promise<Asked> {
		let hasWaited = false;
		for (;;) {
			// Nobody would end what it begins, or shares, from now on.
			if (asker.signal.aborted) return await new Promise(() => undefined);
			const other = this.byServer.get(serverId);
			if (!other || other.action !== action || other.atWork.has(asker)) break;
			const helps = Math.max(seenAt, this.clock.now() - AT_ONCE_MS);
			if (other.known && (!waits || (other.sentAt ?? 0) <= helps)) break;
			hasWaited = true;
			const judged = await this.share(other, deadline);
			if (asker.signal.aborted) continue;
			if (judged && other.sentAt !== undefined) {
				other.atWork.add(asker);
				// Whose request it is may have gone, and with it what those who come later can share.
				if (mayBeAtWork(judged) && !this.byServer.has(serverId)) {
					this.byServer.set(serverId, { ...other, known: judged });
				}
				asker.cloudTime.take(other.asker.cloudTime);
				return { judged, sharedFrom: other.sentAt };
			}
			if (this.clock.now() >= deadline) break;
		}
		return {
			judged: await this.begin(serverId, action, asker, async (onSend) => ask(onSend, hasWaited)),
		};
	}

	/** An execution is not at work on a server any more. */
	end(serverId: string, asker: Asker): void {
		const ask = this.byServer.get(serverId);
		if (ask?.atWork.delete(asker) && ask.atWork.size === 0) this.byServer.delete(serverId);
	}

	private async begin(
		serverId: string,
		action: string,
		asker: Asker,
		ask: (onSend: () => void) => Promise<AskVerdict>,
	): Promise<AskVerdict> {
		const onSend = () => (mine.sentAt = this.clock.now());
		// Others read `mine` no sooner than this has handed back.
		const mine: Ask = {
			action,
			asker,
			judged: Promise.resolve().then(async () => await ask(onSend)),
			atWork: new Set([asker]),
		};
		this.byServer.set(serverId, mine);
		const judged = await mine.judged;
		mine.known = judged;
		// Who comes after a refusal finds another server than the one that was refused.
		if (!mayBeAtWork(judged) && this.byServer.get(serverId) === mine)
			this.byServer.delete(serverId);
		return judged;
	}

	/** What comes of the request of another; undefined if that was not sent, and will not be. */
	private async share(other: Ask, deadline: number): Promise<AskVerdict | undefined> {
		if (other.known) return toShare(other.known);
		const done = new AbortController();
		const late = AbortSignal.any([done.signal, other.asker.signal]);
		void this.clock.sleep(deadline - this.clock.now(), late).then(() => done.abort());
		const judged = await unlessAborted(late, other.judged);
		done.abort();
		if (judged) return toShare(judged);
		return other.sentAt === undefined ? undefined : MISSED;
	}
}

/** What was not sent has no answer; and what is wrong with a request, such as a batch, need not be with another. */
function toShare(judged: AskVerdict): AskVerdict | undefined {
	if (judged.word === 'notSent' || judged.word === 'elsewhere') return undefined;
	return judged.word === 'fail' && judged.reason === 'invalidInput' ? undefined : judged;
}

/** The cloud took the action, or may have. */
function mayBeAtWork(judged: AskVerdict): boolean {
	return judged.word === 'accepted' || (judged.word === 'recheck' && judged.taken === 'maybe');
}
