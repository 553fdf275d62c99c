// @ts-check
'use strict';

const { mustRefuse } = require('../inputs');

/**
 * What must hold of an execution that only reads.
 *
 * @typedef {import('./play').Execution} Execution
 * @typedef {import('../play').Played} Played
 */

/**
 * @param {Execution} execution
 * @param {Played} played
 * @returns {string[]}
 */
function readViolations({ plan, thrown }, played) {
	if (thrown) return thrown.name === 'NodeOperationError' ? [] : [`threw a ${thrown.name}`];
	return plan.items.flatMap((item, index) => {
		const its = played.output
			.filter(({ pairedItem }) => /** @type {any} */ (pairedItem)?.item === index)
			.map(({ json }) => /** @type {any} */ (json));
		const error = its[0]?.error;
		const texts = error
			? [reasonViolation(error.reason, mayRefuse(plan, item), index, played)]
			: [shownViolation(its, plan.operation, index, played)];
		return texts.filter(Boolean).map((text) => `item ${index} (${JSON.stringify(its)}): ${text}`);
	});
}

/**
 * @param {{ id: string, status: string }[]} shown
 * @param {string} operation
 * @param {number} index
 * @param {Played} played
 * @returns {string | undefined}
 */
function shownViolation(shown, operation, index, played) {
	const { ids, cloud, beganAt, endedAt } = played;
	if (operation === 'get' && (shown.length !== 1 || shown[0].id !== ids[index])) {
		return `should be about ${ids[index]}`;
	}
	if (new Set(shown.map(({ id }) => id)).size < shown.length) return 'shows a server twice';
	for (const { id, status } of shown) {
		const server = cloud.server(id);
		if (!server) return `${id} is not there`;
		const during = server.history.filter(({ at }) => at > beganAt && at <= endedAt);
		if (![server.stateAt(beganAt), ...during].some((state) => state.status === status)) {
			return `${id} was not ${status} at that time`;
		}
	}
	return undefined;
}

/**
 * @param {import('./scenario').ExecutionPlan} plan
 * @param {import('../scenario').ItemPlan} item
 */
function mayRefuse({ options }, item) {
	return mustRefuse(/** @type {any} */ ({ operation: 'start', options }), {
		...item,
		odd: undefined,
	});
}

/** @type {Record<string, unknown[]>} */
const TROUBLE = {
	throttled: [429, 413, 202],
	unavailable: [500, 502, 503, 504],
	unreachable: ['dropped', 'open'],
};

/**
 * @param {string} reason
 * @param {boolean} isRefused its input means nothing
 * @param {number} index
 * @param {Played} played
 * @returns {string | undefined}
 */
function reasonViolation(reason, isRefused, index, played) {
	const { cloud, ids, wasSlow } = played;
	const { entries } = cloud.requests;
	const server = cloud.server(ids[index]);
	switch (reason) {
		case 'notFound':
			return !server || server.deleted ? undefined : 'the server exists';
		case 'unauthorized':
			return played.wasRefused ? undefined : 'its credential was never refused';
		case 'throttled':
		case 'unavailable':
		case 'unreachable': {
			const had = entries.some(
				({ status, at, answeredAt = Infinity }) =>
					TROUBLE[reason].includes(status) || (reason === 'unreachable' && answeredAt - at >= 900),
			);
			return had || (reason === 'unreachable' && wasSlow)
				? undefined
				: `the cloud was never ${reason}`;
		}
		case 'timedOut':
			// How long it took is looked at for all operations alike.
			return undefined;
		case 'invalidInput':
			// A gateway, or a Nova, that has no such call.
			return isRefused || entries.some(({ status }) => status === 404 || status === 300)
				? undefined
				: 'the input was fine';
		default:
			return `reason ${reason} is not expected here`;
	}
}

module.exports = { readViolations };
