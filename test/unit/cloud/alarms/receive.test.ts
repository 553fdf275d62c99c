import type { Fetched } from '../../../../nodes/cloud/alarms/fetch';
import { generateKeyPairSync } from 'crypto';

import type { Choice } from '../../../../nodes/cloud/alarms/choice';
import * as replies from '../../../../nodes/cloud/alarms/receive';
import { certify } from '../../../../simulator/certificates';
import { CERTIFICATE_URL, otherCertificate, served, signed, subscribed, World } from './world';
import { vector } from './vectors';

const alarm = vector('alarm');
const confirmation = vector('subscription-confirmation');
const LINK = String(confirmation.subscribe_url);

/** The bytes of a message, and blanks. */
const padded = (fields: object, bytes: number) => {
	const text = Buffer.from(JSON.stringify(fields));
	return Buffer.concat([text, Buffer.alloc(bytes - text.length, ' ')]);
};

/** A cloud whose console answers with each of these in turn. */
const consoleWith = (...answers: Array<Fetched | undefined>) =>
	new World(async (url) => (url === CERTIFICATE_URL ? await served() : answers.shift()));

describe('without any request', () => {
	it.each([
		['no JSON', '{', replies.NOT_SMN],
		['a list', '[]', replies.NOT_SMN],
		['nothing', '', replies.NOT_SMN],
		['a field that is missing', JSON.stringify({ ...alarm, message: undefined }), replies.NOT_SMN],
		['a field that is no text', JSON.stringify({ ...alarm, message: {} }), replies.NOT_SMN],
		['a subject that is no text', JSON.stringify({ ...alarm, subject: 1 }), replies.NOT_SMN],
		[
			'a confirmation without a link',
			{ ...confirmation, subscribe_url: null, signature_version: 'v2' },
			replies.NOT_SMN,
		],
		['over 512 kB', padded(alarm, 524_289), replies.NOT_SMN],
		['an unknown type', { ...alarm, type: 'HttpSubscriptionUserConfirm' }, replies.NOT_SUPPORTED],
		['another version', { ...alarm, signature_version: 'v2' }, replies.NOT_SUPPORTED],
		['a foreign topic, validly signed', vector('foreign-topic'), replies.NOT_THIS_TOPIC],
		[
			'a certificate elsewhere',
			{ ...alarm, signing_cert_url: 'https://evil.example/x.pem' },
			replies.NOT_THIS_CLOUD,
		],
		[
			'a link elsewhere',
			signed({ ...confirmation, subscribe_url: LINK.replace('t-systems', 'evil') }),
			replies.NOT_THIS_CLOUD,
		],
	])('%s is refused', async (_what, message, expected) => {
		const world = new World();
		expect(await world.post(message)).toEqual(expected);
		expect(world.fetched).toEqual([]);
	});

	it.each(['x-smn-topic-urn', 'x-smn-message-type'])(
		'a message is refused whose %s says something else',
		async (header) => {
			const world = new World();
			expect(await world.post(alarm, { [header]: 'other' })).toEqual(replies.NOT_THIS_TOPIC);
			expect(world.fetched).toEqual([]);
		},
	);

	it('512 kB are read', async () => {
		const world = new World();
		expect(await world.post(padded(alarm, 524_288))).toHaveProperty('notice');
	});

	it.each([
		['a message', alarm, replies.NOT_THIS_TOPIC],
		['no message', {}, replies.NOT_SMN],
	])('%s is refused where the parameters mean nothing', async (_what, fields, expected) => {
		const incoming = { body: Buffer.from(JSON.stringify(fields)), headers: {}, at: 0 };
		expect(await replies.receive(incoming, undefined, new World().tools)).toEqual(expected);
	});
});

describe('the certificate', () => {
	it.each([
		['cannot be reached', undefined],
		['is not there', { status: 404, body: '' }],
		['is no certificate', { status: 200, body: '<html>' }],
		['is a redirect', { status: 302, location: CERTIFICATE_URL, body: '' }],
	])('that %s is asked for again after a minute', async (_what, answer) => {
		const world = new World(async () => answer);
		expect(await world.post(alarm)).toEqual(replies.TRY_AGAIN);
		expect(await world.post(alarm)).toEqual(replies.TRY_AGAIN);
		expect(world.fetched).toEqual([CERTIFICATE_URL]);
		world.passed += 60_000;
		await world.post(alarm);
		expect(world.fetched).toHaveLength(2);
	});

	it('that is of another key makes the signature wrong', async () => {
		const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
		const { certificate: body } = certify({ name: 'another', key });
		const world = new World(async () => ({ status: 200, body }));
		expect(await world.post(alarm)).toEqual(replies.NOT_VALID);
	});

	it('whose key is not RSA is none', async () => {
		const { certificate: body } = certify({ name: 'of a curve' });
		const world = new World(async () => ({ status: 200, body }));
		expect(await world.post(alarm)).toEqual(replies.TRY_AGAIN);
	});

	it('is kept for a day', async () => {
		const world = new World();
		await world.post(alarm);
		world.passed += 86_400_000 - 1;
		await world.post(alarm);
		expect(world.fetched).toHaveLength(1);
		world.passed += 1;
		await world.post(alarm);
		expect(world.fetched).toHaveLength(2);
	});

	it('is not fetched while another is: one request at a time', async () => {
		let underWay = 0;
		const world = new World(async () => {
			underWay += 1;
			expect(underWay).toBe(1);
			await Promise.resolve();
			underWay -= 1;
			return undefined;
		});
		const posts = [1, 2, 3].map(
			async (number) => await world.post({ ...alarm, signing_cert_url: otherCertificate(number) }),
		);
		await Promise.all(posts);
		expect(world.fetched).toHaveLength(3);
	});

	it('that never comes is waited for 3.4 seconds', async () => {
		const world = new World(async () => await new Promise(() => undefined));
		expect(await world.post(alarm)).toEqual(replies.TRY_AGAIN);
		expect(world.passed).toBe(3_400);
	});

	it('is fetched once for all that come at the same time, and kept', async () => {
		const world = new World();
		await Promise.all([world.post(alarm), world.post(vector('alarm-ok'))]);
		await world.post(vector('cts-stop'));
		expect(world.fetched).toEqual([CERTIFICATE_URL]);
	});

	it('of ten thousand forged posts costs ten requests a minute, and a known one is still used', async () => {
		const world = new World();
		await world.post(vector('alarm-ok'));
		const forged = Array.from(
			{ length: 10_000 },
			async (_, number) =>
				await world.post({ ...alarm, signing_cert_url: otherCertificate(number) }),
		);
		expect(await world.post(alarm)).toHaveProperty('notice');
		const answers = new Set((await Promise.all(forged)).map((answer) => JSON.stringify(answer)));
		expect([...answers]).toEqual([JSON.stringify(replies.TRY_AGAIN)]);
		expect(world.fetched).toHaveLength(10);
		expect(world.memory.fetching.size).toBe(0);
	}, 30_000);
});

it.each(['message', 'subject', 'timestamp', 'message_id'])(
	'a changed %s makes the signature wrong',
	async (field) => {
		const answer = await new World().post({ ...alarm, [field]: `${alarm[field]}.` });
		expect(answer).toEqual(replies.NOT_VALID);
	},
);

describe('a confirmation', () => {
	it('is confirmed by its link, once', async () => {
		const world = new World();
		const answers = await Promise.all([world.post(confirmation), world.post(confirmation)]);
		answers.push(await world.post(confirmation));
		expect(answers).toEqual(Array(3).fill(replies.CONFIRMED));
		expect(world.fetched).toEqual([CERTIFICATE_URL, LINK]);
	});

	it('follows two redirects within the console', async () => {
		const redirect = { status: 302, location: '/smn/next', body: '' };
		const world = consoleWith(redirect, redirect, subscribed);
		expect(await world.post(confirmation)).toEqual(replies.CONFIRMED);
		expect(world.fetched).toHaveLength(4);
	});

	it.each([
		['a redirect elsewhere', { status: 302, location: 'https://evil.example/', body: '' }],
		['a page', { status: 200, body: '<html>' }],
		['an error', { status: 400, body: '{}' }],
	])('is refused by %s, and its link is not called again', async (_what, answer) => {
		const world = consoleWith(answer, subscribed);
		expect(await world.post(confirmation)).toEqual(replies.NOT_CONFIRMED);
		expect(await world.post(confirmation)).toEqual(replies.NOT_CONFIRMED);
		expect(world.fetched).toEqual([CERTIFICATE_URL, LINK]);
	});

	it.each([[undefined], [{ status: 503, body: '' }]])(
		'is tried again with the next delivery after %j',
		async (answer) => {
			const world = consoleWith(answer, subscribed);
			expect(await world.post(confirmation)).toMatchObject(replies.TRY_AGAIN);
			expect(await world.post(confirmation)).toEqual(replies.CONFIRMED);
		},
	);

	it.each(['2026-11-28T13:51:00Z', 'yesterday'])('is not followed from %s', async (timestamp) => {
		const world = new World();
		const answer = await world.post(signed({ ...confirmation, timestamp }));
		expect(answer).toEqual(replies.NOT_CONFIRMED);
		expect(world.fetched).toEqual([CERTIFICATE_URL]);
	});

	it('is not followed within ten minutes after the subscription was ended', async () => {
		const world = new World();
		expect(await world.post(vector('unsubscribe-confirmation'))).toEqual(replies.ENDED);
		expect(await world.post(confirmation)).toEqual(replies.NOT_CONFIRMED);
		expect(world.fetched).toEqual([CERTIFICATE_URL]);
		world.passed += 600_000;
		expect(await world.post(confirmation)).toEqual(replies.CONFIRMED);
	});

	it('of the end is taken wherever its link leads', async () => {
		const world = new World();
		const ended = { ...vector('unsubscribe-confirmation'), subscribe_url: 'https://evil.example/' };
		expect(await world.post(signed(ended))).toEqual(replies.ENDED);
		expect(world.fetched).toEqual([CERTIFICATE_URL]);
	});
});

describe('a notification', () => {
	it('starts the workflow once in each workflow, node and mode', async () => {
		const world = new World();
		expect(await world.post(alarm)).toHaveProperty('notice');
		expect(await world.post(alarm)).toEqual(replies.NOTHING_TO_DO);
		expect(await world.post(alarm, {}, { id: 'workflow:node:manual' })).toHaveProperty('notice');
	});

	it.each<[string, Record<string, unknown>, Partial<Choice>]>([
		['of another kind', alarm, { events: ['ok'] }],
		['of another event name', vector('cts-stop'), { eventNames: ['startServer'] }],
		['without a server', vector('plain-text-no-subject'), { onlyServers: true }],
		['that is old', signed({ ...alarm, timestamp: '2026-11-30T12:51:00Z' }), {}],
		['whose time cannot be read', signed({ ...alarm, timestamp: 'soon' }), {}],
	])('%s starts nothing', async (_what, message, change) => {
		const world = new World();
		const choice = { ...world.listener.choice, ...change };
		expect(await world.post(message, {}, { choice })).toEqual(replies.NOTHING_TO_DO);
	});

	it('from the future is taken', async () => {
		const early = signed({ ...alarm, timestamp: '2026-12-30T00:00:00Z' });
		expect(await new World().post(early)).toHaveProperty('notice');
	});

	it('shows neither links nor signature', async () => {
		const text = JSON.stringify(await new World().post(alarm));
		expect(text).not.toMatch(/unsubscribe|subscribe_url|signature/);
	});
});
