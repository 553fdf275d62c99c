// @ts-check
'use strict';

/**
 * The part of n8n that an execution of the node touches, with the cloud simulator at the other end of
 * its HTTP helper: no sockets, virtual time.
 *
 * @typedef {import('../../simulator').Simulator} Simulator
 * @typedef {import('../../simulator/clock').VirtualClock} VirtualClock
 * @typedef {import('../../simulator/request-log').LoggedRequest} LoggedRequest
 * @typedef {import('n8n-workflow').IHttpRequestOptions} IHttpRequestOptions
 * @typedef {Record<string, unknown>} Credential
 *
 * @typedef {object} CredentialType as far as it is needed here
 * @property {string} name
 * @property {unknown} [authenticate]
 * @property {unknown} [preAuthentication]
 */

/**
 * @param {object} execution
 * @param {Simulator} execution.simulator
 * @param {VirtualClock} execution.clock
 * @param {CredentialType} execution.credentialType
 * @param {(Credential | Error | (() => Promise<Credential>))[]} execution.credentials of each item; an Error is
 *   one that n8n cannot read
 * @param {Record<string, unknown>[]} execution.parameters of each item
 * @param {string} execution.onError
 * @param {AbortSignal} execution.signal
 * @param {(request: LoggedRequest, answer: Promise<Response>, credential: Credential) => void} [execution.onSent]
 * @param {(session: object) => void} [execution.store] keeps what a login has given
 */
function createContext({
	simulator,
	clock,
	credentialType,
	credentials,
	parameters,
	onError,
	signal,
	onSent = () => undefined,
	store = () => undefined,
}) {
	/** As in n8n: the preset is for what was not saved, and an expression may give undefined. */
	const getNodeParameter = (
		/** @type {string} */ name,
		/** @type {number} */ item,
		/** @type {unknown} */ preset,
	) => (name in parameters[item] ? parameters[item][name] : preset);

	/** @param {string} type */
	async function getCredentials(type, item = 0) {
		if (type !== credentialType.name) throw new Error(`No credential of type ${type}`);
		const credential = credentials[item];
		if (credential instanceof Error) throw credential;
		return typeof credential === 'function' ? await credential() : credential;
	}

	/** @param {IHttpRequestOptions} request @param {Credential} credential */
	async function send({ url, method, headers, body, qs, timeout = 0 }, credential) {
		const query = new URLSearchParams(/** @type {Record<string, string>} */ (qs)).toString();
		const sent = simulator.request({
			method,
			url: query ? `${url}?${query}` : url,
			headers: {
				.../** @type {Record<string, string>} */ (headers),
				...(body ? { 'content-type': 'application/json' } : {}),
			},
			body: /** @type {object} */ (body),
		});
		const answer = answerWithin(timeout, sent, clock);
		// The books are opened before a request waits for anything.
		const logged = simulator.cloud.requests.entries.at(-1);
		if (logged) onSent(logged, answer, credential);
		return await answer;
	}

	/**
	 * As n8n does it: without a session it logs in, stores what that gives, and proves with it.
	 *
	 * @param {string} type
	 * @param {IHttpRequestOptions} request
	 * @param {{ credentialsDecrypted: { data: Credential } }} more
	 */
	async function httpRequestWithAuthentication(type, request, { credentialsDecrypted }) {
		if (type !== credentialType.name) throw new Error(`No credential of type ${type}`);
		const { authenticate, preAuthentication } = /** @type {Record<string, Function>} */ (
			/** @type {object} */ (credentialType)
		);
		const credential = credentialsDecrypted.data;
		if (preAuthentication && credential.sessionToken === '') {
			const httpRequest = async (/** @type {IHttpRequestOptions} */ login) =>
				await send(login, credential);
			const session = await preAuthentication.call({ helpers: { httpRequest } }, credential);
			store(session);
			Object.assign(credential, session);
		}
		return await send(await authenticate(credential, request), credential);
	}

	return {
		getInputData: () => parameters.map(() => ({ json: {} })),
		getNodeParameter,
		getCredentials,
		getExecutionCancelSignal: () => signal,
		getNode: () => ({ name: 'Elastic Cloud Server', type: 'elasticCloudServer', onError }),
		continueOnFail: () => onError !== 'stopWorkflow',
		helpers: { httpRequestWithAuthentication },
	};
}

/** @typedef {{ statusCode: number, headers: Record<string, string>, body: unknown }} Response */

/**
 * What n8n's helper makes of an answer, of a cut connection, and of none in time.
 *
 * @param {number} ms
 * @param {ReturnType<Simulator['request']>} sent
 * @param {VirtualClock} clock
 * @returns {Promise<Response>}
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

module.exports = { createContext };
