/** Whatever a stranger sends: never an exception, a request to another host, or a start by what is not signed. */
import fc from 'fast-check';

import { isCertificateAddress, isConfirmationLink } from '../../../../nodes/cloud/alarms/addresses';
import * as replies from '../../../../nodes/cloud/alarms/receive';
import {
	CERTIFICATE_URL,
	CLOUD,
	type Fields,
	served,
	signed,
	subscribed,
	TOPIC,
	World,
} from './world';
import { vector } from './vectors';

const alarm = vector('alarm');
const confirmation = vector('subscription-confirmation');
const LINK = String(confirmation.subscribe_url);
const SIGNED = [
	'message',
	'message_id',
	'subject',
	'timestamp',
	'topic_urn',
	'type',
	'subscribe_url',
	'signature',
];

const value = fc.oneof(fc.string(), fc.jsonValue(), fc.webUrl());

/** An address of the cloud with something put in, taken out or put in its place, and any address. */
const nearly = (url: string) =>
	fc.oneof(
		fc.webUrl({ withQueryParameters: true, withFragments: true }),
		fc
			.record({
				at: fc.nat(url.length),
				removed: fc.nat(12),
				added: fc.oneof(
					fc.string({ maxLength: 12 }),
					fc.constantFrom('@', ':443', '\\', '.evil.example/', '//', '/../', '%2e', '\t', '#', '?'),
				),
			})
			.map(({ at, removed, added }) => url.slice(0, at) + added + url.slice(at + removed)),
	);

/** The alarm or the confirmation, with fields that are missing, changed or anything at all. */
const message = fc
	.record({
		base: fc.constantFrom(alarm, confirmation, {}),
		changes: fc.dictionary(fc.constantFrom(...Object.keys(alarm), 'subscribe_url'), value),
		certificate: fc.option(nearly(CERTIFICATE_URL), { nil: undefined }),
		link: fc.option(nearly(LINK), { nil: undefined }),
	})
	.map(
		({ base, changes, certificate, link }): Fields => ({
			...base,
			...changes,
			...(certificate === undefined ? {} : { signing_cert_url: certificate }),
			...(link === undefined ? {} : { subscribe_url: link }),
		}),
	);

const headers = fc.oneof(
	fc.constant({}),
	fc.dictionary(fc.constantFrom('x-smn-topic-urn', 'x-smn-message-type'), value),
	fc.dictionary(fc.string(), value),
);

/** Whether SMN signed what a message says: only the two as they are, whatever is unsigned in them. */
const isGenuine = (fields: Fields) =>
	[alarm, confirmation].some((one) =>
		SIGNED.filter((name) => name in one).every((name) => fields[name] === one[name]),
	);

const hostsOf = ({ fetched }: World) => fetched.map((url) => new URL(url).host);
const ofTheCloud =
	/^(smn\.eu-de\.otc\.t-systems\.com|([\w.-]+\.)?console\.otc\.t-systems\.com|eu-de-console\.otc\.t-systems\.com)$/;

function expectNoOtherHost(world: World) {
	for (const host of hostsOf(world)) expect(host).toMatch(ofTheCloud);
}

it('messages and headers', async () => {
	await fc.assert(
		fc.asyncProperty(message, headers, async (fields, sent) => {
			const world = new World();
			const verdict = await world.post(fields, sent);
			if ('notice' in verdict || verdict === replies.CONFIRMED) {
				expect(isGenuine(fields)).toBe(true);
			}
			expectNoOtherHost(world);
		}),
		{ numRuns: 1_000 },
	);
});

it('bytes', async () => {
	await fc.assert(
		fc.asyncProperty(fc.uint8Array(), headers, async (bytes, sent) => {
			const world = new World();
			expect(await world.post(Buffer.from(bytes), sent)).toEqual(replies.NOT_SMN);
			expect(world.fetched).toEqual([]);
		}),
	);
});

it('texts of the message, signed: SMN sends what anybody publishes to the topic', async () => {
	const text = fc.oneof(fc.string(), fc.json());
	await fc.assert(
		fc.asyncProperty(text, fc.string(), text, async (body, subject, timestamp) => {
			const world = new World();
			const verdict = await world.post(signed({ ...alarm, message: body, subject, timestamp }));
			expect('notice' in verdict || verdict === replies.NOTHING_TO_DO).toBe(true);
		}),
	);
});

it('links that are signed, and where they lead to', async () => {
	const answer = fc.record({
		status: fc.constantFrom(200, 301, 302, 307, 400, 503),
		location: fc.option(nearly(LINK), { nil: undefined }),
		body: fc.oneof(fc.constant(subscribed.body), fc.string()),
	});
	await fc.assert(
		fc.asyncProperty(nearly(LINK), fc.array(answer), async (link, answers) => {
			const world = new World(async (url) =>
				url === CERTIFICATE_URL ? await served() : answers.shift(),
			);
			await world.post(signed({ ...confirmation, subscribe_url: link }));
			expectNoOtherHost(world);
			expect(world.fetched.length).toBeLessThanOrEqual(4);
		}),
		{ numRuns: 500 },
	);
});

it('addresses', () => {
	fc.assert(
		fc.property(nearly(CERTIFICATE_URL), nearly(LINK), (certificate, link) => {
			if (isCertificateAddress(certificate, TOPIC, CLOUD)) {
				expect(new URL(certificate)).toMatchObject({
					href: certificate,
					host: 'smn.eu-de.otc.t-systems.com',
					username: '',
					search: '',
					hash: '',
				});
			}
			if (isConfirmationLink(link, TOPIC, CLOUD)) {
				const { protocol, host, username, port, searchParams } = new URL(link);
				expect([protocol, username, port]).toEqual(['https:', '', '']);
				expect(host).toMatch(ofTheCloud);
				expect(searchParams.getAll('topic_urn')).toEqual([TOPIC.urn]);
			}
		}),
		{ numRuns: 10_000 },
	);
});
