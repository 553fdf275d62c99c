import { BATCH_SIZE } from '../api/requests';
import type { AskVerdict } from './asks';
import type { Clock } from './clock';

const MINUTE_MS = 60_000;

/** So many servers at once. */
interface Turn {
	/** In milliseconds on the clock. */
	at: number;
	servers: number;
}

/** What ECS v1 takes in a minute from one execution, by batches of many servers and of one together. */
export class Pace {
	/** How many servers have their turn when, as far as that still matters; oldest first. */
	private turns: Turn[] = [];

	constructor(
		private readonly clock: Clock,
		private readonly signal: AbortSignal,
	) {}

	/** When `servers` more would have their turn, in milliseconds on the clock. */
	comesAt(servers: number): number {
		const now = this.clock.now();
		this.turns = this.turns.filter(({ at }) => at > now - MINUTE_MS);
		return this.turnOf(servers, now);
	}

	/**
	 * Waits until `servers` more may be asked, in the order of calling; after cancellation it settles at once. Gives what
	 * to call where the cloud has taken nothing, so that others may be asked in their place.
	 */
	async take(servers: number): Promise<() => void> {
		const at = this.comesAt(servers);
		const turn = this.turnAt(at);
		turn.servers += servers;
		const now = this.clock.now();
		if (at > now) await this.clock.sleep(at - now, this.signal);
		return () => {
			turn.servers -= servers;
		};
	}

	private turnAt(at: number): Turn {
		const last = this.turns.at(-1);
		if (last?.at === at) return last;
		const turn = { at, servers: 0 };
		this.turns.push(turn);
		return turn;
	}

	/** The first time, not before any other's, at which they fit into the minute that ends then. */
	private turnOf(servers: number, now: number): number {
		let at = Math.max(now, this.turns.at(-1)?.at ?? now);
		let inMinute = this.turns.reduce((sum, turn) => sum + turn.servers, 0);
		for (const turn of this.turns) {
			const isInMinute = turn.at > at - MINUTE_MS;
			if (isInMinute && inMinute + servers <= BATCH_SIZE) break;
			if (isInMinute) at = turn.at + MINUTE_MS;
			inMinute -= turn.servers;
		}
		return at;
	}
}

/** What a request comes to whose turn would come when it has no more use. */
export const NO_TURN = {
	word: 'notSent',
	reason: 'timedOut',
	fault: { message: '' },
} as const satisfies AskVerdict;

/** Whether a request has no more use at `at`, milliseconds on the clock. */
export function isTooLate({ deadline = Infinity }: { deadline?: number }, at: number): boolean {
	return at >= deadline;
}
