import { batchVerdict } from '../../../../nodes/cloud/api/batch-verdict';
import { verdict } from '../../../../nodes/cloud/api/verdict';
import { type Asked, type Asker, Asks } from '../../../../nodes/cloud/session/asks';
import type { ActVerdict } from '../../../../nodes/cloud/api/api';
import { CloudTime } from '../../../../nodes/cloud/session/cloud-time';
import type { Outgoing } from '../../../../nodes/cloud/session/outgoing';
import { answered, lost, notSent } from '../../answers';
import { settle, VirtualClock } from '../../virtual-clock';

const ACCEPTED = verdict(answered(202, '', { 'x-openstack-request-id': 'req-1' }));
const CONFLICT = verdict(answered(409));
const NO_BATCHES = batchVerdict(answered(300), 1);
const LOST = verdict(lost('ECONNRESET'));
const NOT_SENT = verdict(notSent('timedOut'));

interface Asking {
	deadline?: number;
	seenAt?: number;
	waits?: boolean;
	/** Its turn does not come before the test lets it. */
	queued?: boolean;
}

/** Executions of one account that ask for actions on the same server. */
class Account {
	readonly clock = new VirtualClock();

	readonly asks = new Asks(this.clock);

	/** Whose request has gone out, in that order. */
	readonly asked: string[] = [];

	/** Who has begun to wait for the request of another. */
	readonly sharing: string[] = [];

	readonly got = new Map<string, Asked>();

	private readonly requests = new Map<
		string,
		{ outgoing: Outgoing; answer: (word: ActVerdict) => void }
	>();

	private send(name: string): void {
		const { outgoing } = this.requests.get(name) ?? {};
		if (!outgoing || outgoing.isMoot()) return;
		this.asked.push(name);
		outgoing.goes();
	}

	execution(name: string) {
		const cancel = new AbortController();
		const asker: Asker = { cloudTime: new CloudTime(), signal: cancel.signal };
		this.asks.join(asker);
		return {
			asker,
			cancel: () => cancel.abort(),
			ask: async (
				action = 'start',
				{ deadline = 300_000, seenAt, waits = true, queued = false }: Asking = {},
			) => {
				const request = async (outgoing: Outgoing) =>
					await new Promise<ActVerdict>((answer) => {
						this.requests.set(name, { outgoing, answer });
						if (!queued) this.send(name);
					});
				const onShare = () => {
					this.sharing.push(name);
					return deadline;
				};
				void this.asks
					.ask({ serverId: 'server', action, asker, seenAt, waits, onShare }, request)
					.then((got) => this.got.set(name, got));
				await settle();
			},
			/** Its turn comes. */
			send: async () => {
				this.send(name);
				await settle();
			},
			leave: () => this.requests.get(name)?.outgoing.leaves(),
			answer: async (word: ActVerdict) => {
				this.requests.get(name)?.answer(word);
				await settle();
			},
			refuseToSend: async () => {
				this.requests.get(name)?.answer(NOT_SENT);
				await settle();
			},
			end: () => this.asks.end('server', asker),
		};
	}
}

function three() {
	const account = new Account();
	return {
		account,
		a: account.execution('a'),
		b: account.execution('b'),
		c: account.execution('c'),
	};
}

describe('a server that several executions ask for the same at once', () => {
	test('is asked once, and all get the answer', async () => {
		const { account, a, b, c } = three();
		for (const one of [a, b, c]) await one.ask();
		await account.clock.run(5_000);
		await a.answer(ACCEPTED);
		expect(account.asked).toEqual(['a']);
		expect(account.got.get('a')).toEqual({ judged: ACCEPTED });
		for (const name of ['b', 'c']) {
			expect(account.got.get(name)).toEqual({ judged: ACCEPTED, sharedFrom: 0 });
		}
	});

	test('is not asked again while one is at work on what the cloud has taken', async () => {
		const { account, a, b, c } = three();
		await a.ask();
		await a.answer(ACCEPTED);
		await b.ask();
		a.end();
		await c.ask();
		expect(account.asked).toEqual(['a']);
		expect(account.got.get('c')).toMatchObject({ judged: ACCEPTED });
	});

	test('is asked again when all have ended', async () => {
		const { account, a, b, c } = three();
		await a.ask();
		await a.answer(ACCEPTED);
		await b.ask();
		a.end();
		b.end();
		await c.ask();
		expect(account.asked).toEqual(['a', 'c']);
	});

	test('is asked for each action by itself', async () => {
		const { account, a, b, c } = three();
		await a.ask('start');
		await a.answer(ACCEPTED);
		await b.ask('stop');
		await b.answer(ACCEPTED);
		await c.ask('start');
		expect(account.asked).toEqual(['a', 'b', 'c']);
	});

	test('is asked again by whom its own request has failed', async () => {
		const { account, a } = three();
		await a.ask();
		await a.answer(ACCEPTED);
		await a.ask();
		expect(account.asked).toEqual(['a', 'a']);
	});

	test('which has fallen back: the others share the second request', async () => {
		const { account, a, b } = three();
		await a.ask();
		await b.ask();
		await a.answer(ACCEPTED);
		await account.clock.run(1_000);
		await b.ask();
		await b.answer(ACCEPTED);
		await a.ask();
		expect(account.asked).toEqual(['a', 'b']);
		expect(account.got.get('a')).toEqual({ judged: ACCEPTED, sharedFrom: 1_000 });
	});

	test.each([
		[4_999, ['a']],
		[5_000, ['a', 'b']],
	])('counts as asked at once for five seconds after the request (%i ms)', async (ms, asked) => {
		const { account, a, b } = three();
		await a.ask();
		await a.answer(ACCEPTED);
		await account.clock.run(ms);
		await b.ask();
		expect(account.asked).toEqual(asked);
	});

	test('is asked again by whoever waits for no more than that the cloud takes the request', async () => {
		const { account, a, b } = three();
		await a.ask();
		await a.answer(ACCEPTED);
		await b.ask('start', { waits: false });
		expect(account.asked).toEqual(['a', 'b']);
	});

	test('is asked again by whoever has seen since then that it did not help', async () => {
		const { account, a, b } = three();
		await a.ask();
		await a.answer(ACCEPTED);
		await account.clock.run(3_000);
		await b.ask('start', { seenAt: 2_000 });
		expect(account.asked).toEqual(['a', 'b']);
	});

	test('is told when the cloud last told its time', async () => {
		const { a, b } = three();
		a.asker.cloudTime.note(answered(200, '', { date: 'Wed, 25 Nov 2026 10:00:00 GMT' }), 0);
		await a.ask();
		await a.answer(ACCEPTED);
		await b.ask();
		expect(b.asker.cloudTime.since).toBe(a.asker.cloudTime.since);
	});
});

describe('who waits for its turn', () => {
	test('keeps no other from asking whose turn comes first, and shares what comes of it', async () => {
		const { account, a, b } = three();
		await a.ask('start', { queued: true });
		await account.clock.run(3_000);
		await b.ask();
		expect(account.asked).toEqual(['b']);
		await a.send();
		await b.answer(ACCEPTED);
		expect(account.asked).toEqual(['b']);
		expect(account.got.get('a')).toEqual({ judged: ACCEPTED, sharedFrom: 3_000 });
	});

	test('asks itself when its turn comes, where the request of another said nothing of its own', async () => {
		const { account, a, b } = three();
		await a.ask('start', { queued: true });
		await b.ask();
		await b.answer(NO_BATCHES);
		await a.send();
		expect(account.asked).toEqual(['b', 'a']);
	});

	test('and is cancelled leaves it to those who wait as well', async () => {
		const { account, a, b, c } = three();
		for (const one of [a, b]) await one.ask('start', { queued: true });
		b.cancel();
		await c.ask();
		await c.answer(ACCEPTED);
		expect(account.asked).toEqual(['c']);
		expect(account.got.get('a')).toMatchObject({ judged: ACCEPTED });
	});
});

test('a request that leaves n8n only after a login was sent then', async () => {
	const { account, a, b } = three();
	await a.ask();
	await b.ask();
	await account.clock.run(7_000);
	a.leave();
	await a.answer(ACCEPTED);
	expect(account.got.get('b')).toEqual({ judged: ACCEPTED, sharedFrom: 7_000 });
});

describe('an answer that is no acceptance', () => {
	test('is shared with those who wait, and those who come later ask anew', async () => {
		const { account, a, b, c } = three();
		await a.ask();
		await b.ask();
		await a.answer(CONFLICT);
		await c.ask();
		expect(account.got.get('b')).toMatchObject({ judged: CONFLICT });
		expect(account.asked).toEqual(['a', 'c']);
	});

	test('but a lost one may have been taken, so that nobody asks a second time', async () => {
		const { account, a, b } = three();
		await a.ask();
		await a.answer(LOST);
		await b.ask();
		expect(account.asked).toEqual(['a']);
		expect(account.got.get('b')).toMatchObject({ judged: LOST });
	});

	test('but what the cloud does not understand says nothing of what another sends', async () => {
		const { account, a, b } = three();
		await a.ask();
		await b.ask();
		await a.answer(NO_BATCHES);
		expect(account.asked).toEqual(['a', 'b']);
	});

	test('and what was never sent is nobody’s answer: one of the others asks', async () => {
		const { account, a, b, c } = three();
		for (const one of [a, b, c]) await one.ask('start', { queued: true });
		await a.refuseToSend();
		expect(account.got.get('a')).toEqual({ judged: NOT_SENT });
		await b.send();
		expect(account.asked).toEqual(['b']);
		await b.answer(ACCEPTED);
		expect(account.got.get('c')).toMatchObject({ judged: ACCEPTED });
	});
});

describe('an execution that was cancelled', () => {
	test('asks for nothing any more, and keeps nobody from asking', async () => {
		const { account, a, b } = three();
		a.cancel();
		await a.ask();
		await b.ask();
		expect(account.asked).toEqual(['b']);
	});

	test('while it waited for the request of another is not at work by that', async () => {
		const { account, a, b, c } = three();
		await a.ask();
		await b.ask();
		b.cancel();
		await a.answer(ACCEPTED);
		a.end();
		await c.ask();
		expect(account.asked).toEqual(['a', 'c']);
	});

	test('leaves what the cloud has said to those who are at work by it', async () => {
		const { account, a, b, c } = three();
		await a.ask();
		await a.answer(ACCEPTED);
		await b.ask();
		a.cancel();
		await c.ask();
		expect(account.got.get('c')).toMatchObject({ judged: ACCEPTED });
	});
});

describe('each keeps its own time', () => {
	test('which begins when the request of another goes out, not while that waits for its turn', async () => {
		const { account, a, b } = three();
		for (const one of [a, b]) await one.ask('start', { queued: true });
		await account.clock.run(60_000);
		expect(account.sharing).toEqual([]);
		await a.send();
		expect(account.sharing).toEqual(['b']);
	});

	test('who waits for an answer that does not come by then has lost it', async () => {
		const { account, a, b } = three();
		await a.ask();
		await b.ask('start', { deadline: 10_000 });
		await account.clock.run(10_000);
		expect(account.asked).toEqual(['a']);
		expect(account.got.get('b')).toMatchObject({
			judged: { word: 'recheck', taken: 'maybe', reason: 'unreachable' },
			sharedFrom: 0,
		});
	});
});

describe('when the execution whose request it is gets cancelled', () => {
	test('before it was sent: another asks', async () => {
		const { account, a, b } = three();
		for (const one of [a, b]) await one.ask('start', { queued: true });
		a.cancel();
		await b.send();
		expect(account.asked).toEqual(['b']);
	});

	test('on its way: the others look, as after any answer that was lost', async () => {
		const { account, a, b, c } = three();
		await a.ask();
		await b.ask();
		a.cancel();
		await settle();
		expect(account.asked).toEqual(['a']);
		expect(account.got.get('b')).toMatchObject({ judged: { word: 'recheck', taken: 'maybe' } });
		await c.ask();
		expect(account.asked).toEqual(['a']);
	});

	test('after the cloud took it: those who share it go on', async () => {
		const { account, a, b, c } = three();
		await a.ask();
		await a.answer(ACCEPTED);
		await b.ask();
		a.cancel();
		await c.ask();
		expect(account.asked).toEqual(['a']);
		expect(account.got.get('c')).toMatchObject({ judged: ACCEPTED });
	});

	test('no timer stays behind', async () => {
		const { account, a, b } = three();
		await a.ask();
		await b.ask();
		a.cancel();
		b.cancel();
		await settle();
		expect(account.clock.timers).toBe(0);
	});
});
