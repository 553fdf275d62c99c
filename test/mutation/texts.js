'use strict';

/**
 * Tells StrykerJS to leave texts for people alone: one with a blank in it. Whether such a text says the right
 * thing no emptied one can show; those who change it see it in docs/faults.md. Words that decide (`'notFound'`)
 * have no blank, and are changed.
 */
exports.strykerPlugins = [
	{
		kind: 'Ignore',
		name: 'texts',
		value: {
			/** @param {{ isStringLiteral(): boolean, node: { value?: unknown } }} path */
			shouldIgnore: (path) =>
				path.isStringLiteral() && String(path.node.value).includes(' ')
					? 'a text for people'
					: undefined,
		},
	},
];
