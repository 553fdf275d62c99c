import { type Answer, header } from './answer';

/** The clocks of a cloud's parts may differ by this much, in milliseconds. */
const SKEW_MS = 60_000;

/** What no clock of a cloud says. */
const EARLIEST = Date.UTC(2000, 0);
const LATEST = Date.UTC(2200, 0);

/** When an execution began by the cloud's own clock, taken from the first answer that tells. */
export class CloudTime {
	private began?: number;

	note(answer: Answer): void {
		if (this.began !== undefined || answer.kind !== 'answered') return;
		const date = Date.parse(header(answer, 'date') ?? '');
		if (date >= EARLIEST && date <= LATEST) this.began = date;
	}

	/** Milliseconds since 1970, with a margin; undefined until the cloud told. */
	get since(): number | undefined {
		return this.began === undefined ? undefined : this.began - SKEW_MS;
	}
}
