import { BATCH_SIZE } from '../api/requests';
import type { Clock } from './clock';

const MINUTE_MS = 60_000;

/** What ECS v1 takes in a minute from one execution, by batches of many servers and of one together. */
export class Pace {
	/** How many servers have their turn when, as far as that still matters; oldest first. */
	private turns: Array<{ at: number; servers: number }> = [];

	constructor(
		private readonly clock: Clock,
		private readonly signal: AbortSignal,
	) {}

	/** Waits until `servers` more may be asked, in the order of calling; after cancellation it settles at once. */
	async take(servers: number): Promise<void> {
		const now = this.clock.now();
		this.turns = this.turns.filter(({ at }) => at > now - MINUTE_MS);
		const at = this.turnOf(servers, now);
		const last = this.turns.at(-1);
		if (last?.at === at) last.servers += servers;
		else this.turns.push({ at, servers });
		if (at > now) await this.clock.sleep(at - now, this.signal);
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
