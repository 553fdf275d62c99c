// @ts-check
'use strict';

/**
 * The notification service: topics, who has subscribed to them by HTTP(S), and what was delivered.
 * Deliveries take real time, whatever clock the cloud lives by: they go to somebody outside.
 */

const { randomBytes, randomUUID } = require('node:crypto');
const { setTimeout: delay } = require('node:timers/promises');
const { createSigner } = require('./smn-signer');

/**
 * @typedef {'unconfirmed' | 'confirmed' | 'ended'} SubscriptionStatus
 *
 * @typedef {object} Subscription
 * @property {string} urn
 * @property {string} endpoint
 * @property {SubscriptionStatus} status
 * @property {string[]} tokens that confirm it
 *
 * @typedef {object} Topic
 * @property {string} name
 * @property {string} urn
 * @property {Subscription[]} subscriptions
 *
 * @typedef {object} Delivery a message to one endpoint
 * @property {string} endpoint
 * @property {'SubscriptionConfirmation' | 'Notification' | 'UnsubscribeConfirmation'} type
 * @property {string} messageId
 * @property {number[]} statuses of each try; 0: no answer
 * @property {string} [answer] the last one
 * @property {Record<string, string>} message as it was sent
 *
 * @typedef {object} Mail what is published
 * @property {string} [subject]
 * @property {string} message
 */

/** What SMN waits for an endpoint, and how often it tries again. */
const PATIENCE_MS = 5_000;
const RETRIES = 6;

const INVITATION = (/** @type {string} */ urn) =>
	`You are invited to subscribe to topic: ${urn}. To confirm this subscription, please visit the subscribe_url included in this message. The subscribe_url is valid only within 48 hours.`;
const FAREWELL = (/** @type {string} */ urn) =>
	`You are unsubscribed from topic: ${urn}. To subscribe to this topic again, please visit the subscribe_url included in this message. The subscribe_url is valid only within 48 hours.`;

class Smn {
	/**
	 * @param {() => number} now
	 * @param {() => { smnRetrySeconds: number, smnContentType: string }} settings
	 */
	constructor(now, settings) {
		this._now = now;
		this._settings = settings;
		this.region = 'eu-de';
		this.domain = 'otc.t-systems.com';
		/** @type {Map<string, Topic>} by name */
		this.topics = new Map();
		/** @type {Delivery[]} oldest first */
		this.deliveries = [];
		/** @type {import('./smn-signer').Signer | undefined} */
		this._signer = undefined;
		/** @type {Set<Promise<void>>} */
		this._underWay = new Set();
		this._closing = new AbortController();
	}

	/** Its key is made when it is first needed, as that takes a moment. */
	get signer() {
		this._signer ??= createSigner(this.region);
		return this._signer;
	}

	get smnHost() {
		return `smn.${this.region}.${this.domain}`;
	}

	get consoleHost() {
		return `console.${this.domain}`;
	}

	get certificateUrl() {
		return `https://${this.smnHost}/smn/${this.signer.file}`;
	}

	/**
	 * @param {string} name
	 * @param {string} [projectId]
	 * @returns {Topic}
	 */
	addTopic(name, projectId = '0123456789abcdef0123456789abcdef') {
		const urn = `urn:smn:${this.region}:${projectId}:${name}`;
		/** @type {Topic} */
		const topic = { name, urn, subscriptions: [] };
		this.topics.set(name, topic);
		return topic;
	}

	/**
	 * Invites an endpoint, as Add Subscription does.
	 *
	 * @param {Topic} topic
	 * @param {string} endpoint
	 * @returns {Subscription}
	 */
	subscribe(topic, endpoint) {
		/** @type {Subscription} */
		const subscription = {
			urn: `${topic.urn}:${randomBytes(16).toString('hex')}`,
			endpoint,
			status: 'unconfirmed',
			tokens: [],
		};
		topic.subscriptions.push(subscription);
		this.invite(topic, subscription);
		return subscription;
	}

	/**
	 * Sends the link that confirms, as Request Confirmation does.
	 *
	 * @param {Topic} topic
	 * @param {Subscription} subscription
	 */
	invite(topic, subscription) {
		this._send(topic, subscription, {
			type: 'SubscriptionConfirmation',
			message: INVITATION(topic.urn),
			subscribe_url: this._linkFor(topic, subscription),
		});
	}

	/**
	 * Somebody visits the link that confirms.
	 *
	 * @param {string} topicUrn
	 * @param {string} token
	 * @returns {Subscription | undefined} undefined: there is no such invitation
	 */
	confirm(topicUrn, token) {
		const found = this._find(
			(topic, { tokens }) => topic.urn === topicUrn && tokens.includes(token),
		);
		if (found) found.subscription.status = 'confirmed';
		return found?.subscription;
	}

	/**
	 * Somebody visits the link that ends a subscription, which needs no login.
	 *
	 * @param {string} urn of the subscription
	 * @returns {Subscription | undefined} undefined: there is none
	 */
	unsubscribe(urn) {
		const found = this._find((_topic, subscription) => subscription.urn === urn);
		if (!found || found.subscription.status !== 'confirmed') return undefined;
		const { topic, subscription } = found;
		subscription.status = 'ended';
		this._send(topic, subscription, {
			type: 'UnsubscribeConfirmation',
			message: FAREWELL(topic.urn),
			subscribe_url: this._linkFor(topic, subscription),
		});
		return subscription;
	}

	/**
	 * Sends a message to all who have confirmed.
	 *
	 * @param {Topic} topic
	 * @param {Mail} mail
	 * @returns {string} the id of the message
	 */
	publish(topic, mail) {
		const messageId = randomUUID().replaceAll('-', '');
		for (const subscription of topic.subscriptions) {
			if (subscription.status !== 'confirmed') continue;
			const fields = { type: 'Notification', ...mail, message_id: messageId };
			this._send(topic, subscription, fields, {
				unsubscribe_url: `https://${this.consoleHost}/smn/subscription/unsubscribe?region=${this.region}&region_id=${this.region}&subscription_urn=${subscription.urn}`,
			});
		}
		return messageId;
	}

	/** Until everything is delivered, or given up. */
	async settled() {
		while (this._underWay.size > 0) await Promise.all(this._underWay);
	}

	/** Forgets topics and deliveries; what is under way is given up. */
	reset() {
		this.close();
		this._closing = new AbortController();
		this.topics.clear();
		this.deliveries = [];
	}

	close() {
		this._closing.abort();
	}

	/**
	 * @param {Topic} topic
	 * @param {Subscription} subscription
	 */
	_linkFor(topic, subscription) {
		const token = randomBytes(48).toString('hex');
		subscription.tokens.push(token);
		return `https://${this.consoleHost}/smn/subscription/confirm?token=${token}&topic_urn=${topic.urn}&region=${this.region}&region_id=${this.region}`;
	}

	/** @param {(topic: Topic, subscription: Subscription) => boolean} isMeant */
	_find(isMeant) {
		for (const topic of this.topics.values()) {
			const subscription = topic.subscriptions.find((one) => isMeant(topic, one));
			if (subscription) return { topic, subscription };
		}
		return undefined;
	}

	/**
	 * @param {Topic} topic
	 * @param {Subscription} subscription
	 * @param {Record<string, string>} fields
	 * @param {Record<string, string>} [unsigned]
	 */
	_send(topic, { endpoint }, fields, unsigned = {}) {
		const message = this.signed(topic, fields, unsigned);
		/** @type {Delivery} */
		const delivery = {
			endpoint,
			type: /** @type {Delivery['type']} */ (message.type),
			messageId: message.message_id,
			statuses: [],
			message,
		};
		this.deliveries.push(delivery);
		const work = this._deliver(delivery, this._closing.signal).finally(() =>
			this._underWay.delete(work),
		);
		this._underWay.add(work);
	}

	/**
	 * A message as SMN would send it now.
	 *
	 * @param {Pick<Topic, 'urn'>} topic
	 * @param {Record<string, string>} fields
	 * @param {Record<string, string>} [unsigned]
	 * @returns {Record<string, string>}
	 */
	signed({ urn }, fields, unsigned = {}) {
		const message = {
			message_id: randomUUID().replaceAll('-', ''),
			topic_urn: urn,
			timestamp: `${new Date(this._now()).toISOString().slice(0, 19)}Z`,
			...fields,
		};
		return {
			signature: this.signer.sign(message),
			...message,
			...unsigned,
			signature_version: 'v1',
			signing_cert_url: this.certificateUrl,
		};
	}

	/**
	 * Tries again after a 5xx, and after nothing else.
	 *
	 * @param {Delivery} delivery
	 * @param {AbortSignal} signal
	 */
	async _deliver(delivery, signal) {
		for (let tries = 0; tries <= RETRIES; tries++) {
			const status = await this._post(delivery, signal);
			delivery.statuses.push(status);
			if (status < 500) return;
			const waitMs = this._settings().smnRetrySeconds * 1000 * 2 ** tries;
			await delay(waitMs, undefined, { signal, ref: false }).catch(() => undefined);
			if (signal.aborted) return;
		}
	}

	/**
	 * @param {Delivery} delivery
	 * @param {AbortSignal} signal
	 * @returns {Promise<number>} 0: no answer
	 */
	async _post(delivery, signal) {
		const { endpoint, message } = delivery;
		try {
			const response = await fetch(endpoint, {
				method: 'POST',
				headers: {
					'content-type': this._settings().smnContentType,
					'X-SMN-MESSAGE-TYPE': message.type,
					'X-SMN-MESSAGE-ID': message.message_id,
					'X-SMN-TOPIC-URN': message.topic_urn,
				},
				body: JSON.stringify(message),
				redirect: 'manual',
				signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]),
			});
			delivery.answer = await response.text();
			return response.status;
		} catch {
			return 0;
		}
	}
}

module.exports = { Smn };
