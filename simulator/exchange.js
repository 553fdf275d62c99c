// @ts-check
'use strict';

/** One request through the cloud, with whatever is made to go wrong with it. */

const { callerOf, classify, toCall } = require('./call');
const { control } = require('./control');
const { ecsV1 } = require('./ecs-v1');
const { answerOf } = require('./faults');
const { isPublished } = require('./gateway');
const { iam } = require('./iam');
const { nova } = require('./nova');
const { smn } = require('./smn-answers');

/**
 * @typedef {import('./call').Call} Call
 * @typedef {import('./call').Answer} Answer
 * @typedef {import('./cloud').Cloud} Cloud
 * @typedef {import('./faults').Effect} Effect
 *
 * @typedef {object} RawRequest
 * @property {string} method
 * @property {string} url path and query, as sent
 * @property {Record<string, string | string[] | undefined>} headers names in lower case
 * @property {Buffer} body
 *
 * @typedef {object} Exchange
 * @property {(raw: RawRequest, whenGone?: (end: () => void) => void) => Promise<Answer | 'dropped'>} answer
 *   `whenGone` is handed what to call when the client gives up
 * @property {() => void} endHanging lets go of all requests that would never be answered
 */

/**
 * @param {Cloud} cloud
 * @param {Call} call
 * @returns {Answer}
 */
function dispatch(cloud, call) {
	const [root] = call.segments;
	const { unpublishedAs: preset } = cloud.settings;
	const refusal = isPublished(cloud, call) ? null : answerOf({ preset }, cloud.now, call.requestId);
	if (refusal !== null) return refusal;
	if (root === 'v3') return iam(cloud, call);
	if (root === 'smn') return smn(cloud, call);
	if (root === 'v1' && cloud.settings.v1) return ecsV1(cloud, call);
	return nova(cloud, call);
}

/**
 * @param {Answer} answer
 * @returns {Answer}
 */
function withoutRequestIds({ status, headers, body }) {
	const kept = Object.entries(headers).filter(([name]) => !name.endsWith('request-id'));
	return { status, headers: Object.fromEntries(kept), body };
}

/**
 * Whether a gateway says that it has no such call: a service would say what it misses by a code of its own.
 *
 * @param {Answer} answer
 */
function isGateways404({ status, body }) {
	return status === 404 && !/itemNotFound|"(Ecs|Common)\./.test(body);
}

/**
 * @param {Cloud} cloud
 * @returns {Exchange}
 */
function createExchange(cloud) {
	/** @type {Set<() => void>} what ends each request that hangs */
	const hanging = new Set();

	/** @type {Exchange['answer']} */
	async function answer(raw, whenGone = () => {}) {
		const call = toCall(raw, cloud.newRequestId());
		if (call.segments[0] === '_control') return control(cloud, call);

		// While a request is worked on, a virtual clock stands still.
		const release = cloud.clock.hold?.() ?? (() => {});
		const about = classify(call);
		/** @type {import('./request-log').LoggedRequest} */
		const entry = {
			at: cloud.now,
			method: call.method,
			path: call.url,
			...about,
			status: 'open',
			running: about.serverIds.filter((id) => cloud.wasRunning(id)),
			caller: callerOf(call),
		};
		cloud.requests.open(entry);
		/** @type {Answer | 'dropped'} */
		let result = 'dropped';
		try {
			const { method, url, requestId } = call;
			const effect = cloud.faults.next({ method, url, requestId, ...about });
			result = await suffer(effect ?? {}, call, whenGone, release);
			if (result !== 'dropped') {
				entry.saysWhen = 'retry-after' in result.headers;
				entry.isUnpublished = isGateways404(result);
			}
		} finally {
			cloud.requests.close(entry, result === 'dropped' ? 'dropped' : result.status, cloud.now);
			release();
		}
		return result;
	}

	/**
	 * @param {Effect} effect
	 * @param {Call} call
	 * @param {(end: () => void) => void} whenGone
	 * @param {() => void} release
	 * @returns {Promise<Answer | 'dropped'>}
	 */
	async function suffer(effect, call, whenGone, release) {
		// Half of the way there, half of it back: what is asked happens in between.
		const halfWay = cloud.settings.latencyMs / 2;
		await pause(halfWay + (effect.delayBefore ?? 0) * 1000, release);
		if (effect.hang === 'before') return await hang(whenGone, release);
		if (effect.drop === 'before') return 'dropped';
		if (effect.forgetMarker) cloud.removeServer(call.query.get('marker') ?? '');
		const instead = answerOf(effect, cloud.now, call.requestId);
		const real = instead === null || effect.afterEffect ? dispatch(cloud, call) : null;
		await pause(halfWay + (effect.delayAfter ?? 0) * 1000, release);
		if (effect.hang === 'after') return await hang(whenGone, release);
		if (effect.drop === 'after') return 'dropped';
		const given = instead ?? /** @type {Answer} */ (real);
		return cloud.settings.requestIds ? given : withoutRequestIds(given);
	}

	/**
	 * @param {number} ms
	 * @param {() => void} release
	 */
	async function pause(ms, release) {
		if (ms <= 0) return;
		release();
		await cloud.clock.sleep(ms);
	}

	/**
	 * Never answers; ends when the client gives up or the simulator closes.
	 *
	 * @param {(end: () => void) => void} whenGone
	 * @param {() => void} release
	 * @returns {Promise<'dropped'>}
	 */
	function hang(whenGone, release) {
		release();
		return new Promise((resolve) => {
			const end = () => {
				hanging.delete(end);
				resolve('dropped');
			};
			hanging.add(end);
			whenGone(end);
		});
	}

	return { answer, endHanging: () => hanging.forEach((end) => end()) };
}

module.exports = { createExchange };
