// @ts-check
'use strict';

/**
 * One server: a state machine without timers. What will happen later is kept as planned steps with
 * due times; `settle(now)` takes those that are due, so any reader first settles and then looks.
 */

/**
 * How a start (stop, reboot) goes after it was accepted.
 *
 * - `ok`: done after its seconds
 * - `fallsBack`: back in the old state after `seconds`; only the action log says "Error"
 * - `vanishes`: back in the old state after `seconds` (a start), and the action log holds no error
 * - `error`: status ERROR with a fault after `seconds`
 * - `diesAfter` (start): ACTIVE, and `seconds` later the guest dies and the server is stopped
 * - `never`: nobody takes it up, it stays in its task state
 * - `queued`: for `seconds` nothing is to be seen, neither task nor action; then as `ok`
 * - `noop` (start): ACTIVE while the guest is off; `seconds` later the power sync stops the server
 *
 * @typedef {'ok' | 'fallsBack' | 'vanishes' | 'error' | 'diesAfter' | 'never' | 'queued' | 'noop'} BehaviourKind
 *
 * @typedef {object} Behaviour
 * @property {BehaviourKind} kind
 * @property {number} [seconds] see the kinds
 * @property {number} [times] only so many times, then `ok`; default always
 *
 * @typedef {BehaviourKind | Behaviour} BehaviourLike
 *
 * @typedef {'start' | 'stop' | 'reboot'} PowerAction
 * @typedef {'SOFT' | 'HARD'} RebootType
 *
 * @typedef {object} Timings
 * @property {number} startSeconds
 * @property {number} stopSeconds
 * @property {number} rebootSeconds
 *
 * @typedef {object} ActionEvent
 * @property {string} event
 * @property {number} startedAt
 * @property {number | null} finishedAt
 * @property {'Success' | 'Error' | null} result
 *
 * @typedef {object} ActionRecord one line of os-instance-actions
 * @property {string} action
 * @property {string} requestId
 * @property {string | null} userId null: Nova did it by itself, as the guest was found off
 * @property {string | null} projectId
 * @property {number} at
 * @property {number} updatedAt
 * @property {'Error' | null} message
 * @property {ActionEvent[]} events
 *
 * @typedef {object} Transition one line of a server's history
 * @property {number} at
 * @property {string} status
 * @property {string | null} taskState
 * @property {number} powerState
 * @property {string} cause
 *
 * @typedef {object} Fault
 * @property {number} code
 * @property {string} message
 * @property {number} at
 *
 * @typedef {object} Refusal
 * @property {'locked' | 'notReady' | 'vmState' | 'taskState'} why
 * @property {string} [state] the state that stands in the way
 *
 * @typedef {object} Asker who asks for an action, as far as the server minds
 * @property {string} userId
 * @property {string} projectId
 * @property {boolean} admin
 *
 * @typedef {object} ServerSpec
 * @property {string} id
 * @property {string} name
 * @property {string} projectId
 * @property {string} userId
 * @property {number} createdAt
 * @property {string} [status] a status such as SHUTOFF (default), ACTIVE, ERROR, PAUSED
 * @property {string | null} [taskState]
 * @property {boolean} [locked]
 * @property {Record<string, string>} [metadata]
 * @property {string[]} [tags]
 * @property {Record<string, unknown[]>} [addresses]
 * @property {BehaviourLike} [startBehaviour]
 * @property {BehaviourLike} [stopBehaviour]
 * @property {BehaviourLike} [rebootBehaviour]
 * @property {number} [startSeconds]
 * @property {number} [stopSeconds]
 * @property {number} [rebootSeconds]
 * @property {boolean} [subJobMissing] batch jobs leave this server out of their sub-jobs
 */

const POWER = { NONE: 0, RUNNING: 1, PAUSED: 3, OFF: 4, SUSPENDED: 7 };

/** @type {Record<string, { vmState: string, powerState: number }>} */
const STATE_OF_STATUS = {
	ACTIVE: { vmState: 'active', powerState: POWER.RUNNING },
	BUILD: { vmState: 'building', powerState: POWER.NONE },
	DELETED: { vmState: 'deleted', powerState: POWER.NONE },
	ERROR: { vmState: 'error', powerState: POWER.OFF },
	// None of today's: as a later Nova may add one.
	FROZEN: { vmState: 'frozen', powerState: POWER.OFF },
	PAUSED: { vmState: 'paused', powerState: POWER.PAUSED },
	RESCUE: { vmState: 'rescued', powerState: POWER.OFF },
	SHELVED: { vmState: 'shelved', powerState: POWER.OFF },
	SHELVED_OFFLOADED: { vmState: 'shelved_offloaded', powerState: POWER.OFF },
	SHUTOFF: { vmState: 'stopped', powerState: POWER.OFF },
	SOFT_DELETED: { vmState: 'soft-delete', powerState: POWER.OFF },
	SUSPENDED: { vmState: 'suspended', powerState: POWER.SUSPENDED },
	VERIFY_RESIZE: { vmState: 'resized', powerState: POWER.RUNNING },
};

/** @type {Record<string, string>} */
const STATUS_OF_VM_STATE = Object.fromEntries(
	Object.entries(STATE_OF_STATUS).map(([status, { vmState }]) => [vmState, status]),
);

const SOFT_REBOOT_TASKS = ['rebooting', 'reboot_pending', 'reboot_started'];
const HARD_REBOOT_TASKS = ['rebooting_hard', 'reboot_pending_hard', 'reboot_started_hard'];

/** @type {Record<string, { vmStates: string[], taskStates: (string | null)[] }>} */
const ALLOWED = {
	start: { vmStates: ['stopped'], taskStates: [null] },
	stop: { vmStates: ['active', 'error'], taskStates: [null] },
	softReboot: { vmStates: ['active'], taskStates: [null] },
	hardReboot: {
		vmStates: ['active', 'stopped', 'paused', 'suspended', 'error'],
		taskStates: [null, ...SOFT_REBOOT_TASKS, 'rebooting_hard', 'resuming', 'unpausing', 'pausing'],
	},
};

/** Nova shows a reboot as pending for a moment before the host takes it up. */
const REBOOT_PICK_UP_MS = 300;

/**
 * The status that Nova shows for a pair of internal states.
 *
 * @param {string} vmState
 * @param {string | null} taskState
 * @returns {string}
 */
function statusOf(vmState, taskState) {
	if (vmState === 'active' && taskState !== null) {
		if (SOFT_REBOOT_TASKS.includes(taskState)) return 'REBOOT';
		if (HARD_REBOOT_TASKS.includes(taskState)) return 'HARD_REBOOT';
	}
	return STATUS_OF_VM_STATE[vmState] ?? 'UNKNOWN';
}

/**
 * What Nova looks for when it is asked for servers of a status; `taskStates` only where they tell it
 * from another status. Undefined: no server can have it.
 *
 * @param {string} status
 * @returns {{ vmState: string, taskStates?: string[] } | undefined}
 */
function statesOf(status) {
	if (status === 'REBOOT') return { vmState: 'active', taskStates: SOFT_REBOOT_TASKS };
	if (status === 'HARD_REBOOT') return { vmState: 'active', taskStates: HARD_REBOOT_TASKS };
	return STATE_OF_STATUS[status] && { vmState: STATE_OF_STATUS[status].vmState };
}

/**
 * Why Nova would refuse an action, in the order in which Nova looks; null if it would not.
 *
 * @param {Pick<Server, 'vmState' | 'taskState' | 'locked'>} server
 * @param {PowerAction} action
 * @param {RebootType} rebootType
 * @param {boolean} admin
 * @returns {Refusal | null}
 */
function refusalOf(server, action, rebootType, admin) {
	if (server.locked && !admin) return { why: 'locked' };
	if (action !== 'reboot' && server.vmState === 'shelved_offloaded') return { why: 'notReady' };
	const rule =
		action === 'reboot'
			? rebootType === 'SOFT'
				? ALLOWED.softReboot
				: ALLOWED.hardReboot
			: ALLOWED[action];
	if (!rule.vmStates.includes(server.vmState)) return { why: 'vmState', state: server.vmState };
	if (!rule.taskStates.includes(server.taskState)) {
		return { why: 'taskState', state: String(server.taskState) };
	}
	return null;
}

/** On record for a stop that nobody asked for: without a user, and without a project. */
const NOBODY = { userId: null, projectId: null };

/**
 * @param {BehaviourLike | undefined} behaviour
 * @returns {Behaviour}
 */
function toBehaviour(behaviour) {
	if (behaviour === undefined) return { kind: 'ok' };
	return typeof behaviour === 'string' ? { kind: behaviour } : { ...behaviour };
}

class Server {
	/**
	 * @param {ServerSpec} spec
	 * @param {() => Timings} defaults read at each action, so that the cloud's timings can be changed
	 */
	constructor(spec, defaults) {
		this.id = spec.id;
		this.name = spec.name;
		this.projectId = spec.projectId;
		this.userId = spec.userId;
		this.createdAt = spec.createdAt;
		this.updatedAt = spec.createdAt;
		/** @type {number | null} set when the server was first launched, and not by later starts */
		this.launchedAt = spec.createdAt;
		/** @type {number | null} */
		this.terminatedAt = null;
		this.vmState = 'stopped';
		/** @type {string | null} */
		this.taskState = null;
		/** @type {number} */
		this.powerState = POWER.OFF;
		this.locked = spec.locked ?? false;
		/** Who locked it: a member cannot undo an admin's lock. */
		this.lockedByAdmin = false;
		/** @type {Fault | null} */
		this.fault = null;
		/** @type {Record<string, string>} */
		this.metadata = { ...spec.metadata };
		/** @type {string[]} */
		this.tags = [...new Set(spec.tags)].sort();
		/** @type {Record<string, unknown[]>} */
		this.addresses = spec.addresses ?? {};
		/** @type {Record<PowerAction, Behaviour>} */
		this.behaviours = {
			start: toBehaviour(spec.startBehaviour),
			stop: toBehaviour(spec.stopBehaviour),
			reboot: toBehaviour(spec.rebootBehaviour),
		};
		/** @type {Record<PowerAction, number | undefined>} */
		this.seconds = {
			start: spec.startSeconds,
			stop: spec.stopSeconds,
			reboot: spec.rebootSeconds,
		};
		this.subJobMissing = spec.subJobMissing ?? false;
		/** @type {ActionRecord[]} oldest first */
		this.actions = [];
		/** @type {Map<string, ActionRecord>} */
		this.actionsByRequestId = new Map();
		/** @type {Transition[]} oldest first */
		this.history = [];
		/** Changes with everything that a reader could see; whoever caches an answer compares it. */
		this.revision = 0;
		this._defaults = defaults;
		/** @type {{ record: ActionRecord, begun: boolean } | null} the reboot that the host has */
		this._reboot = null;
		/** @type {ActionRecord[]} of reboots that wait for it */
		this._overtaking = [];
		/** @type {{ at: number, run: () => void, kept: boolean }[]} sorted by time */
		this._plan = [];
		this._sequence = 0;

		this._enter(spec.createdAt, spec.status ?? 'SHUTOFF', spec.taskState ?? null, 'created');
		const owner = { userId: spec.userId, projectId: spec.projectId, admin: false };
		this._record('create', spec.createdAt, `req-${spec.id}`, owner);
	}

	get status() {
		return statusOf(this.vmState, this.taskState);
	}

	get deleted() {
		return this.vmState === 'deleted';
	}

	/**
	 * Takes all planned steps that are due.
	 *
	 * @param {number} now
	 */
	settle(now) {
		while (this._plan.length > 0 && this._plan[0].at <= now) {
			/** @type {{ run: () => void }} */ (this._plan.shift()).run();
		}
	}

	/**
	 * Puts the server into a state at once, as an operator would: what was under way is forgotten.
	 *
	 * @param {number} now
	 * @param {{ status?: string, taskState?: string | null, powerState?: number, fault?: Fault | null }} state
	 */
	force(now, { status, taskState, powerState, fault }) {
		this.settle(now);
		this._dropPlan();
		if (fault !== undefined) this.fault = fault;
		this._enter(now, status ?? this.status, taskState ?? null, 'forced', powerState);
		if (!this.deleted) return;
		this.terminatedAt = now;
		this.tags = [];
		this.metadata = {};
	}

	/**
	 * How the next start (stop, reboot) will go.
	 *
	 * @param {PowerAction} action
	 * @param {BehaviourLike} behaviour
	 * @param {number} [seconds] of a successful one
	 */
	behave(action, behaviour, seconds) {
		this.behaviours[action] = toBehaviour(behaviour);
		if (seconds !== undefined) this.seconds[action] = seconds;
	}

	/**
	 * Asks for an action, as the API does: refused, or accepted and under way.
	 *
	 * @param {PowerAction} action
	 * @param {object} request
	 * @param {number} request.now
	 * @param {string} request.requestId
	 * @param {Asker} request.asker
	 * @param {RebootType} [request.rebootType]
	 * @param {(record: ActionRecord | Refusal) => void} [request.onTaken] when a queued one is taken up
	 * @returns {Refusal | null} null: accepted
	 */
	ask(action, { now, requestId, asker, rebootType = 'SOFT', onTaken = () => {} }) {
		this.settle(now);
		const refusal = refusalOf(this, action, rebootType, asker.admin);
		if (refusal !== null) return refusal;

		const behaviour = this._nextBehaviour(action);
		if (behaviour.kind !== 'queued') {
			onTaken(this._begin(action, { now, requestId, asker, rebootType }, behaviour));
			return null;
		}
		const at = now + (behaviour.seconds ?? 10) * 1000;
		this.later(at, () => {
			// Whatever came in between may have made it impossible; nobody is told then.
			const late = refusalOf(this, action, rebootType, asker.admin);
			onTaken(
				late ?? this._begin(action, { now: at, requestId, asker, rebootType }, { kind: 'ok' }),
			);
		});
		return null;
	}

	/**
	 * The guest shuts down or dies by itself. Nova stops the server as soon as it notices: at once, or with the
	 * next power-state sync; until then it shows nothing. While a stop is under way that one is all there is.
	 *
	 * @param {number} now
	 * @param {number} [noticedAfterSeconds]
	 */
	guestOff(now, noticedAfterSeconds = 0) {
		this.settle(now);
		if (this.vmState !== 'active' || this.taskState !== null) return;
		this._dropPlan();
		this._stopItself(
			now + noticedAfterSeconds * 1000,
			noticedAfterSeconds > 0 ? 'power sync' : 'guest died',
		);
		this.settle(now);
	}

	/**
	 * Plans a request that will reach the server later: whatever happens until then, it comes.
	 *
	 * @param {number} at
	 * @param {() => void} run
	 */
	later(at, run) {
		this._at(at, run, true);
	}

	/**
	 * @param {boolean} locked
	 * @param {{ now: number, requestId: string, asker: Asker }} request
	 */
	lock(locked, { now, requestId, asker }) {
		this.settle(now);
		this.locked = locked;
		this.lockedByAdmin = locked && asker.admin;
		this._record(locked ? 'lock' : 'unlock', now, requestId, asker);
		this._touch(now);
	}

	/**
	 * Something visible other than the state has changed: metadata, the name.
	 *
	 * @param {number} now
	 */
	changed(now) {
		this._touch(now);
	}

	/**
	 * Other tags do not move the time of the last change: tried on Nova 26.
	 *
	 * @param {string[]} tags
	 */
	setTags(tags) {
		this.tags = [...new Set(tags)].sort();
		this.revision++;
	}

	/**
	 * Ends the server, as its owner asks for it.
	 *
	 * @param {{ now: number, requestId: string, asker: Asker }} request
	 */
	remove({ now, requestId, asker }) {
		this._record('delete', now, requestId, asker);
		this.force(now, { status: 'DELETED' });
	}

	/**
	 * @param {number} at
	 * @returns {Transition} the state in which the server was then
	 */
	stateAt(at) {
		let low = 0;
		let high = this.history.length - 1;
		while (low < high) {
			const middle = Math.ceil((low + high) / 2);
			if (this.history[middle].at <= at) low = middle;
			else high = middle - 1;
		}
		return this.history[low];
	}

	/**
	 * @param {PowerAction} action
	 * @returns {Behaviour}
	 */
	_nextBehaviour(action) {
		const behaviour = this.behaviours[action];
		if (behaviour.times === undefined) return behaviour;
		if (behaviour.times <= 0) return { kind: 'ok' };
		behaviour.times--;
		return behaviour;
	}

	/**
	 * @param {PowerAction} action
	 * @param {{ now: number, requestId: string, asker: Asker, rebootType: RebootType }} request
	 * @param {Behaviour} behaviour
	 * @returns {ActionRecord}
	 */
	_begin(action, { now, requestId, asker, rebootType }, behaviour) {
		const record = this._record(action, now, requestId, asker);
		if (this._reboot !== null) {
			// The host does one at a time, and gives up the later one, which finds no task of its own.
			if (this._reboot.begun) {
				this._overtaking.push(record);
				this._task(now, 'rebooting_hard', 'reboot');
				return record;
			}
			// A soft one that has not begun finds the task of a hard one, and gives up.
			this._closeRecord(this._reboot.record, now, 'Error');
		}
		this._dropPlan();
		if (action === 'start') this._beginStart(now, record, behaviour);
		else if (action === 'stop') this._beginStop(now, record, behaviour);
		else this._beginReboot(now, record, behaviour, rebootType);
		return record;
	}

	/**
	 * @param {number} now
	 * @param {ActionRecord} record
	 * @param {Behaviour} behaviour
	 */
	_beginStart(now, record, behaviour) {
		this._task(now, 'powering-on', 'start');
		if (behaviour.kind !== 'never') this._pickUp(record, now, 'compute_start_instance');
		const done = now + this._secondsOf('start') * 1000;
		const failed = now + (behaviour.seconds ?? this._secondsOf('start')) * 1000;
		switch (behaviour.kind) {
			case 'fallsBack':
				this._at(failed, () => this._revert(failed, record, 'start fell back'));
				break;
			case 'vanishes':
				this._at(failed, () =>
					this._finish(failed, record, 'Success', 'SHUTOFF', 'start vanished'),
				);
				break;
			case 'error':
				this._at(failed, () => this._fail(failed, record, 'power on'));
				break;
			case 'never':
				break;
			case 'diesAfter':
				this._at(done, () => this._finish(done, record, 'Success', 'ACTIVE', 'start'));
				this._stopItself(done + (behaviour.seconds ?? 2) * 1000, 'guest died');
				break;
			case 'noop':
				this._at(done, () =>
					this._finish(done, record, 'Success', 'ACTIVE', 'start without effect', POWER.OFF),
				);
				this._stopItself(done + (behaviour.seconds ?? 15) * 1000, 'power sync');
				break;
			default:
				this._at(done, () => this._finish(done, record, 'Success', 'ACTIVE', 'start'));
		}
	}

	/**
	 * @param {number} now
	 * @param {ActionRecord} record
	 * @param {Behaviour} behaviour
	 */
	_beginStop(now, record, behaviour) {
		this._task(now, 'powering-off', 'stop');
		if (behaviour.kind !== 'never') this._pickUp(record, now, 'compute_stop_instance');
		const done = now + this._secondsOf('stop') * 1000;
		const failed = now + (behaviour.seconds ?? this._secondsOf('stop')) * 1000;
		switch (behaviour.kind) {
			case 'fallsBack':
				this._at(failed, () => this._revert(failed, record, 'stop fell back'));
				break;
			case 'error':
				this._at(failed, () => this._fail(failed, record, 'power off'));
				break;
			case 'never':
				break;
			default:
				this._at(done, () => this._finish(done, record, 'Success', 'SHUTOFF', 'stop'));
		}
	}

	/**
	 * @param {number} now
	 * @param {ActionRecord} record
	 * @param {Behaviour} behaviour
	 * @param {RebootType} rebootType
	 */
	_beginReboot(now, record, behaviour, rebootType) {
		const hard = rebootType === 'HARD';
		this._task(now, hard ? 'rebooting_hard' : 'rebooting', 'reboot');
		if (behaviour.kind === 'never') return;
		this._pickUp(record, now, 'compute_reboot_instance');
		const reboot = { record, begun: hard };
		this._reboot = reboot;
		const milliseconds = this._secondsOf('reboot') * 1000;
		const started = now + Math.min(REBOOT_PICK_UP_MS, milliseconds / 2);
		this._at(started, () => {
			reboot.begun = true;
			this._task(started, hard ? 'reboot_started_hard' : 'reboot_started', 'reboot');
		});
		const done = now + milliseconds;
		const failed = Math.max(started, now + (behaviour.seconds ?? milliseconds / 1000) * 1000);
		switch (behaviour.kind) {
			case 'fallsBack':
				// Seen on a real Nova: a failed reboot of a running guest leaves no trace at all.
				this._at(failed, () =>
					this.vmState === 'active'
						? this._finish(failed, record, 'Success', 'ACTIVE', 'no reboot')
						: this._fail(failed, record, 'reboot'),
				);
				break;
			case 'error':
				this._at(failed, () => this._fail(failed, record, 'reboot'));
				break;
			default:
				this._at(done, () => this._finish(done, record, 'Success', 'ACTIVE', 'reboot'));
		}
	}

	/**
	 * The guest is found off: Nova then stops the server, under an action of its own.
	 *
	 * @param {number} at
	 * @param {string} cause
	 */
	_stopItself(at, cause) {
		this._at(at, () => {
			const record = this._record(
				'stop',
				at,
				`req-${this.id.slice(0, -12)}${this._serial()}`,
				NOBODY,
			);
			this.powerState = POWER.OFF;
			this._task(at, 'powering-off', cause);
			this._pickUp(record, at, 'compute_stop_instance');
			const done = at + Math.min(0.25, this._secondsOf('stop')) * 1000;
			this._at(done, () => this._finish(done, record, 'Success', 'SHUTOFF', cause));
		});
	}

	/**
	 * @param {number} at
	 * @param {ActionRecord} record
	 * @param {'Success' | 'Error'} result
	 * @param {string} status
	 * @param {string} cause
	 * @param {number} [powerState]
	 */
	_finish(at, record, result, status, cause, powerState) {
		this._closeRecord(record, at, result);
		this._enter(at, status, null, cause, powerState);
	}

	/**
	 * @param {number} at
	 * @param {ActionRecord} record
	 * @param {string} cause
	 */
	_revert(at, record, cause) {
		this._closeRecord(record, at, 'Error');
		this._task(at, null, cause);
	}

	/**
	 * @param {number} at
	 * @param {ActionRecord} record
	 * @param {string} what
	 */
	_fail(at, record, what) {
		this.fault = { code: 400, message: `Failed to ${what} instance: hypervisor lost`, at };
		this._closeRecord(record, at, 'Error');
		this._enter(at, 'ERROR', null, `${what} failed`);
	}

	/**
	 * @param {string} action
	 * @param {number} at
	 * @param {string} requestId
	 * @param {{ userId: string | null, projectId: string | null }} asker
	 * @returns {ActionRecord}
	 */
	_record(action, at, requestId, asker) {
		/** @type {ActionRecord} */
		const record = {
			action,
			requestId,
			userId: asker.userId,
			projectId: asker.projectId,
			at,
			updatedAt: at,
			message: null,
			events: [],
		};
		this.actions.push(record);
		this.actionsByRequestId.set(requestId, record);
		return record;
	}

	/**
	 * @param {ActionRecord} record
	 * @param {number} at
	 * @param {string} event
	 */
	_pickUp(record, at, event) {
		record.events.push({ event, startedAt: at, finishedAt: null, result: null });
	}

	/**
	 * @param {ActionRecord} record
	 * @param {number} at
	 * @param {'Success' | 'Error'} result
	 */
	_closeRecord(record, at, result) {
		for (const event of record.events) {
			event.finishedAt = at;
			event.result = result;
		}
		record.updatedAt = at;
		record.message = result === 'Error' ? 'Error' : null;
		if (record !== this._reboot?.record) return;
		this._reboot = null;
		for (const late of this._overtaking.splice(0)) this._closeRecord(late, at, 'Error');
	}

	/**
	 * @param {number} at
	 * @param {string} status
	 * @param {string | null} taskState
	 * @param {string} cause
	 * @param {number} [powerState]
	 */
	_enter(at, status, taskState, cause, powerState) {
		const state = STATE_OF_STATUS[status];
		if (state === undefined) throw new Error(`No such status: ${status}`);
		this.vmState = state.vmState;
		this.powerState = powerState ?? state.powerState;
		if (status !== 'ERROR') this.fault = null;
		this._task(at, taskState, cause);
	}

	/**
	 * @param {number} at
	 * @param {string | null} taskState
	 * @param {string} cause
	 */
	_task(at, taskState, cause) {
		this.taskState = taskState;
		this._touch(at);
		this.history.push({ at, status: this.status, taskState, powerState: this.powerState, cause });
	}

	/** @param {number} at */
	_touch(at) {
		this.updatedAt = at;
		this.revision++;
	}

	/**
	 * @param {number} at
	 * @param {() => void} run
	 * @param {boolean} [kept] survives the end of what is under way
	 */
	_at(at, run, kept = false) {
		let place = this._plan.length;
		while (place > 0 && this._plan[place - 1].at > at) place--;
		this._plan.splice(place, 0, { at, run, kept });
	}

	_dropPlan() {
		this._reboot = null;
		this._overtaking = [];
		this._plan = this._plan.filter((step) => step.kept);
	}

	/** @param {PowerAction} action */
	_secondsOf(action) {
		return this.seconds[action] ?? this._defaults()[`${action}Seconds`];
	}

	_serial() {
		this._sequence++;
		return String(this._sequence).padStart(12, '0');
	}
}

module.exports = { Server, POWER, STATE_OF_STATUS, statesOf, statusOf, refusalOf };
