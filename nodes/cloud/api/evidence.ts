import { type Answer, type Fault, isObject, type NotSent } from './answer';
import { parseCloudTime } from './cloud-time';

/**
 * What the cloud's records (the list of actions on a server, os-instance-actions; or a job) say of one action:
 * - `failed`: it ended with an error
 * - `failedInJob`: the same, or it was refused, as the job says that the cloud did it in
 * - `undone`: it did not fail, and the server was brought back by a later action
 * - `recorded`: it did not fail, as far as the list tells; `jobDone`: it worked, as its job says
 * - `absent`: no sign of it yet
 * - `unread`: the list could not be read this time
 * - `noRecords`: the cloud keeps no such list, or does not show it
 */
export type Evidence =
	| { word: 'failed'; message: string }
	| { word: 'failedInJob'; fault: Fault }
	| { word: 'undone' }
	| { word: 'recorded'; requestId: string; jobDone?: true }
	| { word: 'absent' }
	| { word: 'unread' }
	| { word: 'noRecords' };

interface Recorded {
	action: string;
	requestId: string;
	/** Milliseconds since 1970, by the cloud's clock. */
	startTime: number;
	message?: string;
}

/** Which action to look for: by its request's id, else the newest of its kind since `since`. */
export interface Wanted {
	novaName: string;
	opposites: readonly string[];
	requestId?: string;
	/** Milliseconds since 1970, by the cloud's clock. */
	since?: number;
	/** The latest that a record can be of this request; undefined: any time. */
	until?: number;
}

export function readEvidence(answer: Answer | NotSent, wanted: Wanted): Evidence {
	if (answer.kind !== 'answered') return { word: 'unread' };
	if (answer.status === 404 || answer.status === 403) return { word: 'noRecords' };
	if (!isObject(answer.body) || !Array.isArray(answer.body.instanceActions)) {
		return { word: answer.status === 200 ? 'noRecords' : 'unread' };
	}
	return judge(answer.body.instanceActions.map(toRecorded), wanted);
}

function judge(actions: Recorded[], wanted: Wanted): Evidence {
	const { novaName, opposites, requestId, since = Infinity, until = Infinity } = wanted;
	const newestFirst = [...actions].sort((a, b) => b.startTime - a.startTime);
	// With an id of Nova's own a record that is not there yet must not be taken for an older one.
	const mine = requestId?.startsWith('req-')
		? newestFirst.find((one) => one.requestId === requestId)
		: newestFirst.find(
				({ action, startTime }) => action === novaName && startTime >= since && startTime <= until,
			);
	if (!mine) return { word: 'absent' };
	if (mine.message) return { word: 'failed', message: mine.message };
	const later = newestFirst.slice(0, newestFirst.indexOf(mine));
	if (later.some(({ action }) => opposites.includes(action))) return { word: 'undone' };
	return { word: 'recorded', requestId: mine.requestId };
}

function toRecorded(value: unknown): Recorded {
	const {
		action,
		request_id: requestId,
		start_time: startTime,
		message,
	} = isObject(value) ? value : {};
	return {
		action: String(action),
		requestId: String(requestId),
		startTime: parseCloudTime(startTime) ?? 0,
		message: typeof message === 'string' && message !== '' ? message : undefined,
	};
}
