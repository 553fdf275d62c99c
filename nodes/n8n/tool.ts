import type { IExecuteFunctions, INode } from 'n8n-workflow';

/** Whether the node is a tool of an AI agent: n8n makes a type of its own of it, and gives no other sign. */
export function isTool(context: { getNode(): INode }): boolean {
	return context.getNode().type.endsWith('Tool');
}

/** Whether what failed becomes an item. As a tool it must not take the error output, where no model reads it. */
export function goesOn(context: IExecuteFunctions): boolean {
	const { onError } = context.getNode();
	return context.continueOnFail() && !(isTool(context) && onError === 'continueErrorOutput');
}
