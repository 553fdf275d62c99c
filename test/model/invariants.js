// @ts-check
'use strict';

const { mustRefuse } = require('./inputs');
const { GATEWAYS_404 } = require('./scenario');

/**
 * What must hold after any run, read from the simulator's own books.
 *
 * @typedef {import('./scenario').Scenario} Scenario
 * @typedef {import('./play').Played} Played
 * @typedef {import('../../simulator/server').Server} Server
 * @typedef {import('../../simulator/server').Transition} Transition
 */

/** Waiting for a turn of the loop, and rounding of `seconds`. */
const SLACK_SECONDS = 0.2;

/**
 * @param {Scenario} scenario
 * @param {Played} played
 * @returns {string[]} what does not hold
 */
function violations(scenario, played) {
	const { output, ids, thrown } = played;
	/** @type {string[]} */
	const found = [];
	for (const id of new Set(ids)) {
		for (const text of requestViolations(id, scenario, played)) found.push(`${id}: ${text}`);
	}
	if (thrown) return [...found, ...thrownViolations(thrown, scenario, played)];
	if (output.length !== ids.length) found.push(`${ids.length} items in, ${output.length} out`);
	output.forEach((item, index) => {
		const fate = toFate(item);
		const plan = scenario.items[index];
		const say = (/** @type {string} */ text) =>
			found.push(`item ${index} (${JSON.stringify(item.json)}): ${text}`);
		const paired = /** @type {{ item: number } | undefined} */ (item.pairedItem);
		if (paired?.item !== index) say('is not paired with its input item');
		if (fate.serverId !== ids[index]) say(`should be about ${ids[index]}`);
		if (item.json.error && Object.keys(item.json).length > 1) say('is no item of the error output');
		if (item.json.error && scenario.onError === 'stopWorkflow') say('should have been thrown');
		const texts = mustRefuse(scenario, plan)
			? refusalViolations(fate)
			: itemViolations(fate, scenario, played);
		for (const text of texts) say(text);
	});
	return found;
}

/**
 * @param {Error} thrown
 * @param {Scenario} scenario
 * @param {Played} played
 * @returns {string[]}
 */
function thrownViolations({ message, name, ...error }, scenario, played) {
	const { ids, cloud } = played;
	const say = (/** @type {string} */ text) => `threw ${JSON.stringify(message)}: ${text}`;
	/** @type {string[]} */
	const found = [];
	if (name !== 'NodeOperationError') found.push(say(`that is a ${name}`));
	if (!('description' in error) || !error.description) found.push(say('does not say what to do'));
	const asked = new Set(cloud.requests.entries.flatMap(({ serverIds }) => serverIds));
	const refused = (/** @type {string} */ id) =>
		scenario.items.every((item, index) => ids[index] !== id || mustRefuse(scenario, item));
	const hadWay =
		scenario.faults.length === 0 &&
		cloud.requests.entries.every(({ status }) => Number(status) < 400);
	const forgotten = ids.filter(
		(id) => !asked.has(id) && !refused(id) && !isSpared(id, scenario, played),
	);
	if (hadWay && forgotten.length > 0) found.push(say(`${forgotten.join(', ')} never had its turn`));
	return found;
}

/**
 * Whether a server may be left out of a batch: the look before it shows that it is there already, or
 * that no request helps.
 *
 * @param {string} id
 * @param {Scenario} scenario
 * @param {Played} played
 */
function isSpared(id, scenario, played) {
	if (!mayUseV1(scenario, played)) return false;
	const server = played.cloud.server(id);
	if (!server || wasLocked(server, scenario)) return true;
	return statesDuring(server, scenario, played).some(
		({ status, taskState }) => status !== BEGINS[scenario.operation] || taskState !== null,
	);
}

/**
 * Whether servers may have been asked by batches, of many or of one: then they are looked at before.
 *
 * @param {Scenario} scenario
 * @param {Played} played
 */
function mayUseV1({ options }, { cloud }) {
	if (options.sendAs === 'oneBatchRequest' || options.apiVersion === 'v1') return true;
	// Nova's call was found missing.
	const { entries } = cloud.requests;
	return entries.some(({ method, isUnpublished }) => method === 'POST' && isUnpublished === true);
}

/**
 * @param {Fate} fate
 * @returns {string[]}
 */
function refusalViolations({ reason, attempts }) {
	/** @type {string[]} */
	const found = [];
	if (reason !== 'invalidInput') found.push('its input means nothing');
	if (attempts !== 0) found.push('was asked for, though its input means nothing');
	return found;
}

/**
 * @typedef {object} Fate
 * @property {string} serverId
 * @property {string} [outcome]
 * @property {string} [reason]
 * @property {number} attempts
 * @property {number} [seconds]
 * @property {number} [httpStatus]
 * @property {string} [code]
 * @property {string} [message]
 */

/**
 * @param {import('n8n-workflow').INodeExecutionData} item
 * @returns {Fate}
 */
function toFate({ json }) {
	return /** @type {any} */ (json.error ?? json);
}

/**
 * @param {Fate} fate
 * @param {Scenario} scenario
 * @param {Played} played
 * @returns {string[]}
 */
function itemViolations(fate, scenario, played) {
	const { options } = scenario;
	/** @type {string[]} */
	const found = [];
	const asked = requestsFor(played, fate.serverId, scenario);
	const limit = waitTimeoutMs(options) / 1000;
	const refused = asked.filter(isUnproven);
	const shared = sharedFor(played, fate.serverId, scenario).length;
	const least = asked.length - refused.length - movedOf(asked, scenario).length;
	const most = asked.length + shared + awaitedFor(played, fate.serverId);
	if (fate.attempts < least || fate.attempts > most) {
		found.push(`was asked for ${asked.length} times, and by others ${shared} times`);
	}
	if ((fate.seconds ?? 0) > limit + SLACK_SECONDS) found.push('took longer than Wait Timeout');
	// A server's time begins with its own turn, before which those of other executions come where turns are few.
	const sharesTurns = scenario.rateLimit !== null && played.others.length > 0;
	const isTimed = asked.length > 0 && !sharesTurns;
	if (isTimed && played.endedAt - asked[0].at > longestRun(scenario, played)) {
		found.push('the run went on past every deadline');
	}
	const why = fate.outcome
		? outcomeViolation(fate, scenario, played)
		: reasonViolation(fate, scenario, played);
	return why ? [...found, why] : found;
}

/**
 * A run may last as long as its last server, and a server that was never asked as long as an outage
 * that began while others were waited for.
 *
 * @param {Scenario} scenario
 * @param {Played} played
 */
function longestRun(scenario, { sent }) {
	const starts = sent.filter(({ method }) => method === 'POST').map(({ at }) => at);
	const spread = Math.max(...starts) - Math.min(...starts);
	return 2 * (waitTimeoutMs(scenario.options) + SLACK_SECONDS * 1000) + spread;
}

/**
 * @param {Fate} fate
 * @param {Scenario} scenario
 * @param {Played} played
 * @returns {string | undefined}
 */
function outcomeViolation({ serverId, outcome }, scenario, played) {
	const server = played.cloud.server(serverId);
	// A job is taken with all its servers, before anybody looks whether they exist.
	const inBatch =
		mayUseV1(scenario, played) ||
		sharedFor(played, serverId, scenario).some(({ kind }) => kind === 'batch');
	const jobTaken = outcome === 'accepted' && inBatch;
	if (!server) return jobTaken ? undefined : 'there is no such server';
	const states = statesDuring(server, scenario, played);
	const isAsked =
		requestsFor(played, serverId, scenario).length > 0 ||
		sharedFor(played, serverId, scenario).length > 0;
	switch (outcome) {
		case 'started':
		case 'alreadyRunning':
			return states.some(isRunning) ? undefined : 'it did not run at any time';
		case 'stopped':
		case 'alreadyStopped':
			return states.some(isStopped) ? undefined : 'it was not stopped at any time';
		case 'restarted':
			return rebooted(server, scenario, played) ? undefined : 'it was never rebooted for us';
		case 'accepted':
			// Somebody else had asked for the same.
			if (!isAsked && isSpared(serverId, scenario, played)) return undefined;
			if (!isAsked) return 'it was never asked for';
			return jobTaken || tookAction(server, scenario, played) || states.some(isOnItsWay(scenario))
				? undefined
				: 'nothing of the kind was taken for it';
		default:
			return `there is no outcome ${outcome}`;
	}
}

/**
 * @param {Server} server
 * @param {Scenario} scenario
 * @param {Played} played
 */
function tookAction(server, scenario, played) {
	const wanted = KINDS[scenario.operation];
	const queues = behaviourOf(server, scenario)?.kind === 'queued';
	const since = sinceOf(played, server.id, scenario);
	return queues || server.actions.some(({ action, at }) => action === wanted && at >= since);
}

/** What a server is at while the action of somebody else is under way, which does as well. */
const TASKS = { start: 'powering-on', stop: 'powering-off', restart: undefined };

/**
 * @param {Scenario} scenario
 * @returns {(state: Transition) => boolean}
 */
function isOnItsWay({ operation }) {
	return ({ taskState }) => taskState !== null && taskState === TASKS[operation];
}

/**
 * @param {Server} server
 * @param {Scenario} scenario
 */
function behaviourOf({ name }, { servers, operation }) {
	const plan = servers.find((_, index) => name === `server-${index}`);
	return plan?.[
		/** @type {const} */ ({
			start: 'startBehaviour',
			stop: 'stopBehaviour',
			restart: 'rebootBehaviour',
		})[operation]
	];
}

/**
 * A reboot of somebody else counts where it came right after ours was asked for: nothing that a cloud
 * shows tells the one from the other when our answer was lost.
 *
 * @param {Server} server
 * @param {Scenario} scenario
 * @param {Played} played
 */
function rebooted(server, scenario, played) {
	const [first] = requestsFor(played, server.id, scenario);
	const since = sinceOf(played, server.id, scenario);
	return server.actions.some(
		({ action, at, userId, message }) =>
			action === 'reboot' &&
			message === null &&
			(userId !== 'operator' ? at >= since : at >= (first?.at ?? Infinity) - 1_000),
	);
}

/** From these the cloud takes the operation. */
const BEGINS = { start: 'SHUTOFF', stop: 'ACTIVE', restart: 'ACTIVE' };

/**
 * @param {Fate} fate
 * @param {Scenario} scenario
 * @param {Played} played
 * @returns {string | undefined}
 */
function reasonViolation(fate, scenario, played) {
	const { serverId, reason = '' } = fate;
	const server = played.cloud.server(serverId);
	const states = server ? statesDuring(server, scenario, played) : [];
	const { sendAs, apiVersion } = scenario.options;
	const needsV1 = sendAs === 'oneBatchRequest' || apiVersion === 'v1';
	switch (reason) {
		case 'notFound':
			return !server || server.deleted ? undefined : 'the server exists';
		case 'locked':
			return server && wasLocked(server, scenario) ? undefined : 'it was never locked';
		case 'wrongState': {
			// The cloud refuses a server that is under way as it refuses one in another state.
			const bad = states.some(
				({ status, taskState }) => status !== BEGINS[scenario.operation] || taskState !== null,
			);
			return bad || (server && wasLocked(server, scenario))
				? undefined
				: 'it was always in the right state';
		}
		case 'busy':
			return states.some(isBusy) ? undefined : 'nothing was ever under way';
		case 'startFailed':
		case 'stopFailed':
		case 'restartFailed':
			if (reason !== `${scenario.operation}Failed`) return 'that is another operation';
			if (server && queuedUnseen(server, scenario, played)) return undefined;
			// Without an action log a restart that nobody saw cannot be proved.
			if (server && scenario.operation === 'restart' && logHidden(server, scenario, played)) {
				return undefined;
			}
			return server && actionFailed(server, scenario, played) ? undefined : 'it did not fail';
		case 'timedOut':
			return timedOutViolation(fate, scenario, played, states);
		case 'throttled':
		case 'unavailable':
		case 'unreachable':
			if (reason === 'unreachable' && mayHaveMissed(fate, scenario, played)) return undefined;
			return hadTrouble(reason, scenario, played) ? undefined : `the cloud was never ${reason}`;
		case 'unauthorized':
			return played.wasRefused ? undefined : 'its credential was never refused';
		case 'invalidInput':
			return (needsV1 && !scenario.cloud.v1) || metGateway(serverId, scenario, played)
				? undefined
				: 'the input was fine';
		default:
			return `reason ${reason} is not expected here`;
	}
}

/**
 * @param {Fate} fate
 * @param {Scenario} scenario
 * @param {Played} played
 * @param {Transition[]} states
 */
function timedOutViolation({ serverId }, scenario, played, states) {
	const { pollInterval = 5 } = scenario.options;
	const [first] = requestsFor(played, serverId, scenario);
	const isShared = sharedFor(played, serverId, scenario).length + awaitedFor(played, serverId) > 0;
	if (!first && !isShared) {
		return isSpared(serverId, scenario, played) ? undefined : 'it was never asked for';
	}
	const { faults, rateLimit, cloud } = scenario;
	const isHidden = cloud.republished !== undefined;
	if (faults.length > 0 || rateLimit !== null || isHidden) return undefined;
	// With a cloud that answers, a server that ran for two polls before its deadline was seen to run.
	const askedAt = first?.at ?? played.beganAt;
	const deadline = askedAt + waitTimeoutMs(scenario.options);
	const isOneByOne = !mayUseV1(scenario, played) && scenario.cloud.actionLog;
	if (isOneByOne && fellBack(states, scenario, deadline)) return 'it had fallen back for good';
	const early = deadline - 2000 * Number(pollInterval) - 5000;
	if (early < askedAt) return undefined;
	const last = states.filter(({ at }) => at <= early).at(-1);
	const later = states.filter(({ at }) => at > early && at <= deadline);
	const arrived = scenario.operation === 'stop' ? isStopped : isRunning;
	const sure = scenario.operation !== 'restart';
	return sure && last && arrived(last) && later.length === 0
		? 'it was there before its deadline'
		: undefined;
}

/** What the last look and the list of actions take, and somebody else's turn before them. */
const LAST_LOOK_MS = 3_000;

/**
 * Whether a start was given up by the cloud early enough to be told from one that is under way: it was
 * begun, and the server is off again with nothing to come.
 *
 * @param {Transition[]} states
 * @param {Scenario} scenario
 * @param {number} deadline
 */
function fellBack(states, { operation, interferences }, deadline) {
	if (operation !== 'start' || interferences.length > 0) return false;
	const early = states.filter(({ at }) => at <= deadline - LAST_LOOK_MS);
	const last = early.at(-1);
	return last !== undefined && isStopped(last) && early.some(({ taskState }) => taskState !== null);
}

/**
 * @param {string} id
 * @param {Scenario} scenario
 * @param {Played} played
 * @returns {string[]}
 */
function requestViolations(id, scenario, played) {
	const server = played.cloud.server(id);
	/** @type {string[]} */
	const found = [];
	const asked = requestsFor(played, id, scenario);
	const counted = asked.filter((request) => !namedItsTime(request) && !isUnproven(request));
	const tries = counted.length - movedOf(counted, scenario).length;
	if (tries > Number(scenario.options.maxTries ?? 5)) found.push('was asked for too often');
	const isMeant = scenario.items.some(
		(item, index) => played.ids[index] === id && !mustRefuse(scenario, item),
	);
	if (asked.length > 0 && !isMeant)
		found.push('was asked for, though no input that means it is good');
	if (burntTries(asked)) found.push('all of its tries went within a moment');
	const callers = played.callers.filter((_, index) => played.ids[index] === id).flat();
	if (asked.some(({ caller }) => !callers.includes(caller))) {
		found.push('was asked for with the credential of another item');
	}
	if (!server) return found;
	const knownToRun = (scenario.operation === 'start' ? asked : []).filter((request) => {
		const look = lastLook(scenario, played, id, request);
		return (
			look !== undefined && request.running.includes(id) && ranThroughout(server, look, request.at)
		);
	});
	if (knownToRun.length > 0) found.push('was asked to start though it was known to run');
	const blind = asked.some(
		(next, index) => index > 0 && !sawBetween(played, asked[index - 1], next),
	);
	if (blind) found.push('was asked again after a lost answer, without a look at it');
	const twice = asked.some((next, index) => index > 0 && isLost(asked[index - 1], next));
	if (twice && scenario.operation === 'restart') {
		found.push('was restarted again though the first may have been taken');
	}
	return found;
}

/**
 * The cloud took nothing and said when to come back: that uses up no try.
 *
 * @param {import('../../simulator/request-log').LoggedRequest} request
 */
function namedItsTime({ status, saysWhen }) {
	return status === 429 && saysWhen === true;
}

/**
 * The cloud took nothing, as it refused who asked: with another token it is sent again.
 *
 * @param {import('../../simulator/request-log').LoggedRequest} request
 */
function isUnproven({ status }) {
	return status === 401;
}

/** Each of two APIs is asked twice, and the last of these counts. */
const MOST_MOVED = 3;

/**
 * Where a gateway, or the cloud, does not have the call of one API, the other is asked.
 *
 * @param {import('../../simulator/request-log').LoggedRequest[]} asked
 * @param {Scenario} scenario
 */
function movedOf(asked, { cloud }) {
	return asked
		.filter(({ isUnpublished, path }) => isUnpublished || (!cloud.v1 && path.startsWith('/v1/')))
		.slice(0, MOST_MOVED);
}

const TRIES_OF_A_MOMENT = 4;

/**
 * Whether a cloud that asked to slow down was asked again and again at once, as a Retry-After of zero
 * would have it.
 *
 * @param {import('../../simulator/request-log').LoggedRequest[]} asked
 */
function burntTries(asked) {
	const throttled = asked.filter(({ status }) => status === 429 || status === 503);
	return throttled.some(({ at }, index) => {
		const later = throttled[index + TRIES_OF_A_MOMENT - 1];
		return later !== undefined && later.at - at < 400;
	});
}

const LOST = ['dropped', 'open', 408, 500, 502, 504];

/**
 * @param {import('../../simulator/request-log').LoggedRequest} first
 * @param {import('../../simulator/request-log').LoggedRequest} next
 */
function isLost(first, next) {
	return LOST.includes(/** @type {never} */ (first.status)) || (first.answeredAt ?? 0) > next.at;
}

/**
 * Whether the node looked at the servers between two requests to start one, if the answer to the
 * first was lost.
 *
 * @param {Played} played
 * @param {import('../../simulator/request-log').LoggedRequest} first
 * @param {import('../../simulator/request-log').LoggedRequest} next
 */
function sawBetween({ cloud }, first, next) {
	const { entries } = cloud.requests;
	if (!isLost(first, next)) return true;
	return entries
		.slice(entries.indexOf(first), entries.indexOf(next))
		.some(({ kind, status }) => (kind === 'read' || kind === 'list') && status === 200);
}

/**
 * When the node was last shown this very server, before a request went out.
 *
 * @param {Scenario} scenario
 * @param {Played} played
 * @param {string} id
 * @param {import('../../simulator/request-log').LoggedRequest} request
 */
function lastLook(scenario, played, id, request) {
	const { options } = scenario;
	const { sent, beganAt } = played;
	// A first look that takes longer is given up, and what it shows is not known.
	const share = mayUseV1(scenario, played) ? waitTimeoutMs(options) / 2 : 0;
	// It begins when it is known that it is wanted: at once, or after Nova's call was found missing.
	const isWanted = options.sendAs === 'oneBatchRequest' || options.apiVersion === 'v1';
	const first = sent.find(({ kind }) => kind === 'read' || kind === 'list');
	const end = (isWanted ? beganAt : (first?.at ?? beganAt)) + Math.min(30_000, share);
	const before = sent.slice(0, sent.indexOf(request));
	const isAskedAgain = before.some(
		({ method, serverIds }) => method === 'POST' && serverIds.includes(id),
	);
	return before
		.filter(
			({ kind, serverIds, status, at, answeredAt = Infinity }) =>
				kind === 'read' &&
				serverIds.includes(id) &&
				status === 200 &&
				answeredAt <= request.at &&
				!(answeredAt >= end && (at < end || !isAskedAgain)),
		)
		.at(-1)?.at;
}

/**
 * @param {Server} server
 * @param {number} from
 * @param {number} to
 */
function ranThroughout(server, from, to) {
	const between = server.history.filter(({ at }) => at > from && at <= to);
	return [server.stateAt(from), ...between].every(isRunning);
}

/** What the operations are called in the books. */
const KINDS = { start: 'start', stop: 'stop', restart: 'reboot' };

/**
 * @param {Played} played
 * @param {string} id
 * @param {Scenario} scenario
 */
function requestsFor({ sent }, id, { operation }) {
	return sent.filter(isFor(id, operation));
}

/**
 * What others asked of a server, where that may have served this execution as well.
 *
 * @param {Played} played
 * @param {string} id
 * @param {Scenario} scenario
 */
function sharedFor({ others, endedAt }, id, { operation }) {
	return others.filter((request) => request.at <= endedAt && isFor(id, operation)(request));
}

/**
 * How many others may have been about to ask the same of a server: who waits for them in vain cannot tell
 * whether their request went out.
 *
 * @param {Played} played
 * @param {string} id
 */
function awaitedFor({ companions }, id) {
	return companions.filter((ids) => ids.includes(id)).length;
}

/**
 * @param {string} id
 * @param {Scenario['operation']} operation
 * @returns {(request: import('../../simulator/request-log').LoggedRequest) => boolean}
 */
function isFor(id, operation) {
	return ({ kind, batchAction, serverIds }) =>
		(batchAction ?? kind) === KINDS[operation] && serverIds.includes(id);
}

/**
 * When what an execution can have learnt of a server may have begun: as it did itself, or as what it
 * shares did.
 *
 * @param {Played} played
 * @param {string} id
 * @param {Scenario} scenario
 */
function sinceOf(played, id, scenario) {
	const shared = sharedFor(played, id, scenario).map(({ at }) => at);
	return Math.min(played.beganAt, ...shared);
}

/**
 * @param {Server} server
 * @param {Scenario} scenario
 * @param {Played} played
 * @returns {Transition[]} the state at the beginning, and all that followed
 */
function statesDuring(server, scenario, played) {
	const since = sinceOf(played, server.id, scenario);
	const during = server.history.filter(({ at }) => at > since && at <= played.endedAt);
	return [server.stateAt(since), ...during];
}

/**
 * The cloud takes nothing then: it runs by its own account while its guest is off, too.
 *
 * @param {Transition} state
 */
function isBusy({ status, taskState, powerState }) {
	return taskState !== null || status === 'BUILD' || (status === 'ACTIVE' && powerState !== 1);
}

/** @param {Transition} state */
function isStopped({ status, taskState }) {
	return status === 'SHUTOFF' && taskState === null;
}

/** @param {Transition} state */
function isRunning({ status, taskState, powerState }) {
	return status === 'ACTIVE' && taskState === null && powerState === 1;
}

/**
 * @param {Server} server
 * @param {Scenario} scenario
 */
function wasLocked({ name, actions }, { servers }) {
	const lockedAtFirst = servers.some(({ locked }, index) => locked && name === `server-${index}`);
	return lockedAtFirst || actions.some(({ action }) => action === 'lock');
}

/**
 * Where the cloud shows no action log, a start that it queues for long cannot be told from one that
 * fell back: 30 s without a sign count as failed.
 *
 * @param {Server} server
 * @param {Scenario} scenario
 * @param {Played} played
 */
function queuedUnseen(server, scenario, played) {
	const { kind, seconds = 0 } = behaviourOf(server, scenario) ?? {};
	return logHidden(server, scenario, played) && kind === 'queued' && seconds >= 30;
}

/**
 * Whether the cloud keeps no record of what is done to a server, or a gateway in front of it knows no such path.
 *
 * @param {Server} server
 * @param {Scenario} scenario
 * @param {Played} played
 */
function logHidden({ subJobMissing }, scenario, played) {
	const { cloud } = played;
	// A job of ECS v1 takes its place there.
	if (mayUseV1(scenario, played) && subJobMissing) return true;
	const isMissing = cloud.requests.entries.some(
		({ kind, status }) => ['action-log', 'job'].includes(kind) && status === 404,
	);
	return isMissing || !scenario.cloud.actionLog;
}

/**
 * Whether a gateway refused to pass on a request for an action, which it has: the one for this server, or
 * so often that the call could be taken for missing.
 *
 * @param {string} id
 * @param {Scenario} scenario
 * @param {Played} played
 */
function metGateway(id, { cloud: offer, faults }, { cloud }) {
	const isDrawn = faults.some(({ then }) => GATEWAYS_404.includes(/** @type {any} */ (then)));
	if (!isDrawn && offer.republished === undefined) return false;
	const isThere = (/** @type {string} */ path) =>
		path.startsWith('/v1/')
			? offer.v1 && !offer.unpublished?.includes('v1 act')
			: !offer.unpublished?.includes('nova act');
	const met = cloud.requests.entries.filter(
		({ method, path, isUnpublished }) => method === 'POST' && isUnpublished && isThere(path),
	);
	return met.length > 1 || met.some(({ serverIds }) => serverIds.includes(id));
}

/**
 * @param {Server} server
 * @param {Scenario} scenario
 * @param {Played} played
 */
function actionFailed(server, scenario, played) {
	const { operation } = scenario;
	const wanted = KINDS[operation];
	const since = sinceOf(played, server.id, scenario);
	const failed = server.actions.some(
		({ action, at, message }) => action === wanted && at >= since && message === 'Error',
	);
	const later = server.history.filter(({ at }) => at > since);
	const back = operation === 'stop' ? isRunning : isStopped;
	const cameBack = later.some((state) => back(state) || state.status === 'ERROR');
	const neverBegan = !later.some(({ taskState }) => taskState);
	return failed || cameBack || neverBegan || jobCouldNot(server, scenario, played);
}

/** A job is first looked at one second after it was taken, and not in the last two seconds of a server. */
const LOOK_AT_JOB_MS = 3_000;

/**
 * Whether a job was taken for a server that could not be asked then: the job fails, whatever others do to the
 * server afterwards.
 *
 * @param {Server} server
 * @param {Scenario} scenario
 * @param {Played} played
 */
function jobCouldNot(server, scenario, played) {
	const timeMs = waitTimeoutMs(scenario.options);
	return [
		...requestsFor(played, server.id, scenario),
		...sharedFor(played, server.id, scenario),
	].some(({ kind, status, at, answeredAt = at }) => {
		if (kind !== 'batch' || status !== 200) return false;
		// A job that shows its servers says so of each, and the node looks at it, if there is time for that.
		const isLookedAt = answeredAt + LOOK_AT_JOB_MS < at + timeMs;
		if (isLookedAt && !scenario.cloud.subJobMissing) return false;
		const during = server.history.filter((state) => state.at > at && state.at <= answeredAt);
		return [server.stateAt(at), ...during].some(
			(state) => state.status !== BEGINS[scenario.operation] || state.taskState !== null,
		);
	});
}

/**
 * Whether an answer may have come after all was over, or to others.
 *
 * @param {Fate} fate
 * @param {Scenario} scenario
 * @param {Played} played
 */
function mayHaveMissed({ serverId }, scenario, played) {
	const asked = requestsFor(played, serverId, scenario);
	const shared = sharedFor(played, serverId, scenario);
	const [first] = asked;
	const itsEnd = first ? first.at + waitTimeoutMs(scenario.options) : Infinity;
	const end = Math.min(played.endedAt, itsEnd);
	const late = [...asked, ...shared].some(({ answeredAt = Infinity }) => answeredAt >= end);
	// Its request waits for the login, and may miss its time with it.
	const lateLogin = played.sent.some(
		({ kind, answeredAt = Infinity }) => kind === 'login' && answeredAt >= played.endedAt,
	);
	return late || lateLogin || played.wasSlow || awaitedFor(played, serverId) > 0;
}

const TROUBLE = {
	throttled: [429, 413, 202],
	unavailable: [500, 502, 503, 504],
	unreachable: ['dropped', 'open'],
};

/**
 * @param {'throttled' | 'unavailable' | 'unreachable'} reason
 * @param {Scenario} scenario
 * @param {Played} played
 */
function hadTrouble(reason, scenario, played) {
	const { options } = scenario;
	const { cloud } = played;
	// Of Wait Timeout half is for the look before a batch, and some for gathering it.
	const share = mayUseV1(scenario, played) ? 0.35 : 0.9;
	const late = Math.min(900, share * waitTimeoutMs(options));
	return cloud.requests.entries.some(
		({ status, at, answeredAt = Infinity }) =>
			TROUBLE[reason].includes(/** @type {never} */ (status)) ||
			// An answer that came too late was none.
			(reason === 'unreachable' && answeredAt - at >= late),
	);
}

/**
 * Wait Timeout, as it is set or by default, in milliseconds.
 *
 * @param {Scenario['options']} options
 */
function waitTimeoutMs({ waitTimeout }) {
	return 1000 * Number(waitTimeout ?? 300);
}

module.exports = { isRunning, isStopped, violations, waitTimeoutMs };
