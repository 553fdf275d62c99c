import { generateKeyPairSync, type KeyObject } from 'crypto';

import { readMessage, type SmnMessage } from '../../../../nodes/cloud/alarms/message';
import { isSigned, readKey, stringToSign } from '../../../../nodes/cloud/alarms/signature';
import { CERTIFICATE, textToSign, vector } from './vectors';

const NAMES = [
	'alarm',
	'alarm-ok',
	'alarm-template-v1',
	'cts-stop',
	'foreign-topic',
	'plain-text-no-subject',
	'subscription-confirmation',
	'unsubscribe-confirmation',
];
const key = readKey(CERTIFICATE) as KeyObject;

const message = (name: string): SmnMessage =>
	readMessage(Buffer.from(JSON.stringify(vector(name)))) as SmnMessage;

describe.each(NAMES)('the message %s', (name) => {
	it('is signed over the documented text', () => {
		expect(stringToSign(message(name))).toBe(textToSign(name));
	});

	it('has a valid signature', () => {
		expect(isSigned(message(name), key)).toBe(true);
	});

	it.each(['message', 'message_id', 'timestamp', 'topic_urn'])(
		'counts no more once its %s is changed',
		(field) => {
			const changed = { ...message(name), [field]: `${vector(name)[field]} ` } as SmnMessage;
			expect(isSigned(changed, key)).toBe(false);
		},
	);
});

it.each([undefined, null, ''])('a subject that is %j is left out of the text', (subject) => {
	const text = JSON.stringify({ ...vector('alarm'), subject });
	expect(stringToSign(readMessage(Buffer.from(text)) as SmnMessage)).not.toMatch(/^subject$/m);
});

it("refuses another key's signature", () => {
	const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
	expect(isSigned(message('alarm'), publicKey)).toBe(false);
});

it.each(['', 'not base64 …', 'AAAA'])('refuses the signature %j', (signature) => {
	expect(isSigned({ ...message('alarm'), signature }, key)).toBe(false);
});

it.each(['', '<html>', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'])(
	'reads no key from %j',
	(pem) => {
		expect(readKey(pem)).toBeUndefined();
	},
);
