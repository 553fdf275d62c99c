// @ts-check
'use strict';

/**
 * What was asked of the cloud, and what it answered.
 *
 * @typedef {'start' | 'stop' | 'reboot' | 'action' | 'read' | 'list' | 'action-log' | 'metadata'
 *   | 'tags' | 'login' | 'token' | 'batch' | 'job'
 *   | 'certificate' | 'subscription-link' | 'other'} RequestKind
 *
 * @typedef {object} LoggedRequest
 * @property {number} at when it arrived
 * @property {number} [answeredAt]
 * @property {string} method
 * @property {string} path with its query
 * @property {RequestKind} kind
 * @property {string[]} serverIds those it names
 * @property {number | 'dropped' | 'open'} status
 * @property {string[]} running those of `serverIds` that ran when it arrived
 * @property {string} [batchAction] `start`, `stop` or `reboot`
 * @property {boolean} [isUnpublished] whether a gateway said that it has no such call, so that the cloud was not asked
 * @property {boolean} [saysWhen] whether its answer came with a Retry-After
 * @property {string} caller a short hash of its token or the name of its key: never a secret
 */

/** @typedef {Partial<Pick<LoggedRequest, 'kind' | 'status' | 'method'>> & { serverId?: string, since?: number }} LogQuery */

class RequestLog {
	/** @param {number | false} keep how many to keep; all are counted */
	constructor(keep) {
		this.keep = keep === false ? 0 : keep;
		/** @type {LoggedRequest[]} oldest first */
		this.entries = [];
		/** @type {Partial<Record<RequestKind, number>>} */
		this.counts = {};
		/** @type {Record<string, number>} kind and status, such as `start 202` */
		this.outcomes = {};
		/** @type {Map<string, Record<string, number>>} server id to kind to requests that named it */
		this.byServer = new Map();
		/** @type {Map<string, number>} server id to starts that came while it ran */
		this.startsWhileRunning = new Map();
		this.inFlight = 0;
		this.maxInFlight = 0;
	}

	clear() {
		this.entries = [];
		this.counts = {};
		this.outcomes = {};
		this.byServer.clear();
		this.startsWhileRunning.clear();
		this.maxInFlight = this.inFlight;
	}

	get total() {
		return Object.values(this.counts).reduce((sum, count) => sum + count, 0);
	}

	/** @param {LoggedRequest} request */
	open(request) {
		this.inFlight++;
		this.maxInFlight = Math.max(this.maxInFlight, this.inFlight);
		this.counts[request.kind] = (this.counts[request.kind] ?? 0) + 1;
		for (const id of request.serverIds) {
			const counts = this.byServer.get(id) ?? {};
			const kind = request.batchAction ?? request.kind;
			counts[kind] = (counts[kind] ?? 0) + 1;
			this.byServer.set(id, counts);
		}
		if ((request.batchAction ?? request.kind) === 'start') {
			for (const id of request.running) {
				this.startsWhileRunning.set(id, (this.startsWhileRunning.get(id) ?? 0) + 1);
			}
		}
		if (this.keep > 0) {
			this.entries.push(request);
			// Cut in halves, so that a long run does not shift the array at every request.
			if (this.entries.length > this.keep * 2) this.entries.splice(0, this.keep);
		}
	}

	/**
	 * @param {LoggedRequest} request
	 * @param {number | 'dropped'} status
	 * @param {number} at
	 */
	close(request, status, at) {
		this.inFlight--;
		request.status = status;
		request.answeredAt = at;
		const key = `${request.kind} ${status}`;
		this.outcomes[key] = (this.outcomes[key] ?? 0) + 1;
	}

	/**
	 * @param {LogQuery} [query]
	 * @returns {LoggedRequest[]} the matching ones among those still kept, oldest first
	 */
	find({ kind, status, method, serverId, since } = {}) {
		return this.entries.filter(
			(entry) =>
				(kind === undefined || entry.kind === kind) &&
				(status === undefined || entry.status === status) &&
				(method === undefined || entry.method === method) &&
				(serverId === undefined || entry.serverIds.includes(serverId)) &&
				(since === undefined || entry.at >= since),
		);
	}

	/**
	 * How many requests of a kind were made, in all or naming a server; batches count for each server
	 * by what they ask (`start`).
	 *
	 * @param {RequestKind} kind
	 * @param {string} [serverId]
	 */
	count(kind, serverId) {
		if (serverId === undefined) return this.counts[kind] ?? 0;
		return this.byServer.get(serverId)?.[kind] ?? 0;
	}
}

module.exports = { RequestLog };
