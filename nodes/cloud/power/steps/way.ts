import type { Evidence } from '../../api/evidence';
import type { Server } from '../../api/server';
import type { Journey, Rules } from '../journey';
import type { Next } from './step';

/** The decisions that depend on what tells the end of an action. All of them are pure. */
export interface Way {
	/** An answer says that the action was not taken, and cannot know it for sure. */
	afterDoubt: (journey: Journey, rules: Rules) => Next;
	/** The cloud took the action in a job, which failed and does not say why. */
	afterFailedJob: (journey: Journey) => Next;
	/** A look before the first request shows a server that is there. */
	beforeFirstRequest: Sight;
	/** A look after a request shows a server that is there. */
	afterSight: Sight;
	/** The cloud's list of what was done to the server was read, and shows no failure of the action. */
	afterEvidence: (journey: Journey, evidence: Sign, rules: Rules, now: number) => Next;
}

type Sight = (journey: Journey, server: Server, rules: Rules, now: number) => Next;

/** What the cloud's list of actions can say, but for a failure. */
export type Sign = Exclude<Evidence, { word: 'failed' | 'failedInJob' }>;
