/** A stranger who knows the webhook's address posts ten thousand forged messages. */
import { randomBytes } from 'crypto';

import { openAlarms } from '../harness/alarms';
import { liveHeap } from '../harness/heap';

jest.setTimeout(120_000);

type World = Awaited<ReturnType<typeof openAlarms>>;

const POSTS = 10_000;
const AT_ONCE = 20;
const MEGABYTE = 2 ** 20;
/** At most so many requests a minute, whoever they are for; here it lasts for the whole test. */
const RATION = 10;

const TRY_AGAIN = { status: 503, body: { message: 'Try again' } };
const STARTED = { status: 200, body: { message: 'Workflow was started' } };

/** Each as good as it gets without SMN's key, and each with a certificate that nobody has asked for yet. */
function forge({ signed, smn }: World) {
	const message = signed();
	return () => ({
		...message,
		message_id: randomBytes(16).toString('hex'),
		signing_cert_url: smn.certificateUrl.replace(/[0-9a-f]{32}/, randomBytes(16).toString('hex')),
	});
}

/** Posts `count` messages, many at a time, and whatever comes in between. */
async function flood(world: World, count: number, between: () => Promise<void> = async () => {}) {
	const next = forge(world);
	const statuses = new Map<number, number>();
	let left = count;
	const pour = async () => {
		for (; left > 0; left -= 1) {
			const { status } = await world.post(next());
			statuses.set(status, (statuses.get(status) ?? 0) + 1);
		}
	};
	await Promise.all([...Array.from({ length: AT_ONCE }, pour), between()]);
	return statuses;
}

test('costs ten requests, no memory and no start, and who is known is heard meanwhile', async () => {
	const world = await openAlarms();
	world.clock.stop();
	await world.post(world.signed());
	await flood(world, 200);
	const before = liveHeap();
	let slowest = 0;

	const statuses = await flood(world, POSTS, async () => {
		for (let alarm = 0; alarm < 20; alarm += 1) {
			const answer = await world.post(world.signed());
			expect(answer).toMatchObject(STARTED);
			slowest = Math.max(slowest, answer.seconds);
		}
	});

	expect([...statuses.keys()]).toEqual([503]);
	expect(world.fetched().filter((kind) => kind === 'certificate')).toHaveLength(RATION);
	expect(world.cloud.requests.maxInFlight).toBe(1);
	expect(world.hosts.refused).toEqual([]);
	expect(slowest).toBeLessThan(4);
	expect(world.started).toHaveLength(21);
	expect(world.failed).toEqual([]);
	expect(liveHeap() - before).toBeLessThan(10 * MEGABYTE);
});

test('whoever is not known yet is told within 4 seconds to send again, and is heard a minute later', async () => {
	const world = await openAlarms();
	world.cloud.faults.add({ match: 'certificate', then: 'hang' });
	const message = world.signed();

	await flood(world, 500, async () => {
		const answer = await world.post(message);
		expect(answer).toMatchObject(TRY_AGAIN);
		expect(answer.seconds).toBeLessThan(4);
	});
	world.cloud.faults.clear();
	world.clock.pass(60);

	expect(await world.post(message)).toMatchObject(STARTED);
});
