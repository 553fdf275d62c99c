/** Told by the cloud: from SMN's first message to the workflow that starts, over real HTTP and TLS. */
import { openAlarms } from '../harness/alarms';
import { until } from '../harness/world';

jest.setTimeout(30_000);

type World = Awaited<ReturnType<typeof openAlarms>>;
type Message = Parameters<World['post']>[0];
type Rule = Parameters<World['cloud']['faults']['add']>[0];

const NOTHING_TO_DO = { status: 200, body: { message: 'Nothing to do' } };
const TRY_AGAIN = { status: 503, body: { message: 'Try again' } };

const CHOOSE_ALL = {
	events: ['alarm', 'insufficientData', 'ok', 'other', 'systemEvent', 'trace'],
	options: { onlyServers: false },
};

test('a subscription is confirmed by its link, and an alarm starts the workflow', async () => {
	const { confirm, tell, started, failed, server, topic, fetched } = await openAlarms();

	const subscription = await confirm();
	const { statuses, answer, messageId } = await tell('alarm');

	expect(subscription.status).toBe('confirmed');
	expect([statuses, JSON.parse(answer ?? '')]).toEqual([
		[200],
		{ message: 'Workflow was started' },
	]);
	expect(started).toEqual([
		[
			{
				json: {
					kind: 'alarm',
					serverId: server.id,
					serverName: server.name,
					name: 'alarm-of-servers',
					severity: 'major',
					metric: 'cpu_util',
					value: '97.08%',
					requestedBy: null,
					at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
					sentAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
					region: 'eu-de',
					subject: expect.stringContaining('has triggered an alarm'),
					messageId,
					topicUrn: topic.urn,
					details: expect.objectContaining({ alarm_status: 'alarm' }),
				},
			},
		],
	]);
	expect(fetched()).toEqual(['certificate', 'subscription-link']);
	expect(failed).toEqual([]);
});

test.each([
	['alarm', 'alarm'],
	['ok', 'ok'],
	['insufficientData', 'insufficientData'],
	['templateAlarm', 'alarm'],
	['templateOk', 'ok'],
	['systemEvent', 'systemEvent'],
	['trace', 'trace'],
] as const)('what comes as %s is %s, and names the server', async (form, kind) => {
	const { confirm, tell, started, server } = await openAlarms(CHOOSE_ALL);
	await confirm();

	await tell(form);

	expect(started).toMatchObject([[{ json: { kind, serverId: server.id } }]]);
});

test.each([
	['starts nothing', {}, []],
	[
		'starts the workflow where that is wanted',
		{ options: { onlyServers: false } },
		[[{ json: { kind: 'other', serverId: null, details: 'server web-1 is down' } }]],
	],
])('free text, in which no server is found, %s', async (_what, more, expected) => {
	const { post, signed, started } = await openAlarms({ events: ['other'], ...more });

	await post(signed({ subject: '', message: 'server web-1 is down' }));

	expect(started).toMatchObject(expected);
});

/** What the webhook answers, row by row, and what it asks of the cloud for it. */
describe('on the wire', () => {
	const CERTIFICATE = ['certificate'];
	test.each<[string, (world: World) => Message, number, string, string[], Record<string, string>?]>(
		[
			['no JSON', () => '<html>', 400, 'Not an SMN message', []],
			['a list', () => '[]', 400, 'Not an SMN message', []],
			['no fields', () => ({}), 400, 'Not an SMN message', []],
			[
				'a number in place of a text',
				({ signed }) => ({ ...signed(), message: 1 }),
				400,
				'Not an SMN message',
				[],
			],
			[
				'over 512 kB',
				({ signed }) => JSON.stringify(signed()).padEnd(524_289),
				400,
				'Not an SMN message',
				[],
			],
			[
				'another type',
				({ signed }) => signed({ type: 'HttpSubscriptionUserConfirm' }),
				400,
				'SMN message not supported',
				[],
			],
			[
				'another version',
				({ signed }) => ({ ...signed(), signature_version: 'v2' }),
				400,
				'SMN message not supported',
				[],
			],
			[
				'a foreign topic, validly signed',
				({ signed }) => signed({ topic_urn: 'urn:smn:eu-de:0:foreign' }),
				403,
				'Not this topic',
				[],
			],
			[
				'a header that names another topic',
				({ signed }) => signed(),
				403,
				'Not this topic',
				[],
				{ 'X-SMN-TOPIC-URN': 'urn:smn:eu-de:0:foreign' },
			],
			[
				'a header that names another type',
				({ signed }) => signed(),
				403,
				'Not this topic',
				[],
				{ 'X-SMN-MESSAGE-TYPE': 'SubscriptionConfirmation' },
			],
			[
				'a certificate of another cloud',
				({ signed }) => ({ ...signed(), signing_cert_url: 'https://evil.example/smn/x.pem' }),
				403,
				'Not signed by this cloud',
				[],
			],
			[
				'a link to somewhere else',
				({ signed }) =>
					signed({
						type: 'SubscriptionConfirmation',
						subscribe_url: 'https://evil.example/smn/subscription/confirm',
					}),
				403,
				'Not signed by this cloud',
				[],
			],
			[
				'a certificate that is not there',
				({ signed, smn }) => ({
					...signed(),
					signing_cert_url: smn.certificateUrl.replace(/.{8}\.pem/, '00000000.pem'),
				}),
				503,
				'Try again',
				CERTIFICATE,
			],
			[
				'no signature',
				({ signed }) => ({ ...signed(), signature: '' }),
				401,
				'Signature not valid',
				CERTIFICATE,
			],
			[
				'changed bytes',
				({ signed }) => ({ ...signed(), message: 'changed' }),
				401,
				'Signature not valid',
				CERTIFICATE,
			],
			[
				'the end of the subscription',
				({ signed }) =>
					signed({ type: 'UnsubscribeConfirmation', subscribe_url: 'https://evil.example/' }),
				200,
				'Subscription ended',
				CERTIFICATE,
			],
			[
				'a kind that is not chosen',
				({ signed }) => signed({ message: '{"alarm_status": "ok"}' }),
				200,
				'Nothing to do',
				CERTIFICATE,
			],
			[
				'an old message',
				({ signed }) => signed({ timestamp: '2024-01-12T16:50:00Z' }),
				200,
				'Nothing to do',
				CERTIFICATE,
			],
			['an alarm', ({ signed }) => signed(), 200, 'Workflow was started', CERTIFICATE],
		],
	)('%s', async (what, messageOf, status, message, fetches, headers = {}) => {
		const world = await openAlarms();

		const answer = await world.post(messageOf(world), headers);

		expect(answer).toMatchObject({ status, body: { message } });
		expect(world.fetched()).toEqual(fetches);
		expect(world.hosts.refused).toEqual([]);
		expect(world.started).toHaveLength(what === 'an alarm' ? 1 : 0);
		expect(world.failed).toEqual([]);
	});

	test.each(['application/json', 'text/plain; charset=UTF-8', 'application/octet-stream', ''])(
		'the bytes count, whatever %j says that they are',
		async (smnContentType) => {
			const { confirm, tell, started } = await openAlarms({}, { smnContentType });
			await confirm();
			await tell('alarm');
			expect(started).toHaveLength(1);
		},
	);
});

test('the same message a second time starts nothing', async () => {
	const { post, signed, started } = await openAlarms();
	const message = signed();
	await post(message);

	expect(await post(message)).toMatchObject(NOTHING_TO_DO);
	expect(started).toHaveLength(1);
});

test('Listen for Test Event confirms and checks like the published workflow', async () => {
	const { confirm, tell, post, signed, started } = await openAlarms({}, { mode: 'manual' });
	const { status } = await confirm();

	expect(await post({ ...signed(), message: 'changed' })).toMatchObject({ status: 401 });
	await tell('alarm');

	expect(status).toBe('confirmed');
	expect(started).toHaveLength(1);
});

test('a workflow is published without a word to the cloud', async () => {
	const { activate, fetched } = await openAlarms();
	expect(await activate()).toBe(true);
	expect(fetched()).toEqual([]);
});

test('a topic that is none keeps the workflow from being published', async () => {
	const { activate } = await openAlarms({ topicUrn: 'n8n-alarms' });
	await expect(activate()).rejects.toMatchObject({
		message: "'Topic URN' is not the URN of a topic",
		description: expect.stringMatching(/[\w>]\.$/),
	});
});

describe('while the cloud is in trouble', () => {
	const ELSEWHERE = { status: 302, headers: { location: 'https://evil.example/' }, body: '' };

	test('a certificate that nobody vouches for is none, and SMN tries again', async () => {
		const { confirm, smn, hosts } = await openAlarms({}, { trusted: false, smnRetrySeconds: 60 });
		void confirm();
		await until(() => smn.deliveries[0]?.statuses.length === 1);

		expect(smn.deliveries[0].statuses).toEqual([503]);
		expect(hosts.refused).toEqual([]);
	});

	test.each<[string, Rule['then']]>([
		['hangs', { hang: 'before' }],
		['is endless', { status: 200, body: 'x'.repeat(100_000) }],
		['is a redirect', ELSEWHERE],
		['is out', 'serviceUnavailable'],
	])('a certificate that %s is answered with 503 within 4 seconds', async (_what, then) => {
		const { cloud, post, signed, hosts, started } = await openAlarms();
		cloud.faults.add({ match: 'certificate', then });

		const answer = await post(signed());

		expect(answer).toMatchObject(TRY_AGAIN);
		expect(answer.seconds).toBeLessThan(4);
		expect(hosts.refused).toEqual([]);
		expect(started).toEqual([]);
	});

	test('SMN sends again what could not be checked, and it starts the workflow then', async () => {
		const { cloud, smn, topic, clock, confirm, tell, started } = await openAlarms();
		await confirm();
		clock.pass(24 * 3600);
		cloud.faults.add({ match: 'certificate', times: 1, then: 'serviceUnavailable' });
		smn.publish(topic, { message: 'first' });
		await until(() => smn.deliveries[1]?.statuses.length === 1);
		clock.pass(60);
		await smn.settled();

		const { statuses } = await tell('alarm');

		expect(smn.deliveries[1].statuses.slice(-1)).toEqual([200]);
		expect(statuses).toEqual([200]);
		expect(started).toHaveLength(1);
	});

	test.each<[string, Omit<Rule, 'match'>, number[], string]>([
		['5xx', { then: 'serviceUnavailable', times: 1 }, [503, 200], 'confirmed'],
		['no answer', { then: 'hang', times: 1 }, [503, 200], 'confirmed'],
		['a page', { then: { status: 200, body: '<html>' } }, [200], 'unconfirmed'],
		['a redirect elsewhere', { then: ELSEWHERE }, [200], 'unconfirmed'],
	])('a link that is answered with %s', async (_what, rule, statuses, status) => {
		const { cloud, smn, hosts, confirm, failed } = await openAlarms();
		cloud.faults.add({ match: 'subscription-link', ...rule });

		const subscription = await confirm();

		expect(smn.deliveries[0].statuses).toEqual(statuses);
		expect(subscription.status).toBe(status);
		expect(hosts.refused).toEqual([]);
		expect(failed).toEqual([]);
	});
});

test('a subscription that was ended by its link stays ended for ten minutes', async () => {
	const { smn, topic, clock, confirm, post, signed, tell } = await openAlarms();
	const subscription = await confirm();
	await tell('alarm');
	smn.unsubscribe(subscription.urn);
	await smn.settled();

	smn.invite(topic, subscription);
	await smn.settled();
	expect(subscription.status).toBe('ended');

	clock.pass(600);
	smn.invite(topic, subscription);
	await smn.settled();
	expect(subscription.status).toBe('confirmed');
	expect(await post(signed())).toMatchObject({ status: 200 });
});
