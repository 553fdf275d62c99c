import { Turnstile } from '../../../../nodes/cloud/access/turnstile';
import { settle } from '../../virtual-clock';

let now = 0;
const turnstile = () => new Turnstile<string>(() => now);
const never = new AbortController().signal;

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

beforeEach(() => (now = 0));

test('nobody has the turn to begin with', () => {
	expect(turnstile().underWay).toBeUndefined();
});

test('those who wait get what the one before them got', async () => {
	const one = turnstile();
	const { work, end } = held();
	const taken = one.take(work, never);
	const waiting = one.underWay;
	end('done');
	expect([await taken, await waiting]).toEqual(['done', 'done']);
	expect(one.underWay).toBeUndefined();
});

test('one that fails frees the turn, and says nothing to the others', async () => {
	const one = turnstile();
	const { work, fail } = held();
	const taken = one.take(work, never);
	const waiting = one.underWay;
	fail(new Error('broken'));
	await expect(taken).rejects.toThrow('broken');
	expect(await waiting).toBeUndefined();
	expect(one.underWay).toBeUndefined();
});

test('one that is cancelled frees the turn at once', async () => {
	const one = turnstile();
	const cancel = new AbortController();
	void one.take(held().work, cancel.signal);
	const waiting = one.underWay;
	cancel.abort();
	expect(await waiting).toBeUndefined();
	expect(one.underWay).toBeUndefined();
});

test('nobody has the turn for longer than a minute', () => {
	const one = turnstile();
	void one.take(held().work, never);
	now = 59_999;
	expect(one.underWay).toBeDefined();
	now = 60_000;
	expect(one.underWay).toBeUndefined();
});

test('one that ends after its minute does not free the turn of the next', async () => {
	const one = turnstile();
	const slow = held();
	void one.take(slow.work, never);
	now = 60_000;
	void one.take(held().work, never);
	slow.end('late');
	await settle();
	expect(one.underWay).toBeDefined();
});
