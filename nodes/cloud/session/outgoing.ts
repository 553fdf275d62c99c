/** The way of a request of which several executions have one, each waiting for its turn. */
export interface Outgoing {
	/** Another one has gone out for all, so that this one must not. */
	isMoot: () => boolean;
	/** Its turn has come. */
	goes: () => void;
	/** It leaves n8n, after a login perhaps; once more, where its token was refused. */
	leaves: () => void;
}

/** The same of one that has only so much time. */
export interface BoundedOutgoing extends Outgoing {
	/** Gives its latest end, in milliseconds on the clock. */
	goes: () => number;
}
