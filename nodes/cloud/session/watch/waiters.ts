import type { Fault } from '../../api/answer';
import type { Reason } from '../../api/reason';
import type { Server } from '../../api/server';
import type { CloudTime } from '../cloud-time';
import type { ServerReader } from '../reader';
import type { Gathering } from './gathering';

/** What a look at a server gave. */
export type Look =
	| { kind: 'seen'; server: Server }
	| { kind: 'gone' }
	/** The cloud lets this credential read no servers. */
	| { kind: 'refused'; reason: Reason; fault: Fault }
	/** Time was up before the cloud showed the server; `fault` is what the last look met. */
	| { kind: 'tooLate'; fault?: Fault };

/** An execution that looks at servers, together with others of its account. */
export interface Viewer {
	/** Its own reads go out through this, and at times those of all. */
	reader: ServerReader;
	cloudTime: CloudTime;
	pollIntervalMs: number;
	/** Aborted when the execution has ended or was cancelled. */
	signal: AbortSignal;
}

/** When somebody is to be looked for. */
export interface Due {
	/** At the latest, in milliseconds on the clock. */
	latest: number;
	/** Together with these, if they are looked at before that. */
	gathering?: Gathering;
}

/** Somebody who waits for a look at a server. */
export interface Waiter extends Due {
	viewer: Viewer;
	serverId: string;
	/** Counts up with each look that is asked for. */
	order: number;
	/** When it is too late, in milliseconds on the clock. */
	deadline: number;
	/** Nothing was asked of the server yet. */
	isFirst: boolean;
	fault?: Fault;
	settle: (look: Look) => void;
}

/** Who waits for a look at which server: at most one of each execution for each server. */
export class Waiters {
	/** How many looks have been asked for. */
	looks = 0;

	private readonly byServer = new Map<string, Waiter[]>();

	/** The place of another look in the order in which they are asked for. */
	nextLook(): number {
		this.looks += 1;
		return this.looks;
	}

	add(waiter: Waiter): void {
		const others = this.byServer.get(waiter.serverId);
		if (others) others.push(waiter);
		else this.byServer.set(waiter.serverId, [waiter]);
	}

	has(waiter: Waiter): boolean {
		return this.of(waiter.serverId).includes(waiter);
	}

	of(serverId: string): Waiter[] {
		return this.byServer.get(serverId) ?? [];
	}

	*[Symbol.iterator](): IterableIterator<Waiter> {
		for (const some of this.byServer.values()) yield* some;
	}

	/** Those who wait for one of these servers. */
	*ofAny(serverIds: Iterable<string>): IterableIterator<Waiter> {
		for (const serverId of serverIds) yield* this.of(serverId);
	}

	/** Answers one who waits, since whenever. */
	settle(waiter: Waiter, look: Look): void {
		this.remove(waiter);
		waiter.settle(look);
	}

	/**
	 * Answers one who has waited since before the read was sent: what was sent before a start tells nothing of that
	 * start. `looks`: how many had been asked for when it was sent.
	 */
	answer(waiter: Waiter, look: Look, looks: number): void {
		if (waiter.order <= looks) this.settle(waiter, look);
	}

	/** The same for all who wait for a server. */
	answerAll(serverId: string, look: Look, looks: number): void {
		for (const waiter of this.of(serverId)) this.answer(waiter, look, looks);
	}

	/** Nobody of an execution waits any more. */
	drop(viewer: Viewer): void {
		for (const waiter of [...this]) if (waiter.viewer === viewer) this.remove(waiter);
	}

	/** Servers are gone through in the order in which they were waited for: this one comes last then. */
	putLast(serverId: string): void {
		const some = this.byServer.get(serverId);
		if (!some) return;
		this.byServer.delete(serverId);
		this.byServer.set(serverId, some);
	}

	private remove(waiter: Waiter): void {
		const rest = this.of(waiter.serverId).filter((one) => one !== waiter);
		if (rest.length > 0) this.byServer.set(waiter.serverId, rest);
		else this.byServer.delete(waiter.serverId);
	}
}
