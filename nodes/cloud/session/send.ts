import { type Answer, isTimeout } from '../api/answer';
import type { Clock } from './clock';
import { type Departure, NOT_SENT_IN_TIME } from '../api/departure';
import type { Client, Send } from '../api/requests';

/** How long one read may take, in milliseconds; a later answer counts as lost. */
export const READ_TIMEOUT_MS = 30_000;

/**
 * Holds a client to its time. n8n's own limit is on idleness, so that an answer that drips on may take
 * for ever, and a login on the way is not in it. What has not left by then, or when `signal` aborts, never will.
 * Who could not wait as long as a read may take says so.
 */
export function withinTime(client: Client, clock: Clock, signal: AbortSignal): Send {
	return async (request, timeoutMs, onLeave) => {
		const answered = new AbortController();
		const departure = new TimedDeparture(clock, clock.now() + timeoutMs, signal, onLeave);
		const late = clock.sleep(timeoutMs, answered.signal).then(() => tooLate(departure.miss()));
		try {
			const answer = await Promise.race([client(request, timeoutMs, departure), late]);
			return timeoutMs < READ_TIMEOUT_MS && isTimeout(answer)
				? { ...answer, cutShort: true }
				: answer;
		} finally {
			answered.abort();
		}
	};
}

class TimedDeparture implements Departure {
	state: Departure['state'] = 'waiting';

	constructor(
		private readonly clock: Clock,
		private readonly deadline: number,
		private readonly signal: AbortSignal,
		private readonly onLeave?: () => void,
	) {}

	leave(): number {
		const left = this.leftMs;
		if (left <= 0) this.miss();
		if (this.state === 'missed') {
			throw new Error('The request was given up before it was sent');
		}
		this.state = 'left';
		this.onLeave?.();
		return left;
	}

	comeBack(): void {
		if (this.state === 'left') this.state = this.leftMs > 0 ? 'waiting' : 'missed';
	}

	/** How long somebody waits for it yet, in milliseconds. */
	private get leftMs(): number {
		return this.signal.aborted ? 0 : this.deadline - this.clock.now();
	}

	/** Nobody waits any more; returns whether the request had left by then. */
	miss(): boolean {
		if (this.state === 'waiting') this.state = 'missed';
		return this.state === 'left';
	}
}

function tooLate(sent: boolean): Answer {
	return sent
		? { kind: 'lost', sent, code: 'ETIMEDOUT', message: 'no answer in time' }
		: NOT_SENT_IN_TIME;
}
