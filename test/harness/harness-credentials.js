// @ts-check
'use strict';

/**
 * n8n's CredentialsHelper without its database: defaults and expressions of the stored data,
 * `authenticate` (generic or a function), and `preAuthentication`, whose token is stored.
 */

/**
 * @typedef {{ method: string, url: string }} SeenRequest
 * @typedef {Record<string, any>} Data
 */

/**
 * @param {ReturnType<import('./harness-load').loadCore>} core
 * @param {Record<string, import('n8n-workflow').ICredentialType>} types
 * @param {Record<string, Data>} store  data of each credential type; tokens are stored here
 * @param {{ onRequest: (request: SeenRequest) => Promise<void> }} hooks
 */
function createCredentialsHelper(core, types, store, { onRequest }) {
	let logins = 0;

	return {
		logins: () => logins,
		getParentTypes: () => [],
		isCredentialUsableByNode: () => true,

		/**
		 * @param {unknown} _additionalData
		 * @param {unknown} _reference
		 * @param {string} type
		 * @param {string} mode
		 * @param {unknown} executeData
		 * @param {boolean} raw
		 * @param {any} at  which item's expressions to resolve
		 */
		async getDecrypted(_additionalData, _reference, type, mode, executeData, raw, at) {
			if (!store[type]) throw new Error(`No credential of type "${type}" was given to the run`);
			if (raw) return { ...store[type] };
			const { properties } = types[type];
			// Drops what the form does not show, as n8n does.
			const shown = core.NodeHelpers.getNodeParameters(
				properties,
				structuredClone(store[type]),
				true,
				false,
				null,
				null,
			);
			if (!at) return shown;
			return at.workflow.expression.getParameterValue(
				shown,
				at.runExecutionData,
				at.runIndex,
				at.itemIndex,
				at.node.name,
				at.connectionInputData,
				mode,
				{},
				executeData,
				false,
				shown,
			);
		},

		/**
		 * @param {Data} data
		 * @param {string} type
		 * @param {any} options
		 * @param {any} workflow
		 * @param {any} node
		 */
		async authenticate(data, type, options, workflow, node) {
			await onRequest({ method: options.method ?? 'GET', url: options.url ?? options.uri });
			const { authenticate } = types[type];
			if (typeof authenticate === 'function') {
				return await authenticate.call(types[type], data, options);
			}
			if (authenticate?.type !== 'generic') return options;

			const resolve = (/** @type {any} */ value) =>
				String(value).startsWith('=')
					? String(
							workflow.expression.getSimpleParameterValue(
								node,
								value,
								'internal',
								{ $credentials: data },
								undefined,
								'',
							) || '',
						)
					: value;
			for (const [part, entries] of Object.entries(authenticate.properties)) {
				options[part] ??= {};
				for (const [key, value] of Object.entries(entries ?? {})) {
					options[part][resolve(key)] = resolve(value);
				}
			}
			return options;
		},

		/**
		 * @param {{ helpers: { httpRequest: (options: object) => Promise<unknown> } }} helpers
		 * @param {Data} data
		 * @param {string} type
		 * @param {any} _node
		 * @param {boolean} expired
		 */
		async preAuthentication({ helpers }, data, type, _node, expired) {
			const { properties, preAuthentication } = types[type];
			const token = properties.find(
				(property) => property.type === 'hidden' && property.typeOptions?.expirable,
			)?.name;
			if (!token || !preAuthentication) return undefined;
			if (data[token] !== '' && !expired) return undefined;

			logins++;
			// The one helper that today's n8n leaves to a log-in.
			const context = { helpers: { httpRequest: helpers.httpRequest } };
			const output = await preAuthentication.call(/** @type {any} */ (context), data);
			if (output[token] === undefined) return undefined;
			Object.assign(store[type], output);
			return Object.assign(data, output);
		},
	};
}

module.exports = { createCredentialsHelper };
