import { createHash, sign } from 'crypto';

import { addressesOf } from '../../../../nodes/cloud/alarms/addresses';
import type { Tools } from '../../../../nodes/cloud/alarms/door';
import type { Fetched } from '../../../../nodes/cloud/alarms/fetch';
import { emptyMemory } from '../../../../nodes/cloud/alarms/memory';
import type { SmnMessage } from '../../../../nodes/cloud/alarms/message';
import { type Listener, receive, type Verdict } from '../../../../nodes/cloud/alarms/receive';
import { stringToSign } from '../../../../nodes/cloud/alarms/signature';
import { readTopic } from '../../../../nodes/cloud/alarms/topic';
import { CERTIFICATE, SIGNER, vector } from './vectors';

export const TOPIC = readTopic('urn:smn:eu-de:0123456789abcdef0123456789abcdef:n8n-alarms')!;
export const CLOUD = addressesOf('otc', TOPIC, { smnDomain: '', consoleDomain: '' })!;
export const CERTIFICATE_URL = String(vector('alarm').signing_cert_url);

export type Fields = Record<string, unknown>;
type Respond = (url: string, signal: AbortSignal) => Promise<Fetched | undefined>;

export const served = async (): Promise<Fetched> => ({ status: 200, body: CERTIFICATE });
export const subscribed: Fetched = { status: 200, body: '{"subscription_urn": "urn"}' };

/** The fields, signed anew with the key of the vectors. */
export function signed(fields: Fields): Fields {
	const text = stringToSign(fields as unknown as SmnMessage);
	return { ...fields, signature: sign('RSA-SHA256', Buffer.from(text), SIGNER).toString('base64') };
}

/** A trigger that listens, and a cloud that answers it; time stands still unless something sleeps. */
export class World {
	/** Addresses that were fetched, in order. */
	fetched: string[] = [];

	/** Milliseconds that have passed. */
	passed = 0;

	readonly memory = emptyMemory();

	/** Milliseconds since 1970. */
	get date(): number {
		return Date.parse('2026-11-30T13:52:00Z') + this.passed;
	}

	readonly listener: Listener = {
		id: 'workflow:node:webhook',
		topic: TOPIC,
		cloud: CLOUD,
		choice: {
			events: ['alarm', 'insufficientData', 'ok', 'other', 'systemEvent', 'trace'],
			eventNames: [],
			onlyServers: false,
			maxAgeMinutes: 60,
		},
	};

	/** What the console's link gives; a certificate is served by its address. */
	constructor(
		private readonly respond: Respond = async (url) =>
			url === CERTIFICATE_URL ? await served() : subscribed,
	) {}

	readonly tools: Tools = {
		clock: {
			now: () => this.passed,
			random: () => 0.5,
			sleep: async (ms, signal) => await this.sleep(ms, signal),
		},
		fetch: async (url, signal) => {
			this.fetched.push(url);
			return await this.respond(url, signal);
		},
		memory: this.memory,
	};

	async post(
		message: Fields | string | Buffer,
		headers: Fields = {},
		listener: Partial<Listener> = {},
	): Promise<Verdict> {
		const text = Buffer.isBuffer(message) || typeof message === 'string';
		const body = Buffer.from(text ? message : JSON.stringify(message));
		return await receive(
			{ body, headers, at: this.date },
			{ ...this.listener, ...listener },
			this.tools,
		);
	}

	/** Sleeps end once everything else has had its turn. */
	private async sleep(ms: number, signal: AbortSignal): Promise<void> {
		const end = this.passed + ms;
		for (let turn = 0; turn < 200 && !signal.aborted; turn++) await Promise.resolve();
		if (!signal.aborted) this.passed = Math.max(this.passed, end);
	}
}

/** A certificate's address that nobody has asked for yet. */
export function otherCertificate(number: number): string {
	const hex = createHash('md5').update(String(number)).digest('hex');
	return `https://smn.eu-de.otc.t-systems.com/smn/SMN_eu-de_${hex}.pem`;
}
