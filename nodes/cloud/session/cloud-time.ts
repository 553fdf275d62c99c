import { type Answer, header } from '../api/answer';

/** The clocks of a cloud's parts may differ by this much, in milliseconds. */
const SKEW_MS = 60_000;

/** What no clock of a cloud says. */
const EARLIEST = Date.UTC(2000, 0);
const LATEST = Date.UTC(2200, 0);

/** The cloud's own time, taken from the first answer that tells it. */
export class CloudTime {
	private known?: { date: number; at: number };

	/** `now`: milliseconds on the clock. */
	note(answer: Answer, now: number): void {
		if (this.known || answer.kind !== 'answered') return;
		const date = Date.parse(header(answer, 'date') ?? '');
		if (date >= EARLIEST && date <= LATEST) this.known = { date, at: now };
	}

	/** Takes what another execution was told, which shares what that one began. */
	take({ known }: CloudTime): void {
		this.known ??= known;
	}

	/** When the execution began, in milliseconds since 1970, with a margin; undefined until the cloud told. */
	get since(): number | undefined {
		return this.known && this.known.date - SKEW_MS;
	}

	/** The cloud's time, in milliseconds since 1970, at a time on the clock. */
	at(time: number): number | undefined {
		return this.known && this.known.date + time - this.known.at;
	}
}
