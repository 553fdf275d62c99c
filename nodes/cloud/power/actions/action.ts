import type { IDataObject } from 'n8n-workflow';

import type { Reason } from '../../api/reason';
import type { Condition } from '../../api/server';

/** How the user sees that an action succeeded. */
export type Outcome =
	| 'started'
	| 'alreadyRunning'
	| 'stopped'
	| 'alreadyStopped'
	| 'restarted'
	| 'accepted';

/** An action on a server's power: all that tells a start from a stop. */
export interface PowerAction {
	name: 'start' | 'stop' | 'restart';
	/** The action's name in Nova's list of what was done to a server. */
	novaName: string;
	/** Those of the actions that bring a server back. */
	novaOpposites: readonly string[];
	body: IDataObject;
	/** The same for many servers at once (ECS v1). */
	batchBody: (serverIds: string[]) => IDataObject;
	/** The condition that was asked for, the one on the way to it, and the one to begin from. */
	wanted: Condition;
	onTheWay: Condition;
	from: Condition;
	/** Other conditions that the cloud may take it in. */
	alsoFrom: readonly Condition[];
	/** The condition that must end before the cloud takes the action. */
	opposite: Condition;
	/** What tells that it is done: the state it ends in; or, as it ends where it began, only proof. */
	toldBy: 'state' | 'proof';
	done: Outcome;
	/** Where the state tells: there was nothing to do. */
	alreadyDone?: Outcome;
	failed: Reason;
	words: {
		/** As in "did not start". */
		verb: string;
		/** As in "is already running". */
		wanted: string;
		/** As in "is being stopped". */
		opposite: string;
		/** Why a server that got there may not have stayed so. */
		undone: string;
		/** What brings a server out of a status, where it is another way than for other actions. */
		waysOut?: Readonly<Record<string, string>>;
		/** What to do when the cloud took it and it failed. */
		failedHint: string;
		/** What else to do when it takes too long, each a sentence without its full stop. */
		tooLateHints: readonly string[];
		/** What to do when somebody else's is under way, where that is not joined. */
		busyHint?: string;
		/** What to do first when it may have been taken, where a second one does harm. */
		mayBeTakenHint?: string;
		/** What to know before it is asked for again after a cancellation. */
		cancelledHint: string;
	};
}

export const NO_HARM = 'Running this again does no harm';

/** The servers of a batch, as ECS v1 wants them. */
export const inBatch = (serverIds: string[]) => serverIds.map((id) => ({ id }));
