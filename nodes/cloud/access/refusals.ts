import type { Fault, Lost } from '../api/answer';
import type { Reason } from '../api/reason';
import { TRIED_AGAIN } from '../words/hints';

/** How long nothing is sent with what was refused, in milliseconds. */
const REFUSED_FOR_MS = 10 * 60_000;

/** Clouds lock a user after five refused logins, and a key after five refused signatures: OTC IAM, "Login Authentication Policy". */
const MOST_REFUSALS = 2;

/** After so many, one more keeps back whoever else asks: it may be a Test, but five lock the user. */
const MOST_COUNTED = 3;

/** No secret is refused at more places than that while it works at others. */
const MOST_PLACES = 100;

/** As much may the clocks of two machines differ, in milliseconds; a date that is further ahead means nothing. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * What a refusal is about: the place alone, the secret itself, or nobody can tell, as Keystone has the same words for
 * a wrong password and for a project in which the user has no role.
 */
export type About = 'place' | 'secret' | 'either';

/** That the cloud has refused who asked. */
export interface Refusal {
	fault: Fault;
	reason: Reason;
	/** Milliseconds on the clock. */
	at: number;
	/** The same in milliseconds since 1970. */
	date: number;
}

interface Noted extends Refusal {
	about: About;
	/** The place had taken the secret before. */
	isChange: boolean;
}

/**
 * Where one secret was refused in the last 10 minutes. A place is what it was used for, such as a project at
 * an endpoint. Where two have refused it, and none has taken it since, it is not tried at a third that is new. A
 * place that has taken it before is told so only by others that had: no role in two projects says nothing of it.
 */
export class Refusals {
	private readonly places = new Map<string, Noted>();

	/** Those that have taken the secret, and not refused it since. */
	private readonly known = new Set<string>();

	private tookAt = -Infinity;

	private doubtedAt = -Infinity;

	/** When the cloud has refused the secret, or may have, in the last 10 minutes. */
	private counted: number[] = [];

	/** `now`: milliseconds on a clock that never jumps. */
	constructor(private readonly now: () => number) {}

	/** A place has refused the secret just now. */
	note(place: string, fault: Fault, about: About = 'either'): void {
		this.noteNow(place, { fault, reason: 'unauthorized' }, about);
	}

	/**
	 * A place may have refused the secret just now: it has not answered in time. After the second time in 10
	 * minutes that counts as a refusal everywhere, so that it is no more than four in the 15 in which clouds count.
	 */
	doubt(place: string, why: Pick<Refusal, 'fault' | 'reason'>): void {
		const isSecond = !this.isOver(this.doubtedAt);
		this.doubtedAt = this.now();
		this.count(this.now());
		if (isSecond) this.noteNow(place, why, 'secret');
	}

	private noteNow(place: string, why: Pick<Refusal, 'fault' | 'reason'>, about: About): void {
		const { fault, reason } = why;
		this.set(place, { fault, reason, at: this.now(), date: Date.now() }, about);
	}

	/** A place has refused another process at `date`; what is known of later holds. */
	hear(
		place: string,
		{ fault, date }: Pick<Refusal, 'fault' | 'date'>,
		about: About = 'either',
	): void {
		const age = Date.now() - date;
		const at = this.now() - Math.max(0, age);
		const isKnown = date <= (this.places.get(place)?.date ?? -Infinity) || at <= this.tookAt;
		if (isKnown || this.isOver(at) || age < -CLOCKS_DIFFER_MS) return;
		this.set(place, { fault, reason: 'unauthorized', at, date }, about);
	}

	private set(place: string, refusal: Refusal, about: About): void {
		this.count(refusal.at);
		const isChange = this.known.delete(place);
		this.places.delete(place);
		this.places.set(place, { ...refusal, about, isChange });
		for (const [one, { at: since }] of this.places) {
			if (this.isOver(since) || this.places.size > MOST_PLACES) this.places.delete(one);
		}
	}

	private count(at: number): void {
		this.counted = [...this.counted.filter((one) => !this.isOver(one)), at].slice(-MOST_COUNTED);
	}

	/** Whether the cloud has refused the secret so often in 10 minutes that it is about to lock it. */
	get isNearLock(): boolean {
		return this.counted.filter((one) => !this.isOver(one)).length >= MOST_COUNTED;
	}

	/** A place has taken the secret just now. */
	took(place: string): void {
		this.counted = [];
		this.forget(place);
		this.know(place);
	}

	/** It is to be tried again there, whatever other places have said till now. */
	forget(place: string): void {
		this.places.delete(place);
		this.tookAt = this.now();
		this.doubtedAt = -Infinity;
	}

	/** A place has taken the secret at some time, in this process or in another one. */
	know(place: string): void {
		this.known.delete(place);
		this.known.add(place);
		for (const one of this.known) if (this.known.size > MOST_PLACES) this.known.delete(one);
	}

	/** The refusal for which nothing is sent to a place now. */
	standing(place: string): Refusal | undefined {
		return this.at(place) ?? this.everywhere(this.known.has(place));
	}

	/** The refusal of the place itself. */
	at(place: string): Refusal | undefined {
		const own = this.places.get(place);
		return own && !this.isOver(own.at) ? told(own) : undefined;
	}

	private everywhere(isKnown: boolean): Refusal | undefined {
		const since = [...this.places.values()].filter(
			({ at }) => at > this.tookAt && !this.isOver(at),
		);
		const certain = since.find(({ about }) => about === 'secret');
		const alike = since.filter(
			({ about, isChange }) => about === 'either' && (isChange || !isKnown),
		);
		const last = certain ?? (alike.length >= MOST_REFUSALS ? alike.at(-1) : undefined);
		return last && told(last);
	}

	private isOver(at: number): boolean {
		return this.now() - at >= REFUSED_FOR_MS;
	}
}

function told({ fault, reason, at, date }: Noted): Refusal {
	return { fault, reason, at, date };
}

/** What a request comes to that was not sent because of an earlier refusal, maybe one of another execution. */
export function notSentAfter(refusal: Refusal): Lost {
	const { reason } = refusal;
	const fault = faultAfter(refusal, TRIED_AGAIN);
	return {
		kind: 'lost',
		sent: false,
		code: '',
		message: '',
		refusal: { reason, final: true, fault },
	};
}

/** The fault of an earlier refusal, in the words for what is not sent because of it; `ending`: what ends that. */
export function faultAfter({ fault, date }: Refusal, ending: string): Fault {
	const { httpStatus, code, message, explanation } = fault;
	const why = explanation?.why ?? 'the cloud refused the credential';
	const time = new Date(date).toISOString().slice(11, 19);
	return {
		httpStatus,
		code,
		message,
		explanation: {
			why: `${why} (at ${time} UTC; nothing was sent now)`,
			hint: [explanation?.hint, ending].filter(Boolean).join('. '),
		},
	};
}
