// @ts-check
'use strict';

/**
 * What an item's own input lets happen to it, whatever the cloud does.
 *
 * @typedef {import('./scenario').Scenario} Scenario
 * @typedef {import('./scenario').ItemPlan} ItemPlan
 */

/**
 * Whether nothing may be sent for an item, as n8n cannot read its credential, or a value that it needs
 * means nothing.
 *
 * @param {Scenario} scenario
 * @param {ItemPlan} item
 * @returns {boolean}
 */
function mustRefuse({ operation, options }, { odd, unreadable = false }) {
	const isShown = odd !== undefined && (odd.name === 'waitUntilDone' || operation !== 'start');
	return (
		unreadable ||
		(isShown && meaning(odd.value) === undefined) ||
		('failIfAlreadyDone' in options && meaning(options.failIfAlreadyDone) === undefined)
	);
}

/**
 * True or false, also as a word; anything else is neither.
 *
 * @param {unknown} value
 * @returns {boolean | undefined}
 */
function meaning(value) {
	if (typeof value === 'boolean') return value;
	const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
	return word === 'true' || word === 'false' ? word === 'true' : undefined;
}

module.exports = { meaning, mustRefuse };
