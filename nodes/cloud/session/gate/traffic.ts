import { Alarm, type Clock } from '../clock';
import type { Pressure } from './pressure';
import {
	afterOneMore,
	afterSending,
	afterSlowDown,
	afterWork,
	dueAt,
	type Rate,
	UNLIMITED,
} from './rate';
import { afterSuccess, afterTrouble, FAIR, type Weather, withRoomFor } from './weather';

export type Lane = (typeof LANES)[number];

/** `read` goes before `again`, and `again` before `first`: who has waited longer has less time left. */
export const LANES = ['read', 'again', 'first'] as const;
/** While the cloud is in trouble somebody new probes it, so that nobody's tries are burnt. */
const LANES_IN_TROUBLE = ['read', 'first', 'again'] as const;
/** Every third turn of several executions, so that the looks of some do not keep others from beginning. */
const LANES_FOR_NEW = ['first', 'again', 'read'] as const;
const TURNS = 3;

/** The requests of one execution, as far as the traffic is concerned. */
export interface Member {
	/** How many of them may be under way. */
	readonly concurrency: number;
	/** What it needs besides the project, such as a login, is in trouble. */
	readonly isInTrouble: boolean;
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

/** A request that goes out. */
export interface Departed {
	member: Member;
	at: number;
	/** In which weather. */
	epoch: number;
}

/** A request that takes longer than this keeps nobody else from going, unless the cloud has asked to slow down. */
const SLOW_MS = 5_000;
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

	private readonly underWay = new Set<Departed>();

	/** Those of them, in the order in which they went, that have not been so for long. */
	private readonly fresh = new Set<Departed>();

	private turns = 0;

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
		for (const one of this.underWay) if (one.member === member) this.forget(one);
		this.quietSince = this.clock.now();
		this.pump();
	}

	/** A request of an execution goes out. */
	departs(member: Member): Departed {
		const at = this.clock.now();
		const one = { member, at, epoch: this.weather.epoch };
		this.underWay.add(one);
		this.fresh.add(one);
		this.rate = afterSending(this.rate, at);
		return one;
	}

	/** The answer to a request has come, and what it says of the cloud; undefined where it says nothing of the project. */
	answered(one: Departed, felt: Pressure | undefined): void {
		this.forget(one);
		// A credential that the cloud refuses is the matter of its own executions.
		if (!felt || felt.word === 'closed') return;
		const { epoch } = one;
		const { clock } = this;
		const now = clock.now();
		if (felt.word === 'fine') {
			this.weather = afterSuccess(this.weather, epoch);
			this.rate = afterWork(this.rate, now);
			return;
		}
		const isNew = epoch === this.weather.epoch;
		this.weather = afterTrouble(this.weather, felt, epoch, now, () => clock.random());
		if (felt.reason !== 'throttled') return;
		this.rate = isNew
			? afterSlowDown(this.rate, now, this.weather.pause.own)
			: afterOneMore(this.rate);
	}

	/** Lets go whoever may, in turn, and sees to it that the next one goes in time. */
	pump(): void {
		const now = this.clock.now();
		for (const member of this.members) member.giveUp(this.weather, now);
		while (this.sendNext(now));
		this.alarm.set(this.nextWake(now));
	}

	private forget(one: Departed): void {
		this.underWay.delete(one);
		this.fresh.delete(one);
	}

	/** How many of the places are taken. */
	private taken(now: number): number {
		for (const one of this.fresh) {
			if (one.at > now - SLOW_MS) break;
			this.fresh.delete(one);
		}
		return this.isAskedToSlowDown ? this.underWay.size : this.fresh.size;
	}

	private get isAskedToSlowDown(): boolean {
		return this.weather.trouble?.last.word === 'slowDown';
	}

	private sendNext(now: number): boolean {
		if (this.taken(now) >= this.weather.allowed || dueAt(this.rate, now) > now) return false;
		for (const place of LANES.keys()) {
			for (const member of this.members) {
				if (now < member.opens(this.weather)) continue;
				if (!member.sendNext(this.lanesOf(member)[place])) continue;
				// Whoever has sent goes to the end of the queue.
				this.members.delete(member);
				this.members.add(member);
				this.turns += 1;
				return true;
			}
		}
		return false;
	}

	private lanesOf({ isInTrouble }: Member): readonly Lane[] {
		if (this.weather.trouble || isInTrouble) return LANES_IN_TROUBLE;
		return this.members.size > 1 && this.turns % TURNS === 0 ? LANES_FOR_NEW : LANES;
	}

	private nextWake(now: number): number | undefined {
		const [oldest] = this.isAskedToSlowDown ? [] : this.fresh;
		const place = oldest ? oldest.at + SLOW_MS : Infinity;
		const due = dueAt(this.rate, now);
		let wake: number | undefined;
		for (const member of this.members) {
			if (!member.isWaiting) continue;
			wake ??= Math.min(place, due > now ? due : Infinity);
			wake = Math.min(wake, member.wakesAt(this.weather, now));
		}
		return wake === Infinity ? undefined : wake;
	}
}
