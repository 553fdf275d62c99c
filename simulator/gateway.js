// @ts-check
'use strict';

/** The gateway in front of the APIs, which publishes their calls one by one. */

const { classify } = require('./call');

/** @type {Partial<Record<import('./request-log').RequestKind, string>>} */
const NAMES = {
	start: 'act',
	stop: 'act',
	reboot: 'act',
	action: 'act',
	batch: 'act',
	read: 'read',
	list: 'list',
	'action-log': 'actionLog',
	job: 'job',
};

/**
 * @param {import('./cloud').Cloud} cloud
 * @param {import('./call').Call} call
 */
function isPublished({ settings }, call) {
	const api = call.segments[0] === 'v1' ? 'v1' : 'nova';
	const name = NAMES[classify(call).kind];
	return name === undefined || !settings.unpublished.includes(`${api} ${name}`);
}

module.exports = { isPublished };
