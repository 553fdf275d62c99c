import type { IDataObject } from 'n8n-workflow';

import type { Reason } from './reason';
import type { Condition } from './server';

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
	/** The condition that must end before the cloud takes the action. */
	opposite: Condition;
	done: Outcome;
	alreadyDone: Outcome;
	failed: Reason;
	words: {
		/** As in "did not start", "is already running". */
		verb: string;
		wanted: string;
		/** As in "is being stopped". */
		opposite: string;
	};
}
