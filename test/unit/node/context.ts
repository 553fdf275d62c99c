import type { IExecuteFunctions } from 'n8n-workflow';

/** As much of n8n as the node's own files need: parameters by item, and On Error. */
export function contextWith(
	parameters: Record<string, unknown>,
	{ continueOnFail = false } = {},
): IExecuteFunctions {
	return {
		getNodeParameter(name: string, itemIndex: number, preset: unknown) {
			const value = parameters[name];
			const own = Array.isArray(value) ? (value as unknown[])[itemIndex] : value;
			if (own instanceof Error) throw own;
			return own === undefined ? preset : own;
		},
		continueOnFail: () => continueOnFail,
		getNode: () => ({
			id: '1',
			name: 'Elastic Cloud Server',
			type: 'elasticCloudServer',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		}),
	} as unknown as IExecuteFunctions;
}
