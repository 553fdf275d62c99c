import type { Failure } from '../../words/failure';
import type { Outcome } from '../actions/action';
import type { Journey } from '../journey';

/** What to do next for a server. */
export type Step =
	| { do: 'ask' }
	| { do: 'look'; soon: boolean }
	| { do: 'followJob'; jobId: string }
	| { do: 'findEvidence' }
	| { do: 'end'; outcome: Outcome }
	| { do: 'fail'; failure: Failure };

/** What is known now, and what to do next. */
export type Next = readonly [Journey, Step];

export const ASK: Step = { do: 'ask' };
export const LOOK_SOON: Step = { do: 'look', soon: true };
export const LOOK_LATER: Step = { do: 'look', soon: false };
export const FIND_EVIDENCE: Step = { do: 'findEvidence' };

/** The server's journey ends well. */
export const end = (journey: Journey, outcome: Outcome): Next => [journey, { do: 'end', outcome }];

/** The server's journey ends with a failure. */
export const fail = (journey: Journey, failure: Failure): Next => [
	journey,
	{ do: 'fail', failure },
];
