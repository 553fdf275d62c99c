/** The simulated notification service, as an endpoint sees it. */
import { verify, X509Certificate } from 'crypto';

import { createSimulator } from '../../../simulator';
import { certify } from '../../../simulator/certificates';
import { openEndpoint } from './endpoint';

type Fields = Record<string, string>;

/** A topic with a subscriber, whose endpoint answers so. */
async function subscribed(...statuses: number[]) {
	const simulator = createSimulator({ servers: 1, smnRetrySeconds: 0.001 });
	const { smn } = simulator.cloud;
	const topic = smn.addTopic('alarms');
	const endpoint = await openEndpoint(...statuses);
	const subscription = smn.subscribe(topic, endpoint.url);
	await smn.settled();
	const visit = async (link: string) => {
		const { host, pathname, search } = new URL(link);
		return await simulator.request({ url: pathname + search, headers: { host } });
	};
	return { ...simulator, smn, topic, subscription, ...endpoint, visit };
}

const lastOf = ({ received }: { received: Array<{ message: Fields }> }) => received.at(-1)!.message;

/** By the rule as it is documented: name and value of each field, a line each. */
function isSigned(fields: Fields, pem: string, names: string[]): boolean {
	const text = names.map((name) => `${name}\n${fields[name]}\n`).join('');
	const signature = Buffer.from(fields.signature, 'base64');
	return verify('sha256', Buffer.from(text), new X509Certificate(pem).publicKey, signature);
}

test('a subscription counts once its link was visited', async () => {
	const world = await subscribed(200);
	const { smn, topic, subscription, visit, received } = world;
	smn.publish(topic, { message: 'too early' });
	const invitation = lastOf(world);

	const answer = await visit(invitation.subscribe_url);
	smn.publish(topic, { subject: 'Hello', message: 'in time' });
	await smn.settled();

	expect(invitation).toMatchObject({ type: 'SubscriptionConfirmation', topic_urn: topic.urn });
	expect(JSON.parse(answer.body)).toEqual({ subscription_urn: subscription.urn });
	expect(received).toHaveLength(2);
	expect(received[1]).toMatchObject({
		headers: { 'x-smn-message-type': 'Notification', 'x-smn-topic-urn': topic.urn },
		message: { type: 'Notification', subject: 'Hello', message: 'in time' },
	});
});

test('the link that ends a subscription needs no login, and the endpoint is told', async () => {
	const world = await subscribed(200);
	const { smn, topic, subscription, visit, received } = world;
	await visit(lastOf(world).subscribe_url);
	smn.publish(topic, { message: 'one' });
	await smn.settled();

	await visit(lastOf(world).unsubscribe_url);
	smn.publish(topic, { message: 'two' });
	await smn.settled();

	expect(subscription.status).toBe('ended');
	expect(received.map(({ message }) => message.type)).toEqual([
		'SubscriptionConfirmation',
		'Notification',
		'UnsubscribeConfirmation',
	]);
});

test.each([
	[
		'with a subject',
		'subject',
		['message', 'message_id', 'subject', 'timestamp', 'topic_urn', 'type'],
	],
	['without', undefined, ['message', 'message_id', 'timestamp', 'topic_urn', 'type']],
])('a notification %s is signed by the certificate that it names', async (_, subject, names) => {
	const world = await subscribed(200);
	const { smn, topic, visit } = world;
	await visit(lastOf(world).subscribe_url);
	smn.publish(topic, { ...(subject ? { subject } : {}), message: 'Wärme' });
	await smn.settled();
	const message = lastOf(world);

	const { status, body } = await visit(message.signing_cert_url);

	expect(status).toBe(200);
	expect(isSigned(message, body, names)).toBe(true);
	expect(isSigned({ ...message, message: 'other' }, body, names)).toBe(false);
});

test.each([
	[[500, 503, 200], 3],
	[[500], 7],
	[[401], 1],
	[[404], 1],
	[[302], 1],
])('answered with %j, it is sent %d times', async (statuses, times) => {
	const { received } = await subscribed(...statuses);
	expect(received).toHaveLength(times);
});

test.each([
	'alarm',
	'ok',
	'insufficientData',
	'templateAlarm',
	'templateOk',
	'systemEvent',
	'trace',
	'text',
])('the control API has the cloud tell of a server in the form %s', async (form) => {
	const world = await subscribed(200);
	const [server] = world.cloud.servers.values();
	await world.visit(lastOf(world).subscribe_url);

	const url = `/_control/servers/${server.name}/alarm`;
	await world.request({ method: 'POST', url, body: { form } });
	await world.smn.settled();

	expect(lastOf(world).message).toContain(form === 'text' ? server.name : server.id);
});

test.each([
	['POST', '/_control/servers/lab-01/alarm', { form: 'nonsense' }, 400],
	['POST', '/_control/topics/nonsense/messages', { message: '' }, 404],
])('%s %s with %j is answered with %d', async (method, url, body, status) => {
	const { request } = await subscribed(200);
	expect(await request({ method, url, body })).toMatchObject({ status });
});

test('an authority vouches for the hosts that a certificate names, and for no other', () => {
	const authority = certify({ name: 'authority' });
	const one = certify({ name: 'one', issuer: authority, hosts: ['one.example'] });
	const certificate = new X509Certificate(one.certificate);
	const issuer = new X509Certificate(authority.certificate);

	expect(certificate.checkIssued(issuer)).toBe(true);
	expect(certificate.verify(issuer.publicKey)).toBe(true);
	expect(certificate.checkHost('one.example')).toBe('one.example');
	expect(certificate.checkHost('two.example')).toBeUndefined();
});
