/** The links of a message work without a login: they, and signatures, are shown to nobody. */
import { captureLogs, placesOf } from '../harness/leaks';
import { openAlarms } from '../harness/alarms';

jest.setTimeout(60_000);

type World = Awaited<ReturnType<typeof openAlarms>>;

const logs = captureLogs();

afterAll(() => logs.end());

/** What stands in the messages that were sent, and must not stand anywhere else. */
function secretsOf({ smn }: World) {
	return smn.deliveries.flatMap(({ message }) => {
		const { subscribe_url = '', unsubscribe_url = '', signature } = message;
		const token = new URLSearchParams(subscribe_url).get('token') ?? '';
		return [subscribe_url, unsubscribe_url, token, signature].filter(Boolean);
	});
}

const CHOOSE_ALL = {
	events: ['alarm', 'insufficientData', 'ok', 'other', 'systemEvent', 'trace'],
	options: { onlyServers: false },
};

/** All that may be seen: items, errors, answers, logs. */
async function expectNoLeak(world: World) {
	const { started, failed, smn } = world;
	const answers = smn.deliveries.map(({ answer }) => answer);
	const secrets = secretsOf(world);
	expect(secrets.length).toBeGreaterThan(3);
	for (const secret of secrets) {
		expect(placesOf(secret, { started, failed, answers, logs: logs.lines })).toEqual([]);
	}
}

test('of all that SMN sends', async () => {
	const world = await openAlarms(CHOOSE_ALL);
	const subscription = await world.confirm();
	for (const form of ['alarm', 'templateAlarm', 'systemEvent', 'trace', 'text'] as const) {
		await world.tell(form);
	}
	world.smn.unsubscribe(subscription.urn);
	await world.smn.settled();

	expect(world.started).toHaveLength(5);
	expect(world.smn.deliveries.every(({ statuses }) => statuses[0] === 200)).toBe(true);
	expect(logs.lines.join('\n')).toContain('The subscription to the topic is confirmed');
	await expectNoLeak(world);
});

test.each(['drop', 'hang', 'serviceUnavailable', { status: 400, body: '{}' }] as const)(
	'while the link that confirms gives %j',
	async (then) => {
		const world = await openAlarms(CHOOSE_ALL);
		await world.confirm();
		await world.tell('alarm');
		world.cloud.faults.add({ match: 'subscription-link', then, times: 2 });
		await world.confirm();

		await expectNoLeak(world);
	},
);
