import type { INode } from 'n8n-workflow';

import { goesOn, isTool } from '../../../nodes/n8n/tool';
import { contextWith } from '../context';

const inNode = (node: Partial<INode>, continueOnFail = false) => {
	const context = contextWith({}, { continueOnFail });
	return { ...context, getNode: () => ({ ...context.getNode(), ...node }) };
};

test.each([
	['elasticCloudServer', false],
	['elasticCloudServerTool', true],
])('a node of the type %s is a tool: %s', (type, expected) => {
	expect(isTool(inNode({ type }))).toBe(expected);
});

describe('what failed becomes an item', () => {
	test.each<[string, INode['onError'], boolean]>([
		['elasticCloudServer', 'continueRegularOutput', true],
		['elasticCloudServer', 'continueErrorOutput', true],
		['elasticCloudServerTool', 'continueRegularOutput', true],
		['elasticCloudServerTool', 'continueErrorOutput', false],
	])('of %s with On Error on %s: %s', (type, onError, expected) => {
		expect(goesOn(inNode({ type, onError }, true))).toBe(expected);
	});

	test('on Stop Workflow never', () => {
		expect(goesOn(inNode({ onError: 'stopWorkflow' }))).toBe(false);
	});
});
