/** Several accounts with one secret: what is wrong with it is found out without locking anybody. */
import type { IHttpRequestOptions } from 'n8n-workflow';

import { readAccount } from '../../../../nodes/cloud/access/account';
import { placeOf } from '../../../../nodes/cloud/access/mark';
import { letTryAgain, Proof, withProof } from '../../../../nodes/cloud/access/shared-proof';
import type { Answer } from '../../../../nodes/cloud/api/answer';
import { departingBy, type Departure } from '../../../../nodes/cloud/api/departure';
import { answered, KEYSTONE_401, lost } from '../../answers';
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

	test('an answer that got lost says nothing: the next one finds out', async () => {
		const secret = aSecret();
		secret.answer = lost('ECONNRESET');
		await secret.ask();
		expect(secret.proof.works).toBe(false);
		secret.answer = FINE;
		expect(await secret.ask()).toBe(FINE);
	});

	test('one that is cancelled while it finds out does not keep the others waiting', async () => {
		const secret = aSecret();
		const cancel = new AbortController();
		secret.hold();
		void secret.ask({ signal: cancel.signal });
		const other = secret.ask();
		await settle();
		secret.holding = undefined;
		cancel.abort();
		expect(await other).toBe(FINE);
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

	test.each([
		['a Test', (options: IHttpRequestOptions) => options, 2],
		['a request of our own', (options: IHttpRequestOptions) => departingBy(DEPARTURE, options), 1],
	])('%s and the refusal', async (_, prepare, sent) => {
		const secret = aSecret();
		const credential = { cloud: 'otc-eu-de', projectId: 'p' };
		const place = placeOf(readAccount(credential));
		secret.answer = REFUSED;
		await secret.ask({ place });
		letTryAgain(prepare({ url: 'https://example.com' }), () => secret.proof, credential);
		await secret.ask({ place });
		expect(secret.sent).toBe(sent);
	});
});
