import type { IHttpRequestOptions } from 'n8n-workflow';

import type { Client } from '../../../../nodes/cloud/api/requests';
import type { Answer } from '../../../../nodes/cloud/api/answer';
import { departingBy, leave } from '../../../../nodes/cloud/api/departure';
import { withinTime } from '../../../../nodes/cloud/session/send';
import { authenticateWithToken } from '../../../../nodes/cloud/access/token';
import { verdict } from '../../../../nodes/cloud/api/verdict';
import { answered, lost } from '../../answers';
import { PROJECT } from '../../projects';
import { VirtualClock } from '../../virtual-clock';

const POST = { method: 'POST', path: '/v2.1/p/servers/x/action' } as const;
const OPTIONS: IHttpRequestOptions = { method: 'POST', url: 'https://x/y', timeout: 30_000 };

/** A client that prepares each request for `loginMs`, and is answered after `answerMs`. */
function setUp(loginMs: number, answerMs: number) {
	const ended = new AbortController();
	const clock = new VirtualClock();
	const never = new AbortController().signal;
	const sent: IHttpRequestOptions[] = [];
	const client: Client = async (_, __, departure): Promise<Answer> => {
		await clock.sleep(loginMs, never);
		try {
			sent.push(leave(departingBy(departure, OPTIONS)));
		} catch {
			return answered(599);
		}
		await clock.sleep(answerMs, never);
		return answered(202);
	};
	return { clock, sent, ended, send: withinTime(client, clock, ended.signal) };
}

test('a login that takes longer than there is time: the request is never sent, also later', async () => {
	const { clock, sent, send } = setUp(5_000, 0);
	const answer = await clock.until(send(POST, 3_000));
	expect(clock.now()).toBe(3_000);
	expect(answer).toMatchObject({ kind: 'lost', sent: false });
	expect(verdict(answer)).toMatchObject({ word: 'retry', reason: 'unreachable', unsent: true });
	await clock.run(60_000);
	expect(sent).toEqual([]);
});

test('a login that takes longer than the execution lasts: the request is never sent', async () => {
	const { clock, sent, ended, send } = setUp(2_000, 0);
	void send(POST, 30_000);
	await clock.run(1_000);
	ended.abort();
	await clock.run(60_000);
	expect(sent).toEqual([]);
});

test('a request that leaves in time and is answered late may have been taken', async () => {
	const { clock, sent, send } = setUp(1_000, 5_000);
	const answer = await clock.until(send(POST, 3_000));
	expect(answer).toMatchObject({ kind: 'lost', sent: true, code: 'ETIMEDOUT' });
	expect(sent).toHaveLength(1);
});

test.each([2_000, 29_999])('who could wait no longer than %i ms says so', async (timeoutMs) => {
	const { clock, send } = setUp(0, 90_000);
	expect(await clock.until(send(POST, timeoutMs))).toMatchObject({ cutShort: true });
});

test.each([30_000, 60_000])(
	'who has waited for %i ms says that no answer came',
	async (timeoutMs) => {
		const { clock, send } = setUp(0, 90_000);
		expect(await clock.until(send(POST, timeoutMs))).not.toHaveProperty('cutShort');
	},
);

test('a connection that breaks is not cut short by anybody', async () => {
	const client: Client = async () => await Promise.resolve(lost('ECONNRESET'));
	const send = withinTime(client, new VirtualClock(), new AbortController().signal);
	expect(await send(POST, 2_000)).toEqual(lost('ECONNRESET'));
});

test('when it leaves is told then, and not when its login begins', async () => {
	const { clock, send } = setUp(1_000, 500);
	const left: number[] = [];
	await clock.until(send(POST, 3_000, () => left.push(clock.now())));
	expect(left).toEqual([1_000]);
});

test('after a login a request has what is left of its time', async () => {
	const { clock, sent, send } = setUp(1_000, 0);
	expect(await clock.until(send(POST, 3_000))).toEqual(answered(202));
	expect(sent).toEqual([{ ...OPTIONS, timeout: 2_000 }]);
});

test("a request of n8n's HTTP Request node is not held to anything", () => {
	const options = authenticateWithToken(
		{ cloud: 'custom', ecsEndpoint: 'https://x', projectId: PROJECT },
		'token',
		OPTIONS,
	);
	expect(options.timeout).toBe(30_000);
});

/** A client whose token is refused at once; it logs in for `loginMs` and leaves again. */
function renewing(loginMs: number) {
	const clock = new VirtualClock();
	const sent: IHttpRequestOptions[] = [];
	const client: Client = async (_, __, departure): Promise<Answer> => {
		sent.push(leave(departingBy(departure, OPTIONS)));
		departure.comeBack();
		await clock.sleep(loginMs, new AbortController().signal);
		try {
			sent.push(leave(departingBy(departure, OPTIONS)));
			return answered(202);
		} catch {
			return answered(599);
		}
	};
	return { clock, sent, send: withinTime(client, clock, new AbortController().signal) };
}

test('a renewal that takes longer than there is time: the request is not sent with the new token', async () => {
	const { clock, sent, send } = renewing(4_000);
	const answer = await clock.until(send(POST, 3_000));
	expect(verdict(answer)).toMatchObject({ word: 'retry', unsent: true });
	await clock.run(60_000);
	expect(sent).toHaveLength(1);
});

test('a renewal in time: the request goes with what is left of its time', async () => {
	const { clock, sent, send } = renewing(1_000);
	expect(await clock.until(send(POST, 3_000))).toEqual(answered(202));
	expect(sent[1].timeout).toBe(2_000);
});

test('a refused token whose refusal comes too late: nobody waits, so that there is no need to log in', async () => {
	const clock = new VirtualClock();
	let state: string | undefined;
	const client: Client = async (_, __, departure): Promise<Answer> => {
		departure.leave();
		await clock.sleep(4_000, new AbortController().signal);
		departure.comeBack();
		({ state } = departure);
		return answered(401);
	};
	const send = withinTime(client, clock, new AbortController().signal);
	await clock.until(send(POST, 3_000));
	await clock.run(60_000);
	expect(state).toBe('missed');
});
