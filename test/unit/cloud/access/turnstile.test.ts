import { Turnstile } from '../../../../nodes/cloud/access/turnstile';
import { settle, VirtualClock } from '../../virtual-clock';

let clock = new VirtualClock();
const turnstile = () => new Turnstile<string>(clock);

/** Work that ends when the test says so. */
function held() {
	let end: (result: string) => void = () => undefined;
	let fail: (error: Error) => void = () => undefined;
	const work = new Promise<string>((resolve, reject) => {
		end = resolve;
		fail = reject;
	});
	return { work: async () => await work, end, fail };
}

beforeEach(() => (clock = new VirtualClock()));

test('nobody has the turn to begin with', () => {
	expect(turnstile().underWay).toBeUndefined();
});

test('those who wait get what the one before them got', async () => {
	const one = turnstile();
	const { work, end } = held();
	const taken = one.take(work);
	const waiting = one.underWay;
	end('done');
	expect([await taken, await waiting]).toEqual(['done', 'done']);
	expect(one.underWay).toBeUndefined();
});

test('one that fails frees the turn, and says nothing to the others', async () => {
	const one = turnstile();
	const { work, fail } = held();
	const taken = one.take(work);
	const waiting = one.underWay;
	fail(new Error('broken'));
	await expect(taken).rejects.toThrow('broken');
	expect(await waiting).toBeUndefined();
	expect(one.underWay).toBeUndefined();
});

test('one that ends with what tells nothing keeps the turn until its time is up', async () => {
	const one = turnstile();
	const { work, end } = held();
	const taken = one.take(work, () => false);
	const waiting = one.underWay;
	end('cut off');
	expect(await taken).toBe('cut off');
	await clock.run(59_999);
	expect(one.underWay).toBeDefined();
	await clock.run(1);
	expect(one.underWay).toBeUndefined();
	expect(await waiting).toBeUndefined();
	expect(clock.timers).toBe(0);
});

test('its time may be cut short, and is no longer for being cut less short again', async () => {
	const one = turnstile();
	one.endWithin(1);
	void one.take(held().work);
	const waiting = one.underWay;
	one.endWithin(3_000);
	one.endWithin(5_000);
	await clock.run(2_999);
	expect(one.underWay).toBeDefined();
	await clock.run(1);
	expect(one.underWay).toBeUndefined();
	expect(await waiting).toBeUndefined();
	expect(clock.timers).toBe(0);
});

test('nobody has the turn for longer than a minute, and those who wait go on then', async () => {
	const one = turnstile();
	void one.take(held().work);
	const waiting = one.underWay;
	await clock.run(59_999);
	expect(one.underWay).toBeDefined();
	await clock.run(1);
	expect(one.underWay).toBeUndefined();
	expect(await waiting).toBeUndefined();
});

test('one that ends after its minute does not free the turn of the next', async () => {
	const one = turnstile();
	const slow = held();
	void one.take(slow.work);
	await clock.run(60_000);
	void one.take(held().work);
	slow.end('late');
	await settle();
	expect(one.underWay).toBeDefined();
});

test('leaves no timer behind', async () => {
	const one = turnstile();
	const { work, end } = held();
	const taken = one.take(work);
	end('done');
	await taken;
	await settle();
	expect(clock.timers).toBe(0);
});
