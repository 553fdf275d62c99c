import { type KeyObject, verify, X509Certificate } from 'crypto';

import type { SmnMessage } from './message';

/** What a signature is checked with. */
export type Key = KeyObject;

/**
 * The text that the signature of a message stands for: name and value of each signed field, a line
 * each (checked against real messages of two regions).
 */
export function stringToSign(message: SmnMessage): string {
	const { message: text, message_id, timestamp, topic_urn, type } = message;
	const fields = { message: text, message_id, ...ownFields(message), timestamp, topic_urn, type };
	return Object.entries(fields)
		.map(([name, value]) => `${name}\n${value}\n`)
		.join('');
}

function ownFields(message: SmnMessage): Record<string, string> {
	if (message.type !== 'Notification') return { subscribe_url: message.subscribe_url };
	return message.subject === '' ? {} : { subject: message.subject };
}

/**
 * The key of a certificate in PEM, or undefined if it is none or not RSA. Its dates are not judged:
 * that it comes from the cloud's own host is what makes it count.
 */
export function readKey(pem: string): Key | undefined {
	try {
		const key = new X509Certificate(pem).publicKey;
		return pem.includes('-----BEGIN CERTIFICATE-----') && key.asymmetricKeyType === 'rsa'
			? key
			: undefined;
	} catch {
		return undefined;
	}
}

/** Whether the holder of the key has signed the message: RSA, PKCS#1 v1.5, SHA-256. */
export function isSigned(message: SmnMessage, key: Key): boolean {
	try {
		const signature = Buffer.from(message.signature, 'base64');
		return verify('RSA-SHA256', Buffer.from(stringToSign(message), 'utf8'), key, signature);
	} catch {
		return false;
	}
}
