import { isObject } from './answer';

/** The statuses that OTC and Nova document ("ECS Statuses"), in alphabetical order. */
export const STATUSES = [
	'ACTIVE',
	'BUILD',
	'ERROR',
	'HARD_REBOOT',
	'MIGRATING',
	'PAUSED',
	'REBOOT',
	'REBUILD',
	'RESCUE',
	'RESIZE',
	'REVERT_RESIZE',
	'SHELVED',
	'SHELVED_OFFLOADED',
	'SHUTOFF',
	'SUSPENDED',
	'UNKNOWN',
	'VERIFY_RESIZE',
] as const;

/** What the node reads of a server. */
export interface Server {
	id: string;
	name?: string;
	/** Such as ACTIVE or SHUTOFF, in upper case; UNKNOWN where the cloud says none, as Nova has it. */
	status: string;
	/** Such as `powering-on`, in lower case; undefined when nothing is under way. */
	task?: string;
	/** Undefined where the cloud does not say (before microversion 2.9). */
	locked?: boolean;
	/** The guest is off, whatever the status says. */
	poweredOff: boolean;
	/** Why the server is in ERROR. */
	fault?: string;
}

/** Shut down or crashed: 4 and 6 in Nova, 3 and 4 in OTC's reference (Nova's 3 is paused: not running either). */
const POWERED_OFF: unknown[] = [3, 4, 6];

/**
 * The server in a part of an answer, or undefined when it is none. One without a status is shown, as
 * a list that leaves a server out would not be complete.
 */
export function toServer(value: unknown): Server | undefined {
	if (!isObject(value)) return undefined;
	const { id, name, status = 'UNKNOWN', locked, fault } = value;
	if (typeof id !== 'string' || typeof status !== 'string') return undefined;
	const task = value['OS-EXT-STS:task_state'];
	return {
		id: id.toLowerCase(),
		name: typeof name === 'string' && name !== '' ? name : undefined,
		status: status.toUpperCase(),
		task: typeof task === 'string' && task !== '' ? task.toLowerCase() : undefined,
		locked: typeof locked === 'boolean' ? locked : undefined,
		poweredOff: POWERED_OFF.includes(value['OS-EXT-STS:power_state']),
		fault: isObject(fault) && typeof fault.message === 'string' ? fault.message : undefined,
	};
}

/**
 * What a server is about, as far as its power goes:
 * - `running`, `stopped`: nothing is under way
 * - `starting`, `stopping`, `rebooting`: on its way there
 * - `busy`: something else is under way, which ends by itself
 * - `broken`: ERROR
 * - `parked`: it needs another action first, such as unpause
 * - `gone`: deleted
 */
export type Condition =
	| 'running'
	| 'stopped'
	| 'starting'
	| 'stopping'
	| 'rebooting'
	| 'busy'
	| 'broken'
	| 'parked'
	| 'gone';

const GONE = ['DELETED', 'SOFT_DELETED'];
const PARKED = [
	'PAUSED',
	'SUSPENDED',
	'SHELVED',
	'SHELVED_OFFLOADED',
	'RESCUE',
	'RESCUED',
	'VERIFY_RESIZE',
];

/** Whether the node knows what a status means; any other counts as `busy`, as it may pass. */
export function isKnownStatus(status: string): boolean {
	const known: readonly string[] = [...STATUSES, ...GONE, ...PARKED];
	return known.includes(status);
}

/** The task that takes a server from SHUTOFF to ACTIVE (OTC ECS API reference, "ECS Statuses"). */
const STARTING = 'powering-on';
const STOPPING = 'powering-off';
/** Tasks under which a server goes on running: who waits for it need not wait for a snapshot. */
const HARMLESS = /^image_|^migrating$|^attaching|^detaching/;

/** Deleted, for good or restorable. */
export function isGone({ status }: Server): boolean {
	return GONE.includes(status);
}

/** Reads the condition from status and task; the words of a refusal are not needed for it. */
export function condition({ status, task, poweredOff }: Server): Condition {
	if (GONE.includes(status) || task === 'deleting') return 'gone';
	if (status === 'REBOOT' || status === 'HARD_REBOOT' || task?.startsWith('reboot')) {
		return 'rebooting';
	}
	// A broken server can be stopped, and restarted the hard way.
	if (status === 'ERROR' && task === STOPPING) return 'stopping';
	if (status === 'ERROR') return 'broken';
	if (PARKED.includes(status)) return task ? 'busy' : 'parked';
	if (status === 'SHUTOFF') {
		if (task === STARTING) return 'starting';
		return task ? 'busy' : 'stopped';
	}
	if (status === 'ACTIVE') {
		if (task === STOPPING) return 'stopping';
		// Nova calls a server ACTIVE until it notices that the guest has gone off, then stops it.
		if (poweredOff) return task ? 'busy' : 'stopping';
		return !task || HARMLESS.test(task) ? 'running' : 'busy';
	}
	return 'busy';
}

/** The guest has gone off by itself, and the cloud has not noticed (yet). */
export function isOffUnnoticed({ status, task, poweredOff }: Server): boolean {
	return poweredOff && status === 'ACTIVE' && task === undefined;
}
