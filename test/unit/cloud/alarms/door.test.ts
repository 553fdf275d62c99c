import { confirm, keyAt } from '../../../../nodes/cloud/alarms/door';
import type { Fetched } from '../../../../nodes/cloud/alarms/fetch';
import { CERTIFICATE_URL, CLOUD, otherCertificate, served, subscribed, World } from './world';
import { vector } from './vectors';

const LINK = String(vector('subscription-confirmation').subscribe_url);
const SOON = 3_000;

describe('the key of a certificate', () => {
	it('is that of the file at its address', async () => {
		const key = await keyAt(CERTIFICATE_URL, SOON, new World().tools);
		expect(key).toMatchObject({ type: 'public', asymmetricKeyType: 'rsa' });
	});

	it('is asked for once, however many need it, and known from then on', async () => {
		const world = new World();
		const ask = async () => await keyAt(CERTIFICATE_URL, SOON, world.tools);
		const keys = [...(await Promise.all([ask(), ask()])), await ask()];
		expect(new Set(keys).size).toBe(1);
		expect(keys[0]).toBeDefined();
		expect(world.fetched).toEqual([CERTIFICATE_URL]);
	});

	it('is not asked for when its turn comes too late, and may be asked for at once thereafter', async () => {
		let calls = 0;
		const world = new World(async (): Promise<Fetched | undefined> => {
			calls += 1;
			return await (calls === 1 ? new Promise(() => undefined) : served());
		});
		const slow = keyAt(otherCertificate(1), SOON, world.tools);
		expect(await keyAt(CERTIFICATE_URL, SOON, world.tools)).toBeUndefined();
		expect(await slow).toBeUndefined();
		await Promise.all(world.memory.fetching.values());
		expect(world.fetched).toEqual([otherCertificate(1)]);

		expect(await keyAt(CERTIFICATE_URL, world.passed + SOON, world.tools)).toBeDefined();
	});

	it('is not asked for as the eleventh within a minute, and may be asked for thereafter', async () => {
		const world = new World();
		for (let number = 0; number < 10; number++) {
			await keyAt(otherCertificate(number), SOON, world.tools);
		}
		world.passed = 59_000;
		expect(await keyAt(CERTIFICATE_URL, world.passed + SOON, world.tools)).toBeUndefined();
		expect(world.fetched).toHaveLength(10);

		world.passed = 60_000;
		expect(await keyAt(CERTIFICATE_URL, world.passed + SOON, world.tools)).toBeDefined();
	});
});

describe('the link that confirms a subscription', () => {
	/** Calls the link where the cloud answers with each of these in turn. */
	async function call(...answers: Array<Fetched | undefined>) {
		const world = new World(async () => answers.shift());
		const outcome = await confirm('listener m1', LINK, CLOUD, SOON, world.tools);
		return { outcome, fetched: world.fetched };
	}

	const to = (location: string): Fetched => ({ status: 302, location, body: '' });

	it('confirms where the cloud names the subscription', async () => {
		expect(await call(subscribed)).toEqual({ outcome: 'confirmed', fetched: [LINK] });
	});

	it.each<[string, Fetched]>([
		['another status', { ...subscribed, status: 201 }],
		['an answer that names no subscription', { status: 200, body: '{"subscription_urn": null}' }],
		['an answer that is no JSON', { status: 200, body: 'confirmed' }],
		['a redirect to nowhere', { status: 302, body: '' }],
		['a redirect to another host', to('https://evil.example/')],
	])('is refused by %s', async (_what, answer) => {
		expect(await call(answer, subscribed)).toEqual({ outcome: 'refused', fetched: [LINK] });
	});

	it('is refused by a third redirect, which is not followed', async () => {
		const { outcome, fetched } = await call(to('/1'), to('/2'), to('/3'), subscribed);
		expect(outcome).toBe('refused');
		expect(fetched.map((url) => new URL(url).pathname).slice(1)).toEqual(['/1', '/2']);
	});

	it.each([[undefined], [{ status: 500, body: '' }]])(
		'may be called again after %j',
		async (answer) => {
			expect((await call(answer)).outcome).toBe('tryAgain');
		},
	);

	it('may be called again where the cloud does not answer in time', async () => {
		const world = new World(async () => await new Promise(() => undefined));
		expect(await confirm('listener m1', LINK, CLOUD, SOON, world.tools)).toBe('tryAgain');
		expect(world.passed).toBe(SOON);
	});

	it('is called once for each listener and message', async () => {
		const world = new World(async () => subscribed);
		const ask = async (id: string) => await confirm(id, LINK, CLOUD, SOON, world.tools);
		await Promise.all([ask('one m1'), ask('one m1'), ask('other m1')]);
		expect(await ask('one m1')).toBe('confirmed');
		expect(world.fetched).toEqual([LINK, LINK]);
	});
});
