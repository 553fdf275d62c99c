import { isObject } from '../api/answer';

/** What every message of SMN holds (Open Telekom Cloud, SMN User Guide, "HTTP or HTTPS Message Format"). */
interface Envelope {
	message: string;
	message_id: string;
	topic_urn: string;
	timestamp: string;
	signature: string;
	signature_version: string;
	signing_cert_url: string;
}

export interface Notification extends Envelope {
	type: 'Notification';
	/** Empty where there is none: the signature knows no difference. */
	subject: string;
}

export interface Confirmation extends Envelope {
	type: 'SubscriptionConfirmation' | 'UnsubscribeConfirmation';
	subscribe_url: string;
}

export type SmnMessage = Notification | Confirmation;

type Fields = Readonly<Record<string, unknown>>;

/** 512 kB: twice what SMN lets a message have. */
export const MAX_BODY_BYTES = 524_288;

const TEXTS = [
	'type',
	'message',
	'message_id',
	'topic_urn',
	'timestamp',
	'signature',
	'signature_version',
	'signing_cert_url',
] as const;

/**
 * The message that the bytes of a request hold, or why they hold none: `malformed`, or `unsupported`
 * for a type or a version of the signature that is not known. Never throws.
 */
export function readMessage(body: Buffer | undefined): SmnMessage | 'malformed' | 'unsupported' {
	if (body === undefined || body.length > MAX_BODY_BYTES) return 'malformed';
	const fields = parseJson(body.toString('utf8'));
	if (!isObject(fields) || !hasTexts(fields, TEXTS)) return 'malformed';
	const message = ofType(fields);
	if (message === 'malformed') return 'malformed';
	return fields.signature_version.toLowerCase() === 'v1' ? message : 'unsupported';
}

function ofType(fields: Envelope & Fields): SmnMessage | 'malformed' | 'unsupported' {
	const { type } = fields;
	switch (type) {
		case 'Notification': {
			const subject = fields.subject ?? '';
			return typeof subject === 'string' ? { ...envelope(fields), type, subject } : 'malformed';
		}
		case 'SubscriptionConfirmation':
		case 'UnsubscribeConfirmation': {
			const { subscribe_url } = fields;
			return typeof subscribe_url === 'string'
				? { ...envelope(fields), type, subscribe_url }
				: 'malformed';
		}
		default:
			return 'unsupported';
	}
}

function hasTexts<Name extends string>(
	fields: Fields,
	names: readonly Name[],
): fields is Fields & Record<Name, string> {
	return names.every((name) => typeof fields[name] === 'string');
}

/** Nothing else is taken over: the link that ends the subscription is a secret. */
function envelope(fields: Envelope): Envelope {
	const { message, message_id, topic_urn, timestamp } = fields;
	const { signature, signature_version, signing_cert_url } = fields;
	return {
		message,
		message_id,
		topic_urn,
		timestamp,
		signature,
		signature_version,
		signing_cert_url,
	};
}

/** When a message was first sent, in milliseconds since 1970; -Infinity where that cannot be read. */
export function sentAt({ timestamp }: SmnMessage): number {
	const time = Date.parse(timestamp);
	return Number.isNaN(time) ? -Infinity : time;
}

/** What a JSON text means, or undefined if it is none. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
