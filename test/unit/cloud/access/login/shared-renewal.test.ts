/** Executions of one process, and of several, with one login: one of them logs in for all. */
import type {
	ICredentialDataDecryptedObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
} from 'n8n-workflow';

import { carriedLogin, login, refusalToStore } from '../../../../../nodes/cloud/access/login/login';
import { LoginFailed } from '../../../../../nodes/cloud/access/login/login-answer';
import { withRenewal } from '../../../../../nodes/cloud/access/login/renewal';
import { loginMark, userMark } from '../../../../../nodes/cloud/access/login/session-token';
import { SharedSession } from '../../../../../nodes/cloud/access/login/shared-session';
import { tokenToSend } from '../../../../../nodes/cloud/access/login/stored-refusal';
import { Refusals } from '../../../../../nodes/cloud/access/refusals';
import type { Time } from '../../../../../nodes/cloud/access/turnstile';
import type { Answer } from '../../../../../nodes/cloud/api/answer';
import type { Departure } from '../../../../../nodes/cloud/api/departure';
import { answered, gateway, KEYSTONE_401 } from '../../../answers';
import { aDeparture } from '../../../departure';
import { settle, timeAt, VirtualClock } from '../../../virtual-clock';
import { CREDENTIAL } from './logins';

type Credential = ICredentialDataDecryptedObject;
const MINUTE_MS = 60_000;
const REQUEST = { method: 'GET', path: '/' } as const;
const wrong = ['not', 'it'].join('-');

/** A cloud with its IAM, n8n's database, and processes that share nothing but that. */
function aWorld() {
	const world = {
		now: 0,
		stored: { ...CREDENTIAL, sessionToken: '', sessionTokenOwner: '' } as Credential,
		passWord: CREDENTIAL.password,
		valid: new Set<string>(),
		/** What IAM says to a wrong password. */
		refusal: KEYSTONE_401 as unknown,
		/** Keystone has the same words for a project in which the user has no role. */
		noRoleIn: [] as string[],
		/** Where IAM hands out tokens that the cloud does not know. */
		strange: false,
		/** While set, IAM answers when this is done; n8n's helper ends with an error where it fails. */
		holding: undefined as Promise<void> | undefined,
		logins: 0,
		refusedLogins: 0,
		unanswered: 0,
		refusedTokens: 0,
		unreadable: false,
		/** The cloud never answers to who sends this token. */
		hanging: undefined as string | undefined,
	};

	async function iam({ body }: IHttpRequestOptions) {
		world.unanswered += 1;
		if (world.holding) await world.holding;
		world.unanswered -= 1;
		await Promise.resolve();
		if (!JSON.stringify(body).includes(JSON.stringify(world.passWord))) {
			world.refusedLogins += 1;
			return { statusCode: 401, headers: {}, body: world.refusal };
		}
		if (world.noRoleIn.some((id) => JSON.stringify(body).includes(JSON.stringify({ id })))) {
			world.refusedLogins += 1;
			return { statusCode: 401, headers: {}, body: KEYSTONE_401 };
		}
		world.logins += 1;
		const token = `t${world.logins}`;
		if (!world.strange) world.valid.add(token);
		return { statusCode: 201, headers: { 'x-subject-token': token }, body: {} };
	}

	function aProcess(time: Time = timeAt(() => world.now)) {
		const now = () => time.now();
		const sessions = new Map<string, SharedSession>();
		const users = new Map<string, Refusals>();
		const once = <T>(map: Map<string, T>, key: string, make: () => T): T => {
			const known = map.get(key) ?? make();
			map.set(key, known);
			return known;
		};
		const loginOf = (credential: Credential) => () => ({
			mark: loginMark(credential),
			session: once(sessions, loginMark(credential), () => new SharedSession(time)),
			refusals: once(users, userMark(credential), () => new Refusals(now)),
		});
		const helpers = { httpRequest: iam } as unknown as IHttpRequestHelper['helpers'];

		/** An execution, with the credential as it is stored now or as it was `read` before. */
		function execution({
			read = { ...world.stored },
			signal = new AbortController().signal,
			place = 'here',
		} = {}) {
			const send = async (): Promise<Answer> => {
				try {
					if (read.sessionToken === '') {
						const shared = carriedLogin(read);
						const found = (shared ?? loginOf(read))();
						const fields = await login(helpers, read, found).catch((error: unknown) => {
							const refusal = refusalToStore(error, found);
							if (refusal) return refusal;
							throw error;
						});
						Object.assign(world.stored, fields);
						Object.assign(read, fields);
					}
					const token = tokenToSend(read);
					await Promise.resolve();
					if (world.hanging === token) await new Promise(() => undefined);
					if (world.valid.has(token)) return answered(200, {});
					world.refusedTokens += 1;
					return answered(401, KEYSTONE_401);
				} catch (error) {
					const refusal = error instanceof LoginFailed ? error : undefined;
					return { kind: 'lost', sent: false, code: '', message: String(error), refusal };
				}
			};
			const client = withRenewal(send, read, {
				login: loginOf(read),
				place,
				signal,
				readAgain: async () => {
					await Promise.resolve();
					return world.unreadable ? undefined : { ...world.stored };
				},
			});
			return {
				ask: async (departure: Departure = aDeparture()) =>
					outcomeOf(await client(REQUEST, 1_000, departure)),
			};
		}

		return {
			execution,
			ask: async () => await execution().ask(),
			askAll: async (count: number) =>
				await Promise.all(Array.from({ length: count }, async () => await execution().ask())),
			/** A Test logs in whatever is known. */
			test: async (credential: Credential = { ...world.stored }) => {
				const fields = await login(helpers, credential, loginOf(credential)());
				Object.assign(world.stored, fields);
			},
		};
	}

	return Object.assign(world, {
		aProcess,
		/** An execution with a credential of the same user for another project; its credential as it is stored then. */
		async askFor(one: ReturnType<typeof aProcess>, projectId: string): Promise<Credential> {
			world.stored = { ...CREDENTIAL, projectId, sessionToken: '' } as Credential;
			await one.execution({ place: projectId }).ask();
			return world.stored;
		},
		/** Time passes, on both clocks. */
		pass(ms: number) {
			world.now += ms;
			jest.setSystemTime(Date.now() + ms);
		},
	});
}

function outcomeOf(answer: Answer): number | string {
	if (answer.kind === 'answered') return answer.status;
	return answer.refusal?.fault.explanation?.why ?? answer.message;
}

const REFUSED = 'the login at iam.eu-de.otc.t-systems.com was refused';
const REMEMBERED = `${REFUSED} (at 07:00:03 UTC; nothing was sent now)`;

beforeEach(() => jest.useFakeTimers({ now: Date.UTC(2026, 10, 28, 7, 0, 3) }));
afterEach(() => jest.useRealTimers());

describe('a hundred executions at once', () => {
	test('without a session: one login', async () => {
		const world = aWorld();
		expect(await world.aProcess().askAll(100)).toEqual(Array(100).fill(200));
		expect(world.logins).toBe(1);
	});

	test('with a session that has run out: one login', async () => {
		const world = aWorld();
		const one = world.aProcess();
		await one.ask();
		world.valid.clear();
		expect(await one.askAll(100)).toEqual(Array(100).fill(200));
		expect(world.logins).toBe(2);
	});

	test('with a wrong password: one refused login, and no more for ten minutes', async () => {
		const world = aWorld();
		world.passWord = wrong;
		const one = world.aProcess();
		const outcomes = await one.askAll(100);
		expect(outcomes.every((outcome) => String(outcome).startsWith(REFUSED))).toBe(true);
		world.pass(10 * MINUTE_MS - 1);
		expect(await one.askAll(10)).toEqual(Array(10).fill(REMEMBERED));
		expect(world.refusedLogins).toBe(1);
		world.pass(1);
		expect(await one.ask()).toBe(REFUSED);
		expect(world.refusedLogins).toBe(2);
	});

	test('where the cloud takes no token that IAM gives: two logins, no more', async () => {
		const world = aWorld();
		world.strange = true;
		const one = world.aProcess();
		await one.askAll(100);
		expect([world.logins, world.refusedTokens]).toEqual([2, 2]);
		expect(await one.ask()).toMatch(/nothing was sent now/);
		expect([world.logins, world.refusedTokens]).toEqual([2, 2]);
	});
});

test('a session is used by an execution that read its credential before there was one', async () => {
	const world = aWorld();
	const one = world.aProcess();
	const late = one.execution();
	await one.ask();
	expect(await late.ask()).toBe(200);
	expect(world.logins).toBe(1);
});

test('a session is used by an execution that read a corrected credential before, with what is stored of the old one', async () => {
	const world = aWorld();
	world.stored.sessionTokenOwner = loginMark({ ...CREDENTIAL, password: wrong } as Credential);
	const one = world.aProcess();
	const late = one.execution();
	await one.ask();
	expect(await late.ask()).toBe(200);
	expect([world.logins, world.refusedTokens]).toEqual([1, 0]);
});

describe('what ends a refusal at once', () => {
	async function refused() {
		const world = aWorld();
		world.passWord = wrong;
		const one = world.aProcess();
		await one.ask();
		return { world, one };
	}

	test('a Test that succeeds: the password was right, the user locked', async () => {
		const { world, one } = await refused();
		world.passWord = CREDENTIAL.password;
		expect(await one.ask()).toBe(REMEMBERED);
		await one.test();
		expect(await one.ask()).toBe(200);
		expect(world.logins).toBe(1);
	});

	test('… and the next login, too, is no longer kept back', async () => {
		const { world, one } = await refused();
		world.passWord = CREDENTIAL.password;
		await one.test();
		world.valid.clear();
		expect(await one.ask()).toBe(200);
		expect(world.logins).toBe(2);
	});

	test('a credential that was corrected', async () => {
		const { world, one } = await refused();
		world.stored.password = wrong;
		expect(await one.ask()).toBe(200);
	});

	test('a token that a Test in another process has stored', async () => {
		const { world, one } = await refused();
		world.passWord = CREDENTIAL.password;
		await world.aProcess().test();
		expect(await one.ask()).toBe(200);
	});

	test('not a Test that is refused, too: it counts anew', async () => {
		const { world, one } = await refused();
		world.pass(9 * MINUTE_MS);
		await expect(one.test()).rejects.toThrow(LoginFailed);
		world.pass(9 * MINUTE_MS);
		expect(await one.ask()).toBe(`${REFUSED} (at 07:09:03 UTC; nothing was sent now)`);
	});
});

describe('several processes', () => {
	test('the second uses the session of the first', async () => {
		const world = aWorld();
		await world.aProcess().ask();
		expect(await world.aProcess().ask()).toBe(200);
		expect(world.logins).toBe(1);
	});

	test('one that read its credential before looks again before it logs in', async () => {
		const world = aWorld();
		const early = world.aProcess().execution();
		await world.aProcess().ask();
		expect(await early.ask()).toBe(200);
		expect(world.logins).toBe(1);
	});

	test('a refused login of one keeps the others from logging in, as long as itself', async () => {
		const world = aWorld();
		world.passWord = wrong;
		const early = world.aProcess().execution();
		await world.aProcess().ask();
		expect(await early.ask()).toBe(REMEMBERED);
		world.pass(9 * MINUTE_MS);
		expect(await world.aProcess().ask()).toBe(REMEMBERED);
		expect(world.refusedLogins).toBe(1);
		world.pass(MINUTE_MS);
		await world.aProcess().ask();
		expect(world.refusedLogins).toBe(2);
	});

	test('where n8n cannot read the credential again, the login goes on', async () => {
		const world = aWorld();
		const one = world.aProcess();
		const early = one.execution();
		world.unreadable = true;
		expect(await early.ask()).toBe(200);
	});
});

describe('an execution that is cancelled while it logs in for all', () => {
	test('does not keep the others waiting: they share its login, if that gets an answer', async () => {
		const world = aWorld();
		const one = world.aProcess();
		const cancel = new AbortController();
		let answer: () => void = () => undefined;
		world.holding = new Promise((resolve) => (answer = resolve));
		void one.execution({ signal: cancel.signal }).ask();
		const others = one.askAll(5);
		await settle();
		cancel.abort();
		await settle();
		answer();
		expect(await others).toEqual(Array(5).fill(200));
		expect(world.logins).toBe(1);
	});

	test('before the login was sent: it is not sent', async () => {
		const world = aWorld();
		const cancel = new AbortController();
		void world.aProcess().execution({ signal: cancel.signal }).ask();
		cancel.abort();
		await settle();
		expect(world.logins).toBe(0);
	});

	test('… and else one of them logs in', async () => {
		const world = aWorld();
		const one = world.aProcess();
		const cancel = new AbortController();
		let fail: (error: Error) => void = () => undefined;
		world.holding = new Promise((_, reject) => (fail = reject));
		void one.execution({ signal: cancel.signal }).ask();
		const others = one.askAll(5);
		await settle();
		cancel.abort();
		await settle();
		world.holding = undefined;
		fail(new Error('canceled'));
		expect(await others).toEqual(Array(5).fill(200));
		expect(world.logins).toBe(1);
	});
});

describe('one that gave up while another logged in', () => {
	async function waiting(signal: AbortSignal, departure: Departure) {
		const world = aWorld();
		const one = world.aProcess();
		let fail: (error: Error) => void = () => undefined;
		world.holding = new Promise((_, reject) => (fail = reject));
		const first = new AbortController();
		void one.execution({ signal: first.signal }).ask();
		const gaveUp = one.execution({ signal }).ask(departure);
		await settle();
		return {
			world,
			gaveUp,
			end() {
				first.abort();
				world.holding = undefined;
				fail(new Error('canceled'));
			},
		};
	}

	test('as its time was up, does not log in', async () => {
		const { world, gaveUp, end } = await waiting(
			new AbortController().signal,
			aDeparture('missed'),
		);
		end();
		expect(await gaveUp).toMatch(/was not sent/);
		expect(world.logins).toBe(0);
	});

	test('as it was cancelled, does not log in', async () => {
		const cancel = new AbortController();
		const { world, gaveUp, end } = await waiting(cancel.signal, aDeparture());
		cancel.abort();
		end();
		expect(await gaveUp).toMatch(/was not sent/);
		expect(world.logins).toBe(0);
	});
});

test('one that gave up before its token was refused does not log in', async () => {
	const world = aWorld();
	world.stored.sessionToken = 'run out';
	const departure = aDeparture();
	const gaveUp = world
		.aProcess()
		.execution()
		.ask({
			...departure,
			get state() {
				return world.refusedTokens > 0 ? 'missed' : departure.state;
			},
		});
	expect(await gaveUp).toMatch(/was not sent/);
	expect([world.refusedTokens, world.logins]).toEqual([1, 0]);
});

test('a request that hangs after its login keeps those who waited for that for three seconds', async () => {
	const clock = new VirtualClock();
	const world = aWorld();
	const one = world.aProcess(clock);
	world.hanging = 't1';
	void one.ask();
	const others = one.askAll(5);
	let done = false;
	void others.then(() => (done = true));
	await settle();
	world.hanging = undefined;
	await clock.run(2_999);
	expect(done).toBe(false);
	await clock.run(1);
	expect(await others).toEqual(Array(5).fill(200));
	expect(world.logins).toBe(1);
	expect(clock.timers).toBe(0);
});

test('a login that nobody answers is taken over after a minute', async () => {
	const world = aWorld();
	const one = world.aProcess();
	world.holding = new Promise(() => undefined);
	void one.ask();
	await settle();
	world.holding = undefined;
	world.pass(MINUTE_MS);
	expect(await one.ask()).toBe(200);
});

test('a password that two projects have refused is not tried for a third', async () => {
	const world = aWorld();
	world.passWord = wrong;
	const one = world.aProcess();
	for (const projectId of ['1', '2', '3', '4']) await world.askFor(one, projectId);
	expect(world.refusedLogins).toBe(2);
});

test('… and for no other at all where IAM says that it is the password', async () => {
	const world = aWorld();
	world.passWord = wrong;
	world.refusal = gateway('IAM.0062', 'wrong');
	const one = world.aProcess();
	for (const projectId of ['1', '2', '3']) await world.askFor(one, projectId);
	expect(world.refusedLogins).toBe(1);
});

describe('two projects in which the user has no role', () => {
	test('do not keep a third from logging in again, where n8n has a session of it', async () => {
		const world = aWorld();
		world.noRoleIn = ['1', '2'];
		const one = world.aProcess();
		const session = await world.askFor(one, '3');
		world.valid.clear();
		world.pass(60 * MINUTE_MS);
		for (const process of [one, world.aProcess()]) {
			await world.askFor(process, '1');
			await world.askFor(process, '2');
			world.stored = { ...session };
			expect(await process.ask()).toBe(200);
			world.valid.clear();
		}
		expect(world.refusedLogins).toBe(4);
	});

	test('nor do two whose cloud takes no token of theirs keep it from its first login', async () => {
		const world = aWorld();
		const one = world.aProcess();
		world.strange = true;
		for (const projectId of ['1', '2']) {
			await world.askFor(one, projectId);
			await one.execution({ place: projectId }).ask();
			expect(await one.execution({ place: projectId }).ask()).toMatch(/nothing was sent now/);
		}
		world.strange = false;
		await world.askFor(one, '3');
		expect(await one.ask()).toBe(200);
	});
});

describe('a login that IAM does not answer in time, as it may yet refuse it', () => {
	const NO_ANSWER = 'the login at iam.eu-de.otc.t-systems.com got no answer';

	function aSlowIam() {
		const world = aWorld();
		const late = Promise.reject(Object.assign(new Error('timeout'), { code: 'ECONNABORTED' }));
		late.catch(() => undefined);
		world.holding = late;
		return { world, one: world.aProcess() };
	}

	test('is repeated once, by all executions together', async () => {
		const { world, one } = aSlowIam();
		const outcomes = [...(await one.askAll(50)), ...(await one.askAll(50)), await one.ask()];
		expect(world.unanswered).toBe(2);
		expect(outcomes).toContain(NO_ANSWER);
		expect(outcomes.at(-1)).toBe(`${NO_ANSWER}, twice (at 07:00:03 UTC; nothing was sent now)`);
	});

	test('… and again ten minutes later, or at once after a Test that succeeds', async () => {
		const { world, one } = aSlowIam();
		await one.ask();
		await one.ask();
		const late = world.holding;
		world.holding = undefined;
		expect(await one.ask()).toMatch(/nothing was sent now/);
		await one.test();
		expect(await one.ask()).toBe(200);
		world.valid.clear();
		world.holding = late;
		await one.ask();
		await one.ask();
		world.holding = undefined;
		world.pass(10 * MINUTE_MS);
		expect(await one.ask()).toBe(200);
	});
});

test('an answer of IAM that is no refusal is not remembered', async () => {
	const world = aWorld();
	const one = world.aProcess();
	world.holding = Promise.reject(new Error('socket hang up'));
	expect(await one.ask()).toMatch(/got no answer/);
	world.holding = undefined;
	expect(await one.ask()).toBe(200);
});
