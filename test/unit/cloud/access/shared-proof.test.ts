/** Several accounts with one secret: what is wrong with it is found out without locking anybody. */
import type { IHttpRequestOptions } from 'n8n-workflow';

import { readAccount } from '../../../../nodes/cloud/access/account';
import { placeOf } from '../../../../nodes/cloud/access/mark';
import { admitted, Proof, withProof } from '../../../../nodes/cloud/access/shared-proof';
import type { Answer } from '../../../../nodes/cloud/api/answer';
import {
	departingBy,
	type Departure,
	NOT_SENT_IN_TIME,
} from '../../../../nodes/cloud/api/departure';
import type { CloudRequest } from '../../../../nodes/cloud/api/requests';
import { pressure } from '../../../../nodes/cloud/session/gate/pressure';
import { answered, KEYSTONE_401, lost } from '../../answers';
import { PROJECT } from '../../projects';
import { settle, timeAt, VirtualClock } from '../../virtual-clock';

const REQUEST = { method: 'GET', path: '/v2.1/p/servers' } as const;
const DEPARTURE: Departure = { state: 'waiting', leave: () => 1, comeBack: () => undefined };
const REFUSED = answered(401, KEYSTONE_401);
const FINE = answered(200, {});

/** As many accounts as there are answers, which send all at once; each answer takes a turn of the loop. */
async function sendAll(answers: Answer[]) {
	const proof = new Proof(timeAt(() => 0));
	const { signal } = new AbortController();
	let sent = 0;
	let underWay = 0;
	let most = 0;
	const results = await Promise.all(
		answers.map(async (answer, index) => {
			const send = async () => {
				sent += 1;
				underWay += 1;
				most = Math.max(most, underWay);
				await Promise.resolve();
				underWay -= 1;
				return answer;
			};
			const client = withProof(send, { proof: () => proof, place: `p${index}`, signal });
			return await client(REQUEST, 1_000, DEPARTURE);
		}),
	);
	return { results, sent, most };
}

test('a wrong secret is refused twice, however many accounts use it', async () => {
	const { results, sent } = await sendAll(Array<Answer>(8).fill(REFUSED));
	expect(sent).toBe(2);
	expect(results.slice(0, 2)).toEqual([REFUSED, REFUSED]);
	for (const result of results.slice(2)) {
		expect(result).toMatchObject({ kind: 'lost', sent: false, refusal: { final: true } });
	}
});

test('a secret that is refused for one project only works for the others', async () => {
	const { results, sent } = await sendAll([REFUSED, FINE, FINE, FINE]);
	expect(sent).toBe(4);
	expect(results).toEqual([REFUSED, FINE, FINE, FINE]);
});

test('one request finds out whether it works, then all go at once', async () => {
	const { most, sent } = await sendAll([FINE, FINE, FINE, FINE]);
	expect(sent).toBe(4);
	expect(most).toBe(3);
});

test('a lost answer tells nothing of it', async () => {
	const gone = lost('ECONNRESET');
	const { results, sent } = await sendAll([gone, gone, gone, FINE]);
	expect(sent).toBe(4);
	expect(results).toEqual([gone, gone, gone, FINE]);
});

test.each([404, 429, 500, 502])(
	'nor does a %i, which may be that of a gateway before anybody looked at the secret',
	async (status) => {
		const { most } = await sendAll([answered(status), answered(status), REFUSED, REFUSED]);
		expect(most).toBe(1);
	},
);

test('a request that hangs finds nothing out: after three seconds one more is sent', async () => {
	const clock = new VirtualClock();
	const proof = new Proof(clock);
	const { signal } = new AbortController();
	let sent = 0;
	const send = async () => {
		sent += 1;
		return await (sent === 1 ? new Promise<Answer>(() => undefined) : Promise.resolve(FINE));
	};
	const client = withProof(send, { proof: () => proof, place: 'p', signal });
	void client(REQUEST, 30_000, DEPARTURE);
	const others = [1, 2, 3].map(async () => await client(REQUEST, 30_000, DEPARTURE));
	await clock.run(2_999);
	expect(sent).toBe(1);
	await clock.run(1);
	expect(await Promise.all(others)).toEqual([FINE, FINE, FINE]);
});

test('a request whose time is up while it waits for that: the words do not speak of a login', async () => {
	const clock = new VirtualClock();
	const proof = new Proof(clock);
	const { signal } = new AbortController();
	const send = async () => await new Promise<Answer>(() => undefined);
	const client = withProof(send, { proof: () => proof, place: 'p', signal });
	void client(REQUEST, 30_000, DEPARTURE);
	const other = client(REQUEST, 30_000, { ...DEPARTURE, state: 'missed' });
	await clock.run(3_000);
	const why = expect.stringContaining('whether it takes the credential') as string;
	expect(await other).toMatchObject({ sent: false, refusal: { fault: { explanation: { why } } } });
});

describe('an execution that is cancelled while its request finds out', () => {
	/** Requests that are answered, or cut off, when the test says so. */
	function setUp() {
		const clock = new VirtualClock();
		const proof = new Proof(clock);
		const answers: Array<(answer: Answer) => void> = [];
		const send = async () => await new Promise<Answer>((resolve) => answers.push(resolve));
		const ask = async (signal = new AbortController().signal) =>
			await withProof(send, { proof: () => proof, place: 'p', signal })(REQUEST, 30_000, DEPARTURE);
		return { clock, answers, ask };
	}

	test('does not send others ahead: the answer to its request counts for them', async () => {
		const { clock, answers, ask } = setUp();
		const cancel = new AbortController();
		void ask(cancel.signal);
		const others = [ask(), ask()];
		cancel.abort();
		await clock.run(2_999);
		expect(answers).toHaveLength(1);
		answers[0](REFUSED);
		for (const other of await Promise.all(others)) {
			expect(other).toMatchObject({ kind: 'lost', sent: false, refusal: { final: true } });
		}
		expect(answers).toHaveLength(1);
	});

	test('one after another: one request in three seconds, though each is cut off at once', async () => {
		const { clock, answers, ask } = setUp();
		const cancels = Array.from({ length: 20 }, () => new AbortController());
		for (const { signal } of cancels) void ask(signal);
		for (const cancel of cancels) {
			cancel.abort();
			for (const cutOff of answers) cutOff(lost('ERR_CANCELED'));
			await clock.run(100);
		}
		expect(answers).toHaveLength(1);
		const other = ask();
		await clock.run(1_000);
		answers[1](FINE);
		expect(await other).toBe(FINE);
		expect(clock.timers).toBe(0);
	});

	test('before it was sent, does not keep the others waiting', async () => {
		const { answers, ask } = setUp();
		const cancel = new AbortController();
		void ask(cancel.signal);
		const other = ask();
		cancel.abort();
		answers[0](NOT_SENT_IN_TIME);
		await settle();
		answers[1](FINE);
		expect(await other).toBe(FINE);
	});
});

describe('a call aside, such as a batch, that is refused while single requests are taken', () => {
	const ASIDE = { ...REQUEST, aside: true } as const;

	/** A gateway that publishes the call with another authentication; what was sent, and got back. */
	function setUp() {
		const proof = new Proof(timeAt(() => 0));
		const { signal } = new AbortController();
		const sent: string[] = [];
		const cloud = { takes: true };
		const send = async ({ aside }: CloudRequest) => {
			sent.push(aside ? 'batch' : 'single');
			return !aside && cloud.takes ? FINE : REFUSED;
		};
		const client = withProof(send, { proof: () => proof, place: 'p', signal });
		const ask = async (request: CloudRequest) => await client(request, 1_000, DEPARTURE);
		return { ask, sent, cloud };
	}

	test('keeps nobody from single requests', async () => {
		const { ask, sent } = setUp();
		await ask(ASIDE);
		await ask(ASIDE);
		expect(await ask(REQUEST)).toBe(FINE);
		await ask(ASIDE);
		expect(await ask(REQUEST)).toBe(FINE);
		expect(sent).toEqual(['batch', 'single', 'single']);
	});

	test('closes nothing, and is remembered for such calls', async () => {
		const { ask } = setUp();
		await ask(REQUEST);
		for (const isSent of [true, false]) {
			const answer = await ask(ASIDE);
			expect(answer.kind === 'answered').toBe(isSent);
			expect(answer).toMatchObject({ ofCall: true });
			expect(pressure(answer)).toEqual({ word: 'fine' });
		}
	});

	test('may mean the secret: one single request finds out for all', async () => {
		const { ask, sent, cloud } = setUp();
		await ask(REQUEST);
		cloud.takes = false;
		await ask(ASIDE);
		await Promise.all([ask(REQUEST), ask(REQUEST), ask(REQUEST)]);
		expect(sent).toEqual(['single', 'batch', 'single']);
	});

	test('is not sent where a single request was refused', async () => {
		const { ask, sent, cloud } = setUp();
		cloud.takes = false;
		await ask(REQUEST);
		expect(await ask(ASIDE)).toMatchObject({ refusal: { reason: 'unauthorized' } });
		expect(sent).toEqual(['single']);
	});
});

describe('executions of one process', () => {
	const MINUTE_MS = 60_000;
	let now = 0;
	beforeEach(() => (now = 0));

	/** A secret that several executions use, and a cloud that answers when it is let. */
	function aSecret() {
		const proof = new Proof(timeAt(() => now));
		const secret = {
			proof,
			sent: 0,
			answer: FINE as Answer,
			holding: undefined as Promise<void> | undefined,
			ask: async ({
				place = 'p',
				signal = new AbortController().signal,
				departure = DEPARTURE,
			} = {}) => {
				const send = async () => {
					secret.sent += 1;
					await (secret.holding ?? Promise.resolve());
					return secret.answer;
				};
				return await withProof(send, { proof: () => proof, place, signal })(
					REQUEST,
					1_000,
					departure,
				);
			},
			askAll: async (count: number) =>
				await Promise.all(Array.from({ length: count }, async () => await secret.ask())),
			hold() {
				let go: () => void = () => undefined;
				secret.holding = new Promise((resolve) => (go = resolve));
				return go;
			},
		};
		return secret;
	}

	test('a hundred with a wrong secret: one is refused, and nothing is sent for ten minutes', async () => {
		const secret = aSecret();
		secret.answer = REFUSED;
		const results = await secret.askAll(100);
		expect(results.filter((result) => result === REFUSED)).toHaveLength(1);
		now = 10 * MINUTE_MS - 1;
		await secret.ask();
		expect(secret.sent).toBe(1);
		now = 10 * MINUTE_MS;
		await secret.ask();
		expect(secret.sent).toBe(2);
	});

	test('the refusal is told in the words of the credential', async () => {
		const secret = aSecret();
		const explanation = { why: 'the cloud refused the token', hint: 'Get a new one' };
		secret.answer = { ...REFUSED, explanation };
		await secret.ask();
		expect(await secret.ask()).toMatchObject({
			sent: false,
			refusal: {
				fault: {
					httpStatus: 401,
					explanation: {
						why: expect.stringContaining(explanation.why) as string,
						hint: expect.stringContaining(explanation.hint) as string,
					},
				},
			},
		});
	});

	test('a secret that worked is found to be revoked by one of them, a minute later', async () => {
		const secret = aSecret();
		await secret.askAll(10);
		secret.answer = REFUSED;
		now = MINUTE_MS;
		await secret.askAll(100);
		expect(secret.sent).toBe(11);
	});

	test('a secret that works lets all go at once within that minute', async () => {
		const secret = aSecret();
		await secret.ask();
		now = MINUTE_MS - 1;
		const go = secret.hold();
		const all = secret.askAll(10);
		await settle();
		expect(secret.sent).toBe(11);
		go();
		await all;
	});

	test('a refusal puts an end to what was known before', async () => {
		const secret = aSecret();
		await secret.ask({ place: 'good' });
		secret.answer = REFUSED;
		await secret.ask({ place: 'bad' });
		const go = secret.hold();
		const all = [secret.ask({ place: 'good' }), secret.ask({ place: 'good' })];
		await settle();
		expect(secret.sent).toBe(3);
		go();
		await Promise.all(all);
	});

	test('a secret that two projects refuse goes on at a third that has taken it', async () => {
		const secret = aSecret();
		await secret.ask({ place: 'good' });
		now = MINUTE_MS;
		secret.answer = REFUSED;
		await secret.ask({ place: 'bad' });
		await secret.ask({ place: 'worse' });
		secret.answer = FINE;
		expect(await secret.ask({ place: 'good' })).toBe(FINE);
	});

	test('an answer that got lost says nothing: the next one finds out', async () => {
		const secret = aSecret();
		secret.answer = lost('ECONNRESET');
		await secret.ask();
		expect(secret.proof.works).toBe(false);
		secret.answer = FINE;
		expect(await secret.ask()).toBe(FINE);
	});

	test.each(['cancelled', 'too late'])('one that is %s by then sends nothing', async (how) => {
		const secret = aSecret();
		const cancel = new AbortController();
		const go = secret.hold();
		const first = secret.ask();
		const departure =
			how === 'cancelled' ? DEPARTURE : ({ ...DEPARTURE, state: 'missed' } as const);
		const other = secret.ask({ signal: cancel.signal, departure });
		await settle();
		if (how === 'cancelled') cancel.abort();
		go();
		await first;
		expect(await other).toMatchObject({ kind: 'lost', sent: false });
		expect(secret.sent).toBe(1);
	});

	describe('and what is no request of theirs, after a refusal', () => {
		const credential = { cloud: 'otc-eu-de', projectId: PROJECT };
		const place = placeOf(readAccount(credential));
		const request: IHttpRequestOptions = { url: 'https://example.com', headers: { a: 'b' } };

		async function refused() {
			const secret = aSecret();
			secret.answer = { ...REFUSED, explanation: { why: 'the key is wrong', hint: 'Check it' } };
			await secret.ask({ place });
			return {
				secret,
				admit: (one: IHttpRequestOptions) => admitted(one, () => secret.proof, credential),
			};
		}

		test('another node sends nothing, is told why, and leaves it as it is', async () => {
			const { secret, admit } = await refused();
			expect(() => admit(request)).toThrow(
				/^The key is wrong \(at .* UTC; nothing was sent now\): .*\. Check it\. The credential is tried again 10 minutes/,
			);
			await secret.ask({ place });
			expect(secret.sent).toBe(1);
			now = 10 * MINUTE_MS;
			expect(admit(request)).toBe(request);
		});

		test('a request of ours goes its own way', async () => {
			const { admit } = await refused();
			const ours = departingBy(DEPARTURE, request);
			expect(admit(ours)).toBe(ours);
		});
	});
});
