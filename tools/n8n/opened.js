'use strict';

/**
 * What is there once something has been opened.
 * @template T
 * @param {T | undefined} value
 * @returns {T}
 * @throws when it has not been opened yet
 */
function opened(value) {
	if (value === undefined) throw new Error('It has not been opened yet');
	return value;
}

module.exports = { opened };
