import type { IExecuteFunctions, IHttpRequestOptions, ILoadOptionsFunctions } from 'n8n-workflow';

import { leave } from '../../nodes/cloud/api/departure';

const CREDENTIAL = {
	cloud: 'otc-eu-de',
	projectId: '77b6a44cba5143ab91d13ab9a8ff44fd',
	token: 'abcd',
};

interface World {
	continueOnFail?: boolean;
	/** How many items come in. */
	items?: number;
	/** One for all items, or one for each; an Error is one that n8n cannot read. */
	credential?: unknown;
	/** Answers each request, as n8n's helper does. */
	respond?: (request: SentRequest) => unknown;
	signal?: AbortSignal;
}

export interface SentRequest {
	method: string;
	url: string;
	qs?: Record<string, string>;
	body?: unknown;
	timeout?: number;
	/** Of what type the credential is that it went with, and what that holds. */
	type?: string;
	credential?: Record<string, unknown>;
}

/**
 * As much of n8n as the node's own files need: parameters by item (an Error is an expression that
 * fails), a credential, requests, On Error.
 */
export function contextWith(
	parameters: Record<string, unknown>,
	{ continueOnFail = false, items = 1, credential = CREDENTIAL, respond, signal }: World = {},
) {
	const sent: SentRequest[] = [];
	const reads: number[] = [];
	const hints: Array<{ message: string; location?: string }> = [];
	const context = {
		getInputData: () => Array.from({ length: items }, () => ({ json: {} })),
		getNodeParameter(name: string, itemIndex: number, preset: unknown) {
			// As in n8n, the preset is for what was not saved; an expression may give undefined.
			if (!(name in parameters)) return preset;
			const value = parameters[name];
			const own = Array.isArray(value) ? (value as unknown[])[itemIndex] : value;
			if (own instanceof Error) throw own;
			return own;
		},
		getCurrentNodeParameter: (name: string) => parameters[name],
		getCredentials: async (_type: string, itemIndex = 0) => {
			reads.push(itemIndex);
			const own: unknown = Array.isArray(credential) ? credential[itemIndex] : credential;
			return own instanceof Error ? await Promise.reject(own) : await Promise.resolve(own);
		},
		getExecutionCancelSignal: () => signal,
		addExecutionHints: (...added: typeof hints) => void hints.push(...added),
		continueOnFail: () => continueOnFail,
		helpers: {
			httpRequestWithAuthentication: async (
				type: string,
				request: SentRequest,
				{
					credentialsDecrypted: { data = {} },
				}: { credentialsDecrypted: { data?: Record<string, unknown> } },
			) => {
				// What our credentials do when they have put their proof on it.
				leave(request as IHttpRequestOptions);
				sent.push({ ...request, type, credential: data });
				return await Promise.resolve(respond?.(request));
			},
		},
		getNode: () => ({
			id: '1',
			name: 'Elastic Cloud Server',
			type: 'elasticCloudServer',
			typeVersion: 1,
			position: [0, 0],
			parameters: {},
		}),
	};
	return { ...context, sent, hints, reads } as unknown as IExecuteFunctions &
		ILoadOptionsFunctions & { sent: SentRequest[]; hints: typeof hints; reads: number[] };
}
