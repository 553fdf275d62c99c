// @ts-check
'use strict';

const { meaning } = require('../inputs');
const { isRunning, isStopped, violations, waitTimeoutMs } = require('../invariants');
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
const TRIAL_MS = 3_000;

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
		...timeViolations(execution, storm, played),
		...lateViolations(execution, storm, played),
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
	const refusals = sent.filter(
		({ request, secret }) =>
			secrets.has(secret) &&
			request.status === 401 &&
			request.at <= endedAt &&
			// It is remembered from its answer on.
			(request.answeredAt ?? request.at) >= beganAt - TEN_MINUTES_MS,
	);
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
		wasRefused: refusals.length > 0,
		wasSlow:
			inProject.some(({ request, execution: { plan: of } }) => isSlowFor(of, request)) ||
			others.some(
				// One request finds out for all whether their secret works.
				({ request }) =>
					request.at <= endedAt &&
					(request.answeredAt ?? Infinity) >= beganAt &&
					isSlowFor(plan, request),
			) ||
			isInDoubt(execution, sent),
		// Of several things in one millisecond it may have seen the first.
		beganAt: beganAt - 1,
		endedAt,
	};
}

/**
 * Whether an answer may be too late for an execution that waits for it.
 *
 * @param {import('./scenario').ExecutionPlan} plan
 * @param {import('../../../simulator/request-log').LoggedRequest} request
 */
function isSlowFor({ options }, { at, answeredAt = Infinity }) {
	return answeredAt - at >= SHARE_OF_A_LOOK * waitTimeoutMs(options);
}

/**
 * Whether two logins of its user and password, in whatever project, got no answer in the last ten minutes: nobody
 * tries a third one.
 *
 * @param {Execution} execution
 * @param {Sent[]} sent
 */
function isInDoubt({ secrets, beganAt, endedAt }, sent) {
	const users = [...secrets].map(userOf);
	const missed = sent.filter(
		({ request: { kind, at, answeredAt = Infinity }, secret }) =>
			kind === 'login' &&
			users.includes(userOf(secret)) &&
			answeredAt - at >= LOGIN_TIMEOUT_MS &&
			at + LOGIN_TIMEOUT_MS <= endedAt &&
			at + LOGIN_TIMEOUT_MS >= beganAt - TEN_MINUTES_MS,
	);
	return missed.length >= 2;
}

/** @param {string} secret that of a login ends with its project */
function userOf(secret) {
	return secret.slice(0, secret.lastIndexOf(' '));
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
		if (request.at > endedAt && !takesOver(request, execution, secret, sent))
			say('was sent after its end');
		if (!request.serverIds.every((id) => ids.includes(id))) say('is about a server of another one');
		if (!secrets.has(secret)) say('was proved by what is not its own');
		// A session may be renewed while a request is on its way.
		const isFixed = execution.account.way !== 'login';
		if (isFixed && request.caller !== caller) say('came from somebody else');
	}
	return found;
}

/**
 * Whether a login is sent by one who waited for that of another, which nobody answered, and for which it waited
 * before it ended: n8n is logging in for it all the while, and what that gives serves the others.
 *
 * @param {import('../../../simulator/request-log').LoggedRequest} request
 * @param {Execution} execution
 * @param {string} secret
 * @param {Sent[]} sent
 */
function takesOver({ kind, at }, { endedAt }, secret, sent) {
	if (kind !== 'login') return false;
	return sent.some(
		({ request: { kind: its, status, at: since, answeredAt = Infinity }, secret: of }) =>
			its === 'login' &&
			of === secret &&
			since <= endedAt &&
			since < at &&
			(status === 'dropped' || answeredAt - since >= LOGIN_TIMEOUT_MS),
	);
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
const LONGEST_REQUEST_MS = 30_000;

/** For rounding, and a turn of the loop. */
const SLACK_MS = 1_500;

/**
 * An execution lasts as long as its last server, from the first request for it; before that, as long as the
 * cloud is in trouble.
 *
 * @param {Execution} execution
 * @param {Storm} storm
 * @param {PlayedStorm} played
 * @returns {string[]}
 */
function timeViolations(execution, { rateLimit }, { sent }) {
	const { plan, output, beganAt, endedAt } = execution;
	const limitMs = waitTimeoutMs(plan.options);
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
	// A server's time begins with its own turn, before which those of others come where turns are few.
	const sharesTurns = rateLimit !== null && asked.length === 0;
	if (!sharesTurns && endedAt > last + 2 * limitMs + LONGEST_REQUEST_MS + SLACK_MS) {
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

/** What shows a server is told to who waits for it at once. */
const TOLD_WITHIN_MS = 300;

/**
 * Who waits for a server, one by one and in a cloud without trouble, is told what it came to by the first read that
 * any execution of its account sends after that.
 *
 * @param {Execution} execution
 * @param {Storm} storm
 * @param {PlayedStorm} played
 * @returns {string[]}
 */
function lateViolations(execution, { faults, rateLimit }, { cloud, sent }) {
	const { plan, ids, output, secrets, beganAt } = execution;
	const { operation, options } = plan;
	const isTold = operation === 'start' || operation === 'stop';
	if (!isTold || options.sendAs === 'oneBatchRequest' || faults.length > 0 || rateLimit) return [];
	const hasCome = operation === 'start' ? isRunning : isStopped;
	/** @type {string[]} */
	const found = [];
	output.forEach(({ json }, item) => {
		const id = ids[item];
		const { outcome, seconds, attempts } = /** @type {any} */ (json);
		const server = cloud.server(id);
		if (!server || (outcome !== 'started' && outcome !== 'stopped')) return;
		const about = sent.filter(({ request }) => request.serverIds.includes(id));
		const own = about.filter((one) => one.execution === execution).map(({ request }) => request);
		const asked = own.filter(({ kind }) => kind === operation);
		// Who reads the records of a server is not looking at it meanwhile.
		const hasRead = own.some(({ kind }) => kind === 'action-log');
		if (asked.length !== 1 || attempts !== 1 || hasRead) return;
		const shows = (/** @type {Sent} */ { request, secret, execution: reader }) =>
			request.kind === 'read' &&
			request.status === 200 &&
			reader.plan.operation in ACTIONS &&
			request.at > (asked[0].answeredAt ?? Infinity) &&
			secrets.has(secret) &&
			versionOf(reader) === versionOf(execution) &&
			reader.endedAt >= (request.answeredAt ?? Infinity) &&
			// The cloud reads the server somewhere between the two.
			[request.at, request.answeredAt ?? Infinity].every((at) => hasCome(server.stateAt(at)));
		// Its seconds count from when its request was ready to go, which may have had to wait for a login or a trial.
		const toldAt = beganAt + seconds * 1000;
		const { answeredAt = Infinity } = about.find(shows)?.request ?? {};
		if (toldAt > answeredAt + TOLD_WITHIN_MS) {
			found.push(`was told of ${id} after ${seconds} s, which had been seen before`);
		}
	});
	return found;
}

/** @param {Execution} execution */
function versionOf({ plan: { options } }) {
	return options.apiVersion ?? 'auto';
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
		const alike = accounts.filter(({ working }) => working.has(secret));
		const lost = alike.reduce((sum, account) => sum + overwritten(secret, account, sent), 0);
		return count > alike.length * (1 + revocations.length) + lost
			? [`${secret}: ${count} logins`]
			: [];
	});
}

/**
 * How often n8n stored the refusal of a password in place of the session of the corrected one: what a login comes to is
 * stored when it ends, whatever happened to the credential meanwhile.
 *
 * @param {string} secret the corrected one
 * @param {import('./accounts').Account} account
 * @param {Sent[]} sent
 */
function overwritten(secret, account, sent) {
	const logins = sent.filter(
		({ request, execution }) => request.kind === 'login' && execution.account === account,
	);
	const taken = logins.find((one) => one.secret === secret && one.request.status === 201);
	const since = taken?.request.answeredAt ?? Infinity;
	return logins.filter(
		(one) =>
			one.secret !== secret &&
			one.request.status === 401 &&
			(one.request.answeredAt ?? Infinity) >= since,
	).length;
}

/**
 * What the cloud has refused is not sent again for ten minutes.
 *
 * @param {PlayedStorm} played
 * @returns {string[]}
 */
function refusalViolations({ sent, accounts }) {
	const working = new Set(accounts.flatMap((account) => [...account.working]));
	/** @type {Map<string, import('../../../simulator/request-log').LoggedRequest>} */
	const refused = new Map();
	/** @type {string[]} */
	const found = [];
	for (const { request, secret, execution } of sent) {
		// A token that was revoked is refused to all who have just sent it.
		if (working.has(secret)) continue;
		const { at, answeredAt = Infinity } = request;
		// n8n goes on with a login whose execution has ended, and all learn what it comes to.
		const isCutOff = request.kind !== 'login' && answeredAt >= execution.endedAt;
		const isMissed = answeredAt - at >= LOGIN_TIMEOUT_MS || isCutOff;
		if (request.status !== 401 || isMissed) continue;
		const last = refused.get(secret);
		const isRemembered = last && request.at < last.at + TEN_MINUTES_MS;
		// Nobody waits for an answer to somebody else for longer.
		const isSlow =
			last && (last.answeredAt ?? Infinity) > request.at && request.at >= last.at + TRIAL_MS;
		if (isRemembered && !isSlow) {
			found.push(`${secret}: refused again after ${(request.at - last.at) / 1000} s`);
		}
		refused.set(secret, request);
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

/** For so long what one execution has asked for counts for another one. */
const AT_ONCE_MS = 5_000;

/**
 * While one execution is at work on a server, no other of its account asks for the same soon after.
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
				.find((one) => one.request.serverIds.includes(id) && isSame(one, second, id));
			if (!first || first.execution === second.execution) continue;
			if (isContested(id, first, second, executions)) continue;
			const { taskState } = cloud.server(id)?.stateAt(second.request.at) ?? {};
			const isUnderWay = UNDER_WAY[actionOf(second.request)].includes(String(taskState));
			if (isUnderWay && isAtWork(first, id, second) && shares(second, id, first)) {
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
 * Whether another execution of the account has asked, or may be about to ask, for another action on the server
 * meanwhile: that makes it worth asking again.
 *
 * @param {string} id
 * @param {Sent} first
 * @param {Sent} second
 * @param {Execution[]} executions
 */
function isContested(id, first, second, executions) {
	return executions.some(
		(one) =>
			one.ids.includes(id) &&
			one.beganAt <= second.request.at &&
			one.endedAt >= first.request.at &&
			one.secrets.has(second.secret) &&
			one.plan.operation in ACTIONS &&
			!isAlike(one, second.execution, id),
	);
}

/** What the actions are called in the books. */
const ACTIONS = { start: 'start', stop: 'stop', restart: 'reboot' };

/** @param {Sent} one @param {Sent} other @param {string} id */
function isSame(one, other, id) {
	return one.secret === other.secret && isAlike(one.execution, other.execution, id);
}

/**
 * Whether two executions of an account ask for the same action on a server, in the same version of the API.
 *
 * @param {Execution} one
 * @param {Execution} other
 * @param {string} id
 */
function isAlike(one, other, id) {
	const { operation } = one.plan;
	return (
		operation === other.plan.operation &&
		versionOf(one) === versionOf(other) &&
		(operation === 'start' || wishes(one, id, 'forceful') === wishes(other, id, 'forceful'))
	);
}

/**
 * Whether an item that means a server wants something of it.
 *
 * @param {Execution} execution
 * @param {string} id
 * @param {'waitUntilDone' | 'forceful'} name
 */
function wishes({ plan, ids }, id, name) {
	return plan.items.some(({ wait, odd, unreadable }, item) => {
		if (ids[item] !== id || unreadable) return false;
		if (odd?.name === name && (name !== 'forceful' || plan.operation !== 'start')) {
			return meaning(odd.value) === true;
		}
		return name === 'forceful' ? plan.forceful : wait;
	});
}

/**
 * Whether an execution whose request was accepted was still waiting for a server when another one asked.
 *
 * @param {Sent} first
 * @param {string} id
 * @param {Sent} second
 */
function isAtWork({ request, execution }, id, { request: { at } }) {
	const { status, answeredAt = Infinity } = request;
	const accepted = status === 202 || status === 200;
	const isWaiting = answeredAt > at || wishes(execution, id, 'waitUntilDone');
	return accepted && isWaiting && execution.endedAt > at && at < request.at + limitOf(execution);
}

/**
 * Whether what one execution has asked for should do for another, which asks for the first time: as long as it
 * has no answer, and soon after, if the other one waits for the end.
 *
 * @param {Sent} second
 * @param {string} id
 * @param {Sent} first
 */
function shares({ execution, request: { at } }, id, { request: { at: since, answeredAt } }) {
	const isOpen = (answeredAt ?? Infinity) > at;
	const fails = meaning(execution.plan.options.failIfAlreadyDone ?? false) !== false;
	const waits = wishes(execution, id, 'waitUntilDone') && !fails;
	const hadTime = at < execution.beganAt + limitOf(execution);
	// A request may have had to wait for a login when it was ready to go, from when its time counts.
	return hadTime && (isOpen || (waits && at < since + AT_ONCE_MS - SLACK_MS));
}

/** @param {Execution} execution */
function limitOf({ plan: { options } }) {
	return waitTimeoutMs(options) - SLACK_MS;
}

module.exports = { stormViolations };
