import type { Fault, Lost } from '../api/answer';

/** How long nothing is sent with what was refused, in milliseconds. */
const REFUSED_FOR_MS = 10 * 60_000;

/** Clouds lock a user after five refused logins, and a key after five refused signatures: OTC IAM, "Login Authentication Policy". */
const MOST_REFUSALS = 2;

/** No secret is refused at more places than that while it works at others. */
const MOST_PLACES = 100;

/** As much may the clocks of two machines differ, in milliseconds; a date that is further ahead means nothing. */
const CLOCKS_DIFFER_MS = 60_000;

/** That the cloud has refused who asked. */
export interface Refusal {
	fault: Fault;
	/** Milliseconds on the clock. */
	at: number;
	/** The same in milliseconds since 1970. */
	date: number;
}

/**
 * Where one secret was refused in the last 10 minutes. A place is what it was used for, such as a project at
 * an endpoint; one that two places have refused, and none has taken since, is refused everywhere.
 */
export class Refusals {
	private readonly places = new Map<string, Refusal>();

	private tookAt = -Infinity;

	/** `now`: milliseconds on a clock that never jumps. */
	constructor(private readonly now: () => number) {}

	/** A place has refused the secret just now. */
	note(place: string, fault: Fault): void {
		this.set(place, { fault, at: this.now(), date: Date.now() });
	}

	/** A place has refused another process at `date`; what is known of later holds. */
	hear(place: string, { fault, date }: Omit<Refusal, 'at'>): void {
		const age = Date.now() - date;
		const at = this.now() - Math.max(0, age);
		const isKnown = date <= (this.places.get(place)?.date ?? -Infinity) || at <= this.tookAt;
		if (isKnown || this.isOver(at) || age < -CLOCKS_DIFFER_MS) return;
		this.set(place, { fault, at, date });
	}

	private set(place: string, refusal: Refusal): void {
		this.places.delete(place);
		this.places.set(place, refusal);
		for (const [one, { at: since }] of this.places) {
			if (this.isOver(since) || this.places.size > MOST_PLACES) this.places.delete(one);
		}
	}

	/** A place has taken the secret, or it is to be tried there again. */
	forget(place: string): void {
		this.places.delete(place);
		this.tookAt = this.now();
	}

	/** The refusal for which nothing is sent to a place now. */
	standing(place: string): Refusal | undefined {
		const own = this.places.get(place);
		if (own && !this.isOver(own.at)) return own;
		const since = [...this.places.values()].filter(
			({ at }) => at > this.tookAt && !this.isOver(at),
		);
		return since.length >= MOST_REFUSALS ? since.at(-1) : undefined;
	}

	private isOver(at: number): boolean {
		return this.now() - at >= REFUSED_FOR_MS;
	}
}

/** What a request comes to that was not sent because of an earlier refusal, maybe one of another execution. */
export function notSentAfter({ fault, date }: Refusal): Lost {
	const { httpStatus, code, message, explanation } = fault;
	const why = explanation?.why ?? 'the cloud refused the credential';
	const time = new Date(date).toISOString().slice(11, 19);
	const refused: Fault = {
		httpStatus,
		code,
		message,
		explanation: {
			why: `${why} (at ${time} UTC; nothing was sent now)`,
			hint: [explanation?.hint, WHAT_ENDS_IT].filter(Boolean).join('. '),
		},
	};
	const refusal = { reason: 'unauthorized', final: true, fault: refused } as const;
	return { kind: 'lost', sent: false, code: '', message: '', refusal };
}

const WHAT_ENDS_IT =
	'The credential is tried again 10 minutes after that, or at once when it is corrected or a Test of it succeeds';
