import fc from 'fast-check';

import {
	MAX_BODY_BYTES,
	parseJson,
	readMessage,
	sentAt,
	type SmnMessage,
} from '../../../../nodes/cloud/alarms/message';

const ENVELOPE = {
	message: 'CPU is high',
	message_id: 'm1',
	topic_urn: 'urn:smn:eu-de:p:n8n-alarms',
	timestamp: '2026-11-30T13:51:00Z',
	signature: 'c2lnbmVk',
	signature_version: 'v1',
	signing_cert_url: 'https://smn.example.com/smn/SMN_eu-de_1.pem',
};
const NOTIFICATION = { ...ENVELOPE, type: 'Notification', subject: 'Alarm' };
const CONFIRMATION = {
	...ENVELOPE,
	type: 'SubscriptionConfirmation',
	subscribe_url: 'https://console.example.com/smn/subscription/confirm',
};

const read = (fields: unknown) => readMessage(Buffer.from(JSON.stringify(fields)));

describe('a message of SMN', () => {
	it.each([
		['a notification', NOTIFICATION],
		['a confirmation', CONFIRMATION],
		['the end of a subscription', { ...CONFIRMATION, type: 'UnsubscribeConfirmation' }],
	])('%s is read with all that it holds', (_what, fields) => {
		expect(read(fields)).toEqual(fields);
	});

	it('the link that ends the subscription, and whatever else comes along, is not taken over', () => {
		const more = { unsubscribe_url: 'https://console.example.com/smn/end', extra: 1 };
		expect(read({ ...NOTIFICATION, ...more, subscribe_url: 'x' })).toEqual(NOTIFICATION);
		expect(read({ ...CONFIRMATION, ...more, subject: 'x' })).toEqual(CONFIRMATION);
	});

	it.each([undefined, null])('a subject that is %s is an empty one', (subject) => {
		expect(read({ ...NOTIFICATION, subject })).toEqual({ ...NOTIFICATION, subject: '' });
	});

	it('the version of the signature is the same in capitals', () => {
		expect(read({ ...NOTIFICATION, signature_version: 'V1' })).toMatchObject({
			type: 'Notification',
		});
	});
});

describe('malformed is', () => {
	it.each([...Object.keys(ENVELOPE), 'type'])(
		'a message whose %s is missing or no text',
		(field) => {
			expect(read({ ...NOTIFICATION, [field]: undefined })).toBe('malformed');
			expect(read({ ...NOTIFICATION, [field]: 7 })).toBe('malformed');
		},
	);

	it.each([
		['a subject that is no text', { ...NOTIFICATION, subject: 7 }],
		['a confirmation without its link', { ...CONFIRMATION, subscribe_url: undefined }],
		[
			'the end of a subscription without its link',
			{ ...ENVELOPE, type: 'UnsubscribeConfirmation' },
		],
		[
			'the same with an unknown signature',
			{ ...NOTIFICATION, subject: 7, signature_version: 'v2' },
		],
		['a list', [NOTIFICATION]],
		['a text', 'Notification'],
	])('%s', (_what, fields) => {
		expect(read(fields)).toBe('malformed');
	});

	it('a request without a body, or with one that is no JSON', () => {
		expect(readMessage(undefined)).toBe('malformed');
		expect(readMessage(Buffer.from(''))).toBe('malformed');
		expect(readMessage(Buffer.from('{'))).toBe('malformed');
	});

	it('more than 512 kB', () => {
		const text = JSON.stringify(NOTIFICATION);
		expect(readMessage(Buffer.from(text.padEnd(MAX_BODY_BYTES)))).toEqual(NOTIFICATION);
		expect(readMessage(Buffer.from(text.padEnd(MAX_BODY_BYTES + 1)))).toBe('malformed');
	});
});

describe('unsupported is', () => {
	it.each([
		['another type', { ...NOTIFICATION, type: 'Report' }],
		['another signature', { ...NOTIFICATION, signature_version: 'v2' }],
		['another signature of a confirmation', { ...CONFIRMATION, signature_version: 'v10' }],
	])('%s', (_what, fields) => {
		expect(read(fields)).toBe('unsupported');
	});
});

it('whatever bytes come, they are read without an exception', () => {
	const jsons = fc.json().map((text) => Buffer.from(text));
	const bytes = fc.uint8Array().map((array) => Buffer.from(array));
	fc.assert(
		fc.property(fc.oneof(jsons, bytes), (body) => {
			expect(readMessage(body)).toBe('malformed');
		}),
	);
});

describe('when a message was first sent', () => {
	const sent = (timestamp: string) => sentAt({ ...NOTIFICATION, timestamp } as SmnMessage);

	it('is told in milliseconds since 1970', () => {
		expect(sent('1970-01-02T00:00:00Z')).toBe(86_400_000);
	});

	it.each(['', 'soon'])('was before all others where it cannot be read: %j', (timestamp) => {
		expect(sent(timestamp)).toBe(-Infinity);
	});
});

it.each([
	['{"a":[1]}', { a: [1] }],
	['"text"', 'text'],
	['null', null],
	['', undefined],
	['<html>', undefined],
	['{"a":', undefined],
])('the JSON text %j means %j', (text, value) => {
	expect(parseJson(text)).toEqual(value);
});
