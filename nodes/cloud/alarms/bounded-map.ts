/** Remembers a bounded number of things for a time; the oldest are forgotten first. */
export class BoundedMap<Value> {
	private readonly entries = new Map<string, { value: Value; until: number }>();

	/** Keeps at most `size` things, each for `keepMs` milliseconds. */
	constructor(
		private readonly size: number,
		private readonly keepMs: number,
	) {}

	/** What is remembered at `now`, in milliseconds on a clock that never jumps. */
	get(key: string, now: number): Value | undefined {
		const entry = this.entries.get(key);
		if (entry === undefined || entry.until > now) return entry?.value;
		this.entries.delete(key);
		return undefined;
	}

	set(key: string, value: Value, now: number): void {
		this.entries.delete(key);
		this.entries.set(key, { value, until: now + this.keepMs });
		const [oldest] = this.entries.keys();
		if (this.entries.size > this.size) this.entries.delete(oldest);
	}
}
