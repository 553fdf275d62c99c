// @ts-check
'use strict';

/**
 * Faults on demand: what goes wrong between a client and the cloud. A rule says which requests it
 * meets and what they get instead of, or on top of, the cloud's own answer.
 *
 * @typedef {import('./clock').Clock} Clock
 * @typedef {import('./request-log').RequestKind} RequestKind
 *
 * @typedef {object} Match all given ones must hold
 * @property {RequestKind | RequestKind[]} [kind]
 * @property {string} [method]
 * @property {RegExp | string} [path] searched in path and query; a string is a regular expression
 * @property {string} [serverId]
 * @property {number} [pageOver] asks for a page of more servers than this
 *
 * @typedef {'throttled' | 'overLimit' | 'gatewayThrottled' | 'oldGatewayThrottled' | 'flowLimit202'
 *   | 'flowLimit429' | 'internalError' | 'badGateway' | 'serviceUnavailable' | 'gatewayTimeout'
 *   | 'quotaExceeded' | 'policyForbids' | 'tokenRefused' | 'apiNotPublished' | 'apiNotFound' | 'noRoute'
 *   | 'apigeeFault' | 'emptyNotFound'} PresetName
 *
 * @typedef {object} Effect
 * @property {PresetName} [preset] a known answer
 * @property {number} [status] an answer of one's own
 * @property {Record<string, string>} [headers]
 * @property {string | object} [body] an object is sent as JSON
 * @property {number} [retryAfter] seconds, for the Retry-After header; below zero with retryAfterAsDate: in the past
 * @property {boolean} [retryAfterAsDate] sends that header as an HTTP date
 * @property {boolean} [afterEffect] the cloud does what was asked, and the answer is lost for this one
 * @property {'before' | 'after'} [drop] cuts the connection before or after the effect
 * @property {'before' | 'after'} [hang] never answers; before or after the effect
 * @property {boolean} [forgetMarker] the server after which a page begins is deleted just before
 * @property {number} [delayBefore] seconds until the effect
 * @property {number} [delayAfter] seconds from the effect to the answer
 *
 * @typedef {object} Rule
 * @property {RequestKind | Match} [match] default: every request
 * @property {number} [times] how many requests it meets; default all
 * @property {number} [after] lets so many matching requests pass first
 * @property {number} [from] milliseconds since the epoch: an outage by the clock
 * @property {number} [until]
 * @property {Effect | PresetName | 'drop' | 'dropAfter' | 'hang'} then
 *
 * @typedef {object} RateLimit a fixed window, as API gateways have it
 * @property {number} requests
 * @property {number} seconds
 * @property {RequestKind | Match} [match]
 * @property {number} [retryAfter]
 *
 * @typedef {object} Facts what rules look at
 * @property {string} method
 * @property {string} url
 * @property {RequestKind} kind
 * @property {string[]} serverIds
 * @property {string} requestId
 */

/**
 * @typedef {object} FaultAnswer
 * @property {number} status
 * @property {Record<string, string>} headers
 * @property {string} body
 */

/**
 * @param {string} code
 * @param {string} message
 * @param {string} requestId
 */
function gatewayBody(code, message, requestId) {
	return { error_code: code, error_msg: message, request_id: requestId.replace(/^req-/, '') };
}

const RATE_TEXT = 'The throttling threshold has been reached: policy user over ratelimit,';

/** @type {Record<PresetName, (requestId: string) => { status: number, body: string | object, headers?: Record<string, string> }>} */
const PRESETS = {
	throttled: (requestId) => ({
		status: 429,
		body: gatewayBody('APIGW.0308', `${RATE_TEXT}limit:200,time:5 minute`, requestId),
	}),
	gatewayThrottled: (requestId) => ({
		status: 429,
		body: gatewayBody('APIGW.0308', `${RATE_TEXT}limit:10,time:1 second`, requestId),
	}),
	oldGatewayThrottled: (requestId) => ({
		status: 429,
		body: gatewayBody('APIG.0308', `${RATE_TEXT}limit:200,time:1 minute`, requestId),
	}),
	flowLimit429: () => ({
		status: 429,
		body: { error: { code: 'Common.1503', message: 'API flow control.' } },
	}),
	flowLimit202: () => ({
		status: 202,
		body: { error: { code: 'Common.0024', message: 'Exceeds flow over limit.' } },
	}),
	overLimit: () => ({
		status: 413,
		body: {
			overLimit: { code: 413, message: 'This request was rate-limited.', retryAfter: '2' },
		},
	}),
	quotaExceeded: () => ({
		status: 403,
		body: { forbidden: { code: 403, message: 'Quota exceeded for instances' } },
	}),
	policyForbids: () => ({
		status: 403,
		body: {
			error: {
				code: 'Pdp.0001',
				message: "Policy doesn't allow ecs:servers:start to be performed.",
			},
		},
	}),
	tokenRefused: () => ({
		status: 401,
		body: {
			error: {
				code: 401,
				title: 'Unauthorized',
				message: 'The request you have made requires authentication.',
			},
		},
	}),
	internalError: () => ({
		status: 500,
		body: {
			computeFault: {
				code: 500,
				message:
					'Unexpected API Error. Please report this at http://bugs.launchpad.net/nova/ and attach the Nova API log if possible.',
			},
		},
	}),
	badGateway: () => ({
		status: 502,
		headers: { 'content-type': 'text/html' },
		body: '<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n',
	}),
	serviceUnavailable: () => ({
		status: 503,
		body: {
			message:
				'The server is currently unavailable. Please try again at a later time.<br /><br />\nThe Keystone service is temporarily unavailable.\n\n',
			code: '503 Service Unavailable',
			title: 'Service Unavailable',
		},
	}),
	gatewayTimeout: () => ({ status: 504, body: '' }),
	// A gateway in front of the cloud knows no such path: each says so in its own way.
	apiNotPublished: (requestId) => ({
		status: 404,
		body: gatewayBody(
			'APIGW.0101',
			'The API does not exist or has not been published in the environment',
			requestId,
		),
	}),
	apiNotFound: (requestId) => ({
		status: 404,
		body: { message: 'API not found', request_id: requestId.replace(/^req-/, '') },
	}),
	noRoute: () => ({ status: 404, body: { message: 'no Route matched with those values' } }),
	apigeeFault: () => ({
		status: 404,
		body: {
			fault: {
				faultstring: 'Unable to identify proxy for host: secure and url: /v2.1',
				detail: { errorcode: 'messaging.adaptors.http.flow.ApplicationNotFound' },
			},
		},
	}),
	emptyNotFound: () => ({ status: 404, body: '' }),
};

/** @type {Record<'drop' | 'dropAfter' | 'hang', Effect>} */
const SHORT_EFFECTS = {
	drop: { drop: 'before' },
	dropAfter: { drop: 'after' },
	hang: { hang: 'before' },
};

/**
 * @param {Rule['then']} then
 * @returns {Effect}
 */
function toEffect(then) {
	if (typeof then !== 'string') return then;
	if (then === 'drop' || then === 'dropAfter' || then === 'hang') return SHORT_EFFECTS[then];
	if (!(then in PRESETS)) throw new Error(`No such fault: ${String(then)}`);
	return { preset: then };
}

/**
 * @param {Rule['match']} match
 * @param {Facts} facts
 * @returns {boolean}
 */
function matches(match, facts) {
	if (match === undefined) return true;
	if (typeof match === 'string') return match === facts.kind;
	const { kind, method, path, serverId, pageOver } = match;
	return (
		(kind === undefined || [kind].flat().includes(facts.kind)) &&
		(method === undefined || method.toUpperCase() === facts.method) &&
		(path === undefined || new RegExp(path).test(facts.url)) &&
		(serverId === undefined || facts.serverIds.includes(serverId.toLowerCase())) &&
		(pageOver === undefined || pageLength(facts.url) > pageOver)
	);
}

/**
 * How many servers a list is asked for at most; without a limit, as many as the cloud gives.
 *
 * @param {string} url
 */
function pageLength(url) {
	const limit = new URL(url, 'http://cloud').searchParams.get('limit');
	return limit === null ? Infinity : Number(limit);
}

/**
 * The answer that an effect gives in place of the cloud's; null if it gives none.
 *
 * @param {Effect} effect
 * @param {number} now
 * @param {string} requestId
 * @returns {FaultAnswer | null}
 */
function answerOf(effect, now, requestId) {
	const preset = effect.preset === undefined ? undefined : PRESETS[effect.preset](requestId);
	const status = effect.status ?? preset?.status;
	if (status === undefined) return null;
	const body = effect.body ?? preset?.body ?? '';
	/** @type {Record<string, string>} */
	const headers = {
		'content-type': 'application/json',
		...preset?.headers,
		...effect.headers,
	};
	if (effect.retryAfter !== undefined) {
		headers['retry-after'] = effect.retryAfterAsDate
			? new Date(now + effect.retryAfter * 1000).toUTCString()
			: String(effect.retryAfter);
	}
	return { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) };
}

class Faults {
	/** @param {Clock} clock */
	constructor(clock) {
		this._clock = clock;
		/** @type {Map<number, { rule: Rule, effect: Effect, seen: number, met: number }>} */
		this._rules = new Map();
		this._nextId = 1;
		/** @type {RateLimit | null} */
		this.rateLimit = null;
		this._window = { start: 0, requests: 0 };
	}

	/**
	 * @param {Rule} rule
	 * @returns {number} its id
	 */
	add(rule) {
		const id = this._nextId++;
		this._rules.set(id, { rule, effect: toEffect(rule.then), seen: 0, met: 0 });
		return id;
	}

	/**
	 * An outage of everything, or of what matches, by the clock.
	 *
	 * @param {number} seconds
	 * @param {Partial<Rule>} [rule] default: answers 503
	 */
	outage(seconds, rule = {}) {
		const from = rule.from ?? this._clock.now();
		return this.add({ then: 'serviceUnavailable', ...rule, from, until: from + seconds * 1000 });
	}

	/** @param {number} [id] default: all, the rate limit too */
	clear(id) {
		if (id !== undefined) {
			this._rules.delete(id);
			return;
		}
		this._rules.clear();
		this.rateLimit = null;
		this._window = { start: 0, requests: 0 };
	}

	/** @returns {{ id: number, rule: Rule, met: number }[]} */
	list() {
		return [...this._rules].map(([id, { rule, met }]) => ({ id, rule, met }));
	}

	/**
	 * @param {number} id
	 * @returns {number} how many requests the rule has met so far
	 */
	met(id) {
		return this._rules.get(id)?.met ?? 0;
	}

	/**
	 * What goes wrong with this request; the first rule that applies decides.
	 *
	 * @param {Facts} facts
	 * @returns {Effect | null}
	 */
	next(facts) {
		const limited = this._overLimit(facts);
		if (limited !== null) return limited;
		const now = this._clock.now();
		for (const entry of this._rules.values()) {
			const { rule } = entry;
			if (rule.from !== undefined && now < rule.from) continue;
			if (rule.until !== undefined && now >= rule.until) continue;
			if (rule.times !== undefined && entry.met >= rule.times) continue;
			if (!matches(rule.match, facts)) continue;
			entry.seen++;
			if (entry.seen <= (rule.after ?? 0)) continue;
			entry.met++;
			return entry.effect;
		}
		return null;
	}

	/**
	 * @param {Facts} facts
	 * @returns {Effect | null}
	 */
	_overLimit(facts) {
		const limit = this.rateLimit;
		if (limit === null || !matches(limit.match, facts)) return null;
		const now = this._clock.now();
		const length = limit.seconds * 1000;
		if (now >= this._window.start + length) this._window = { start: now, requests: 0 };
		this._window.requests++;
		if (this._window.requests <= limit.requests) return null;
		const time =
			limit.seconds % 60 === 0 ? `${limit.seconds / 60} minute` : `${limit.seconds} second`;
		return {
			status: 429,
			body: gatewayBody(
				'APIGW.0308',
				`${RATE_TEXT}limit:${limit.requests},time:${time}`,
				facts.requestId,
			),
			retryAfter: limit.retryAfter,
		};
	}
}

module.exports = { Faults, answerOf, PRESETS };
