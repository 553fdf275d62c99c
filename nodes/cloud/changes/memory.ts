import type { Failure } from '../words/failure';
import { NO_TROUBLES, type Refusal, type Troubles } from './ration';

/** What is remembered of one trigger as long as the process lives; no event rests on it. */
export interface TriggerMemory {
	troubles: Troubles;
	refused?: Refusal & { failure: Failure };
	/** The cloud does not tell who stopped a server; when to ask again, in milliseconds on the clock. */
	askAgainAt: number;
}

/** What one process remembers of its triggers, each by its key: a few hundred bytes for each there ever was. */
export class TriggerMemories {
	private readonly memories = new Map<string, TriggerMemory>();

	private readonly polling = new Set<string>();

	private readonly contexts = new WeakSet<object>();

	of(key: string): TriggerMemory {
		const known = this.memories.get(key) ?? { troubles: NO_TROUBLES, askAgainAt: 0 };
		this.memories.set(key, known);
		return known;
	}

	/** Whether a context of n8n polls for the first time: n8n says so of every poll of a context. */
	isFirst(context: object): boolean {
		const first = !this.contexts.has(context);
		this.contexts.add(context);
		return first;
	}

	/** Does the work, unless the trigger is at work: n8n does not wait for one poll before the next. */
	async alone<T>(key: string, work: () => Promise<T | null>): Promise<T | null> {
		if (this.polling.has(key)) return null;
		this.polling.add(key);
		try {
			return await work();
		} finally {
			this.polling.delete(key);
		}
	}
}
