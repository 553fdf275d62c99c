// @ts-check
'use strict';

/**
 * The part of n8n that an execution of the node touches, with the cloud simulator at the other end of
 * its HTTP helper: no sockets, virtual time.
 *
 * @typedef {import('../../simulator').Simulator} Simulator
 * @typedef {import('../../simulator/clock').VirtualClock} VirtualClock
 * @typedef {import('n8n-workflow').IHttpRequestOptions} IHttpRequestOptions
 */

const TOKEN_API = 'elasticCloudServerTokenApi';

/**
 * @param {object} execution
 * @param {Simulator} execution.simulator
 * @param {VirtualClock} execution.clock
 * @param {import('n8n-workflow').ICredentialType} execution.credentialType
 * @param {(Record<string, unknown> | Error)[]} execution.credentials of each item; an Error is one that n8n cannot read
 * @param {Record<string, unknown>[]} execution.parameters of each item
 * @param {string} execution.onError
 * @param {AbortSignal} execution.signal
 */
function createContext({
	simulator,
	clock,
	credentialType,
	credentials,
	parameters,
	onError,
	signal,
}) {
	/** As in n8n: the preset is for what was not saved, and an expression may give undefined. */
	const getNodeParameter = (
		/** @type {string} */ name,
		/** @type {number} */ item,
		/** @type {unknown} */ preset,
	) => (name in parameters[item] ? parameters[item][name] : preset);

	/** @param {string} type */
	async function getCredentials(type, item = 0) {
		if (type !== TOKEN_API) throw new Error(`No credential of type ${type}`);
		const credential = credentials[item];
		if (credential instanceof Error) throw credential;
		return credential;
	}

	/**
	 * @param {string} type
	 * @param {IHttpRequestOptions} request
	 * @param {{ credentialsDecrypted: { data: object } }} more
	 */
	async function httpRequestWithAuthentication(type, request, { credentialsDecrypted }) {
		if (type !== TOKEN_API) throw new Error(`No credential of type ${type}`);
		const authenticate = /** @type {Function} */ (credentialType.authenticate);
		const credential = credentialsDecrypted.data;
		const { url, method, headers, body, qs, timeout } = await authenticate(credential, request);
		const { pathname } = new URL(url);
		const query = new URLSearchParams(qs).toString();
		const sent = simulator.request({
			method,
			url: query ? `${pathname}?${query}` : pathname,
			headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
			body,
		});
		return await answerWithin(timeout, sent, clock);
	}

	return {
		getInputData: () => parameters.map(() => ({ json: {} })),
		getNodeParameter,
		getCredentials,
		getExecutionCancelSignal: () => signal,
		getNode: () => ({ name: 'Elastic Cloud Server', onError }),
		continueOnFail: () => onError !== 'stopWorkflow',
		helpers: { httpRequestWithAuthentication },
	};
}

/**
 * What n8n's helper makes of an answer, of a cut connection, and of none in time.
 *
 * @param {number} ms
 * @param {ReturnType<Simulator['request']>} sent
 * @param {VirtualClock} clock
 */
async function answerWithin(ms, sent, clock) {
	const lost = sent.then(toResponse, () => Promise.reject(networkError('ECONNRESET')));
	const late = clock.sleep(ms).then(() => Promise.reject(networkError('ECONNABORTED')));
	late.catch(() => undefined);
	return await Promise.race([lost, late]);
}

/** @param {Awaited<ReturnType<Simulator['request']>>} response */
function toResponse({ status, headers, body }) {
	return { statusCode: status, headers, body: parse(body) };
}

/** @param {string} text */
function parse(text) {
	try {
		return JSON.parse(text);
	} catch {
		return text;
	}
}

/** @param {string} code */
function networkError(code) {
	return Object.assign(new Error(code), { cause: { code, message: code } });
}

module.exports = { createContext, TOKEN_API };
