/** What goes wrong while the trigger is active: told now and then, and nothing is lost. */
import { answered, lost, nova } from '../answers';
import { openProcess } from './process';

const MINUTE_MS = 60_000;

/** The minutes after which a trigger that polls every minute tells that the cloud answers so. */
async function toldAt(
	answer: Parameters<ReturnType<typeof openProcess>['failWith']>[0],
	minutes: number,
) {
	const { clock, publish, failWith } = openProcess();
	const trigger = publish('a');
	await trigger.activate();
	failWith(answer);
	const began = clock.now();
	const told: number[] = [];
	for (let minute = 0; minute <= minutes; minute += 1) {
		await clock.run(Math.max(0, began + minute * MINUTE_MS - clock.now()));
		const polledAt = clock.now();
		await trigger.poll().catch(() => told.push(minute));
		expect(clock.now() - polledAt).toBeLessThanOrEqual(40_000);
	}
	return told;
}

test('a cloud that forbids the list is told at once, then every hour', async () => {
	expect(await toldAt(answered(403, nova(403, 'forbidden')), 130)).toEqual([0, 60, 120]);
});

test.each([
	['is out', answered(503, 'out')],
	['does not answer', lost('ETIMEDOUT')],
	['asks for patience', answered(429, nova(429, 'overLimit'), { 'retry-after': '3600' })],
])(
	'a cloud that %s is told after 15 minutes, and each poll ends in 40 seconds',
	async (_, answer) => {
		const [first, ...others] = await toldAt(answer, 60);

		expect([15, 16]).toContain(first);
		expect(others).toEqual([]);
	},
);

test('an outage is forgotten with the first poll that works', async () => {
	const { clock, publish, failWith } = openProcess();
	const trigger = publish('a');
	await trigger.activate();
	for (let outages = 0; outages < 3; outages += 1) {
		failWith(lost('ECONNREFUSED', false));
		for (let minute = 0; minute < 10; minute += 1) {
			await clock.run(MINUTE_MS);
			expect(await trigger.poll()).toBeNull();
		}
		failWith(undefined);
		await clock.run(2 * MINUTE_MS);
		expect(await trigger.poll()).toBeNull();
	}
});

test('a cloud that is out refuses the activation', async () => {
	const { publish, failWith } = openProcess();
	failWith(answered(503, 'out'));

	await expect(publish('a').activate()).rejects.toMatchObject({
		message: expect.stringContaining('the cloud was not available'),
	});
});
