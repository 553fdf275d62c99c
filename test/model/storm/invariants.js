// @ts-check
'use strict';

const { violations } = require('../invariants');
const { readViolations } = require('./reads');

/**
 * What must hold after any storm, read from the simulator's own books: all that holds for a run by itself,
 * for each execution, and what they owe each other.
 *
 * @typedef {import('./scenario').Storm} Storm
 * @typedef {import('./play').PlayedStorm} PlayedStorm
 * @typedef {import('./play').Execution} Execution
 * @typedef {import('./play').Sent} Sent
 * @typedef {import('../play').Played} Played
 */

const TEN_MINUTES_MS = 600_000;
/** A look before a batch may take half of Wait Timeout, less what it waits for its turn. */
const SHARE_OF_A_LOOK = 0.35;
const LOGIN_TIMEOUT_MS = 30_000;

/**
 * @param {Storm} storm
 * @param {PlayedStorm} played
 * @returns {string[]} what does not hold
 */
function stormViolations(storm, played) {
	const found = played.executions.flatMap((execution, index) =>
		executionViolations(execution, storm, played).map((text) => `execution ${index}: ${text}`),
	);
	return [
		...found,
		...loginViolations(storm, played),
		...refusalViolations(played),
		...twiceViolations(played),
		...played.left.map((what) => `${what} left an hour later`),
	];
}

/**
 * @param {Execution} execution
 * @param {Storm} storm
 * @param {PlayedStorm} played
 * @returns {string[]}
 */
function executionViolations(execution, storm, played) {
	const { plan, thrown, cancelledAt, endedAt } = execution;
	const found = [
		...sentViolations(execution, played),
		...leakViolations(execution, played),
		...timeViolations(execution, played),
	];
	if (cancelledAt !== undefined) {
		if (thrown?.message !== 'The execution was canceled')
			found.push('was cancelled, and does not say so');
		if (endedAt > cancelledAt) found.push('went on after it was cancelled');
		return found;
	}
	if (thrown && (plan.onError !== 'stopWorkflow' || thrown.message === 'The run never ended')) {
		return [...found, `threw ${String(thrown.stack)}`];
	}
	const alone = aloneIn(execution, played);
	if (plan.operation === 'get' || plan.operation === 'getMany') {
		return [...found, ...readViolations(execution, alone)];
	}
	const { operation, forceful, items, options, onError } = plan;
	// What others do to its servers is somebody else's doing.
	const others = played.executions
		.filter((one) => one !== execution)
		.map(() => ({ at: 0, server: -1, what: /** @type {const} */ ('start') }));
	const interferences = [...storm.interferences, ...others];
	const scenario = { ...storm, operation, forceful, items, options, onError, interferences };
	return [...found, ...violations(/** @type {any} */ (scenario), alone)];
}

/**
 * What became of one execution, as the run that it is for itself.
 *
 * @param {Execution} execution
 * @param {PlayedStorm} played
 * @returns {Played}
 */
function aloneIn(execution, { cloud, sent, executions }) {
	const { plan, account, secrets, ids, output, thrown, beganAt, endedAt } = execution;
	const { projectId } = account;
	const inProject = sent.filter((one) => one.execution.account.projectId === projectId);
	const own = sent.filter((one) => one.execution === execution);
	const others = inProject.filter((one) => one.execution !== execution && secrets.has(one.secret));
	const server = (/** @type {string} */ id) => {
		const one = cloud.server(id);
		return one?.projectId === projectId ? one : undefined;
	};
	const callers = [...new Set(own.map(({ caller }) => caller))];
	return {
		cloud: {
			requests: { entries: inProject.map(({ request }) => request) },
			server,
			wasRunning: (id, at) => cloud.wasRunning(id, at),
		},
		sent: own.map(({ request }) => request),
		others: others.map(({ request }) => request),
		companions: executions
			.filter((one) => one !== execution && one.plan.operation === plan.operation)
			.filter((one) => one.beganAt <= endedAt && one.endedAt >= beganAt)
			.filter((one) => [...one.secrets].some((secret) => secrets.has(secret)))
			.map((one) => one.ids),
		ids,
		output,
		thrown,
		callers: ids.map(() => callers),
		wasRefused: sent.some(
			({ request, secret }) =>
				secrets.has(secret) &&
				request.status === 401 &&
				request.at <= endedAt &&
				request.at >= beganAt - TEN_MINUTES_MS,
		),
		wasSlow: inProject.some(
			({ request: { at, answeredAt = Infinity }, execution: { plan: of } }) =>
				answeredAt - at >= SHARE_OF_A_LOOK * 1000 * Number(of.options.waitTimeout ?? 300),
		),
		// Of several things in one millisecond it may have seen the first.
		beganAt: beganAt - 1,
		endedAt,
	};
}

/**
 * Nothing goes out for an execution that has ended, nor about a server that it has nothing to do with, nor
 * with what another one proves itself with.
 *
 * @param {Execution} execution
 * @param {PlayedStorm} played
 * @returns {string[]}
 */
function sentViolations(execution, { sent }) {
	const { ids, endedAt, secrets } = execution;
	/** @type {string[]} */
	const found = [];
	for (const { request, secret, caller } of sent.filter((one) => one.execution === execution)) {
		const say = (/** @type {string} */ text) =>
			found.push(`${request.method} ${request.path}: ${text}`);
		// n8n may be logging in already, which serves the others as well.
		if (request.at > endedAt && request.kind !== 'login') say('was sent after its end');
		if (!request.serverIds.every((id) => ids.includes(id))) say('is about a server of another one');
		if (!secrets.has(secret)) say('was proved by what is not its own');
		// A session may be renewed while a request is on its way.
		const isFixed = execution.account.way !== 'login';
		if (isFixed && request.caller !== caller) say('came from somebody else');
	}
	return found;
}

/**
 * Nothing that it says names a server of another one, or the secret of anybody.
 *
 * @param {Execution} execution
 * @param {PlayedStorm} played
 * @returns {string[]}
 */
function leakViolations(execution, { servers, executions, sent }) {
	const { plan, ids, secrets, output, thrown, account } = execution;
	const { message, description, ...more } = /** @type {any} */ (thrown ?? {});
	const text = JSON.stringify([output, message, description, more.messages, more.context]);
	/** @type {string[]} */
	const found = [];
	const listsAll = plan.operation === 'getMany';
	for (const { id, name, projectId } of servers) {
		if (ids.includes(id) || (listsAll && projectId === account.projectId)) continue;
		if (text.includes(id) || new RegExp(`\\b${name}\\b`).test(text)) {
			found.push(`tells of ${name}, which is not its own: ${text}`);
		}
	}
	for (const { stored } of executions.map((one) => one.account)) {
		for (const field of ['token', 'password', 'secretKey', 'sessionToken']) {
			const secret = stored[field];
			if (secret && text.includes(String(secret))) found.push(`tells a ${field}: ${text}`);
		}
	}
	for (const { execution: other, requestId, request, secret } of sent) {
		if (other === execution || !requestId || !text.includes(requestId)) continue;
		// Who waits for a login gets what that comes to.
		const isShared = request.kind === 'login' && secrets.has(secret);
		if (!isShared && !request.serverIds.some((id) => ids.includes(id))) {
			found.push(`tells the id of a request of another one: ${text}`);
		}
	}
	return found;
}

/** While the cloud is in trouble one request goes for all, and all wait for it. */
const LONGEST_REQUEST_MS = 60_000;

/** For rounding, and a turn of the loop. */
const SLACK_MS = 1_500;

/**
 * An execution lasts as long as its last server, from the first request for it; before that, as long as the
 * cloud is in trouble.
 *
 * @param {Execution} execution
 * @param {PlayedStorm} played
 * @returns {string[]}
 */
function timeViolations(execution, { sent }) {
	const { plan, output, beganAt, endedAt } = execution;
	const limitMs = 1000 * Number(plan.options.waitTimeout ?? 300);
	const own = sent.filter((one) => one.execution === execution).map(({ request }) => request);
	const asked = own.filter(({ method, kind }) => method === 'POST' && kind !== 'login');
	/** @type {Map<string, number>} */
	const firsts = new Map();
	for (const { serverIds, at } of asked) {
		for (const id of serverIds) if (!firsts.has(id)) firsts.set(id, at);
	}
	/** @type {string[]} */
	const found = [];
	const late = asked.filter(({ serverIds, at }) =>
		serverIds.some((id) => at > (firsts.get(id) ?? at) + limitMs),
	);
	if (late.length > 0) found.push('asked for a server after its time was up');
	const readsOnly = plan.operation === 'get' || plan.operation === 'getMany';
	const turns = own.filter(({ kind }) => readsOnly || kind === 'login').map(({ at }) => at);
	const last = Math.max(beganAt, ...firsts.values(), ...turns);
	if (endedAt > last + 2 * limitMs + LONGEST_REQUEST_MS + SLACK_MS) {
		found.push(`went on for ${(endedAt - beganAt) / 1000} s`);
	}
	const timedOut = output.some(
		({ json }) => /** @type {any} */ (json.error)?.reason === 'timedOut',
	);
	if (timedOut && endedAt - beganAt < limitMs - SLACK_MS) {
		found.push(`gave up after ${(endedAt - beganAt) / 1000} s`);
	}
	return found;
}

/**
 * One login for all, and one more for each time that its token was revoked. Of several credentials with the
 * same login n8n stores a session each, which is all that they have of it ten minutes later.
 *
 * @param {Storm} storm
 * @param {PlayedStorm} played
 * @returns {string[]}
 */
function loginViolations({ revocations }, { accounts, sent }) {
	/** @type {Map<string, number>} */
	const logins = new Map();
	for (const { request, secret } of sent) {
		const { kind, status, at, answeredAt = Infinity } = request;
		if (kind !== 'login' || status !== 201 || answeredAt - at >= LOGIN_TIMEOUT_MS) continue;
		logins.set(secret, (logins.get(secret) ?? 0) + 1);
	}
	return [...logins].flatMap(([secret, count]) => {
		const alike = accounts.filter(({ working }) => working.has(secret)).length;
		return count > alike * (1 + revocations.length) ? [`${secret}: ${count} logins`] : [];
	});
}

/**
 * What the cloud has refused is not sent again for ten minutes.
 *
 * @param {PlayedStorm} played
 * @returns {string[]}
 */
function refusalViolations({ sent, accounts }) {
	const working = new Set(accounts.flatMap((account) => [...account.working]));
	/** @type {Map<string, number>} */
	const refused = new Map();
	/** @type {Set<string>} */
	const answered = new Set();
	/** @type {string[]} */
	const found = [];
	for (const { request, secret, execution } of sent) {
		// A token that was revoked is refused to all who have just sent it.
		if (working.has(secret)) continue;
		// What stands in front of the cloud answers whoever asks, as if the cloud had taken the secret.
		if (request.status !== 401) answered.add(secret);
		if (answered.has(secret)) continue;
		const { at, answeredAt = Infinity } = request;
		const isMissed =
			answeredAt - at >= LOGIN_TIMEOUT_MS || answeredAt > (execution.cancelledAt ?? Infinity);
		if (request.status !== 401 || isMissed) continue;
		const last = refused.get(secret) ?? -Infinity;
		if (request.at < last + TEN_MINUTES_MS) {
			found.push(`${secret}: refused again after ${(request.at - last) / 1000} s`);
		}
		refused.set(secret, request.at);
	}
	return found;
}

/** What an action is called in the books, and what a server is at meanwhile. */
const UNDER_WAY = {
	start: ['powering-on'],
	stop: ['powering-off'],
	reboot: [
		'rebooting',
		'reboot_pending',
		'reboot_started',
		'rebooting_hard',
		'reboot_pending_hard',
		'reboot_started_hard',
	],
};

/**
 * While one execution is at work on a server, no other of its account asks for the same.
 *
 * @param {PlayedStorm} played
 * @returns {string[]}
 */
function twiceViolations({ cloud, executions, sent }) {
	/** @type {string[]} */
	const found = [];
	const asked = sent.filter(({ request }) => actionOf(request) in UNDER_WAY);
	asked.forEach((second, index) => {
		for (const id of second.request.serverIds) {
			const first = asked
				.slice(0, index)
				.reverse()
				.find((one) => one.request.serverIds.includes(id) && isSame(one, second));
			// Who asks for another action meanwhile makes it worth asking again.
			if (!first || isContested(id, second, executions) || first.execution === second.execution)
				continue;
			const { taskState } = cloud.server(id)?.stateAt(second.request.at) ?? {};
			const isUnderWay = UNDER_WAY[actionOf(second.request)].includes(String(taskState));
			if (isUnderWay && isAtWork(first, id, second)) {
				found.push(`${id}: asked for twice at once, ${first.request.at} and ${second.request.at}`);
			}
		}
	});
	return found;
}

/**
 * @param {import('../../../simulator/request-log').LoggedRequest} request
 * @returns {keyof typeof UNDER_WAY}
 */
function actionOf({ kind, batchAction }) {
	return /** @type {any} */ (batchAction ?? kind);
}

/**
 * Whether another execution has asked, or may be about to ask, for another action on the server.
 *
 * @param {string} id
 * @param {Sent} second
 * @param {Execution[]} executions
 */
function isContested(id, { request, execution: { plan } }, executions) {
	return executions.some(
		(one) =>
			one.ids.includes(id) &&
			one.beganAt <= request.at &&
			(one.plan.operation !== plan.operation || one.plan.forceful !== plan.forceful),
	);
}

/** @param {Sent} one @param {Sent} other */
function isSame(one, other) {
	return (
		actionOf(one.request) === actionOf(other.request) &&
		one.secret === other.secret &&
		one.execution.plan.forceful === other.execution.plan.forceful
	);
}

/**
 * Whether an execution whose request was accepted was still waiting for a server when another one asked,
 * which had time to wait as well.
 *
 * @param {Sent} first
 * @param {string} id
 * @param {Sent} second
 */
function isAtWork({ request, execution }, id, { request: { at }, execution: other }) {
	const { plan, ids, endedAt } = execution;
	const accepted = request.status === 202 || request.status === 200;
	const limitMs = (/** @type {Execution} */ { plan: { options } }) =>
		1000 * Number(options.waitTimeout ?? 300);
	return (
		accepted &&
		endedAt > at &&
		at < request.at + limitMs(execution) - SLACK_MS &&
		at < other.beganAt + limitMs(other) - SLACK_MS &&
		plan.items.some(({ wait }, item) => wait && ids[item] === id)
	);
}

module.exports = { stormViolations };
