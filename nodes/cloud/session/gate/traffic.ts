import { Alarm, type Clock } from '../clock';
import type { Pressure } from './pressure';
import { afterSending, afterSlowDown, afterWork, dueAt, type Rate, UNLIMITED } from './rate';
import { afterSuccess, afterTrouble, FAIR, type Weather, withRoomFor } from './weather';

export type Lane = (typeof LANES)[number];

/** `read` goes before `again`, and `again` before `first`: who has waited longer has less time left. */
export const LANES = ['read', 'again', 'first'] as const;
/** While the cloud is in trouble somebody new probes it, so that nobody's tries are burnt. */
const LANES_IN_TROUBLE = ['read', 'first', 'again'] as const;

/** The requests of one execution, as far as the traffic is concerned. */
export interface Member {
	/** How many of them may be under way. */
	readonly concurrency: number;
	/** How many are. */
	readonly inFlight: number;
	/** Gives up what will not be sent any more. */
	giveUp(weather: Weather, now: number): void;
	/** When its next request may go, as far as the weather goes. */
	opens(weather: Weather): number;
	/** Sends the next one of a lane, unless there is none or none may go. */
	sendNext(lane: Lane): boolean;
	/** Some wait for their turn. */
	readonly isWaiting: boolean;
	/** When those have to be looked at again, whatever comes back till then; Infinity for never. */
	wakesAt(weather: Weather, now: number): number;
}

/** Weather this old says nothing any more, where nobody has been under way since, in milliseconds. */
const STALE_MS = 60_000;

/**
 * All requests to one project, from all the executions that send any. When the cloud says *slow down* or stops
 * answering, everybody waits, then one request probes for all; a cloud that has asked to slow down is sent no
 * more than it was seen to take. Nothing here knows a credential or a server.
 */
export class Traffic {
	private readonly members = new Set<Member>();

	private weather: Weather = FAIR;

	private rate: Rate = UNLIMITED;

	private inFlight = 0;

	private quietSince = -Infinity;

	private readonly alarm: Alarm;

	constructor(private readonly clock: Clock) {
		this.alarm = new Alarm(clock, () => this.pump());
	}

	/** An execution begins. */
	join(member: Member): void {
		if (this.members.size === 0 && this.clock.now() - this.quietSince > STALE_MS) {
			this.weather = { ...FAIR, epoch: this.weather.epoch };
			this.rate = UNLIMITED;
		}
		this.weather = withRoomFor(this.weather, member.concurrency);
		this.members.add(member);
	}

	/** An execution has ended, or was cancelled: what it has under way keeps nobody from going. */
	leave(member: Member): void {
		if (!this.members.delete(member)) return;
		this.inFlight -= member.inFlight;
		this.quietSince = this.clock.now();
		this.pump();
	}

	/** A request goes out; returns when that is, as the weather counts. */
	sending(): number {
		this.inFlight += 1;
		this.rate = afterSending(this.rate, this.clock.now());
		return this.weather.epoch;
	}

	/** The answer to a request that was sent in `epoch`, and what it says of the cloud. */
	answered(felt: Pressure, epoch: number): void {
		this.inFlight -= 1;
		// A credential that the cloud refuses is the matter of its own executions.
		if (felt.word === 'closed') return;
		const { clock } = this;
		const now = clock.now();
		if (felt.word === 'fine') {
			this.weather = afterSuccess(this.weather, epoch);
			this.rate = afterWork(this.rate, now);
			return;
		}
		const isNew = epoch === this.weather.epoch;
		this.weather = afterTrouble(this.weather, felt, epoch, now, () => clock.random());
		if (felt.reason === 'throttled' && isNew) {
			this.rate = afterSlowDown(this.rate, now, this.weather.pause.own);
		}
	}

	/** Lets go whoever may, in turn, and sees to it that the next one goes in time. */
	pump(): void {
		const now = this.clock.now();
		for (const member of this.members) member.giveUp(this.weather, now);
		while (this.sendNext(now));
		this.alarm.set(this.nextWake(now));
	}

	private sendNext(now: number): boolean {
		if (this.inFlight >= this.weather.allowed || dueAt(this.rate, now) > now) return false;
		for (const lane of this.weather.trouble ? LANES_IN_TROUBLE : LANES) {
			for (const member of this.members) {
				if (now < member.opens(this.weather) || !member.sendNext(lane)) continue;
				// Whoever has sent goes to the end of the queue.
				this.members.delete(member);
				this.members.add(member);
				return true;
			}
		}
		return false;
	}

	private nextWake(now: number): number | undefined {
		const due = dueAt(this.rate, now);
		let wake: number | undefined;
		for (const member of this.members) {
			if (!member.isWaiting) continue;
			wake = Math.min(wake ?? (due > now ? due : Infinity), member.wakesAt(this.weather, now));
		}
		return wake === Infinity ? undefined : wake;
	}
}
