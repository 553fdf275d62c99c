import type { Answer, NotSent } from '../../api/answer';
import type { Clock } from '../clock';
import { pressure } from './pressure';
import { type Lane, LANES, type Member, type Traffic } from './traffic';
import {
	afterSuccess,
	afterTrouble,
	FAIR,
	isTooLate,
	opensFor,
	patienceEnds,
	type Trouble,
	type Weather,
	withRoomFor,
} from './weather';

export interface Turn {
	lane: Lane;
	/** When the request has no more use, in milliseconds on the clock; undefined for the first of a server. */
	deadline?: number;
	/** Nobody needs it any more: when its turn comes it is dropped, and never settles. */
	isMoot?: () => boolean;
}

interface Waiting extends Turn {
	send: () => Promise<Answer>;
	settle: (result: Answer | NotSent) => void;
}

type NotSentReason = Pick<NotSent, 'reason' | 'fault' | 'final'>;

const TOO_LATE: NotSentReason = { reason: 'timedOut', fault: { message: '' } };

/**
 * All requests of one execution pass here, into the traffic of their project. At most `concurrency` are under
 * way; the first goes alone, as it shows whether the credential works. When the cloud takes nothing
 * from this credential, nothing is sent any more. When trouble outlasts `patienceMs`, the requests not
 * sent yet are given up.
 */
export class Gate implements Member {
	private inFlight = 0;

	private readonly lanes: Record<Lane, Waiting[]> = { read: [], again: [], first: [] };

	/** The cloud has worked for this credential. */
	private isProven = false;

	/** Why nothing is sent any more: no part of the weather, as it belongs to this credential. */
	private closed?: NotSentReason;

	/** What went wrong last for this execution. */
	private felt?: Trouble;

	/** The weather where its login is, and of answers that it could not wait for: the project knows nothing of it. */
	private own: Weather;

	/** It has ended, or was cancelled. */
	private hasLeft = false;

	/** The first time at which somebody who waits must be given up, those aside who share the patience. */
	private nextDeadline = Infinity;

	/** How many of those who wait have no deadline yet, and so share the patience. */
	private patient = 0;

	private readonly since: number;

	constructor(
		private readonly clock: Clock,
		private readonly traffic: Traffic,
		readonly concurrency: number,
		private readonly patienceMs: number,
		signal: AbortSignal,
	) {
		this.since = clock.now();
		this.own = withRoomFor(FAIR, concurrency);
		traffic.join(this);
		signal.addEventListener('abort', () => this.leave(), { once: true });
		if (signal.aborted) this.leave();
	}

	/** Sends a request when its turn comes; after cancellation it never settles. */
	async pass(send: () => Promise<Answer>, turn: Turn): Promise<Answer | NotSent> {
		return await new Promise((settle) => {
			this.lanes[turn.lane].push({ ...turn, send, settle });
			if (turn.deadline === undefined) this.patient += 1;
			else this.nextDeadline = Math.min(this.nextDeadline, turn.deadline);
			if (!this.hasLeft) this.traffic.pump();
		});
	}

	/** Nothing is sent any more, and nobody waits for what is under way. */
	leave(): void {
		this.hasLeft = true;
		this.traffic.leave(this);
	}

	/** As many are under way as may be. */
	get isFull(): boolean {
		const most = this.isProven ? this.concurrency : 1;
		return this.inFlight >= Math.min(most, this.own.allowed);
	}

	sendNext(lane: Lane): boolean {
		if (this.isFull) return false;
		for (;;) {
			const next = this.lanes[lane].shift();
			if (!next) return false;
			if (next.deadline === undefined) this.patient -= 1;
			if (next.isMoot?.()) continue;
			void this.send(next);
			return true;
		}
	}

	private async send(next: Waiting): Promise<void> {
		const departed = this.traffic.departs(this);
		const { epoch } = this.own;
		this.inFlight += 1;
		const answer = await next.send().catch(toLost);
		this.inFlight -= 1;
		if (this.hasLeft) return;
		const felt = pressure(answer);
		// What never left, as there was no token for it, has not met the project's cloud.
		const neverLeft = answer.kind === 'lost' && answer.refusal !== undefined;
		const cutShort = answer.kind === 'lost' && answer.cutShort === true;
		this.traffic.answered(departed, neverLeft || cutShort ? undefined : felt);
		if (felt.word === 'closed') {
			this.closed ??= { reason: felt.reason, fault: felt.fault, final: true };
		} else if (felt.word === 'fine') {
			this.isProven = true;
			this.own = afterSuccess(this.own, epoch);
		} else {
			this.felt = felt;
			if (neverLeft) this.own = this.afterOwn(felt, epoch);
			// Its patience has an end, but what others of it wait for may come back all the same.
			if (cutShort) this.own = { ...this.afterOwn(felt, epoch), allowed: this.own.allowed };
		}
		next.settle(answer);
		this.traffic.pump();
	}

	private afterOwn(felt: Trouble, epoch: number): Weather {
		const { clock } = this;
		return afterTrouble(this.own, felt, epoch, clock.now(), () => clock.random());
	}

	get isInTrouble(): boolean {
		return this.own.trouble !== undefined;
	}

	opens(weather: Weather): number {
		const limit = Math.min(this.nextDeadline, this.patienceEnds(weather));
		return Math.max(opensFor(weather, limit), opensFor(this.own, limit));
	}

	/** When those who have no deadline yet are given up. */
	private patienceEnds(weather: Weather): number {
		if (this.patient === 0) return Infinity;
		const ends = [weather, this.own].map((one) => patienceEnds(one, this.since, this.patienceMs));
		return Math.min(...ends);
	}

	giveUp(weather: Weather, now: number): void {
		if (this.closed) {
			this.settleUnsent(this.closed, () => true);
			return;
		}
		const trouble = weather.trouble ?? this.own.trouble;
		const isOver = (limit: number) =>
			isTooLate(weather, limit, now) || isTooLate(this.own, limit, now);
		if (trouble && isOver(this.patienceEnds(weather))) {
			this.settleUnsent(this.wordsFor(trouble.last), ({ deadline }) => deadline === undefined);
		}
		if (isOver(this.nextDeadline)) {
			const last = trouble ? this.wordsFor(trouble.last) : TOO_LATE;
			this.settleUnsent(last, ({ deadline = Infinity }) => isOver(deadline));
		}
	}

	/** What another execution was told may name its server: here it is told without the cloud's words. */
	private wordsFor(last: Trouble): NotSentReason {
		if (last === this.felt) return last;
		const { httpStatus, code, explanation } = last.fault;
		return { reason: last.reason, fault: { httpStatus, code, explanation, message: '' } };
	}

	private settleUnsent(why: NotSentReason, which: (waiting: Waiting) => boolean): void {
		this.nextDeadline = Infinity;
		for (const name of LANES) {
			const given = this.lanes[name].filter(which);
			if (given.length > 0) this.lanes[name] = this.lanes[name].filter((one) => !which(one));
			for (const { settle, deadline } of given) {
				if (deadline === undefined) this.patient -= 1;
				settle({ kind: 'notSent', reason: why.reason, fault: why.fault, final: why.final });
			}
			for (const { deadline = Infinity } of this.lanes[name]) {
				this.nextDeadline = Math.min(this.nextDeadline, deadline);
			}
		}
	}

	get isWaiting(): boolean {
		return LANES.some((name) => this.lanes[name].length > 0);
	}

	wakesAt(weather: Weather, now: number): number {
		const ahead = [this.opens(weather), this.patienceEnds(weather)].filter((at) => at > now);
		return Math.min(...ahead, this.nextDeadline);
	}
}

/** A send should never throw; one that does must not keep its place in the gate. */
function toLost(error: unknown): Answer {
	return { kind: 'lost', sent: true, code: 'UNKNOWN', message: String(error) };
}
