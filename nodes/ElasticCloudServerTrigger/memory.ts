import type { IPollFunctions } from 'n8n-workflow';

import { NO_TROUBLES, type Refusal, type Troubles } from '../cloud/watch/ration';
import type { Failure } from '../cloud/words/failure';

/** What is remembered of one trigger node as long as the process lives; nothing that was promised rests on it. */
export interface NodeMemory {
	troubles: Troubles;
	refused?: Refusal & { failure: Failure };
	/** The cloud does not tell who stopped a server; when to ask again, in milliseconds on the clock. */
	askAgainAt: number;
}

/** What one process remembers of its trigger nodes. */
export class Memory {
	private readonly nodes = new Map<string, NodeMemory>();

	private readonly polling = new Set<string>();

	private readonly contexts = new WeakSet<IPollFunctions>();

	of(key: string): NodeMemory {
		const known = this.nodes.get(key) ?? { troubles: NO_TROUBLES, askAgainAt: 0 };
		this.nodes.set(key, known);
		return known;
	}

	/** Whether a context polls for the first time: n8n says so of every poll of a context. */
	isFirst(context: IPollFunctions): boolean {
		const first = !this.contexts.has(context);
		this.contexts.add(context);
		return first;
	}

	/** Does the work, unless the node is at work: n8n does not wait for one poll before the next. */
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
