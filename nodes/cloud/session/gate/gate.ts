import type { Answer, NotSent } from '../../api/answer';
import { Alarm, type Clock } from '../clock';
import { pressure, type Pressure } from './pressure';
import {
	afterSuccess,
	afterTrouble,
	FAIR,
	isTooLate,
	opensFor,
	patienceEnds,
	type Weather,
} from './weather';

export interface Turn {
	/** `read` goes before `again`, and `again` before `first`: who has waited longer has less time left. */
	lane: 'read' | 'again' | 'first';
	/** When the request has no more use, in milliseconds on the clock; undefined for the first of a server. */
	deadline?: number;
}

interface Waiting extends Turn {
	send: () => Promise<Answer>;
	settle: (result: Answer | NotSent) => void;
}

type NotSentReason = Pick<NotSent, 'reason' | 'fault'>;

const TOO_LATE: NotSentReason = { reason: 'timedOut', fault: { message: '' } };

const LANES = ['read', 'again', 'first'] as const;
/** While the cloud is in trouble somebody new probes it, so that nobody's tries are burnt. */
const LANES_IN_TROUBLE = ['read', 'first', 'again'] as const;

/**
 * All requests of one execution pass here. At most `concurrency` are under way; the first goes alone,
 * as it shows whether the credential works. When the cloud says *slow down* or stops answering,
 * everybody waits, then one request probes for all; each success doubles what is allowed. When it
 * takes nothing from this credential, nothing is sent any more. When trouble outlasts `patienceMs`, the requests
 * not sent yet are given up.
 */
export class Gate {
	private readonly lanes: Record<Turn['lane'], Waiting[]> = { read: [], again: [], first: [] };

	private inFlight = 0;

	private weather: Weather = FAIR;

	/** Why nothing is sent any more: no part of the weather, as it belongs to this credential. */
	private closed?: NotSentReason;

	/** The first time at which somebody who waits must be given up, those aside who share the patience. */
	private nextDeadline = Infinity;

	/** How many of those who wait have no deadline yet, and so share the patience. */
	private patient = 0;

	private readonly alarm: Alarm;

	constructor(
		private readonly clock: Clock,
		private readonly concurrency: number,
		private readonly patienceMs: number,
		private readonly signal: AbortSignal,
	) {
		this.alarm = new Alarm(clock, () => this.pump());
		signal.addEventListener('abort', () => this.alarm.set(undefined), { once: true });
	}

	/** Sends a request when its turn comes; after cancellation it never settles. */
	async pass(send: () => Promise<Answer>, turn: Turn): Promise<Answer | NotSent> {
		return await new Promise((settle) => {
			this.lanes[turn.lane].push({ ...turn, send, settle });
			if (turn.deadline === undefined) this.patient += 1;
			else this.nextDeadline = Math.min(this.nextDeadline, turn.deadline);
			this.pump();
		});
	}

	private pump(): void {
		if (this.signal.aborted) return;
		this.giveUp();
		while (this.hasRoom() && this.clock.now() >= this.opens()) {
			const next = this.takeNext();
			if (!next) break;
			void this.send(next);
		}
		this.alarm.set(this.nextWake());
	}

	private hasRoom(): boolean {
		return this.inFlight < Math.min(this.concurrency, this.weather.allowed);
	}

	private takeNext(): Waiting | undefined {
		const order = this.weather.trouble ? LANES_IN_TROUBLE : LANES;
		const lane = order.find((name) => this.lanes[name].length > 0);
		const next = lane && this.lanes[lane].shift();
		if (next && next.deadline === undefined) this.patient -= 1;
		return next;
	}

	private async send(next: Waiting): Promise<void> {
		const { epoch } = this.weather;
		this.inFlight += 1;
		const answer = await next.send().catch(toLost);
		this.inFlight -= 1;
		if (this.signal.aborted) return;
		this.feel(pressure(answer), epoch);
		next.settle(answer);
		this.pump();
	}

	private feel(felt: Pressure, epoch: number): void {
		if (felt.word === 'closed') {
			this.closed ??= felt;
		} else if (felt.word === 'fine') {
			this.weather = afterSuccess(this.weather, epoch);
		} else {
			const { clock } = this;
			const chance = () => clock.random();
			this.weather = afterTrouble(this.weather, felt, epoch, clock.now(), chance);
		}
	}

	/** When the next request may go. */
	private opens(): number {
		return opensFor(this.weather, Math.min(this.nextDeadline, this.patienceEnds()));
	}

	/** When those who have no deadline yet are given up. */
	private patienceEnds(): number {
		return this.patient > 0 ? patienceEnds(this.weather, this.patienceMs) : Infinity;
	}

	/** Settles what will not be sent any more. */
	private giveUp(): void {
		if (this.closed) {
			this.settleUnsent(this.closed, () => true);
			return;
		}
		const now = this.clock.now();
		const isOver = (limit: number) => isTooLate(this.weather, limit, now);
		const { trouble } = this.weather;
		if (trouble && isOver(this.patienceEnds())) {
			this.settleUnsent(trouble.last, ({ deadline }) => deadline === undefined);
		}
		if (isOver(this.nextDeadline)) {
			const last = trouble?.last ?? TOO_LATE;
			this.settleUnsent(last, ({ deadline = Infinity }) => isOver(deadline));
		}
	}

	private settleUnsent(why: NotSentReason, which: (waiting: Waiting) => boolean): void {
		this.nextDeadline = Infinity;
		for (const name of LANES) {
			const given = this.lanes[name].filter(which);
			if (given.length > 0) this.lanes[name] = this.lanes[name].filter((one) => !which(one));
			for (const { settle, deadline } of given) {
				if (deadline === undefined) this.patient -= 1;
				settle({ kind: 'notSent', reason: why.reason, fault: why.fault });
			}
			for (const { deadline = Infinity } of this.lanes[name]) {
				this.nextDeadline = Math.min(this.nextDeadline, deadline);
			}
		}
	}

	private nextWake(): number | undefined {
		if (LANES.every((name) => this.lanes[name].length === 0)) return undefined;
		const now = this.clock.now();
		const ahead = [this.opens(), this.patienceEnds()].filter((at) => at > now);
		const wake = Math.min(...ahead, this.nextDeadline);
		return wake === Infinity ? undefined : wake;
	}
}

/** A send should never throw; one that does must not keep its place in the gate. */
function toLost(error: unknown): Answer {
	return { kind: 'lost', sent: true, code: 'UNKNOWN', message: String(error) };
}
