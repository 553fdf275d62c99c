// @ts-check
'use strict';

/**
 * Small stand-ins for the few nodes of n8n-nodes-base that our examples use: the real ones would
 * bring 180 MB. They know what the examples set, no more.
 */

/**
 * @typedef {import('n8n-workflow').IExecuteFunctions} IExecuteFunctions
 * @typedef {import('n8n-workflow').INodeExecutionData} Item
 */

/**
 * @param {string} name
 * @param {string[]} parameters
 * @param {(this: IExecuteFunctions, items: Item[]) => Item[]} execute
 * @param {'trigger' | 'transform'} [group]
 */
function standIn(name, parameters, execute, group = 'transform') {
	return {
		description: {
			name,
			displayName: name,
			description: '',
			group: [group],
			version: [1, 2, 3, 4],
			defaults: { name },
			inputs: group === 'trigger' ? [] : ['main'],
			outputs: ['main'],
			properties: parameters.map((parameter) => ({
				name: parameter,
				displayName: parameter,
				type: 'json',
				default: '',
			})),
		},
		/** @this {IExecuteFunctions} */
		async execute() {
			return [execute.call(this, this.getInputData())];
		},
	};
}

/** @type {(items: Item[]) => Item[]} */
const passOn = (items) => items;

/** Sets fields by JSON or one by one. @type {(this: IExecuteFunctions, items: Item[]) => Item[]} */
function set(items) {
	return items.map((item, i) => ({
		json: {
			...(this.getNodeParameter('includeOtherFields', i, false) === true ? item.json : {}),
			...(this.getNodeParameter('mode', i, 'manual') === 'raw'
				? parsed(this.getNodeParameter('jsonOutput', i))
				: assigned(this.getNodeParameter('assignments', i))),
		},
		pairedItem: { item: i },
	}));
}

/** @param {any} value */
const parsed = (value) => (typeof value === 'string' ? JSON.parse(value) : value);

/** @param {any} value */
const assigned = (value) =>
	Object.fromEntries(
		(value?.assignments ?? []).map((/** @type {any} */ field) => [field.name, field.value]),
	);

/** One item for each entry of a list. @type {(this: IExecuteFunctions, items: Item[]) => Item[]} */
function splitOut(items) {
	return items.flatMap((item, i) => {
		const field = String(this.getNodeParameter('fieldToSplitOut', i));
		const entries = /** @type {any[]} */ (item.json[field] ?? []);
		return entries.map((entry) => ({
			json: typeof entry === 'object' ? entry : { [field]: entry },
			pairedItem: { item: i },
		}));
	});
}

/** All items as one. @type {(this: IExecuteFunctions, items: Item[]) => Item[]} */
function aggregate(items) {
	const into = String(this.getNodeParameter('destinationFieldName', 0) || 'data');
	const fields = String(this.getNodeParameter('fieldsToInclude', 0)).split(/, */).filter(Boolean);
	const kept = (/** @type {[string, unknown]} */ [name]) =>
		fields.length === 0 || fields.includes(name);
	const list = items.map(({ json }) => Object.fromEntries(Object.entries(json).filter(kept)));
	return [{ json: { [into]: list }, pairedItem: items.map((_, item) => ({ item })) }];
}

const all = [
	standIn('manualTrigger', [], passOn, 'trigger'),
	standIn('scheduleTrigger', ['rule'], passOn, 'trigger'),
	standIn('webhook', ['path'], passOn, 'trigger'),
	standIn('set', ['mode', 'jsonOutput', 'assignments', 'includeOtherFields'], set),
	standIn('splitOut', ['fieldToSplitOut'], splitOut),
	standIn('aggregate', ['destinationFieldName', 'fieldsToInclude'], aggregate),
	standIn('noOp', [], passOn),
	standIn('stickyNote', [], passOn),
];

/** By full type name. @type {Record<string, import('n8n-workflow').INodeType>} */
const standInNodes = Object.fromEntries(
	all.map((node) => [`n8n-nodes-base.${node.description.name}`, /** @type {any} */ (node)]),
);

module.exports = { standInNodes };
