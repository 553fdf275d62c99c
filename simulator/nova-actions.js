// @ts-check
'use strict';

/** `POST …/action`: start, stop, reboot, lock, unlock. */

const { isObject } = require('./call');
const { checkMediaType, pythonRepr, pythonStr } = require('./nova-bodies');
const {
	askerOf,
	fault,
	forbidden,
	mayNot,
	noCell,
	notFound,
	success,
	visibleServer,
} = require('./nova-answers');

/**
 * @typedef {import('./call').Call} Call
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./nova-answers').Request} Request
 * @typedef {import('./server').Refusal} Refusal
 */

const POWER_ACTIONS = /** @type {const} */ ({
	'os-start': 'start',
	'os-stop': 'stop',
	reboot: 'reboot',
});

const ACTION_POLICIES = /** @type {Record<string, string>} */ ({
	'os-start': 'os_compute_api:servers:start',
	'os-stop': 'os_compute_api:servers:stop',
	reboot: 'os_compute_api:servers:reboot',
	lock: 'os_compute_api:os-lock-server:lock',
	unlock: 'os_compute_api:os-lock-server:unlock',
	'os-resetState': 'os_compute_api:os-admin-actions:reset_state',
});

/**
 * @param {Request} request
 * @returns {Answer | null}
 */
function checkAction(request) {
	const badType = checkMediaType(request);
	if (badType !== null) return badType;
	const { json, body } = request.call;
	const size = sizeOf(json);
	if (json === undefined || body.length === 0 || (size !== null && size !== 1)) {
		return fault(request, 400, 'Malformed request body');
	}
	// Nova counts first and asks for the keys then: one letter, like a number, has none.
	if (!isObject(json)) return fault(request, 404, 'The resource could not be found.');
	const [name] = Object.keys(json);
	return name in ACTION_POLICIES ? null : fault(request, 400, `There is no such action: ${name}`);
}

/**
 * @param {unknown} json
 * @returns {number | null} null: of a kind that has no size
 */
function sizeOf(json) {
	if (typeof json === 'string' || Array.isArray(json)) return json.length;
	return isObject(json) ? Object.keys(json).length : null;
}

/**
 * What Nova's schema says of a reboot's argument; null if it is right.
 *
 * @param {unknown} argument
 * @param {boolean} legacy /v2 forgives members that it does not know
 * @returns {string | null}
 */
function rebootProblem(argument, legacy) {
	const field = 'Invalid input for field/attribute';
	if (!isObject(argument)) {
		return `${field} reboot. Value: ${pythonStr(argument)}. ${pythonRepr(argument)} is not of type 'object'`;
	}
	if (!('type' in argument)) {
		return `${field} reboot. Value: ${pythonRepr(argument)}. 'type' is a required property`;
	}
	const extra = Object.keys(argument).find((key) => key !== 'type');
	if (extra !== undefined && !legacy) {
		return `${field} reboot. Value: ${pythonRepr(argument)}. Additional properties are not allowed ('${extra}' was unexpected)`;
	}
	const { type } = argument;
	const value = `${field} type. Value: ${pythonStr(type)}. ${pythonRepr(type)}`;
	if (typeof type !== 'string') return `${value} is not of type 'string'`;
	const types = ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft'];
	return types.includes(type) ? null : `${value} is not one of ${pythonRepr(types)}`;
}

/**
 * @param {Request} request
 * @param {string[]} rest
 */
function act(request, [, id]) {
	const { cloud, call } = request;
	const [[name, argument]] = Object.entries(/** @type {Record<string, unknown>} */ (call.json));
	const problem = name === 'reboot' ? rebootProblem(argument, request.legacy) : null;
	if (problem !== null) return fault(request, 400, problem);

	const server = visibleServer(request, id);
	if (server === null) {
		// Two wordings: starts and stops first look up where the id lives.
		const looksUpCell = name === 'os-start' || name === 'os-stop';
		return looksUpCell && cloud.server(id) === undefined
			? noCell(request, id)
			: notFound(request, id);
	}

	const asker = askerOf(request, server);
	const { admin } = asker;
	const power = name in POWER_ACTIONS ? POWER_ACTIONS[/** @type {'os-start'} */ (name)] : null;
	const what = power ?? name;
	if (mayNot(request, what, true) || (name === 'os-resetState' && !admin)) {
		return forbidden(request, ACTION_POLICIES[name]);
	}
	const now = cloud.now;
	if (name === 'unlock' && server.lockedByAdmin && !admin) {
		return forbidden(request, 'os_compute_api:os-lock-server:unlock:unlock_override');
	}
	if (name === 'lock' || name === 'unlock') {
		server.lock(name === 'lock', { now, requestId: call.requestId, asker });
		return success(request, 202);
	}
	if (power === null) {
		const state = isObject(argument) ? argument.state : undefined;
		server.force(now, { status: state === 'active' ? 'ACTIVE' : 'ERROR' });
		return success(request, 202);
	}
	const rebootType = isObject(argument) && /^hard$/i.test(String(argument.type)) ? 'HARD' : 'SOFT';
	const refusal = server.ask(power, { now, requestId: call.requestId, asker, rebootType });
	return refusal === null
		? success(request, 202)
		: fault(request, 409, conflictText(server.id, power, refusal));
}

/**
 * @param {string} id
 * @param {string} action
 * @param {Refusal} refusal
 * @returns {string}
 */
function conflictText(id, action, { why, state }) {
	if (why === 'locked') return `Instance ${id} is locked`;
	if (why === 'notReady') return `Instance ${id} is not ready`;
	const attribute = why === 'vmState' ? 'vm_state' : 'task_state';
	return `Cannot '${action}' instance ${id} while it is in ${attribute} ${state}`;
}

module.exports = { act, checkAction };
